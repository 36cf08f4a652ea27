"""The note is made without it, or the desk is told before anybody speaks."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.pages.unsent import Unsent
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.e2e.recording.conftest import SPOKEN
from tests.e2e.test_page_weight import IS_PAINTED, MODULES, SHIFT
from tests.wire import SAVES_DATA, WATCH_SHIFT

pytestmark = pytest.mark.e2e

NO_METER = {
    "a microphone that cannot be measured": """AudioContext.prototype.createMediaStreamSource = () => {
      throw new DOMException("internal", "NotSupportedError");
    };""",
    "no sound at all but by <audio>": """window.AudioContext = class {
      constructor() { throw new DOMException("internal", "NotSupportedError"); }
    };""",
}
# What Safari before 17.4 and Firefox before 124 have not.
AS_IN_2023 = "delete Promise.withResolvers; delete AbortSignal.any; delete Map.groupBy;"
NEEDED = (
    "delete window.MediaRecorder",
    "delete AbortSignal.timeout",
    "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })",
)
NO_LOCKS = "() => { LockManager.prototype.request = () => { throw new TypeError('request is not a function') } }"
NEW_NOTE = re.compile(r"/static/js/lib/new-note\.")  # which the recorder imports
FAILED_MODULES = {
    "lost on the way": lambda route: route.abort(),
    "not understood": lambda route: route.fulfill(body="(", content_type="text/javascript"),
    "failing": lambda route: route.fulfill(body="throw Error(); export let showNote", content_type="text/javascript"),
}
# It records, and hands nothing out.
NO_BYTES = """window.MediaRecorder = class extends MediaRecorder {
  constructor(...options) {
    super(...options);
    this.addEventListener("dataavailable", (event) => event.stopImmediatePropagation());
  }
};"""


@pytest.fixture
def open_desk_with(open_page, references):
    """`open_desk_with(script)`: on a page in which the script ran first."""

    def open_desk_with(script):
        page = open_page()
        page.add_init_script(script)
        page.on("dialog", lambda dialog: dialog.accept())
        desk = VoiceNotes(page, next(references))
        desk.open()
        return desk

    return open_desk_with


@pytest.mark.parametrize("script", NO_METER.values(), ids=NO_METER)
def test_a_note_is_recorded_without_a_meter(open_desk_with, script):
    desk = open_desk_with(script)

    desk.record(until="0:01")

    expect(desk.says).to_have_text("Recording. Speak now. This browser cannot show how loud it is.")
    expect(desk.problem).to_be_empty()
    desk.press("Stop")
    expect(desk.notes).to_have_count(1)


def test_a_browser_of_2023_records_saves_and_sends_what_was_left_behind(open_desk_with):
    desk = open_desk_with(AS_IN_2023)
    desk.record(until="0:01")
    desk.press("Pause")
    desk.press("Resume")
    desk.speak(until="0:02")
    desk.press("Stop")
    expect(desk.notes).to_have_count(1)

    desk.record_for_a_moment()
    desk.page.reload()
    Unsent(desk.page).press("Send now")

    expect(desk.notes).to_have_count(2)
    assert desk.kept() == []


def test_what_is_missing_is_said_before_anybody_speaks(open_desk_with):
    for script in NEEDED:
        desk = open_desk_with(script)
        desk.press("Record a voice note")

        expect(desk.problem).to_have_text("This browser is too old to record here. Update it, or upload a file.")
        expect(desk.button("Record a voice note")).to_be_focused()


@pytest.mark.parametrize("answer", FAILED_MODULES.values(), ids=FAILED_MODULES)
def test_a_file_is_uploaded_by_the_plain_form_when_modules_fail(unlucky, answer):
    unlucky.page.route(NEW_NOTE, answer)
    unlucky.open()
    expect(unlucky.button("Record a voice note")).to_be_hidden()

    unlucky.upload(SPOKEN)
    unlucky.button("Upload").click()

    expect(unlucky.notes).to_have_count(1)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_plain_form_takes_the_room_of_the_recorder_and_gives_it_back_with_the_line(unlucky, viewport):
    page, waiting = unlucky.page, []
    page.set_viewport_size(viewport)
    page.add_init_script(WATCH_SHIFT)
    page.add_init_script(SAVES_DATA)
    page.route(MODULES, lambda route: waiting.append(route))
    page.goto(unlucky.address, wait_until="commit")
    page.wait_for_function(IS_PAINTED)
    expect(unlucky.button("Upload")).to_be_hidden()

    page.route(MODULES, lambda route: route.abort())
    for route in waiting:
        route.abort()
    expect(unlucky.button("Upload")).to_be_visible()
    assert page.evaluate("window.figures.shift") <= SHIFT
    page.unroute(MODULES)
    page.evaluate("dispatchEvent(new Event('online'))")

    unlucky.record(until="0:01")
    expect(unlucky.button("Upload")).to_be_hidden()


def test_what_a_browser_says_about_itself_is_not_shown(open_desk_with):
    desk = open_desk_with("")
    unsent = Unsent(desk.page)
    unsent.keep(SPOKEN, desk.reference)
    desk.page.reload()
    unsent.offers.wait_for()
    desk.page.evaluate(NO_LOCKS)

    unsent.press("Send now")

    expect(unsent.offers).to_contain_text("This browser could not read the recording that it keeps. Reload the page")
    expect(unsent.offers).not_to_contain_text("is not a function")


@pytest.mark.full
def test_a_browser_that_hands_out_no_sound_is_noticed_while_one_speaks(open_desk_with):
    desk = open_desk_with(NO_BYTES)
    desk.record(until="0:01")
    expect(desk.says).not_to_contain_text("Nothing is being recorded")

    expect(desk.says).to_have_text(re.compile(r"^Nothing is being recorded: .* upload a file\.$"))
    desk.press("Stop")

    expect(desk.problem).to_contain_text("This browser gave no sound to record.")
    expect(desk.page.get_by_label("Upload a file")).to_be_visible()
