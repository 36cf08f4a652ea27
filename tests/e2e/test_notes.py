"""The Notes page in real Chromium: searched while typing, played from the word that was found, typed on, marked."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.widths import scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

# A note of ten seconds, in which the word that is looked for is spoken in the seventh, and others around it.
FILL = """
from tests.factories import make_guest, make_hotel, make_reservation, tom_byrne
from tests.notes.notes import make_note, make_typed
from tests.notes.clips import recording, tone
tom = tom_byrne()
hotel = make_hotel(rooms=(), name="Hotel of the notes")
stay = make_reservation(hotel, guest=make_guest("Zofia Wójcik"))
sound = recording("wav", tone(10))
note = make_note(audio=sound, reservation=stay, author=tom, transcript="The radiator hisses", seconds=10)
words = [("The", 0.5), ("radiator", 6.25), ("hisses", 8.0)]
note.transcript.segments = [{"start": 0, "end": 9, "text": "The radiator hisses",
    "words": [{"start": at, "end": at + 0.5, "text": word, "probability": 0.9} for word, at in words]}]
note.transcript.save()
for number in range(30):
    make_typed(f"Radiator bled, number {number}", property=hotel, author=tom)
"""


@pytest.fixture(scope="module")
def notes(server):
    server.run(FILL)


def test_a_note_is_found_while_typing_and_plays_from_the_word(page, notes):
    page.goto("/notes/")
    search = page.get_by_label("Search notes")
    rows = page.get_by_role("list", name="Notes").locator(".note")

    search.press_sequentially("wojcik radi")

    expect(rows).to_have_count(1)
    expect(page.locator("#notes-told")).to_have_text("1 note")
    expect(search).to_be_focused()
    expect(rows.locator("mark")).to_have_text(["Wójcik", "radi"])
    assert "q=wojcik" in page.url
    page.get_by_role("button", name="Play from 0:06").press("Enter")
    sound = rows.locator("audio")
    page.wait_for_function("sound => !sound.paused && sound.currentTime > 6.2", arg=sound.element_handle())

    page.get_by_role("link", name="Open the note").click()

    expect(page.get_by_role("heading", name="Voice note")).to_be_visible()
    # Sooner than from its beginning.
    page.wait_for_function("() => document.querySelector('.note audio')?.currentTime >= 6", timeout=5000)


def test_notes_are_chosen_turned_typed_and_marked(open_page, notes):
    page = open_page(viewport=PHONE, bypass_csp=True)
    page.goto("/notes/")
    rows = page.get_by_role("list", name="Notes").locator(".note")
    assert violations(page) == []

    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Property", exact=True).select_option("Hotel of the notes")
    page.get_by_label("Kind").select_option("typed")
    expect(page.get_by_role("link", name="Leave a note for Hotel of the notes")).to_be_visible()
    older = page.get_by_role("link", name="Older")
    expect(older).to_have_attribute("href", re.compile("kind=typed"))
    expect(rows).to_have_count(25)
    older.press("Enter")
    expect(rows).to_have_count(30)
    expect(page.get_by_text("Older notes")).to_be_focused()

    page.get_by_text("Type a note").click()
    page.get_by_label("For whoever comes next at").select_option("Hotel of the notes")
    page.get_by_label("What the others should know").fill("The radiator is quiet again.")
    page.get_by_role("button", name="Save note").press("Enter")
    expect(rows.first).to_contain_text("The radiator is quiet again.")
    expect(page.get_by_label("What the others should know")).to_be_hidden()
    expect(page.get_by_text("Type a note")).to_be_focused()

    page.get_by_role("button", name="Mark all as heard").click()
    expect(rows.get_by_text("Unheard", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").last.focus()  # so that it stays
    assert violations(page) == []
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("wait to be heard again.")).to_be_visible()
    expect(page.get_by_label("Kind")).to_have_value("typed")
    assert scrolls_sideways(page) == []
