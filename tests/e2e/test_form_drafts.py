"""What is half typed in a form for something new stays in the tab, and never for another person."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.menu import choose
from tests.e2e.pages.booking import Booking

pytestmark = [pytest.mark.e2e, pytest.mark.full]

PROPERTIES = """
from tests.factories import *
make_hotel(["101", "102", "103"], name="Draft Hotel")
make_apartment("Draft Flat")
"""
NAMES = "() => JSON.stringify({...sessionStorage})"


@pytest.fixture(scope="module", autouse=True)
def properties(server):
    server.run(PROPERTIES)


def begin(page, guest="Half Typed"):
    form = Booking(page)
    form.open()
    form.choose("Draft Hotel")
    form.field("Arrival").fill("2031-03-03")
    form.field("Departure").fill("2031-03-05")
    form.field("Guest").fill(guest)
    form.field("Telephone").fill("+351 912 345 678")
    form.field("Room").select_option(label="102")
    return form


def test_it_is_offered_after_another_page_and_goes_on_where_it_was(page):
    form = begin(page)
    page.goto("/guests/")
    form.open()
    expect(page.get_by_text("Go on with Half Typed?")).to_be_visible()
    expect(form.field("Guest")).to_have_value("")

    page.get_by_role("button", name="Go on", exact=True).click()

    expect(form.field("Guest")).to_have_value("Half Typed")
    expect(form.field("Guest")).to_be_focused()
    expect(form.field("Telephone")).to_have_value("+351 912 345 678")
    expect(form.field("Room").locator("option:checked")).to_have_text("102")
    expect(form.hints).to_contain_text("Free.")
    expect(page.get_by_text("Go on with Half Typed?")).to_be_hidden()
    form.reserve()
    expect(page.get_by_role("heading", name="Half Typed")).to_be_visible()
    form.open()
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_it_is_discarded(page):
    form = begin(page)
    form.open()
    page.get_by_role("button", name="Discard").click()

    form.open()

    expect(form.field("Guest")).to_have_value("")
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_what_the_address_says_is_not_overwritten(page, server):
    flat = server.run(
        "from properties.models import Property; print(Property.objects.get(name='Draft Flat').pk)"
    ).strip()
    form = begin(page)

    page.goto(f"/reservations/new/?property={flat}&arrival=2031-06-01")
    page.get_by_role("button", name="Go on", exact=True).click()

    expect(form.field("Guest")).to_have_value("Half Typed")
    expect(form.field("Property").locator("option:checked")).to_have_text("Draft Flat")
    expect(page.locator("[name=arrival]")).to_have_value("1 Jun 2031")
    expect(page.locator("[name=departure]")).to_have_value("")


def test_a_group_is_offered_too(page):
    page.goto("/reservations/new-group/")
    page.get_by_label("Property", exact=True).select_option(label="Draft Hotel")
    page.get_by_label("Rooms: Any room").fill("2")
    page.get_by_label("Booker").fill("Wanderverein")
    page.goto("/")

    page.goto("/reservations/new-group/")
    page.get_by_role("button", name="Go on", exact=True).click()

    expect(page.get_by_label("Rooms: Any room")).to_have_value("2")
    expect(page.get_by_label("Booker")).to_have_value("Wanderverein")


def test_nothing_of_it_outlives_the_session_in_any_tab(open_page, server):
    page = open_page(storage_state=None)  # signing out ends the session of the other tests, too
    page.goto("/")
    sign_in(page, *server.account)
    other = page.context.new_page()
    begin(page, guest="Secret Name")
    begin(other, guest="Secret Name")
    other.goto("/calendar/")
    assert "Secret Name" in page.evaluate(NAMES)
    assert "Secret Name" in other.evaluate(NAMES)

    page.goto("/")
    choose(page, "button", "Sign out")
    page.get_by_label("Password").wait_for()

    expect(page.locator("voice-dock")).to_be_attached()
    page.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('Secret Name')")
    other.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('Secret Name')")


def test_another_persons_is_not_offered(page):
    begin(page)
    page.evaluate(
        """() => {
            const kept = JSON.parse(sessionStorage.getItem("draft-reservation"));
            sessionStorage.setItem("draft-reservation", JSON.stringify({ ...kept, user: "0" }));
        }"""
    )

    Booking(page).open()

    expect(page.locator("form-draft")).to_be_visible()
    page.wait_for_function("() => customElements.get('form-draft')")
    expect(page.locator("[data-offer]")).to_be_hidden()


def test_a_room_that_was_found_waits_for_the_guest_alone(page):
    page.goto("/find/?arrival=2031-09-01&nights=2&party_size=2")
    page.get_by_role("link", name="Book").or_(page.get_by_role("link", name="Reserve")).first.click()

    expect(page.get_by_label("Guest", exact=True)).to_be_focused()
    page.keyboard.type("Nova Gast")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Telephone")).to_be_focused()


def test_a_known_guest_is_not_asked_for_a_telephone(page, server):
    server.run("from tests.factories import *; make_guest('Quentin Known', phone='+44 1')")
    form = Booking(page)
    form.open()
    form.field("Guest").fill("Quentin")
    page.get_by_role("option", name="Quentin Known").click()
    expect(form.field("Telephone")).to_be_hidden()

    form.field("Guest").fill("Quentin Other")

    expect(form.field("Telephone")).to_be_visible()
