"""Picking a known guest while the name is typed, and the pages about guests and groups as axe sees them."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.pages.booking import Booking
from tests.e2e.widths import scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

ARRIVAL, DEPARTURE = dt.date(2027, 6, 7), dt.date(2027, 6, 10)
# Two of nearly the same name, a group of two rooms, and an apartment to book.
PEOPLE = """
from reservations import booking
from reservations.stay import Stay
from tests.factories import *
old = make_guest("Quirina Søholm", phone="+45 33 12 34 56", remarks="Allergic to nuts")
new = make_guest("Quirina Soholm-Lind")
hotel = make_hotel(["1", "2", "3"], name="Guest Hotel")
group = booking.book_group(
    property=hotel, stay=Stay.of_nights(ARRIVAL, 3), booker_name="Moreau", rooms=[(None, 2, 2)], actor=None
)
print("keys", old.pk, new.pk, group.pk)
"""


@pytest.fixture(scope="module")
def keys(server):
    return re.search(r"keys (\d+) (\d+) (\d+)", server.run(PEOPLE)).groups()


def test_offers_that_come_after_escape_stay_closed(page, keys):
    held = []
    form = Booking(page)
    form.open()
    form.field("Guest").press_sequentially("soholm")
    offers = page.get_by_role("listbox", name="Known guests")
    expect(offers).to_be_visible()
    page.route("**/offers/*", lambda route: held.append(route))
    with page.expect_request("**/offers/*"):
        form.field("Guest").press_sequentially("-l")

    form.field("Guest").press("Escape")
    with page.expect_response("**/offers/*"):
        held.pop().continue_()

    expect(page.locator("guest-picker [role=option]")).to_have_count(1)
    expect(offers).to_be_hidden()


def test_a_known_guest_is_picked_by_keyboard_and_typing_on_is_somebody_new(page, keys):
    form = Booking(page)
    form.open()
    form.choose("Guest Hotel")
    form.ask(ARRIVAL, DEPARTURE)
    field, offers = form.field("Guest"), page.get_by_role("listbox", name="Known guests")

    with page.expect_response(re.compile("guest=soho$")):
        field.press_sequentially("soho")
    expect(offers.get_by_role("option")).to_have_count(2)
    field.press("Escape")
    expect(offers).to_be_hidden()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):  # opens, then walks to the second
        field.press(key)
    expect(offers.get_by_role("option", selected=True)).to_contain_text("+45 33 12 34 56")
    field.press("Enter")
    expect(field).to_have_value("Quirina Søholm")
    expect(page.get_by_text("Known guest · +45 33 12 34 56")).to_be_visible()
    assert page.locator("[name=guest_id]").input_value() == keys[0]

    field.press_sequentially("-Berg")
    expect(offers).to_be_hidden()
    assert page.locator("[name=guest_id]").input_value() == ""
    field.fill("Quirina Søholm")
    assert page.locator("[name=guest_id]").input_value() == keys[0]
    field.press("Escape")
    form.reserve()

    page.get_by_role("link", name="Quirina Søholm").click()
    expect(page.get_by_text("Allergic to nuts")).to_be_visible()
    expect(page.get_by_text("1 stay, 3 nights")).to_be_visible()


def test_guests_and_groups_are_accessible_and_no_wider_than_the_screen(open_page, keys):
    page = open_page(bypass_csp=True)

    guest, other, group = keys
    addresses = ("/guests/", f"/guests/{guest}/", f"/guests/{guest}/edit/", f"/guests/{guest}/merge/?with={other}")
    for address in (
        *addresses,
        f"/groups/{group}/",
        "/reservations/new-group/?arrival=2027-05-03&departure=2027-05-06",
    ):
        page.goto(address)
        for viewport in (PHONE, WIDE):
            page.set_viewport_size(viewport)
            assert violations(page) == []
            assert scrolls_sideways(page) == []
    page.get_by_label("Property", exact=True).select_option(label="Guest Hotel")
    page.get_by_label("Rooms: Any room").fill("2")
    expect(page.get_by_text("1 free")).to_be_visible()
    form = Booking(page)
    form.open()
    form.field("Guest").press_sequentially("soho")
    page.get_by_role("listbox").wait_for()
    form.field("Guest").press("ArrowDown")
    assert violations(page) == []
