"""Voice notes as people make them: real Chromium, a fake microphone that speaks real words, the whole of Roomtone."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.e2e.axe import violations
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.house import ROOT
from tests.spoken import samples_of, silence, write

pytestmark = pytest.mark.e2e

SPOKEN = ROOT / "config" / "demo" / "clips" / "allergy.wav"
# The fake microphone runs on during a pause: it is silent until the journey has paused and resumed.
SILENT_SECONDS = 3
# A hotel that counts no rooms takes them all, one for each test.
MANY_RESERVATIONS = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=(), name="Hotel of the voice notes")
for _ in range(60):
    print("reference", make_reservation(hotel).reference)
"""
# Milliseconds until a text is on the page: the first one loads the model.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Its microphone speaks the clip."""
    path = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    options = launch_options(microphone=write(path, silence(SILENT_SECONDS), samples_of(SPOKEN)))
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        yield browser


@pytest.fixture(scope="module")
def references(house):
    return iter(re.findall(r"reference (RT-\w+)", house.manage("shell", "-c", MANY_RESERVATIONS)))


@pytest.fixture
def desk(page, references):
    """On the page of a reservation of its own."""
    desk = VoiceNotes(page, next(references))
    desk.open()
    return desk


def test_a_file_is_uploaded_and_written_down(desk):
    desk.upload(SPOKEN)

    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    expect(desk.page.get_by_text("No voice notes yet.")).to_be_hidden()


def test_a_slow_upload_shows_how_far_it_is(desk):
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 50_000}
    desk.page.context.new_cdp_session(desk.page).send("Network.emulateNetworkConditions", line)

    desk.upload(SPOKEN)

    expect(desk.recorder.get_by_role("progressbar")).to_be_visible()
    expect(desk.recorder.get_by_text(re.compile(r"Sending, \d+ %"))).to_be_visible()
    expect(desk.notes).to_have_count(1, timeout=30_000)
    expect(desk.recorder.get_by_role("progressbar")).to_be_hidden()


def test_a_file_that_is_no_recording_is_refused_in_words(desk, tmp_path):
    letter = tmp_path / "letter.wav"
    letter.write_text("Dear guest")

    desk.upload(letter)

    expect(desk.problem).to_contain_text("This file is not a recording.")
    expect(desk.notes).to_have_count(0)


def test_the_r_key_types_an_r_where_something_is_typed(desk):
    desk.upload(SPOKEN)
    desk.notes.first.get_by_role("link", name="Edit text").click(timeout=PATIENCE)
    field = desk.notes.first.get_by_label("What was said")
    expect(field).to_be_focused()

    field.press("r")
    desk.page.keyboard.press("Control+r")

    expect(desk.button("Record a voice note")).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_it_is_accessible_in_every_state(open_page, references, color_scheme):
    page = open_page(color_scheme=color_scheme, reduced_motion="reduce", bypass_csp=True)
    desk = VoiceNotes(page, next(references))
    desk.open()
    assert violations(page) == []
    desk.upload(SPOKEN)
    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)

    note.get_by_role("link", name="Edit text").click()
    note.get_by_label("What was said").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(open_page, references, width):
    page = open_page(viewport={"width": width, "height": 844})
    desk = VoiceNotes(page, next(references))
    desk.open()
    desk.upload(SPOKEN)
    expect(desk.notes.first.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_javascript(open_page, references):
    page = open_page(java_script_enabled=False)
    desk = VoiceNotes(page, next(references))
    desk.open()

    desk.upload(SPOKEN)
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(page.get_by_text("The voice note is saved.")).to_be_visible()
    expect(desk.button("Record a voice note")).to_be_hidden()
    desk.notes.first.get_by_role("button", name="Delete").click()
    expect(desk.notes).to_have_count(0)
