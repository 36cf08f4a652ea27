"""*This room is broken* with scripts: who has to move follows the dates, and nothing that was typed is lost."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations

pytestmark = pytest.mark.e2e

HOTEL = """
import datetime as dt, json
from reservations.models import Status
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(["101", "102", "103"], name="Boiler Inn")
room, today = hotel.units.get(name="101"), hotel.today()
make_reservation(unit=room, arrival=today, guest="Sofia Marques", status=Status.IN_HOUSE)
make_reservation(unit=room, arrival=today + dt.timedelta(days=10), guest="Bob Lindqvist")
print("made", json.dumps(room.pk))
"""


@pytest.fixture(scope="module")
def room(server):
    return json.loads(server.run(HOTEL).partition("made ")[2])


def test_guests_follow_the_dates_and_one_press_moves_them_and_closes(page, room):
    page.goto(f"/closures/broken/?unit={room}")
    expect(page.get_by_label("What is broken")).to_be_focused()
    page.keyboard.type("The boiler")
    page.get_by_label("Tell the next shift").fill("Plumber at nine.")
    expect(page.get_by_role("heading", name="2 stays to move")).to_be_visible()

    page.get_by_role("button", name="In 3 days").click()
    expect(page.get_by_role("heading", name="1 stay to move")).to_be_visible()
    page.get_by_label("New room for Sofia Marques").select_option(label="103")
    page.get_by_label("Open again on").fill("")
    page.get_by_label("Open again on").press("Tab")
    expect(page.get_by_role("heading", name="2 stays to move")).to_be_visible()
    expect(page.get_by_label("New room for Sofia Marques").locator("option:checked")).to_have_text("103")
    page.get_by_role("button", name="In 3 days").click()
    expect(page.get_by_role("heading", name="1 stay to move")).to_be_visible()
    expect(page.get_by_label("What is broken")).to_have_value("The boiler")
    page.get_by_role("button", name="Move all and close").last.click()

    toasts = page.get_by_role("region", name="Messages")
    expect(toasts).to_contain_text("Room 101 is closed")
    expect(toasts).to_contain_text("1 stay has been moved.")
    expect(page.get_by_role("heading", name="Moved because of it")).to_be_visible()
    expect(page.get_by_text("Plumber at nine.")).to_be_visible()
    expect(page.get_by_role("button", name="Record a voice note").first).to_be_visible()
    toasts.get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("All is as it was before.")
    expect(page.get_by_role("heading", name="Moved because of it")).to_have_count(0)


def test_the_button_says_whether_anybody_moves(page, room):
    page.goto(f"/closures/broken/?unit={room}")

    page.get_by_label("Closed from").fill("2099-01-01")
    page.get_by_label("Closed from").press("Tab")

    expect(page.get_by_text("Nobody has to move.")).to_be_visible()
    expect(page.locator("#close-room")).to_have_text("Close the room")


def test_the_page_is_accessible(open_page, room):
    page = open_page(bypass_csp=True)

    page.goto(f"/closures/broken/?unit={room}")

    assert violations(page) == []
