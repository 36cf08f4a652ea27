"""Budgets: requests and bytes of a page, and how far it moves while it loads.

Who needs more of one says here why. `python -m benchmarks.first_visit` measures the same on a slow line, with times.
"""

import re

import pytest

from tests.e2e.conftest import PHONE, WIDE
from tests.wire import SAVES_DATA, WATCH_SHIFT, Wire

pytestmark = pytest.mark.e2e

# A hotel of 20 rooms, each with a guest of this week and one of the next; eight recordings on one of the stays.
HOTEL = """
import datetime as dt
from tests.factories import make_hotel, make_reservation
from tests.notes.each_state import make_spoken
hotel = make_hotel(rooms=[str(n) for n in range(501, 521)], name="Hotel on a slow line")
stays = [
    make_reservation(unit=room, arrival=hotel.today() + dt.timedelta(days=after), nights=5, guest=f"{room} {after}")
    for room in hotel.units.all() for after in (0, 7)
]
for _ in range(8):
    make_spoken(stays[0])
print(hotel.pk, stays[0].reference)
"""
# Of a first visit: the page, style sheet, theme, htmx, icon, the modules of every page in one file, and those of two
# elements of *Today*. Half of the KB is the style sheet.
REQUESTS, KILOBYTES = 8, 85
SIGN_IN_REQUESTS = 6
# KB of pages that find the rest in the browser's cache, on the wire.
PAGES = {
    "/properties/": 12,
    "/reservations/new/": 16,
    "/calendar/?property={hotel}": 20,
    "/notes/?property={hotel}": 20,
    "/reservations/{stay}/": 20,
}
SHIFT = 0.03  # a third of what Google calls good
MODULES = re.compile(r"/static/js/(main\.|lib/|elements/)")
IS_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
IS_READ_AHEAD = "() => localStorage.getItem('modules-read')"
IS_DEFINED = "() => !document.querySelector(':not(:defined)')"


@pytest.fixture(scope="module")
def made(server):
    """The keys of the hotel and of the stay with recordings, by their names in `PAGES`."""
    hotel, stay = server.run(HOTEL).split()
    return {"hotel": hotel, "stay": stay}


@pytest.fixture
def newcomer(open_page, signed_in):
    """A page of a browser that was never here, and is signed in."""
    return open_page(storage_state={"cookies": signed_in["cookies"], "origins": []})


def test_a_first_visit_takes_few_requests_and_bytes(newcomer, made):
    newcomer.add_init_script(SAVES_DATA)
    wire = Wire(newcomer)

    newcomer.goto("/")

    assert len(wire.sent) <= REQUESTS
    assert sum(wire.sent) <= KILOBYTES * 1000


def test_signing_in_takes_fewer(open_page):
    page = open_page(storage_state=None)
    page.add_init_script(SAVES_DATA)
    wire = Wire(page)

    page.goto("/accounts/login/")

    assert len(wire.sent) <= SIGN_IN_REQUESTS


def test_the_next_pages_are_one_small_response_each(newcomer, made):
    newcomer.goto("/")
    newcomer.wait_for_function(IS_READ_AHEAD)
    wire = Wire(newcomer)
    sent = {}

    for page in PAGES:
        before = len(wire.sent)
        newcomer.goto(page.format(**made))
        sent[page] = wire.sent[before:]

    assert {page: len(sizes) for page, sizes in sent.items()} == dict.fromkeys(PAGES, 1)
    assert {page: sizes for page, sizes in sent.items() if sum(sizes) > PAGES[page] * 1000} == {}


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_does_not_move_when_its_scripts_arrive(open_page, made, address, viewport):
    page = open_page(viewport=viewport)
    page.add_init_script(WATCH_SHIFT)
    waiting = []
    page.route(MODULES, lambda route: waiting.append(route))
    page.goto(address.format(**made), wait_until="commit")
    page.wait_for_function(IS_PAINTED)

    page.route(MODULES, lambda route: route.continue_())
    for route in waiting:
        route.continue_()
    page.wait_for_load_state()
    page.wait_for_function(IS_DEFINED)
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")

    assert page.evaluate("window.figures.shift") <= SHIFT
