import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.patience import slow_down
from tests.e2e.widths import PHONES, scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]


class PropertiesPage:
    """What the desk does with properties. Verbs only."""

    def __init__(self, page):
        self.page = page

    def create(self, kind, name, price, *, location="Lisbon", rooms=""):
        self.page.goto("/properties/")
        self.page.get_by_role("link", name="New property").click()
        self.page.get_by_label("Kind").select_option(kind)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Location").fill(location)
        self.page.get_by_label("Time zone").fill("Lisbon")
        self.page.get_by_label("Price per night").fill(price)
        if rooms:
            self.page.get_by_label("Rooms").fill(rooms)
        self.page.get_by_role("button", name="Create property").click()

    def open(self, name):
        self.page.goto("/properties/")
        self.page.get_by_role("link", name=name).click()


def test_what_is_typed_as_soon_as_the_page_is_loaded_is_searched_for_on_a_slow_computer(page):
    slow_down(page)
    page.goto("/properties/", wait_until="domcontentloaded")

    page.get_by_role("searchbox", name="Search properties").press_sequentially("no property has this name")

    expect(page.get_by_text("No property fits this search.")).to_be_visible()


def test_a_property_is_set_up_searched_changed_and_archived(page):
    desk = PropertiesPage(page)

    desk.create("hotel", "Harbour Hotel", "96.500", rooms="118–101")
    expect(page.get_by_text("runs backwards")).to_be_visible()
    expect(page.get_by_text("can be read in two ways")).to_be_visible()
    expect(page.get_by_label("Price per night")).to_be_focused()
    page.get_by_label("Rooms").fill("101–118")
    page.get_by_label("Price per night").fill("96,50")
    page.get_by_role("button", name="Create property").click()
    expect(page.get_by_role("heading", name="Harbour Hotel")).to_be_visible()
    expect(page.get_by_role("region", name="Rooms").get_by_role("listitem")).to_have_count(18)

    page.get_by_label("Add rooms").fill("Attic, 101")
    page.get_by_role("button", name="Add rooms").click()
    expect(page.get_by_text("101 is already in Harbour Hotel")).to_be_visible()
    page.get_by_label("Add rooms").fill("Attic")
    page.get_by_role("button", name="Add rooms").click()
    expect(page.get_by_role("link", name="Attic")).to_be_visible()
    expect(page.get_by_label("Add rooms")).to_be_focused()

    page.goto("/properties/new/")
    page.get_by_label("Kind").select_option("apartment")
    expect(page.get_by_label("Rooms")).to_be_hidden()
    desk.create("apartment", "Łódź Nowa", "420", location="Piotrkowska 80")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Currency").select_option("PLN")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("PLN 420.00")).to_be_visible()

    page.get_by_role("link", name="Properties").click()
    page.get_by_role("searchbox", name="Search properties").press_sequentially("lodz")
    expect(page.get_by_text("1 property found")).to_be_visible()
    expect(page.get_by_role("link", name="Harbour Hotel")).to_be_hidden()
    page.get_by_role("link", name="Łódź Nowa").click()

    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Łódź Nowa is archived and takes no more bookings.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Łódź Nowa takes bookings again.")).to_be_visible()
    expect(page.get_by_role("link", name="New reservation")).to_be_visible()


@pytest.fixture(scope="module")
def hotel(server):
    """The path of a hotel made around the pages."""
    facts = "kind='hotel', name='Station House', nightly_rate=92, rooms=['1', '2', '3'], description='Over the café.'"
    script = f"from properties import inventory; print('pk', inventory.create_property(actor=None, {facts}).pk)"
    return f"/properties/{server.run(script).split('pk ')[1].strip()}/"


def test_every_page_is_accessible_and_fits_a_phone(open_page, hotel):
    page = open_page(bypass_csp=True)

    for address in ("/properties/", "/properties/?q=nothing+like+this", hotel, f"{hotel}edit/", "/properties/new/"):
        page.goto(address)
        assert violations(page) == []
        assert scrolls_sideways(page, *PHONES) == []
    page.get_by_role("button", name="Create property").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    assert violations(page) == []


def test_it_works_without_javascript(open_page, hotel):
    page = open_page(java_script_enabled=False)
    page.goto(hotel)

    page.get_by_label("Add rooms").fill("4-6")
    page.get_by_role("button", name="Add rooms").click()

    expect(page.get_by_role("link", name="6", exact=True)).to_be_visible()
    page.get_by_role("link", name="Properties").click()
    page.get_by_role("searchbox", name="Search properties").fill("station")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 property found")).to_be_visible()
