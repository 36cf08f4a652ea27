"""A note is spoken into the browser, read while it grows, and saved or discarded."""

import re

import jiwer
import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.pages.unsent import Unsent
from tests.e2e.pages.voice_notes import OFFLINE, VoiceNotes
from tests.e2e.patience import PATIENCE, slow_down, wait_until
from tests.e2e.widths import scrolls_sideways

pytestmark = pytest.mark.e2e

IS_FORGOTTEN = """async (key) => {
  const { allRecordings } = await import("lib/recording-store");
  return !(await allRecordings()).some((one) => one.key === key);
}"""
NOTHING_IS_KEPT = "async () => !(await (await import('lib/recording-store')).allRecordings()).length"
WORDS = "please tell the kitchen that the guest arriving on tuesday has a nut allergy"


def test_stop_saves_at_once_and_that_can_be_undone(desk):
    desk.record(until="0:02")
    desk.press("Stop")

    expect(desk.says).to_have_text("Saved. The text is written for you.")
    expect(desk.notes).to_have_count(1)
    assert desk.kept() == []
    expect(desk.button("Record a voice note")).to_be_focused()

    saved = desk.notes.first.get_attribute("id").removeprefix("note-")
    with desk.page.expect_response("**/undo/"):
        desk.press("Undo")

    expect(desk.notes).to_have_count(0)
    expect(desk.button("Save note")).to_be_focused()
    [[key, state, _]] = desk.kept()
    assert (state, key != saved) == ("stopped", True)
    desk.player.get_by_role("button", name="Play").click()
    desk.page.wait_for_function("sound => sound.currentTime > 0.3", arg=desk.player.locator("audio").element_handle())
    desk.press("Save note")
    expect(desk.page.locator(f"#note-{key}")).to_be_visible()
    desk.open()
    expect(desk.notes).to_have_count(1)  # the one that was undone is hidden
    assert desk.kept() == []


def test_the_key_that_begins_a_recording_stops_and_saves_it(desk):
    hint, key = desk.page.locator(".voice > header .quiet"), desk.page.keyboard
    expect(hint).to_have_text("Press R to record")
    key.press("r")
    expect(hint).to_have_text("Press R to stop")
    desk.speak(until="0:01")
    desk.page.locator("#box-q").press("r")  # what is typed in a field stops nothing
    expect(desk.button("Stop")).to_be_visible()

    desk.button("Pause").focus()
    key.press("r")

    expect(desk.says).to_have_text("Saved. The text is written for you.")
    expect(desk.notes).to_have_count(1)
    expect(hint).to_have_text("Press R to record")
    expect(desk.button("Record a voice note")).to_be_focused()


def test_a_note_that_is_taken_back_may_be_discarded_and_is_offered_until_then(desk):
    desk.record(until="0:01")
    desk.press("Stop")
    expect(desk.notes).to_have_count(1)
    with desk.page.expect_response("**/undo/"):
        desk.press("Undo")
    desk.button("Discard").wait_for()

    desk.page.reload()
    Unsent(desk.page).press("Listen")
    expect(desk.notes).to_have_count(0)
    Unsent(desk.page).press("Discard")
    desk.page.reload()

    expect(desk.notes).to_have_count(0)
    wait_until(desk.page, NOTHING_IS_KEPT)


def test_a_note_is_spoken_paused_read_heard_and_saved(desk):
    desk.listen_first()
    desk.record(until="0:08")  # by then the clip is over
    desk.press("Pause")
    paused_at = desk.clock.inner_text()
    expect(desk.says).to_contain_text("Paused")
    expect(desk.sent).to_have_text("Sent.")
    desk.wait(seconds=1.2)
    expect(desk.clock).to_have_text(paused_at)
    desk.press("Resume")
    desk.speak(until="0:09")
    desk.press("Stop")

    expect(desk.text).to_contain_text("allergy", timeout=PATIENCE)
    expect(desk.recorder.locator("[data-news]")).to_contain_text("Written down: ", timeout=PATIENCE)
    # The sound's own length: on a busy machine it begins a moment after the recorder's clock.
    expect(desk.player.locator("[data-clock]")).to_have_text(re.compile(r"0:00 / 0:(0[89]|1\d)"))
    spoken = desk.seconds()
    desk.player.get_by_role("button", name="Play").click()
    sound = desk.player.locator("audio")
    desk.page.wait_for_function("sound => sound.currentTime > 0.3", arg=sound.element_handle())
    desk.player.get_by_role("slider", name="Position").fill("3")
    desk.page.wait_for_function("sound => sound.currentTime >= 3", arg=sound.element_handle())
    desk.press("Save note")

    text = desk.saved_text()
    assert jiwer.wer(WORDS, text) < 0.35, text
    note = desk.notes.first
    assert float(note.locator("voice-player").get_attribute("data-seconds")) == pytest.approx(spoken, abs=0.7)
    assert desk.kept() == []


@pytest.mark.full
def test_it_is_all_done_by_keyboard_and_a_discarded_recording_comes_back(desk):
    keyboard = desk.page.keyboard
    desk.listen_first()
    keyboard.press("Escape")
    keyboard.press("r")
    expect(desk.button("Stop")).to_be_focused()
    desk.speak(until="0:01")
    keyboard.press("Enter")
    expect(desk.button("Save note")).to_be_focused()
    [[key, state, chunks]] = desk.kept()
    assert state == "stopped"
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")

    expect(desk.says).to_have_text("Recording discarded.")
    expect(desk.button("Undo")).to_be_focused()
    wait_until(desk.page, "async (key) => !(await (await fetch(`/recordings/${key}/`)).json()).expected", key)
    keyboard.press("Enter")
    expect(desk.button("Save note")).to_be_focused()
    expect(desk.sent).to_have_text("Sent.")
    all_sent = "async ([key, chunks]) => (await (await fetch(`/recordings/${key}/`)).json()).expected === chunks"
    wait_until(desk.page, all_sent, [key, chunks])
    keyboard.press("Enter")
    expect(desk.notes).to_have_count(1)
    expect(desk.button("Record a voice note")).to_be_focused()


