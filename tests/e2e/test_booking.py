"""The booking form in a real browser: by keyboard, without scripts, on a phone, and when the network fails."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.pages.booking import Booking
from tests.e2e.widths import PHONES, scrolls_sideways

pytestmark = pytest.mark.e2e

ARRIVAL = dt.date(2027, 5, 3)
DEPARTURE = dt.date(2027, 5, 6)
A_PRESS_MILLISECONDS = 500  # of a slow hand
# A flat that Amara has for the nights above, and a hotel with two free rooms.
PROPERTIES = """
from tests.factories import make_booking, make_apartment, make_hotel, make_reservation
flat = make_apartment("Mill Flat", location="Mill Lane")
print("reference", make_reservation(flat, guest="Amara Okafor").reference)
make_hotel(["101", "102"], name="Mill Hotel", location="Mill Lane")
"""


@pytest.fixture(scope="module")
def amaras(server):
    """The reference of the stay that is in the way."""
    return re.search(r"reference (RT-\w+)", server.run(PROPERTIES))[1]


@pytest.fixture
def form(page, amaras):
    form = Booking(page)
    form.open()
    return form


def test_days_are_picked_by_keyboard(form):
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    expect(form.hints).to_contain_text("Amara Okafor is there until Thu 6 May")

    form.day(dt.date(2027, 5, 4)).focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        form.page.keyboard.press(key)
    expect(form.field("Arrival")).to_have_value("12 May 2027")
    expect(form.day(dt.date(2027, 5, 12))).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        form.page.keyboard.press(key)

    expect(form.field("Departure")).to_have_value("14 May 2027")
    expect(form.hints).to_contain_text("Free.")
    expect(form.page.get_by_text("2 × €140.00 = €280.00")).to_be_visible()


@pytest.mark.full
def test_after_back_the_form_offers_the_rooms_of_the_property_that_it_shows(form):
    page = form.page
    form.choose("Mill Hotel")
    form.ask(ARRIVAL, DEPARTURE)
    form.name("Marta Wójcik")
    form.reserve()
    expect(page.get_by_role("heading", name="Marta Wójcik")).to_be_visible()

    page.go_back()
    expect(form.field("Property").locator("option:checked")).to_have_text("Mill Hotel")
    form.field("Room").select_option(label="102")
    expect(form.hints).to_contain_text("room 102")


def test_after_back_the_guest_is_there_as_typed_or_chosen(form):
    page = form.page
    form.choose("Mill Hotel")
    form.ask(ARRIVAL, DEPARTURE)
    form.name("Amara Ok")
    page.get_by_role("option").filter(has_text="Amara Okafor").first.click()
    form.field("Guests").fill("1")
    page.get_by_role("link", name="Today", exact=True).click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()

    page.go_back()

    expect(form.field("Guest")).to_have_value("Amara Okafor")
    expect(page.locator("[name=guest_id]")).to_have_value(re.compile(r"\d+"))
    expect(form.field("Guests")).to_have_value("1")
    form.name("Marta Wójcik")
    page.reload()
    expect(form.field("Guest")).to_have_value("Marta Wójcik")
    expect(page.locator("[name=guest_id]")).to_have_value("")


@pytest.mark.full
def test_a_new_form_is_empty(form):
    form.name("Marta Wójcik")
    form.page.get_by_role("link", name="Today", exact=True).click()
    expect(form.page.get_by_role("heading", name="Today", level=1)).to_be_visible()

    form.open()

    expect(form.field("Guest")).to_have_value("")


def test_enter_in_a_field_reserves_and_takes_no_suggestion(form):
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    expect(form.hints.get_by_role("button").first).to_be_visible()
    form.name("Marta Wójcik")
    form.field("Guest").press("Enter")

    expect(form.hints.get_by_role("alert")).to_contain_text("not free")
    expect(form.field("Arrival")).to_have_value("3 May 2027")


@pytest.mark.full
def test_a_suggestion_that_is_pressed_while_the_name_is_still_being_written_is_taken(form):
    page = form.page
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    suggestion = form.hints.get_by_role("button", name="6–9 May")
    expect(suggestion).to_be_visible()
    form.field("Guest").press_sequentially("Marta")
    suggestion.hover()

    page.mouse.down()  # and the field loses the focus
    page.evaluate(f"new Promise((resume) => setTimeout(resume, {A_PRESS_MILLISECONDS}))")
    page.mouse.up()

    expect(form.field("Arrival")).to_have_value("6 May 2027")


def test_a_suggestion_fills_the_form_and_the_focus_waits_on_reserve(form):
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    form.name("Marta Wójcik")
    form.take("6–9 May")

    expect(form.field("Arrival")).to_have_value("6 May 2027")
    expect(form.field("Guest")).to_have_value("Marta Wójcik")
    expect(form.page.get_by_role("button", name="Reserve", exact=True)).to_be_focused()


@pytest.mark.full
def test_another_property_is_offered_and_brings_its_rooms(form):
    expect(form.field("Room")).to_be_hidden()
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    form.take("Mill Hotel")

    expect(form.field("Room")).to_be_visible()
    form.field("Room").select_option(label="102")
    expect(form.hints).to_contain_text("room 102")


def test_it_works_without_scripts(open_page, amaras):
    form = Booking(open_page(java_script_enabled=False))
    form.open()
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    form.name("Without Scripts")
    form.reserve()
    expect(form.hints).to_contain_text("Amara Okafor is there")
    form.take("6–9 May")
    form.day(dt.date(2027, 6, 7)).click()
    form.day(dt.date(2027, 6, 9)).click()
    expect(form.hints).to_contain_text("Free.")
    form.reserve()

    expect(form.page.get_by_role("heading", name="Without Scripts")).to_be_visible()
    expect(form.page.get_by_text("Mon 7 Jun 2027")).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda route: route.abort(), "No connection to the server"),
        (lambda route: route.fulfill(status=500, body="<h1>Traceback</h1>"), "Something went wrong on the server"),
        (lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), "Something went wrong on the server"),
        (lambda route: route.fulfill(status=403, body=""), "open for too long"),
        (lambda route: route.fulfill(status=503, body=""), "busy"),
    ],
    ids=["offline", "500", "502", "403", "503"],
)
@pytest.mark.full
def test_a_failed_request_says_so_and_keeps_what_was_typed(browser, server, signed_in, amaras, answer, words):
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    form = Booking(context.new_page())
    form.open()
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    form.name("Marta Wójcik")
    expect(form.hints).to_contain_text("Amara Okafor")
    form.page.route("**/reservations/new/", answer)

    form.reserve()

    expect(form.page.get_by_role("region", name="Messages")).to_contain_text(words)
    expect(form.field("Guest")).to_have_value("Marta Wójcik")
    expect(form.page.get_by_role("button", name="Reserve", exact=True)).to_be_enabled()
    expect(form.page.get_by_text("Traceback")).to_have_count(0)
    context.close()


def test_a_session_that_ended_leads_to_sign_in_and_back(browser, server, signed_in, amaras):
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    form = Booking(context.new_page())
    form.open()
    context.clear_cookies(name="roomtone_sessionid")

    form.choose("Mill Flat")

    form.page.wait_for_url("**/accounts/login/?next=/reservations/new/")
    context.close()


@pytest.mark.full
def test_a_cancellation_is_taken_back_from_the_toast(page, server):
    script = "from tests.factories import *; from reservations import booking; from reservations.stay import Stay;"
    fields = "stay=Stay.of_nights(ARRIVAL, 2), guest_name='Hasty Cancel', party_size=1, actor=None"
    made = server.run(f"{script} print('ref', make_booking(property=make_apartment('Hasty Flat'), {fields}).reference)")
    page.goto(f"/reservations/{re.search(r'RT-[0-9A-Z]+', made)[0]}/")
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_label("In words").fill("wrong week")
    page.get_by_role("button", name="Cancel reservation").click()
    expect(page.get_by_text("“wrong week”")).to_be_visible()

    page.get_by_role("button", name="Undo", exact=True).click()

    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()


PAGES = (
    "/",
    "/calendar/",
    "/find/?arrival=2027-05-03&nights=3&flexible=2",
    "/reservations/",
    "/reservations/?q=nobody",
    "/reservations/new/",
)


@pytest.mark.full
def test_every_page_is_accessible_and_fits_a_phone(open_page, amaras):
    page = open_page(bypass_csp=True)

    stay = f"/reservations/{amaras}/"
    for address in (*PAGES, stay, f"{stay}edit/", f"{stay}cancel/"):
        page.goto(address)
        assert violations(page) == []
        assert scrolls_sideways(page, *PHONES) == []
    form = Booking(page)
    form.open()
    form.choose("Mill Flat")
    form.ask(ARRIVAL, DEPARTURE)
    expect(form.hints).to_contain_text("Amara Okafor")
    assert violations(page) == []


def test_the_words_beside_a_field_go_when_it_is_put_right(page, server):
    server.run("from tests.factories import *; make_apartment('Mended Flat')")
    form = Booking(page)
    form.open()
    form.choose("Mended Flat")
    form.ask(dt.date(2031, 5, 6), dt.date(2031, 5, 3))
    words = page.get_by_text("The departure is before the arrival.")
    expect(words).to_have_count(1)
    form.reserve()
    expect(form.field("Departure")).to_have_attribute("aria-invalid", "true")
    expect(words).to_have_count(1)

    form.field("Arrival").fill("2031-05-01")
    form.field("Arrival").blur()

    expect(form.hints).to_contain_text("Free.")
    expect(words).to_be_hidden()


def test_days_are_typed_as_people_say_them_or_taken_from_the_calendar(page, server):
    server.run("from tests.factories import *; make_apartment('Typed Flat')")
    form = Booking(page)
    form.open()
    form.choose("Typed Flat")
    form.field("Arrival").fill("3 jun 2031")
    form.field("Arrival").press("Tab")
    page.keyboard.type("+2")
    page.keyboard.press("Tab")
    expect(form.hints).to_contain_text("3–5 Jun 2031, 2 nights")

    form.field("Arrival").locator("xpath=following-sibling::day-picker/input").evaluate(
        "calendar => { calendar.value = '2031-06-10'; calendar.dispatchEvent(new Event('change', { bubbles: true })); }"
    )

    expect(form.field("Arrival")).to_have_value("10 Jun 2031")
    expect(form.hints).to_contain_text("10–12 Jun 2031, 2 nights")
