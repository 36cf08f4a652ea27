"""Find a room in a real browser: refreshed while it is filled, and on to the booking form; the list of keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.menu import choose
from tests.e2e.widths import scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

# A hotel with two doubles, and a flat that Amara has from 3 to 6 May 2027.
PROPERTIES = """
from tests.factories import *
hotel = make_hotel(["101", "102"], name="Quayside Hotel", location="Lisboa, Graça")
hotel.units.update(room_type=make_room_type(hotel, "Double"))
print("reference", make_reservation(make_apartment("Finders Flat", location="Lisboa, Graça")).reference)
"""
ASKED = "/find/?arrival=2027-05-03&nights=3&party_size=2&place=graca"


@pytest.fixture(scope="module")
def lisboa(server):
    """The reference of the stay in the flat."""
    return re.search(r"reference (RT-\w+)", server.run(PROPERTIES))[1]


def test_the_page_refreshes_while_it_is_filled_and_its_address_keeps_the_question(page, lisboa):
    page.goto(ASKED)
    page.evaluate("window.hasNotBeenReloaded = true")

    page.get_by_label("Guests").fill("5")
    expect(page.get_by_text("Double sleeps 2; this party has 5.")).to_be_visible()
    page.get_by_label("Guests").fill("")
    expect(page.get_by_role("alert")).to_contain_text("Write how many guests.")
    page.get_by_label("Guests").fill("1")
    page.get_by_label("Dates").select_option(label="± 1 day")
    expect(page.get_by_role("link", name="4–7 May 1 day later")).to_be_visible()

    assert page.evaluate("window.hasNotBeenReloaded")
    expect(page).to_have_url(re.compile("flexible=1&party_size=1&place=graca"))


def test_single_keys_are_listed_and_switched_off_for_good(page, lisboa):
    page.goto(f"/reservations/{lisboa}/")
    recorder = page.locator("voice-recorder .recorder")
    page.keyboard.press("Shift+?")
    help_ = page.get_by_role("dialog", name="Keyboard")
    expect(help_.get_by_text("Record a voice note")).to_be_visible()
    help_.get_by_role("switch", name="Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()

    page.reload()
    page.locator("main").focus()
    for key in ("/", "?", "r"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Search")).not_to_be_focused()
    expect(page.get_by_text("to record")).to_be_hidden()
    expect(recorder).to_have_attribute("data-state", "idle")

    choose(page, "button", "Keyboard")
    expect(help_.get_by_role("switch")).not_to_be_checked()
    help_.get_by_role("switch").check()
    help_.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Keyboard")).to_be_focused()
    page.keyboard.press("r")
    expect(recorder).not_to_have_attribute("data-state", "idle")


def test_it_works_without_scripts(open_page, lisboa):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Find a room").click()
    page.get_by_label("Arrival").fill("2027-05-03")
    page.get_by_label("Nights", exact=True).fill("3")
    page.get_by_label("Place or name").fill("Finders")
    page.get_by_role("button", name="Find", exact=True).click()

    page.get_by_role("link", name="6–9 May next free").click()

    expect(page.get_by_label("Arrival", exact=True)).to_have_value("6 May 2027")
    page.get_by_role("navigation", name="Main").locator("summary").click()
    expect(page.get_by_role("link", name="API tokens")).to_be_visible()
    expect(page.get_by_role("button", name="Keyboard")).to_have_count(0)


def test_the_page_is_accessible(open_page, lisboa):
    page = open_page(bypass_csp=True, viewport=PHONE)
    page.goto(ASKED)
    for summary in page.locator("main summary").all():
        summary.click()

    assert violations(page) == []
    assert scrolls_sideways(page) == []
    choose(page, "button", "Keyboard")
    assert violations(page) == []
