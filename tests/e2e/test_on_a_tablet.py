"""What has little room: a head of a page, a pill, a table that goes on, a field on a telephone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

TABLET, TELEPHONE = {"width": 1024, "height": 768}, {"width": 390, "height": 844}
HOLD_IN_A_FLAT = """
import datetime as dt
from config import clock
from reservations.models import Status
from tests.factories import make_apartment, make_reservation
flat = make_apartment("Tablet Flat")
soon = clock.now() + dt.timedelta(hours=2)
held = make_reservation(flat, arrival=flat.today() + dt.timedelta(days=9), status=Status.HELD, hold_expires_at=soon)
print("flat", flat.pk, held.reference)
"""


@pytest.fixture(scope="module")
def flat(server):
    """Its key, and the reference of a hold in it."""
    return re.search(r"flat (\d+) (RT-\w+)", server.run(HOLD_IN_A_FLAT)).groups()


@pytest.mark.full
def test_the_calendars_head_is_one_row_of_buttons(open_page, flat):
    page = open_page(viewport=TABLET)
    page.goto("/calendar/")

    tops = page.locator(".page-head .actions > *").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().top)"
    )

    assert len(tops) > 2
    assert len({round(top) for top in tops}) == 1


@pytest.mark.full
def test_until_when_it_is_held_stands_in_one_line(open_page, flat):
    page = open_page(viewport=TABLET)
    page.goto("/")

    assert page.get_by_text("Held until").first.evaluate("chip => chip.getClientRects().length") == 1
    assert page.get_by_text("Held until").first.bounding_box()["height"] < 30


@pytest.mark.full
def test_a_table_that_goes_on_has_a_shade_at_that_edge(open_page, flat):
    page = open_page(viewport=TABLET)
    page.goto(f"/properties/{flat[0]}/rates/")
    table = page.get_by_role("region", name="What a night costs").last

    assert table.evaluate("wrap => wrap.scrollWidth > wrap.clientWidth")
    expect(table).to_have_css("background-image", re.compile("linear-gradient"))


@pytest.mark.full
def test_how_a_guest_came_has_room_on_a_telephone(open_page, flat):
    page = open_page(viewport=TELEPHONE)
    page.goto(f"/reservations/new/?property={flat[0]}")

    assert page.get_by_label("Source").bounding_box()["width"] > 300


@pytest.mark.full
def test_a_note_that_comes_back_has_the_keyboard(open_page, flat):
    page = open_page()
    page.goto(f"/reservations/{flat[1]}/")
    page.get_by_text("Type a note").click()
    page.locator("form textarea[name=text]").fill("Comes by bicycle")
    page.get_by_role("button", name="Save").first.click()
    page.locator(".note").filter(has_text="Comes by bicycle").get_by_role("button", name="Delete").press("Enter")

    page.locator(".toast-card").filter(has_text="is deleted").get_by_role("button", name="Undo").press("Enter")

    expect(page.locator(".note").filter(has_text="Comes by bicycle")).to_be_focused()
