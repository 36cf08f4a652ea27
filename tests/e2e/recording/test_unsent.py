"""What a page left behind in the browser is offered on the next one, and asked about before a sign-out."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, WIDE, sign_in
from tests.e2e.pages.unsent import Unsent
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.e2e.recording.conftest import SPOKEN
from tests.e2e.widths import scrolls_sideways
from tests.wire import SAVES_DATA

pytestmark = [pytest.mark.e2e, pytest.mark.full]

MODULES_OF_UNSENT = re.compile(r"/static/js/(elements/unsent-recording|lib/unsent)\.")
STATE = "async (key) => (await fetch(`/recordings/${key}/`)).json()"
SOMEONE_ELSE_SIGNED_IN = "(id) => new BroadcastChannel('roomtone-who-is-here').postMessage(id)"
SEND_CHUNKS = """async ({ key, reservation }) => {
  const { UploadSession } = await import("lib/upload-session");
  await new UploadSession({ key, target: { reservation } }).send();
}"""


@pytest.fixture
def unsent(page):
    return Unsent(page)


def test_what_was_left_behind_is_heard_and_sent_and_arrives_once(desk, unsent):
    key = unsent.keep(SPOKEN, desk.reference)
    desk.page.reload()
    expect(unsent.offers).to_have_text(
        re.compile(r"A recording of \d\d:\d\d( on .+)? for Amara Okafor \(0:08\) was not saved\.")
    )
    unsent.press("Listen")
    desk.page.wait_for_function("sound => sound.currentTime > 0.3", arg=unsent.panel.locator("audio").element_handle())

    unsent.press("Send now")

    expect(desk.notes).to_have_count(1)
    expect(desk.page.locator(f"#note-{key}")).to_be_visible()
    expect(unsent.panel).to_be_hidden()
    expect(desk.page.get_by_text("The recording for Amara Okafor (0:08) is saved.")).to_be_visible()
    assert unsent.kept() == []

    unsent.keep(SPOKEN, desk.reference, key=key)  # as if the answer had been lost
    desk.page.reload()
    unsent.wait_until_kept([])
    expect(unsent.panel).to_be_hidden()
    expect(desk.notes).to_have_count(1)


def test_a_reload_in_the_middle_of_sending_loses_and_doubles_nothing(desk, unsent):
    key = unsent.keep(SPOKEN, desk.reference)
    desk.page.reload()
    on_the_way = re.compile(r"/recordings/.*/chunks/3/")
    desk.page.route(on_the_way, lambda route: None)  # never answered
    with desk.page.expect_request(on_the_way):
        unsent.press("Send now")
    expect(unsent.panel.get_by_role("progressbar")).to_be_visible()
    assert unsent.page.evaluate(STATE, key)["expected"] == 3

    desk.page.reload()
    desk.page.unroute(on_the_way)  # now that nobody waits for it: what is held up would go on
    unsent.press("Send now")

    expect(desk.notes).to_have_count(1)
    assert unsent.kept() == []


def test_it_says_what_stands_in_the_way_and_goes_on_by_itself(desk, unsent):
    unsent.keep(SPOKEN, desk.reference)
    desk.page.reload()
    cookies = desk.page.context.cookies()
    expect(unsent.panel.get_by_role("button", name="Send now")).to_be_visible()  # its modules come after the page

    desk.page.context.set_offline(True)
    unsent.press("Send now")
    expect(unsent.offers).to_contain_text("will be sent when the connection is back")
    unsent.press("Not now")
    expect(unsent.offers).to_contain_text("Not sent. The recording is still on this computer.")
    expect(unsent.panel.get_by_role("button", name="Send now")).to_be_focused()

    desk.page.context.clear_cookies()
    desk.page.context.set_offline(False)
    unsent.press("Send now")
    expect(unsent.offers).to_contain_text("You were signed out")
    expect(unsent.panel.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")

    desk.page.context.add_cookies(cookies)
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(desk.notes).to_have_count(1)
    assert unsent.kept() == []


def test_it_is_offered_when_the_line_that_was_cut_before_its_modules_is_back(unlucky):
    page, unsent = unlucky.page, Unsent(unlucky.page)
    page.route(MODULES_OF_UNSENT, lambda route: route.abort())
    page.add_init_script(SAVES_DATA)
    unsent.keep(SPOKEN, unlucky.reference)
    with page.expect_event("requestfailed"):
        page.reload()
    page.context.set_offline(True)
    page.unroute(MODULES_OF_UNSENT)

    page.context.set_offline(False)

    unsent.press("Send now")
    expect(unlucky.notes).to_have_count(1)


def test_a_discarded_one_can_be_taken_back_until_the_page_is_left(desk, unsent):
    key = unsent.keep(SPOKEN, desk.reference)
    unsent.page.evaluate(SEND_CHUNKS, {"key": key, "reservation": desk.reference})
    desk.page.reload()
    unsent.press("Discard")
    expect(unsent.panel.get_by_role("button", name="Undo")).to_be_focused()
    unsent.press("Undo")
    expect(unsent.panel.get_by_role("button", name="Send now")).to_be_focused()
    unsent.press("Discard")
    expect(unsent.panel.get_by_role("button", name="Undo")).to_be_visible()
    assert unsent.page.evaluate(STATE, key)["expected"] == 6

    desk.page.reload()

    unsent.wait_until_kept([])
    assert unsent.page.evaluate(STATE, key)["expected"] == 0
    expect(unsent.panel).to_be_hidden()

    key = unsent.keep(SPOKEN, desk.reference)
    unsent.page.evaluate(SEND_CHUNKS, {"key": key, "reservation": desk.reference})
    unsent.keep(SPOKEN, desk.reference, key=key, state="discarded")  # by a page that crashed then
    desk.page.reload()

    unsent.wait_until_kept([])
    assert unsent.page.evaluate(STATE, key)["expected"] == 0


def test_only_what_is_ones_own_and_young_and_idle_is_offered(desk, unsent, tmp_path):
    silence = tmp_path / "nothing.wav"
    silence.touch()
    unsent.keep(SPOKEN, desk.reference, hours_ago=73)
    toms = unsent.keep(SPOKEN, desk.reference, user={"id": "0", "name": "Tom Becker"})
    empty = unsent.keep(silence, desk.reference, state="recording")  # ended before its first chunk
    busy = unsent.keep(SPOKEN, desk.reference)
    other = desk.page.context.new_page()
    other.goto("/")
    other.evaluate(
        "async (key) => { window.unlock = await (await import('lib/recording-store')).lockRecording(key) }", busy
    )

    desk.page.reload()

    expect(unsent.offers).to_have_text(
        re.compile(
            r"^\s*A recording that Tom Becker made at \d\d:\d\d waits on this computer\. "
            r"It can be sent after signing in as Tom Becker\.\s*$"
        )
    )
    expect(unsent.panel.get_by_role("button")).to_have_count(0)
    assert sorted(unsent.kept()) == sorted([toms, busy, empty])

    other.evaluate("unlock()")  # as its page would by being closed

    expect(unsent.offers).to_have_count(2)
    expect(unsent.offers.first).to_contain_text("for Amara Okafor")

    desk.page.evaluate(SOMEONE_ELSE_SIGNED_IN, "7777")

    expect(unsent.offers.filter(has_text="It can be sent after signing in as Lena Moreau.")).to_have_count(1)
    expect(unsent.panel.get_by_role("button")).to_have_count(0)

    strict = desk.page.locator("unsent-recordings")
    strict.evaluate("desk => desk.dataset.keepHours = '0'")  # as on a site that keeps no copies
    desk.page.evaluate(SOMEONE_ELSE_SIGNED_IN, "8888")

    unsent.wait_until_kept([empty])


def test_signing_out_asks_about_what_is_not_sent(server, browser, references):
    page = browser.new_page(base_url=server.url, viewport=WIDE, locale="en-GB")
    page.goto("/accounts/login/")
    sign_in(page, *server.account)
    desk, unsent = VoiceNotes(page, next(references)), Unsent(page)
    key = unsent.keep(SPOKEN, desk.reference)

    unsent.sign_out()
    expect(unsent.dialog).to_contain_text("for Amara Okafor (0:08)")
    expect(unsent.dialog.get_by_role("button", name="Send and sign out")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_focused()
    unsent.sign_out()
    unsent.answer("keep it here for 72 hours")
    page.get_by_role("button", name="Sign in").wait_for()
    assert unsent.kept() == [key]

    sign_in(page, *server.account)
    expect(unsent.offers).to_have_count(1)
    unsent.sign_out()
    unsent.answer("Send and sign out")
    page.get_by_role("button", name="Sign in").wait_for()
    assert unsent.kept() == []

    sign_in(page, *server.account)
    desk.open()
    expect(desk.notes).to_have_count(1)
    unsent.keep(SPOKEN, desk.reference)
    unsent.sign_out()
    leave = unsent.dialog.get_by_role("button", name="keep it here")
    leave.evaluate("button => button.value = 'delete'")  # the button of a site that keeps no copies
    leave.click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert unsent.kept() == []

    sign_in(page, *server.account)
    unsent.sign_out()  # nothing left: no question
    page.get_by_role("button", name="Sign in").wait_for()
    page.context.close()


def test_signing_out_works_when_the_modules_that_send_cannot_be_loaded(server, browser, references):
    page = browser.new_page(base_url=server.url, viewport=WIDE, locale="en-GB")
    page.add_init_script(SAVES_DATA)
    page.route(MODULES_OF_UNSENT, lambda route: route.abort())
    page.goto("/accounts/login/")
    sign_in(page, *server.account)
    unsent = Unsent(page)
    key = unsent.keep(SPOKEN, next(references))

    unsent.sign_out()
    expect(unsent.dialog.get_by_role("listitem")).to_have_text("A recording for Amara Okafor")
    unsent.answer("Send and sign out")
    expect(unsent.dialog.get_by_role("status")).to_have_text(
        "The server could not be reached. Check the connection, then try again."
    )
    unsent.answer("keep it here for 72 hours")
    page.get_by_role("button", name="Sign in").wait_for()
    assert unsent.kept() == [key]

    sign_in(page, *server.account)
    unsent.sign_out()
    leave = unsent.dialog.get_by_role("button", name="keep it here")
    leave.evaluate("button => button.value = 'delete'")  # the button of a site that keeps no copies
    leave.click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert unsent.kept() == []
    page.context.close()


def test_the_offers_and_the_question_are_accessible(open_page, open_desk):
    page = open_page(bypass_csp=True)
    desk, unsent = open_desk(page), Unsent(page)
    unsent.keep(SPOKEN, desk.reference)
    unsent.keep(SPOKEN, desk.reference, user={"id": "0", "name": "Tom Becker"})
    page.reload()
    unsent.press("Listen")
    expect(unsent.offers).to_have_count(2)
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    assert scrolls_sideways(page) == []
    unsent.sign_out()
    expect(unsent.dialog).to_be_visible()
    assert violations(page) == []
