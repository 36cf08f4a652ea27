"""Ctrl-P on any page prints what is read there, and nothing that is pressed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

HOTEL = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=[str(n) for n in range(701, 716)], name="Hotel on paper")
stay = make_reservation(unit=hotel.units.first(), arrival=hotel.today(), nights=3, guest="Paper Guest")
print(hotel.pk, stay.reference)
"""
PAPER = {"width": 718, "height": 1000}  # A4 between its margins
LANDSCAPE = {"width": 1062, "height": 700}
PAGES = {
    "/": "Arriving",
    "/reservations/": "Paper Guest",
    "/reservations/{stay}/": "Paper Guest",
    "/guests/": "Paper Guest",
    "/notes/": "Notes",
    "/properties/{hotel}/": "Hotel on paper",
}
# Of what is shown: whether it is pressed, or belongs to the frame around the page.
PRESSED = """() => [...document.querySelectorAll("button, summary, select, input, .btn, .rail, .top, audio")]
  .filter((element) => element.checkVisibility() && !element.closest("tape-chart"))
  .map(({ outerHTML }) => outerHTML.slice(0, 100))"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
CHART_FITS = """() => {
  const [last] = [...document.querySelectorAll(".tape-day")].slice(-1);
  return last.getBoundingClientRect().right <= innerWidth + 1;
}"""


@pytest.fixture(scope="module")
def made(server):
    hotel, stay = server.run(HOTEL).split()
    return {"hotel": hotel, "stay": stay}


@pytest.mark.parametrize("address", PAGES)
def test_what_is_read_is_printed_and_fits_the_paper(page, made, address):
    page.set_viewport_size(PAPER)
    page.goto(address.format(**made))

    page.emulate_media(media="print")

    expect(page.locator("main").get_by_text(PAGES[address]).first).to_be_visible()
    assert page.evaluate(PRESSED) == []
    assert page.evaluate(FITS)


@pytest.mark.parametrize("days", [14, 28, 56])
def test_the_whole_chart_is_on_the_width_of_a_page(page, made, days):
    page.set_viewport_size(LANDSCAPE)
    page.goto(f"/calendar/?property={made['hotel']}&days={days}")

    page.emulate_media(media="print")

    assert page.evaluate(PRESSED) == []
    expect(page.locator(".tape-day")).to_have_count(days)
    assert page.evaluate(CHART_FITS)
    expect(page.locator(".bar", has_text="Paper Guest").first).to_be_visible()


def test_a_dark_page_is_printed_light(open_page):
    page = open_page(color_scheme="dark")
    page.goto("/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(root).to_have_attribute("data-bs-theme", "light")

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(root).to_have_attribute("data-bs-theme", "dark")
