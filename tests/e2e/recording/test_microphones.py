"""Microphones that are lost, taken, chosen, silent, refused, or not there."""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import launch_options

pytestmark = [pytest.mark.e2e, pytest.mark.full]

SEGMENTS = """async () => {
  const { allRecordings, chunksOf } = await import("lib/recording-store");
  const [{ key }] = await allRecordings();
  return [...new Set((await chunksOf(key)).map(({ segment }) => segment))];
}"""

# Both at the same moment: the clip begins to speak soon after.
SILENCE_IS_SEEN = """([says, meter]) => {
  const newest = [...meter.querySelectorAll("i.on")].at(-1);
  return says.textContent.includes("The microphone gives no sound.") && newest.style.getPropertyValue("--h") < 10;
}"""


def test_a_lost_microphone_leaves_what_was_spoken_and_another_one_goes_on(desk):
    keep_track(desk.page)
    desk.record(until="0:06")

    desk.page.evaluate("window.track.dispatchEvent(new Event('ended'))")
    expect(desk.says).to_contain_text("Paused: the microphone was disconnected. What you said until then is kept.")
    desk.page.evaluate("fail('NotFoundError')")
    desk.press("Resume")
    expect(desk.problem).to_contain_text("There is no microphone.")
    expect(desk.button("Resume")).to_be_focused()
    desk.page.evaluate("fail('')")
    desk.press("Resume")
    desk.speak(until="0:12")
    desk.listen_first()
    desk.press("Stop")
    expect(desk.player.locator("[data-clock]")).to_have_text(re.compile(r"0:00 / 0:1\d"))
    desk.press("Save note")

    assert desk.saved_text().count("kitchen") == 2
    expect(desk.notes).to_have_count(1)


def test_a_microphone_that_another_takes_pauses_and_a_chosen_one_is_remembered(desk):
    choice = desk.recorder.get_by_label("Microphone")
    keep_track(desk.page)
    desk.listen_first()
    desk.record(until="0:01")
    desk.page.evaluate("window.track.dispatchEvent(new Event('mute'))")
    expect(desk.says).to_contain_text("Paused: another program")
    desk.press("Resume")
    desk.speak(until="0:02")

    desk.open_settings()
    choice.select_option("Fake Audio Input 2")  # in the middle of the recording
    expect(desk.says).to_have_text("Recording. Speak now.")
    assert desk.page.evaluate("window.track.label") == "Fake Audio Input 2"
    desk.speak(until="0:03")
    desk.press("Stop")
    desk.button("Save note").wait_for()  # by then all of it is kept
    assert desk.page.evaluate(SEGMENTS) == [0, 1]
    desk.press("Save note")
    expect(desk.notes).to_have_count(1)

    desk.open()
    desk.open_settings()
    expect(desk.recorder.get_by_label("Listen before saving")).to_be_checked()
    expect(choice.locator("option:checked")).to_have_text("Fake Audio Input 2")
    desk.page.evaluate("localStorage.setItem('microphone', 'one that was sold')")
    desk.open()
    expect(choice.locator("option:checked")).to_have_text("The browser’s choice")
    desk.record(until="0:01")


def test_silence_is_seen_and_warned_of(desk):
    desk.press("Record a voice note")

    meter = desk.recorder.locator("[data-meter]")
    desk.page.wait_for_function(SILENCE_IS_SEEN, arg=[desk.says.element_handle(), meter.element_handle()])


def test_a_refused_microphone_is_put_into_words(browser, server, signed_in, open_desk):
    options = launch_options()
    options["args"].remove("--use-fake-ui-for-media-stream")  # which says yes to every question
    with browser.browser_type.launch(**options) as refusing:
        desk = open_desk(refusing.new_page(base_url=server.url, storage_state=signed_in))

        desk.press("Record a voice note")

        expect(desk.problem).to_contain_text("The browser may not use the microphone. Allow it in the address bar")
        expect(desk.button("Record a voice note")).to_be_focused()


def test_a_microphone_that_does_not_open_is_put_into_words(desk):
    keep_track(desk.page)
    said = {
        "NotFoundError": "There is no microphone.",
        "NotReadableError": "The microphone is busy.",
        "AbortError": "could not be started",
        "OddError": "could not be opened",
    }
    for name, words in said.items():
        desk.page.evaluate("name => fail(name)", name)
        desk.press("Record a voice note")
        expect(desk.problem).to_contain_text(words)
        expect(desk.problem).not_to_contain_text("internal")

    desk.page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }")
    desk.press("Record a voice note")
    expect(desk.says).to_contain_text("near the address bar")  # where the browser hides its question
    desk.press("Cancel")
    expect(desk.button("Record a voice note")).to_be_focused()

    desk.page.evaluate("() => { Object.defineProperty(navigator, 'mediaDevices', { value: undefined }); }")
    desk.press("Record a voice note")
    expect(desk.problem).to_contain_text("https")


def keep_track(page):
    """`window.track` is the microphone's; `fail(name)` makes it fail from now on, `fail("")` no more."""
    page.evaluate(
        """() => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          let failure = "";
          window.fail = (name) => (failure = name);
          navigator.mediaDevices.getUserMedia = async (constraints) => {
            if (failure) throw new DOMException("internal", failure);
            const stream = await open(constraints);
            [window.track] = stream.getAudioTracks();
            return stream;
          };
        }"""
    )