def test_recording_begins_with_a_key_as_soon_as_the_page_is_loaded_on_a_slow_computer(page, references):
    desk = VoiceNotes(page, next(references))
    slow_down(page)
    page.goto(desk.address, wait_until="domcontentloaded")

    page.keyboard.press("r")
    desk.speak(until="0:01")


def test_a_recording_that_is_discarded_for_good_is_nowhere(desk):
    desk.record_for_a_moment()
    [[key, _, _]] = desk.kept()
    desk.press("Discard")

    desk.record(until="0:01")

    expect(desk.button("Undo")).to_be_hidden()
    wait_until(desk.page, IS_FORGOTTEN, key)
    assert desk.server_has(key)["expected"] == 0
    expect(desk.notes).to_have_count(0)


@pytest.mark.full
def test_the_text_so_far_stands_under_the_meter_and_says_how_far_it_is(desk):
    answer(desk.page, "**/chunks/*/", text="two towels")
    desk.listen_first()
    desk.record(until="0:02")
    expect(desk.text).to_have_text("So far: “two towels”")
    answer(
        desk.page, "**/recordings/*/?wait=1*", text="two towels for the", transcribed_seconds=1.2, is_transcribed=False
    )

    desk.press("Stop")

    expect(desk.text).to_have_text(re.compile(r"Written down so far: 0:01 of 0:0\d “two towels for the”"))
    expect(desk.recorder.locator("[data-news]")).to_be_empty()  # read out once, when all of it is there
    write_down(desk.page)
    expect(desk.text).to_have_text("“two towels for the loft”")
    expect(desk.recorder.locator("[data-news]")).to_have_text("Written down: two towels for the loft")
    desk.page.unroute_all(behavior="ignoreErrors")


def write_down(page):
    answer(
        page, "**/recordings/*/?wait=1*", text="two towels for the loft", transcribed_seconds=2.2, is_transcribed=True
    )


def answer(page, pattern, **changes):
    """The server's answers there, with what a quicker or slower engine would have said."""

    def change(route):
        state = route.fetch(url=route.request.url.partition("?")[0])  # which answers at once
        route.fulfill(response=state, json=state.json() | changes)

    page.route(pattern, change)


@pytest.mark.full
def test_it_stops_by_itself_at_the_limit_and_keeps_what_was_spoken(desk):
    desk.recorder.evaluate("recorder => { recorder.dataset.limitSeconds = 2; }")
    desk.press("Record a voice note")

    expect(desk.says).to_have_text(re.compile("This is the longest a note can be, so .* stopped. Saved."))
    expect(desk.notes).to_have_count(1)


@pytest.mark.full
def test_four_people_read_their_words_while_they_speak_and_all_of_them_after(browser, server, signed_in, open_desk):
    contexts = [browser.new_context(base_url=server.url, storage_state=signed_in) for _ in range(4)]
    desks = [open_desk(context.new_page()) for context in contexts]
    for desk in desks:
        desk.listen_first()
        desk.button("Record a voice note").click()
    desks[0].speak(until="0:08")
    for desk in desks:
        desk.press("Stop")

    for desk in desks:
        expect(desk.text).to_contain_text("allergy", timeout=PATIENCE)
        desk.press("Save note")
    for desk in desks:
        assert jiwer.wer(WORDS, desk.saved_text()) < 0.35
    for context in contexts:
        context.close()


@pytest.mark.full
def test_it_is_accessible_and_fits_a_phone_in_every_state(open_page, open_desk):
    page = open_page(reduced_motion="reduce", bypass_csp=True, viewport={"width": 320, "height": 844})
    desk = open_desk(page)
    read_out = desk.recorder.locator("[data-news]")
    steps = (
        lambda: desk.record(until="0:01"),
        lambda: (desk.press("Stop"), expect(desk.says).to_contain_text("Saved.")),
        lambda: desk.listen_first(),
        lambda: desk.record(until="0:01"),
        lambda: desk.press("Pause"),
        lambda: (page.context.set_offline(True), desk.press("Resume"), expect(desk.sent).to_have_text(OFFLINE)),
        lambda: desk.press("Stop"),
        lambda: desk.press("Discard"),
        lambda: (page.context.set_offline(False), desk.press("Undo"), expect(desk.sent).to_have_text("Sent.")),
        lambda: expect(read_out).not_to_be_empty(timeout=PATIENCE),
    )
    for step in steps:
        step()
        assert violations(page) == []
        assert scrolls_sideways(page) == []
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.full
def test_a_recordings_clock_counts_only_what_is_spoken(desk):
    seconds = desk.page.evaluate(
        """async () => {
          const { Recording } = await import("lib/recording");
          let now = 0;
          const recording = new Recording({ now: () => now });
          const seen = [];
          for (const [verb, at] of [["ask", 0], ["open", 1000], ["pause", 4000], ["resume", 60000], ["stop", 62000]]) {
            now = at;
            seen.push([recording.move(verb), recording.seconds]);
          }
          now = 90000;
          return [...seen, [recording.move("resume"), recording.seconds]];
        }"""
    )

    assert seconds == [[True, 0], [True, 0], [True, 3], [True, 3], [True, 5], [False, 5]]
