"""The tape chart as it is read: by eye, by keyboard, on a phone, and while somebody else is at work."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.widths import scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

MAY = "first=2027-05-01&days=28"
# Whoever is on the bar that has the keyboard.
A_REST_MILLISECONDS = 600  # longer than a card waits to come
FOCUSED = "document.activeElement.getAttribute('aria-label')?.split(',')[0]"
MAKE = """
from django.db import transaction
from tests.factories import *
from reservations import booking
from reservations.stay import Stay
def book(hotel, room, day, nights, guest, **fields):
    stay = Stay.of_nights(dt.date(2027, 5, day), nights)
    unit = hotel.units.get(name=room)
    return make_booking(property=hotel, unit=unit, stay=stay, guest_name=guest, party_size=1, actor=None, **fields)
"""
HOTEL = f"""{MAKE}
import json
with transaction.atomic():
    hotel = make_hotel([str(number) for number in range(101, 141)], name="Grand Alma")
    first = book(hotel, "101", 3, 3, "Amara Okafor")
    book(hotel, "101", 8, 5, "Björn Lindqvist", is_locked=True)
    book(hotel, "102", 5, 2, "Chloé Moreau", hold_until=dt.datetime(2027, 5, 6, 18, tzinfo=dt.UTC))
    book(hotel, "104", 4, 7, "Daniel Tanaka")
    tap = Stay.of_nights(dt.date(2027, 5, 4), 3)
    booking.close(unit=hotel.units.get(name="103"), stay=tap, kind="maintenance", note="Tap", actor=None)
    lost = make_reservation(hotel, arrival=dt.date(2027, 5, 6), nights=2, guest="Elif Haddad", status="cancelled")
    Reservation.objects.filter(pk=lost.pk).update(status="confirmed")
print("made", json.dumps(dict(hotel=hotel.pk, reference=first.reference)))
"""

SUITES = """
from tests.factories import make_hotel
print("made", make_hotel([f"Suite Kaiserin Elisabeth 10{n}" for n in range(3)], name="Schloss").pk)
"""


@pytest.fixture(scope="module")
def alma(server):
    """A hotel of forty rooms and some stays in May 2027: its key, and Amara's reference."""
    return json.loads(server.run(HOTEL).partition("made ")[2])


@pytest.fixture(scope="module")
def suites(server):
    """The key of a hotel whose rooms have names of 28 characters."""
    return server.run(SUITES).partition("made ")[2].strip()


@pytest.fixture
def chart(page, alma):
    page.goto(f"/calendar/?{MAY}&property={alma['hotel']}")
    return page


def bar(page, guest):
    return page.locator(f".bar[aria-label^='{guest},']")


def test_all_kinds_of_bars_and_the_card_are_accessible(open_page, alma):
    page = open_page(bypass_csp=True)

    for asked in ("", "&status=held"):
        page.goto(f"/calendar/?{MAY}&property={alma['hotel']}{asked}")
        expect(bar(page, "Chloé Moreau")).to_be_visible()
        assert violations(page) == []
    bar(page, "Chloé Moreau").hover()
    expect(page.locator("tape-card")).to_contain_text("Held until")
    assert violations(page) == []


def test_the_days_and_the_rooms_stay_while_the_rest_scrolls(chart):
    head, room = chart.locator(".tape-day").first, chart.locator("#tape .tape-row .tape-unit", has_text="140")
    before = head.bounding_box()["y"]

    chart.locator(".tape").evaluate("tape => tape.scrollTo(200, tape.scrollHeight)")

    expect(room).to_be_in_viewport()
    assert head.bounding_box()["y"] == before
    assert room.bounding_box()["x"] == chart.locator(".tape").bounding_box()["x"] + 1  # its border


@pytest.mark.parametrize("days", [14, 28, 56])
def test_a_wide_screen_shows_all_days_without_scrolling(open_page, alma, days):
    page = open_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page.goto(f"/calendar/?first=2027-05-01&days={days}&property={alma['hotel']}")
    page.add_style_tag(content=".tape::-webkit-scrollbar { inline-size: 15px }")  # as browsers on desks have one
    chart, last = page.locator(".tape").bounding_box(), page.locator(".tape-day").nth(days - 1).bounding_box()

    assert page.locator(".tape").evaluate("tape => tape.offsetWidth - tape.clientWidth") >= 15
    assert chart["x"] + chart["width"] - 20 < last["x"] + last["width"] <= chart["x"] + chart["width"] - 15
    assert page.locator(".tape").evaluate("tape => tape.scrollWidth <= tape.clientWidth")
    assert violations(page) == []


def test_a_bar_too_narrow_for_a_name_has_initials_and_tells_the_name_to_mouse_keyboard_and_reader(page, alma):
    page.goto(f"/calendar/?first=2027-05-01&days=56&property={alma['hotel']}")
    narrow = page.get_by_role("link", name="Chloé Moreau, Held until")  # two nights

    shown = narrow.locator("span").evaluate("name => getComputedStyle(name, '::after').content")
    assert shown == '"CM"'
    assert narrow.locator("span").evaluate("name => getComputedStyle(name).fontSize") == "0px"
    narrow.hover()
    expect(page.locator("tape-card")).to_contain_text("Chloé Moreau")


