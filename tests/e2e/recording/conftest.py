"""A browser whose microphone speaks real words, and reservations to speak on."""

import re

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import launch_options
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.server import ROOT
from tests.spoken import samples_of, silence, write

SPOKEN = ROOT / "config" / "demo" / "clips" / "allergy.wav"
# The fake microphone runs on during a pause: it is silent until the journey has paused and resumed.
SILENT_SECONDS = 3
# A hotel that counts no rooms takes them all, one for each test.
MANY_RESERVATIONS = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=(), name="Hotel of the recordings")
for _ in range(80):
    print("reference", make_reservation(hotel).reference)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Its microphone speaks the clip each time that it is opened."""
    path = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    options = launch_options(microphone=write(path, silence(SILENT_SECONDS), samples_of(SPOKEN)))
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        yield browser


@pytest.fixture(scope="session")
def references(server):
    return iter(re.findall(r"reference (RT-\w+)", server.run(MANY_RESERVATIONS)))


@pytest.fixture
def open_desk(references):
    """`open_desk(page)`: on the page of a reservation of its own."""

    def open_desk(page):
        desk = VoiceNotes(page, next(references))
        desk.open()
        return desk

    return open_desk


@pytest.fixture
def desk(page, open_desk):
    return open_desk(page)


@pytest.fixture
def unlucky(browser, server, signed_in, open_desk):
    """A desk to which things happen that the console complains about."""
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    yield open_desk(context.new_page())
    context.close()
