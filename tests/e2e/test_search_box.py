"""The search on top of every page, in a real browser: keys, the list while typing, and the page without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE
from tests.e2e.widths import scrolls_sideways

pytestmark = pytest.mark.e2e

# Two guests of one name, one of them in room 742 tonight, and a note about a kettle.
PEOPLE = """
import datetime as dt
from reservations.booking import lifecycle
from tests.factories import *
from tests.notes.notes import make_typed
hotel = make_hotel(["742"], name="Hotel of the box")
inside = make_reservation(unit=hotel.units.get(), arrival=hotel.today(), guest="Quirina Boxer")
lifecycle.check_in(reservation=inside, actor=None)
make_reservation(unit=hotel.units.get(), arrival=hotel.today() + dt.timedelta(days=20), guest="Quentin Boxer")
make_typed("The kettle hums", reservation=inside)
print("reference", inside.reference)
"""


@pytest.fixture(scope="module")
def reference(server):
    """That of the stay of Quirina Boxer."""
    return re.search(r"reference (RT-\w+)", server.run(PEOPLE))[1]


class Box:
    """What people do with the search. Verbs only."""

    def __init__(self, page):
        self.page = page
        self.field = page.get_by_role("combobox", name="Search", exact=True)
        self.list = page.get_by_role("listbox", name="Found")
        self.marked = self.list.locator("[aria-selected=true]")

    def open(self):
        self.page.keyboard.press("/")

    def type(self, text):
        self.page.keyboard.type(text)


def test_a_key_opens_it_anywhere_and_escape_gives_the_focus_back(page, reference):
    page.goto("/reservations/new/")
    page.get_by_label("Guest", exact=True).fill("Half writt/en")  # a slash in a field is a slash
    properties = page.get_by_role("link", name="Properties")
    properties.focus()
    box = Box(page)

    box.open()
    expect(box.field).to_be_focused()
    expect(box.list.get_by_role("option", name="Find a room")).to_be_visible()
    box.type("boxer")
    expect(box.list.get_by_role("group", name="Guests").get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")

    expect(box.list).to_be_hidden()
    expect(properties).to_be_focused()
    expect(page.get_by_label("Guest", exact=True)).to_have_value("Half writt/en")


def test_enter_opens_the_first_and_arrows_choose_another(page, reference):
    page.goto("/")
    box = Box(page)
    box.open()
    box.type("742")
    expect(box.marked).to_contain_text("Quirina Boxer")
    expect(box.marked).to_contain_text("room 742 now, until")
    expect(page.get_by_role("banner").get_by_role("status")).to_have_text("2 found")
    page.keyboard.press("ArrowDown")
    expect(box.marked).to_contain_text("Quentin Boxer")
    expect(box.field).to_have_attribute("aria-activedescendant", box.marked.get_attribute("id"))
    page.keyboard.press("ArrowUp")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/reservations/{reference}/$"))


def test_enter_before_the_list_is_there_opens_its_first(page, reference):
    page.goto("/")
    box = Box(page)
    box.open()

    box.field.fill("kettle hums")
    page.keyboard.press("Enter")  # the request is not even sent

    expect(page.get_by_role("heading", name="Voice note")).to_be_visible()


def test_dates_open_find_a_room_filled_in(page, reference):
    page.goto("/guests/")
    box = Box(page)
    box.open()
    box.type("4 may 2027 2n 3p")
    expect(box.marked).to_contain_text("Tue 4 May 2027 – Thu 6 May 2027")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Arrival")).to_have_value("4 May 2027")
    expect(page.get_by_label("Nights", exact=True)).to_have_value("2")
    expect(page.get_by_label("Guests", exact=True)).to_have_value("3")


def test_what_is_not_there_is_said_and_the_field_emptied_shows_what_can_be_typed(page, reference):
    page.goto("/")
    box = Box(page)
    box.open()
    box.type("xqzw")
    expect(page.get_by_role("banner").get_by_role("status")).to_have_text(re.compile("^Nothing is found"))
    expect(page.get_by_text("Part of a name or number is enough.").last).to_be_visible()

    box.field.fill("")

    expect(box.list.get_by_role("option", name="Find a room")).to_be_visible()


@pytest.mark.full
def test_a_search_that_gets_no_answer_is_said_and_enter_opens_the_page(browser, server, signed_in, reference):
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    page = context.new_page()
    page.goto("/")
    page.route("**/search/**", _refuse_htmx)
    box = Box(page)
    box.open()
    box.type("boxer")
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Something went wrong on the server")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    context.close()


def _refuse_htmx(route):
    if "hx-request" in route.request.headers:
        route.fulfill(status=500, body="")
    else:
        route.continue_()


@pytest.mark.full
def test_it_works_without_scripts(open_page, reference):
    page = open_page(java_script_enabled=False, viewport=PHONE)
    page.goto("/calendar/")
    page.get_by_role("textbox", name="Search", exact=True).fill("boxer")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Guests")).to_be_visible()
    page.get_by_role("link", name=re.compile("Quirina Boxer.*In house")).click()
    expect(page).to_have_url(re.compile(reference))


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(open_page, reference, scheme):
    page = open_page(bypass_csp=True, viewport=PHONE, color_scheme=scheme)
    page.goto("/")
    box = Box(page)
    box.open()
    assert violations(page) == []
    box.type("boxer")
    expect(box.list.get_by_role("option").first).to_contain_text("Boxer")

    assert violations(page) == []
    assert scrolls_sideways(page) == []
    box.type("xqzw")
    expect(box.list).to_be_hidden()
    assert violations(page) == []
    page.goto("/search/?q=boxer")
    assert violations(page) == []
