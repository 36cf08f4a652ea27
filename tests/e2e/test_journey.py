"""The main job from end to end, as one person does it at the desk."""

import datetime as dt
import re

import jiwer
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.e2e.conftest import WIDE, sign_in
from tests.e2e.pages.booking import Booking
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.server import ROOT
from tests.spoken import samples_of, silence, write

pytestmark = pytest.mark.e2e

SPOKEN = ROOT / "config" / "demo" / "clips" / "late-checkout.wav"
WORDS = "the guest in the garden apartment asked for a late check out on sunday and two extra towels"
ARRIVAL = dt.date(2027, 5, 3)
DEPARTURE = dt.date(2027, 5, 7)
NEXT = "7–11 May"


@pytest.fixture
def page(server, tmp_path):
    """A browser that has never been here; its microphone speaks the clip."""
    microphone = write(tmp_path / "spoken.wav", silence(1), samples_of(SPOKEN), silence(1))
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(**launch_options(microphone=microphone)) as browser,
    ):
        yield browser.new_page(base_url=server.url, viewport=WIDE, locale="en-GB")


def test_from_the_first_apartment_to_the_words_of_the_shift(page, server):
    page.goto("/")
    sign_in(page, *server.account)
    make_apartment(page, "Garden Flat")
    booking = Booking(page)
    fill(booking, guest="Amara Okafor")
    expect(booking.hints).to_contain_text("Free.")
    expect(page.get_by_text("4 × €140.00 = €560.00")).to_be_visible()
    booking.reserve()
    expect(page.get_by_role("heading", name="Amara Okafor")).to_be_visible()

    fill(booking, guest="Marta Wójcik")
    expect(booking.hints).to_contain_text("Amara Okafor is there until Fri 7 May")
    booking.reserve()
    expect(booking.hints.get_by_role("alert")).to_contain_text("Garden Flat is not free")
    expect(booking.field("Guest")).to_have_value("Marta Wójcik")
    booking.take(NEXT)
    expect(booking.hints).to_contain_text("Free.")
    expect(booking.field("Guest")).to_have_value("Marta Wójcik")
    booking.reserve()
    expect(page.get_by_role("heading", name="Marta Wójcik")).to_be_visible()

    speak_a_note(page)


def make_apartment(page, name):
    page.get_by_role("link", name="Properties").click()
    page.get_by_role("link", name="New property").or_(page.get_by_role("link", name="Add")).first.click()
    page.get_by_label("Kind").select_option(label="Apartment")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Price per night").fill("140")
    page.get_by_role("button", name="Create property").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def fill(booking, *, guest):
    booking.open()
    booking.choose("Garden Flat")
    booking.ask(ARRIVAL, DEPARTURE)
    booking.name(guest)


def speak_a_note(page):
    page.evaluate("window.hasNotBeenReloaded = true")
    reference = re.search(r"RT-\w+", page.url)[0]
    desk = VoiceNotes(page, reference)
    page.keyboard.press("r")
    desk.speak(until="0:07")
    desk.press("Stop")
    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=60_000)
    text = note.locator("[data-transcript]").inner_text()
    assert jiwer.wer(WORDS, re.sub(r"[^a-z ]", "", text.lower().replace("-", " "))) < 0.25, text
    assert page.evaluate("window.hasNotBeenReloaded")

    note.get_by_role("button", name="Play").click()
    sound = note.locator("audio")
    page.wait_for_function("sound => sound.currentTime > 0.3", arg=sound.element_handle())
    note.get_by_role("slider", name="Position").fill("4")
    page.wait_for_function("sound => sound.currentTime >= 4", arg=sound.element_handle())
