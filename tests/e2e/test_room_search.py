"""Find a room in a real browser: from any page by a key, refreshed while it is filled, and on to the booking form."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
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


def test_a_key_asks_over_any_page_and_a_room_is_booked_from_there(page, lisboa):
    page.goto("/reservations/new/")
    page.get_by_label("Guest", exact=True).fill("Half writt/en")  # a slash in a field is a slash
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Properties").focus()

    page.keyboard.press("/")
    dialog = page.get_by_role("dialog", name="Find a room")
    expect(dialog.get_by_label("Arrival")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Properties")).to_be_focused()
    expect(page.get_by_label("Guest", exact=True)).to_have_value("Half writt/en")

    page.keyboard.press("/")
    dialog.get_by_label("Arrival").fill("2027-05-03")
    dialog.get_by_label("Nights").fill("3")
    with page.expect_response(re.compile("place=graca")):
        dialog.get_by_label("Place or name").press_sequentially("graca")
    expect(dialog.get_by_role("status")).to_have_text(
        "2 rooms or apartments free in 1 property: 3–6 May 2027, 3 nights, 2 guests"
    )
    expect(page).to_have_url(f"{page.url.partition('/reservations')[0]}/reservations/new/")
    dialog.get_by_text("€354.00").click()
    expect(dialog.get_by_role("cell", name="3 × €118.00")).to_be_visible()
    dialog.get_by_role("link", name="Book Quayside Hotel, Double").click()

    expect(page.get_by_label("Property", exact=True)).to_contain_text("Quayside Hotel")
    expect(page.get_by_label("Arrival", exact=True)).to_have_value("2027-05-03")
    expect(page.get_by_label("Departure", exact=True)).to_have_value("2027-05-06")
    expect(page.locator("#booking-hints")).to_contain_text("Free.")


def test_the_page_refreshes_while_it_is_filled_and_its_address_keeps_the_question(page, lisboa):
    page.goto(ASKED)
    page.evaluate("window.hasNotBeenReloaded = true")
    page.locator("main").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Arrival")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)

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
    expect(page.get_by_text("to record")).to_be_hidden()
    expect(recorder).to_have_attribute("data-state", "idle")

    page.get_by_role("button", name="Keyboard").click()
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
    page.get_by_label("Nights").fill("3")
    page.get_by_label("Place or name").fill("Finders")
    page.get_by_role("button", name="Find", exact=True).click()

    page.get_by_role("link", name="6–9 May next free").click()

    expect(page.get_by_label("Arrival", exact=True)).to_have_value("2027-05-06")
    expect(page.get_by_role("button", name="Keyboard")).to_have_count(0)


def test_a_question_that_gets_no_answer_gives_the_page_back(browser, server, signed_in):
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    page = context.new_page()
    page.route("**/find/**", lambda route: route.fulfill(status=500, body=""))
    page.goto("/reservations/")

    page.keyboard.press("/")

    expect(page.get_by_role("region", name="Messages")).to_contain_text("Something went wrong on the server")
    expect(page.get_by_role("dialog")).to_have_count(0)
    context.close()


def test_the_dialogs_are_accessible(open_page, lisboa):
    page = open_page(bypass_csp=True, viewport=PHONE)
    page.goto("/")
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Place or name").fill("graca")
    expect(dialog.get_by_role("status")).to_contain_text("in 2 properties")
    for summary in dialog.locator("summary").all():
        summary.click()

    assert violations(page) == []
    assert scrolls_sideways(page) == []
    assert page.evaluate("((box) => box.scrollWidth <= box.clientWidth)(document.querySelector('dialog[open]'))")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keyboard").click()
    assert violations(page) == []