def test_the_month_of_the_first_day_in_sight_is_named_while_the_days_scroll(open_page, alma):
    page = open_page(viewport={"width": 1024, "height": 768})
    page.goto(f"/calendar/?first=2027-05-20&days=56&property={alma['hotel']}")
    months = page.locator(".tape-month span")
    assert months.all_inner_texts() == ["May 2027", "June", "July"]

    page.locator(".tape").evaluate("tape => tape.scrollTo(20 * 44, 0)")

    rooms = page.locator(".tape-corner").bounding_box()
    assert months.nth(1).bounding_box()["x"] == rooms["x"] + rooms["width"]
    assert months.nth(1).bounding_box()["y"] < page.locator(".tape-day b").first.bounding_box()["y"]


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_long_names_of_rooms_can_be_told_apart(open_page, suites, viewport):
    page = open_page(viewport=viewport)
    page.goto(f"/calendar/?{MAY}&property={suites}")
    ends = page.locator(".tape-row .is-long > span:last-child")

    assert ends.all_inner_texts() == [f"Elisabeth 10{n}" for n in range(3)]
    assert ends.evaluate_all("all => all.every((end) => end.scrollWidth <= end.clientWidth)")
    unit = page.locator(".tape-row .tape-unit").last
    expect(unit).to_have_attribute("title", "Suite Kaiserin Elisabeth 102")
    row = unit.locator("..").bounding_box()
    assert ends.last.bounding_box()["y"] + ends.last.bounding_box()["height"] <= row["y"] + row["height"]


def test_a_link_leads_the_keyboard_to_the_chart(chart):
    for key in ("Tab", "Tab", "Enter"):
        chart.keyboard.press(key)
    expect(chart.locator(".tape")).to_be_focused()

    chart.keyboard.press("Tab")
    assert chart.evaluate(FOCUSED) == "Elif Haddad"


def test_the_keyboard_has_one_way_in_and_walks_from_bar_to_bar(chart):
    chart.locator(".tape").focus()
    for key, reached in (
        ("Tab", "Elif Haddad"),  # the unassigned lane comes first
        ("ArrowDown", None),  # the group's line
        ("ArrowDown", "Amara Okafor"),
        ("ArrowRight", "Björn Lindqvist"),
        ("ArrowDown", "Chloé Moreau"),
        ("ArrowDown", "Maintenance: Tap"),
        ("ArrowDown", "Daniel Tanaka"),
        ("ArrowUp", "Maintenance: Tap"),
        ("ArrowUp", "Chloé Moreau"),
        ("ArrowUp", "Amara Okafor"),
        ("End", "Björn Lindqvist"),
        ("Home", "Amara Okafor"),
    ):
        chart.keyboard.press(key)
        assert chart.evaluate(FOCUSED) == reached


def test_a_collapsed_group_is_still_collapsed_when_one_comes_back(chart):
    chart.locator(".tape-group > summary").click()
    expect(bar(chart, "Amara Okafor")).to_be_hidden()
    chart.wait_for_function("document.cookie.includes('calendar_collapsed=')")  # browsers tell of it a moment later

    chart.goto("/calendar/")

    expect(chart.locator(".tape-group > summary")).to_be_visible()
    expect(bar(chart, "Amara Okafor")).to_be_hidden()
    chart.locator(".tape-group > summary").click()
    expect(bar(chart, "Amara Okafor")).to_be_visible()


def test_the_card_comes_by_focus_lets_the_keyboard_in_and_goes_by_escape(chart, alma):
    card = chart.locator("tape-card")
    chart.locator(".tape").focus()
    for key in ("Tab", "ArrowDown", "ArrowDown"):
        chart.keyboard.press(key)

    expect(card).to_contain_text(alma["reference"])
    assert chart.evaluate(FOCUSED) == "Amara Okafor"

    chart.keyboard.press("Tab")
    expect(card.get_by_role("link", name="Amara Okafor")).to_be_focused()
    chart.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert chart.evaluate(FOCUSED) == "Amara Okafor"
    chart.evaluate(f"new Promise((resume) => setTimeout(resume, {A_REST_MILLISECONDS}))")
    expect(card).to_be_hidden()  # still: the bar that has the focus again does not bring it back


def test_a_finger_gets_the_card_and_the_page_is_no_wider_than_the_phone(open_page, alma):
    page = open_page(viewport=PHONE, has_touch=True)
    page.goto(f"/calendar/?{MAY}&property={alma['hotel']}")

    bar(page, "Amara Okafor").tap()

    expect(page.locator("tape-card")).to_contain_text(alma["reference"])
    assert scrolls_sideways(page) == []


def test_what_others_do_appears_without_a_reload_and_leaves_the_keyboard_where_it_is(chart, server, alma):
    chart.evaluate("window.isSamePage = true")
    bar(chart, "Daniel Tanaka").focus()

    server.run(f"{MAKE}\nbook(Property.objects.get(pk={alma['hotel']}), '104', 20, 3, 'Grace Silva')")

    expect(bar(chart, "Grace Silva")).to_be_attached()
    assert chart.evaluate("window.isSamePage")
    assert chart.evaluate(FOCUSED) == "Daniel Tanaka"


def test_nobody_asks_or_swaps_under_a_gesture(page, server, alma):
    page.clock.install()
    looks = []
    page.on("request", lambda request: looks.append(request.url) if "/changes/" in request.url else None)
    page.goto(f"/calendar/?{MAY}&property={alma['hotel']}")
    page.locator("tape-chart").evaluate("chart => { chart.dataset.busy = '' }")
    server.run(f"{MAKE}\nbook(Property.objects.get(pk={alma['hotel']}), '105', 20, 3, 'Ivan Rossi')")

    page.clock.run_for(20_000)
    assert looks == []
    assert bar(page, "Ivan Rossi").count() == 0

    page.locator("tape-chart").evaluate("chart => { delete chart.dataset.busy }")
    page.clock.run_for(3_000)
    expect(bar(page, "Ivan Rossi")).to_be_attached()
