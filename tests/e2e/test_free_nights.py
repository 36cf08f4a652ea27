"""A free night of the calendar: its price, and the menu that books or closes it, by mouse, finger and keys."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.pages.tape import Tape

pytestmark = pytest.mark.e2e

ZOOMED = {"width": 720, "height": 450}  # a desk's window of 1440 by 900 at 200 %
HOTEL = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel([str(number) for number in range(101, 121)], name="Free nights")
make_reservation(unit=hotel.units.get(name="102"), guest="Noor Haddad")
print("hotel", hotel.pk)
"""
NIGHT = dt.date(2027, 5, 4)


@pytest.fixture(scope="module")
def hotel(server):
    return re.search(r"hotel (\d+)", server.run(HOTEL))[1]


@pytest.fixture
def tape(page, hotel):
    tape = Tape(page, hotel)
    tape.open()
    return tape


def test_a_click_on_a_free_night_offers_to_book_and_to_close_it(tape):
    tape.click_night("101", NIGHT)

    expect(tape.menu).to_contain_text("Room 101, 4 to 5 May, 1 night, free, €90")
    assert tape.menu.get_by_role("link").all_inner_texts() == ["Book", "Hold", "Close the room", "This room is broken"]
    tape.menu.get_by_role("link", name="Book").click()
    expect(tape.page.get_by_label("Arrival")).to_have_value("4 May 2027")
    expect(tape.page.get_by_label("Departure")).to_have_value("5 May 2027")


def test_a_room_that_is_broken_is_closed_from_that_night_until_further_notice(tape):
    tape.click_night("101", NIGHT)
    tape.menu.get_by_role("link", name="This room is broken").click()

    expect(tape.page.get_by_role("heading", name="Room 101 is broken")).to_be_visible()
    expect(tape.page.get_by_label("Closed from")).to_have_value("4 May 2027")
    expect(tape.page.get_by_label("Open again on")).to_have_value("")


def test_escape_and_a_second_click_close_the_menu(tape):
    tape.click_night("101", NIGHT)
    expect(tape.menu).to_be_visible()
    tape.press("Escape")
    expect(tape.menu).to_be_hidden()
    expect(tape.page.locator(".tape-ghost")).to_have_count(0)

    tape.click_night("101", NIGHT)
    expect(tape.menu).to_be_visible()
    tape.click_night("101", NIGHT)
    expect(tape.menu).to_be_hidden()


def test_before_a_stay_the_night_that_ends_in_the_column_is_meant(tape):
    tape.click_night("102", dt.date(2027, 5, 3), part=0.2)

    expect(tape.menu).to_contain_text("Room 102, 2 to 3 May, 1 night, free")


def test_keys_mark_a_free_night_say_its_price_and_open_the_menu(tape):
    tape.page.locator(".tape").focus()

    tape.press("Enter")
    expect(tape.says).to_have_text("Room 101, 1 to 2 May, 1 night, free, €90")
    tape.press("Shift+ArrowRight")
    expect(tape.says).to_have_text("Room 101, 1 to 3 May, 2 nights, free, €180")
    tape.press("Enter")

    expect(tape.menu.get_by_role("link", name="Book")).to_be_focused()
    tape.press("ArrowDown", "ArrowDown", "Escape")
    expect(tape.menu).to_be_hidden()
    expect(tape.page.locator(".tape")).to_be_focused()


def test_the_mouse_reads_the_price_of_each_free_night_with_one_request_for_the_row(tape):
    asked = []
    tape.page.on("request", lambda request: asked.append(request.url) if "/calendar/prices/" in request.url else None)

    for day in (4, 6):
        tape.point_at("101", dt.date(2027, 5, day))
        expect(tape.price).to_have_text("€90")

    assert len(asked) == 1
    tape.bar("Noor Haddad").hover()
    expect(tape.price).to_have_count(0)


def test_a_price_that_the_server_does_not_say_is_left_out(tape):
    tape.page.route("**/calendar/prices/**", lambda route: route.abort())

    tape.click_night("101", NIGHT)

    expect(tape.menu).to_contain_text("Room 101, 4 to 5 May, 1 night, free")
    expect(tape.menu).not_to_contain_text("€")


def test_a_tap_opens_the_menu_and_presses_nothing_in_it(open_page, hotel):
    tape = Tape(open_page(viewport=PHONE, has_touch=True), hotel)
    tape.open()

    tape.tap_night("103", NIGHT)

    expect(tape.menu).to_contain_text("Room 103, 4 to 5 May, 1 night, free, €90")
    for link in tape.menu.get_by_role("link").all():
        assert link.bounding_box()["height"] >= 44


def test_at_200_percent_the_tools_are_one_line_and_five_rooms_are_seen(open_page, hotel):
    tape = Tape(open_page(viewport=ZOOMED), hotel)
    tape.open()

    tools = [tape.page.get_by_role("link", name="56"), tape.page.get_by_label("From", exact=True)]
    heads = [tool.bounding_box()["y"] for tool in tools]
    assert abs(heads[0] - heads[1]) < 20
    bar = tape.page.get_by_role("navigation", name="Main").bounding_box()["y"]
    rows = [row.bounding_box() for row in tape.page.locator(".tape-row[data-unit]:not([data-unit=''])").all()]
    assert sum(row["y"] + row["height"] <= bar for row in rows) >= 5
