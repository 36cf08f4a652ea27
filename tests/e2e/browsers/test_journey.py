"""The main job from end to end in the browsers that are not Chromium, with real speech into a real microphone."""

import datetime as dt
import re
import shutil
import wave

import jiwer
import pytest

from tests.e2e.browsers import firefox, microphone, webkit
from tests.e2e.browsers.journey import Journey
from tests.server import ROOT, RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.browsers]

CLIPS = ROOT / "config" / "demo" / "clips"
WORDS = (
    "the guest in the garden apartment asked for a late check out on sunday and two extra towels "
    "please tell the kitchen that the guest arriving on tuesday has a nut allergy"
)
TAKEN = """
import datetime as dt
from tests.factories import make_apartment, make_reservation
flat = make_apartment(name="Garden Flat")
make_reservation(flat, arrival=dt.date(2027, 5, 3), nights=4, guest="Amara Okafor")
"""
# Of the clips it gets 3 to 13 % wrong, by the pauses and the noise (-60 dB) around them; of a microphone 16 %.
MISHEARD_BY_THE_SMALLEST_MODEL = 0.25
ARRIVAL, DEPARTURE = dt.date(2027, 5, 4), dt.date(2027, 5, 7)
BROWSERS = {"Firefox": (firefox.firefox, firefox.NEEDED), "WebKitGTK": (webkit.webkit, webkit.NEEDED)}
RECORDER = "voice-recorder voice-player"
LEFT_BEHIND = "unsent-recording voice-player"
SPOKEN = [CLIPS / "late-checkout.wav", CLIPS / "allergy.wav"]
# A recorder's clock begins a moment before its sound, on a busy machine a longer one.
CLOCKS_APART_SECONDS = 1.5
# What of a clip is still on its way through the sound server when the pause is pressed: 0.33 s in one of eight runs,
# less than 0.02 s in the others. The words beside the pause are looked for anyway.
ON_ITS_WAY_SECONDS = 0.4
# Of a clip of 4 s at least this much is kept: a reload loses what was spoken since the last chunk, up to a second, and
# what is on its way.
SURE_TO_BE_KEPT_SECONDS = 2


@pytest.fixture
def server(tmp_path):
    """One of its own, because it is stopped."""
    with RunningServer(tmp_path / "server", OFFLINE_PACK="true") as server:
        server.account = server.make_user()
        server.run(TAKEN)
        yield server


@pytest.fixture(params=BROWSERS)
def journey(request, server, tmp_path):
    start, needed = BROWSERS[request.param]
    missing = [name for name in (*needed, *microphone.NEEDED) if not shutil.which(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    with microphone.plugged_in(tmp_path / "run") as voice, start(voice.environment, tmp_path) as browser:
        yield Journey(browser, server, voice)


@pytest.mark.full
def test_a_stay_is_booked_and_spoken_of_and_the_pack_shows_without_a_server(journey):
    journey.sign_in()
    journey.wait_for_pack()
    book_what_is_taken_then_what_is_proposed(journey)
    note = speak_listen_and_save(journey)
    hear_a_word(journey, note)
    save_by_stop_and_undo(journey)
    come_back_after_a_reload(journey)
    see_the_pack(journey)


def book_what_is_taken_then_what_is_proposed(journey):
    journey.ask_for("Garden Flat", "Marta Wójcik", ARRIVAL, DEPARTURE)
    journey.sees("Amara Okafor is there until Fri 7 May", "#booking-hints")
    journey.press("Reserve", "#booking-form button")
    journey.sees("Garden Flat is not free", "#booking-hints [role=alert]")
    journey.press("7–10 May", "#booking-hints button")
    journey.sees("Free.", "#booking-hints")
    journey.press("Reserve", "#booking-form button")
    journey.sees("Marta Wójcik", "h1")


def speak_listen_and_save(journey):
    journey.press("", "[data-settings] summary")
    journey.press("", "[data-listen-first]")
    journey.record()
    journey.speak(SPOKEN[0])
    journey.press_in_recorder("Pause", "paused")
    journey.press_in_recorder("Resume", "recording")
    journey.speak(SPOKEN[1])
    journey.press_in_recorder("Pause", "paused")
    journey.press_in_recorder("Stop", "recorded")
    seconds = journey.recorded_seconds()
    assert journey.length(RECORDER) == pytest.approx(seconds, abs=CLOCKS_APART_SECONDS)
    journey.press("", f"{RECORDER} [data-do=play]")
    journey.seek(RECORDER, 6)
    journey.hears(RECORDER, 6, seconds)

    journey.press("Save note", "voice-recorder button")
    note, says = journey.written_note()
    text = re.sub(r"[^a-z ]", "", says["text"].lower().replace("-", " ")).replace("checkout", "check out")
    assert jiwer.wer(WORDS, text) < MISHEARD_BY_THE_SMALLEST_MODEL, text
    for at_an_edge in ("the guest in the garden apartment", "extra", "please tell the kitchen", "on tuesday"):
        assert at_an_edge in text
    assert says["seconds"] >= sum(length(clip) - ON_ITS_WAY_SECONDS for clip in SPOKEN)
    assert says["remarks"] == []
    return note


def save_by_stop_and_undo(journey):
    journey.press("", "[data-settings] summary")
    journey.press("", "[data-listen-first]")
    journey.record()
    journey.speak(CLIPS / "early-arrival.wav")
    journey.press_in_recorder("Stop", "saved")
    journey.press_in_recorder("Undo", "recorded")
    assert journey.recorded_seconds() > SURE_TO_BE_KEPT_SECONDS
    journey.press_in_recorder("Discard", "discarded")


def length(clip):
    """In seconds."""
    with wave.open(str(clip)) as sound:
        return sound.getnframes() / sound.getframerate()


def hear_a_word(journey, note):
    start = journey.press_last_word(note)
    journey.hears(note, start, start + 1.5)


def come_back_after_a_reload(journey):
    journey.record()
    journey.speak(CLIPS / "early-arrival.wav")
    journey.browser.reload()
    journey.press("Listen")
    journey.seek(LEFT_BEHIND, SURE_TO_BE_KEPT_SECONDS)
    journey.hears(LEFT_BEHIND, SURE_TO_BE_KEPT_SECONDS, 6)
    journey.press("Send now")
    _, says = journey.written_note()
    assert "arrive early" in says["text"]  # a reload loses what was spoken since the last chunk, up to a second


def see_the_pack(journey):
    journey.server.stop()
    journey.go("/calendar/")
    journey.sees("Roomtone cannot be reached. This is how it was at", "[role=status]")
