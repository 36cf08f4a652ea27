"""The bar at the foot of a phone, and the menu with all that is not in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE

pytestmark = pytest.mark.e2e

STAY = "from tests.factories import *; print('reference', make_reservation(guest='Bar Tender').reference)"
SIZES = "items => items.map(item => item.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
THUMB = 44  # px


@pytest.fixture(scope="module")
def reference(server):
    return re.search(r"reference (RT-\w+)", server.run(STAY))[1]


def test_a_thumb_reaches_what_is_used_most_and_the_menu_all_else(open_page, reference):
    page = open_page(viewport=PHONE, bypass_csp=True)
    page.goto("/")
    bar = page.get_by_role("navigation", name="Main")
    items = bar.locator("a:visible, summary:visible")
    expect(items).to_have_text([re.compile(name) for name in ("Today", "Calendar", "Record", "Notes", "More")])
    expect(page.get_by_role("banner").get_by_role("combobox", name="Search")).to_be_in_viewport()

    bar.get_by_text("More", exact=True).click()

    menu = bar.locator(".menu-items")
    expect(menu.get_by_role("link", name="Find a room")).to_be_in_viewport()
    names = "Find a room, Reservations, Guests, Properties, Recently done, Print, API tokens"
    assert [name for name in names.split(", ") if not menu.get_by_role("link", name=name).is_visible()] == []
    expect(menu.get_by_role("button", name="Sign out")).to_be_in_viewport()
    assert min(bar.locator("a:visible, summary:visible, button:visible").evaluate_all(SIZES)) >= THUMB
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(bar.locator("summary")).to_be_focused()
    bar.locator("summary").click()
    page.get_by_role("heading", name="Today").click()
    expect(menu).to_be_hidden()


def test_only_what_is_too_near_in_the_page_itself_is_a_violation(open_page, reference):
    """Of the check itself: a button half under the search on top is large enough, two that overlap are not."""
    page = open_page(viewport=PHONE, bypass_csp=True)
    page.goto("/reservations/")
    page.evaluate(
        """() => {
          const small = "position: absolute; inset-block-start: 0; min-block-size: 0; block-size: 1.5rem";
          document.querySelector("main").insertAdjacentHTML("beforeend", `<div style="padding-block: 30rem 60rem">
            <button id="alone" style="inline-size: 100%">Alone</button>
            <div style="position: relative; margin-block-start: 9rem">
              <button id="covered" style="${small}">Covered</button>
              <button id="covers" style="${small}; margin-block-start: 0.75rem">Covers</button>
            </div>
          </div>`);
          const search = document.querySelector("#box-q").getBoundingClientRect();
          const { bottom } = document.querySelector("#alone").getBoundingClientRect();
          scrollBy({ top: bottom - search.bottom - 12, behavior: "instant" });
        }"""
    )
    place = page.evaluate("scrollY")

    found = violations(page)

    assert [re.search("id=.(\\w+)", line)[1] for line in found] == ["covered"]
    assert page.evaluate("scrollY") == place
    assert page.locator("header.top").bounding_box()["y"] == 0


def test_the_microphone_starts_the_recorder_of_the_page(open_page, reference):
    page = open_page(viewport=PHONE)
    page.goto(f"/reservations/{reference}/")

    page.get_by_role("link", name="Record", exact=True).click()

    expect(page.locator("voice-recorder .recorder")).not_to_have_attribute("data-state", "idle")
    expect(page.locator("voice-recorder .recorder")).to_be_in_viewport()


def test_it_leads_to_the_hand_over_elsewhere_also_without_scripts(open_page, reference):
    for options in ({}, {"java_script_enabled": False}):
        page = open_page(viewport=PHONE, **options)
        page.goto("/calendar/")
        page.get_by_role("link", name="Record", exact=True).click()
        expect(page).to_have_url(re.compile("/hand-over/$|/voice-notes/$"))
    page.get_by_role("navigation", name="Main").get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Guests").click()
    expect(page.get_by_role("heading", name="Guests", level=1)).to_be_visible()


def test_on_paper_a_page_is_without_what_is_around_it_and_black_on_white(open_page, reference):
    page = open_page(color_scheme="dark")
    page.goto("/")

    page.emulate_media(media="print")

    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    colours = "getComputedStyle(document.body).backgroundColor + ' ' + getComputedStyle(document.body).color"
    assert page.evaluate(colours) == "rgb(255, 255, 255) rgb(0, 0, 0)"
