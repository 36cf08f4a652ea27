"""What is spoken into the browser arrives, whatever happens on the way."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.pages.unsent import Unsent
from tests.e2e.pages.voice_notes import OFFLINE
from tests.e2e.patience import PATIENCE, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.full]

NO_ROOM = "This computer has no room left, so closing this page would lose what is not sent."
SIGNED_OUT = "You were signed out: sign in in a new tab; the recording goes on here."
TWO_CHUNKS_ARE_SENT = """async () => {
  const [{ key }] = await (await import("lib/recording-store")).allRecordings();
  return (await (await fetch(`/recordings/${key}/`)).json()).expected >= 2;
}"""
FULL = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"


@contextmanager
def without_network(desk):
    desk.page.context.set_offline(True)
    try:
        yield
    finally:
        desk.page.context.set_offline(False)


def test_without_network_it_goes_on_and_the_note_arrives_afterwards(unlucky):
    unlucky.record(until="0:01")
    with without_network(unlucky):
        expect(unlucky.sent).to_have_text(OFFLINE)
        unlucky.speak(until="0:05")
        unlucky.press("Stop")
        expect(unlucky.says).to_contain_text("You can record another one")
        expect(unlucky.sent).to_have_text(OFFLINE)
        unlucky.record(until="0:01")

    expect(unlucky.notes).to_have_count(1)
    expect(unlucky.sent).to_have_text("Sent.")
    unlucky.press("Stop")
    expect(unlucky.notes).to_have_count(2)
    expect(unlucky.notes.last.locator("[data-transcript]")).to_contain_text("kitchen", timeout=PATIENCE)
    assert unlucky.kept() == []


def test_without_network_stop_can_be_undone_and_only_what_is_saved_then_arrives(unlucky):
    unlucky.record(until="0:02")
    wait_until(unlucky.page, TWO_CHUNKS_ARE_SENT)
    [[begun, _, _]] = unlucky.kept()
    with without_network(unlucky):
        unlucky.press("Stop")
        expect(unlucky.says).to_contain_text("saved as soon as")
        unlucky.press("Undo")
        expect(unlucky.button("Save note")).to_be_focused()

    wait_until(unlucky.page, "async (key) => !(await (await fetch(`/recordings/${key}/`)).json()).expected", begun)
    expect(unlucky.notes).to_have_count(0)
    unlucky.press("Save note")
    expect(unlucky.notes).to_have_count(1)
    assert unlucky.kept() == []


def test_a_page_that_is_closed_right_after_stop_leaves_the_recording_to_the_next(desk):
    unsent = Unsent(desk.page)
    desk.page.route("**/save/", lambda route: None)  # never answered
    desk.record(until="0:02")
    with desk.page.expect_request("**/save/"):
        desk.press("Stop")
    desk.page.reload()
    desk.page.unroute("**/save/")

    unsent.press("Send now")

    expect(desk.notes).to_have_count(1)
    assert desk.kept() == []


def test_the_server_may_be_killed_and_started_again_while_somebody_speaks(unlucky, server):
    unlucky.record(until="0:02")
    server.kill()
    expect(unlucky.sent).to_have_text(OFFLINE)
    server.start()

    expect(unlucky.sent).to_have_text("Sent.", timeout=PATIENCE)
    unlucky.press("Stop")
    expect(unlucky.notes).to_have_count(1)
    assert unlucky.kept() == []  # the server's copy is the same, byte for byte


def test_after_signing_in_again_the_same_note_arrives_once(unlucky, server):
    unlucky.record(until="0:02")
    unlucky.page.context.clear_cookies(name="roomtone_sessionid")
    expect(unlucky.sent).to_contain_text(SIGNED_OUT)
    unlucky.page.context.clear_cookies()  # the token too
    unlucky.press("Stop")
    expect(unlucky.says).to_contain_text("saved as soon as")

    with unlucky.page.context.expect_page() as tab:
        unlucky.sent.get_by_role("link", name="Sign in").click()
    sign_in(tab.value, *server.account)
    unlucky.page.bring_to_front()

    expect(unlucky.notes).to_have_count(1, timeout=20_000)
    unlucky.open()
    expect(unlucky.notes).to_have_count(1)


def test_a_discard_that_is_taken_back_while_it_is_on_its_way_is_none(desk):
    on_its_way = []
    desk.record_for_a_moment()
    expect(desk.sent).to_have_text("Sent.")
    desk.page.route("**/discard/", lambda route: on_its_way.append(route))
    with desk.page.expect_request("**/discard/"):
        desk.press("Discard")

    desk.press("Undo")
    with desk.page.expect_response("**/discard/"):
        on_its_way.pop().continue_()

    expect(desk.sent).to_have_text("Sent.")
    desk.press("Save note")
    expect(desk.notes).to_have_count(1)


def test_leaving_is_asked_about_only_while_something_could_be_lost(desk):
    questions = []
    desk.page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))

    desk.record(until="0:03")
    wait_until(desk.page, TWO_CHUNKS_ARE_SENT)
    desk.page.reload()
    assert questions == ["beforeunload"]
    [[key, state, chunks]] = desk.kept()
    assert state == "recording"
    assert min(chunks, desk.server_has(key)["expected"]) >= 2

    desk.record_for_a_moment()
    desk.page.reload()
    assert questions == ["beforeunload"]  # all of it is kept, and offered on the next page

    desk.page.evaluate(FULL)
    desk.record_for_a_moment()
    expect(desk.sent).to_have_text(f"Sent. {NO_ROOM}")
    desk.page.reload()
    assert questions == ["beforeunload"] * 2


def test_nothing_takes_an_unsaved_recording_off_the_page(desk):
    desk.record(until="0:01")

    desk.page.evaluate("htmx.ajax('GET', '/', '#main')")

    expect(desk.problem).to_have_text("Save the recording or discard it first.")
    expect(desk.button("Stop")).to_be_visible()
