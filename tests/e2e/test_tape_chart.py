"""The tape chart by hand: mouse, keyboard, and the way by menus."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.pages.tape import Tape

pytestmark = pytest.mark.e2e

# A hotel for each test. In each Amara has room 101 and Noor 102 for the same nights, 3–6 May.
HOTELS = """
from tests.factories import make_hotel, make_reservation
for n in range(14):
    hotel = make_hotel(("101", "102", "103"), name=f"Handmade {n}")
    for room, guest in (("101", "Amara Okafor"), ("102", "Noor Haddad")):
        make_reservation(unit=hotel.units.get(name=room), guest=guest)
    print("hotel", hotel.pk)
"""


@pytest.fixture(scope="module")
def hotels(server):
    return re.findall(r"hotel (\d+)", server.run(HOTELS))


@pytest.fixture
def tape(page, hotels):
    tape = Tape(page, hotels.pop())
    tape.open()
    return tape


def test_a_bar_is_dragged_to_another_room_and_back_by_undo(tape):
    tape.drag_to("Amara Okafor", "103")

    expect(tape.bar("Amara Okafor", "103")).to_be_visible()
    expect(tape.bar("Amara Okafor", "101")).to_have_count(0)
    expect(tape.toasts).to_contain_text("Amara Okafor: room 103, 3–6 May 2027.")
    tape.undo()
    expect(tape.bar("Amara Okafor", "101")).to_be_visible()
    expect(tape.page).to_have_url(re.compile("/calendar/"))
    tape.toasts.get_by_role("button", name="Do it again").click()
    expect(tape.bar("Amara Okafor", "103")).to_be_visible()


def test_a_taken_room_puts_the_bar_back_says_why_and_offers_alternatives(tape):
    tape.drag_to("Amara Okafor", "102")

    expect(tape.dialog).to_contain_text("Noor Haddad is there until Thu 6 May")
    expect(tape.bar("Amara Okafor", "101")).to_be_visible()
    tape.dialog.get_by_role("button", name="Leave it where it was").click()
    expect(tape.bar("Amara Okafor", "101")).to_be_focused()

    tape.drag_to("Amara Okafor", "102")
    tape.dialog.get_by_role("button", name="Swap rooms with Noor Haddad").click()
    expect(tape.bar("Amara Okafor", "102")).to_be_visible()
    expect(tape.bar("Noor Haddad", "101")).to_be_visible()


@pytest.mark.full
def test_the_end_of_a_bar_is_pulled_to_another_departure(tape):
    tape.pull_end("Amara Okafor", 2)

    expect(tape.toasts).to_contain_text("room 101, 3–8 May 2027")
    expect(tape.bar("Amara Okafor")).to_have_attribute("data-departure", "2027-05-08")


@pytest.mark.full
def test_free_days_are_marked_and_become_a_booking(tape):
    tape.mark("103", dt.date(2027, 5, 4), dt.date(2027, 5, 7))

    expect(tape.menu).to_contain_text("Room 103, 4 to 7 May, 3 nights, free")
    expect(tape.menu.get_by_role("link", name="Book")).to_be_focused()
    tape.press("Enter")
    expect(tape.page.get_by_label("Room", exact=True)).to_contain_text("103")
    expect(tape.page.get_by_label("Arrival")).to_have_value("4 May 2027")
    expect(tape.page.get_by_label("Departure")).to_have_value("7 May 2027")
    expect(tape.page.locator("#booking-hints")).to_contain_text("Free.")


def test_a_bar_of_narrow_columns_lands_on_the_night_where_it_is_dropped(tape):
    tape.open(days=56)

    tape.drag_to("Amara Okafor", "103", days=37)

    expect(tape.bar("Amara Okafor", "103")).to_have_attribute("data-arrival", "2027-06-09")
    expect(tape.toasts).to_contain_text("room 103, 9–12 Jun 2027")


def test_free_nights_of_narrow_columns_are_marked_where_the_mouse_is(tape):
    tape.open(days=56)

    tape.mark("103", dt.date(2027, 6, 20), dt.date(2027, 6, 25))

    expect(tape.menu).to_contain_text("Room 103, 20 to 25 Jun, 5 nights, free")


def test_a_bar_that_is_pulled_says_by_how_much_the_stay_gets_dearer(tape):
    tape.pull_end("Amara Okafor", days=1, lets_go=False)
    expect(tape.ghost).to_contain_text("+€90.00")
    tape.press("Escape")

    tape.bar("Amara Okafor").focus()
    tape.press("Space", "Shift+ArrowRight")
    expect(tape.says).to_contain_text("4 nights, free, +€90.00")
    tape.press("Shift+ArrowLeft")
    expect(tape.ghost).not_to_contain_text("€")
    tape.press("Escape")


@pytest.mark.full
def test_escape_puts_a_carried_bar_back(tape):
    box = tape.bar("Amara Okafor").bounding_box()
    tape.page.mouse.move(box["x"] + 40, box["y"] + 10)
    tape.page.mouse.down()
    tape.page.mouse.move(box["x"] + 40, box["y"] + 90)
    expect(tape.page.locator(".tape-ghost")).to_be_visible()
    tape.press("Escape")
    tape.page.mouse.up()

    expect(tape.page.locator(".tape-ghost")).to_have_count(0)
    expect(tape.says).to_have_text("Amara Okafor is back where it was.")
    expect(tape.bar("Amara Okafor", "101")).to_be_visible()


def test_the_keyboard_carries_a_bar_and_says_where_it_is(tape):
    tape.bar("Amara Okafor").focus()
    tape.press("Space")
    expect(tape.says).to_contain_text("Amara Okafor taken up. Room 101, 3 to 6 May, 3 nights, free")
    tape.press("ArrowDown")
    expect(tape.says).to_have_text("Room 102, 3 to 6 May, 3 nights, taken: Noor Haddad")
    tape.press("ArrowDown", "ArrowRight", "Shift+ArrowRight", "Enter")

    expect(tape.bar("Amara Okafor", "103")).to_have_attribute("data-departure", "2027-05-08")
    expect(tape.bar("Amara Okafor", "103")).to_be_focused()
    expect(tape.says).to_contain_text("Room 103, 4 to 8 May")


@pytest.mark.full
def test_the_keyboard_marks_free_nights_and_closes_the_room(tape):
    tape.bar("Noor Haddad").focus()
    tape.press("n", "ArrowDown", "Shift+ArrowRight")
    expect(tape.says).to_have_text("Room 103, 6 to 8 May, 2 nights, free, €180")
    tape.press("Enter")
    tape.menu.get_by_role("link", name="Close the room").click()
    tape.page.get_by_role("button", name="Close the room").click()

    expect(tape.page.get_by_role("region", name="Messages")).to_contain_text("Room 103 is closed 6–8 May 2027.")


@pytest.mark.full
def test_on_a_phone_a_stay_is_moved_by_links_and_a_form(open_page, hotels):
    page = open_page(viewport=PHONE, has_touch=True, bypass_csp=True)
    tape = Tape(page, hotels.pop())
    tape.open()
    tape.bar("Amara Okafor").tap()
    tape.card.get_by_role("link", name="Another room").tap()
    expect(page.get_by_label("Room", exact=True)).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Arrival").fill("2027-05-02")
    page.get_by_label("Arrival").blur()
    expect(page.locator("optgroup").first).to_have_attribute("label", "Rooms, free 2–6 May")
    page.get_by_label("Arrival").fill("2027-05-03")
    page.get_by_label("Arrival").blur()
    expect(page.locator("optgroup").first).to_have_attribute("label", "Rooms, free 3–6 May")
    page.get_by_label("Room", exact=True).select_option(label="103")
    page.get_by_role("button", name="Save changes").tap()

    expect(tape.toasts).to_contain_text("Amara Okafor: room 103, 3–6 May 2027.")


@pytest.mark.full
def test_a_finger_carries_a_bar_after_a_long_press(open_page, hotels):
    page = open_page(viewport=PHONE, has_touch=True)
    tape = Tape(page, hotels.pop())
    tape.open()
    finger = tape.hold("Amara Okafor")
    finger.move_to(tape.row("103"))
    expect(tape.says).to_contain_text("Room 103")
    finger.lift()

    expect(tape.bar("Amara Okafor", "103")).to_be_visible()


@pytest.mark.full
def test_a_finger_has_columns_wide_enough_to_press_at_any_span(open_page, hotels):
    page = open_page(viewport=PHONE, has_touch=True)
    tape = Tape(page, hotels.pop())

    for days in (28, 56):
        tape.open(days)
        assert page.locator(".tape-day").last.bounding_box()["width"] >= 40
        assert tape.bar("Amara Okafor").inner_text().startswith("Amara")


@pytest.mark.full
def test_chart_card_and_dialog_break_no_rule_of_accessibility(open_page, hotels):
    page = open_page(bypass_csp=True)
    tape = Tape(page, hotels.pop())
    tape.open()
    tape.bar("Amara Okafor").focus()
    tape.press("m")
    expect(tape.card.get_by_role("link", name="Another room")).to_be_visible()
    assert violations(page) == []
    tape.press("Escape")
    tape.drag_to("Amara Okafor", "102")
    expect(tape.dialog).to_be_visible()
    assert violations(page) == []
