"""The page Change in a real browser: hints while somebody chooses, by mouse and by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.widths import PHONES, scrolls_sideways

pytestmark = pytest.mark.e2e

# 101 and 102 are doubles for €90, on Thursdays €176; 201 is a suite for €150, and taken from 8 May on.
HOTEL = """
from tests.factories import make_hotel, make_rate, make_reservation, make_room_type
hotel = make_hotel(["101", "102", "201"])
double, suite = make_room_type(hotel, nightly_rate=90), make_room_type(hotel, "Suite", nightly_rate=150)
hotel.units.update(room_type=double)
hotel.units.filter(name="201").update(room_type=suite)
make_rate(hotel, room_type=double, nightly_rate=176, weekdays=[4])
import datetime as dt
make_reservation(unit=hotel.units.last(), arrival=dt.date(2027, 5, 8), guest="Tom Byrne")
print("reference", make_reservation(hotel, room_type=double, guest="Amara Okafor").reference)
"""


@pytest.fixture
def reference(server):
    return re.search(r"reference (RT-\w+)", server.run(HOTEL))[1]


@pytest.fixture
def change(page, reference):
    page.goto(f"/reservations/{reference}/")
    page.get_by_role("link", name="Change", exact=True).click()
    return page


def test_a_bigger_room_for_one_night_more_takes_four_presses(change):
    room, hints, foot = change.get_by_label("Room", exact=True), change.locator("#change-hints"), "#change-foot"

    change.get_by_role("button", name="One night more").click()
    expect(change.locator(foot)).to_contain_text("€270.00 agreed + €176.00 Thu = €446.00 (+€176.00)")
    expect(change.get_by_role("button", name="One night more")).to_be_focused()
    room.select_option(label="Any free Suite, +€154.00")
    expect(hints).to_contain_text("3–7 May 2027, 4 nights, room 201.")
    expect(change.locator(foot)).to_contain_text("4 × €150.00 = €600.00 (+€330.00)")
    change.get_by_role("button", name="Take today’s price: €600.00").click()

    said = change.get_by_role("region", name="Messages")
    expect(said).to_contain_text("Amara Okafor: room 201, 3–7 May 2027. The price is €600.00.")
    said.get_by_role("button", name="Undo").click()
    expect(change.locator(".sub").first).to_contain_text("room 101 · 3–6 May 2027")


def test_the_list_of_rooms_follows_the_dates_and_keeps_the_choice(change):
    room, hints = change.get_by_label("Room", exact=True), change.locator("#change-hints")
    room.select_option(label="201 · Suite, +€180.00")
    expect(hints).to_contain_text("room 201")

    change.get_by_label("Departure").fill("2027-05-09")
    change.get_by_label("Departure").blur()

    expect(change.locator("optgroup").last).to_have_attribute("label", "Taken 3–9 May")
    expect(hints).to_contain_text("Tom Byrne is there until Tue 11 May")
    assert room.locator("option:checked").inner_text().startswith("201 · Suite")
    hints.get_by_role("button", name="Room 101, same nights").click()
    expect(hints).to_contain_text("6 nights, room 101.")


def test_enter_in_a_field_saves_and_the_price_is_asked_aloud(change):
    change.get_by_label("Room", exact=True).select_option(label="201 · Suite, +€180.00")
    change.get_by_label("Guests", exact=True).press("Enter")

    expect(change.get_by_role("alert")).to_contain_text("The price would change. Keep what was agreed (€270.00)")
    change.get_by_role("button", name="Keep what was agreed: €270.00").click()

    expect(change.get_by_role("region", name="Messages")).to_contain_text("Amara Okafor: room 201")


@pytest.mark.full
@pytest.mark.parametrize("width", PHONES)
def test_it_fits_on_a_phone(open_page, reference, width):
    page = open_page(viewport={"width": width, "height": 780}, has_touch=True, bypass_csp=True)
    page.goto(f"/reservations/{reference}/edit/?focus=unit")

    expect(page.get_by_label("Room", exact=True)).to_be_focused()
    page.get_by_label("Room", exact=True).select_option(label="201 · Suite, +€180.00")
    page.get_by_label("Guests", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The price would change.")
    assert not scrolls_sideways(page)
    assert violations(page) == []
