"""After a step the focus is where the next act is."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

ARRIVALS = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=["801", "802", "803"], name="Hotel of the focus")
for room, guest in zip(hotel.units.all(), ["Focus One", "Focus Two", "Focus Three"]):
    stay = make_reservation(unit=room, arrival=hotel.today(), nights=2, guest=guest)
print("reference", stay.reference)
"""


@pytest.fixture(scope="module")
def reference(server):
    return re.search(r"reference (RT-\w+)", server.run(ARRIVALS))[1]


def test_after_check_in_on_today_and_on_a_reservation(page, reference):
    page.goto("/")
    arriving = page.get_by_role("region", name="Arriving")
    before = arriving.get_by_role("button", name="Check in").all_inner_texts()
    first = next(place for place, words in enumerate(before) if "Focus" in words)

    arriving.get_by_role("button", name="Check in").nth(first).press("Enter")

    expect(page.get_by_text("is checked in.")).to_be_visible()
    left = [words for place, words in enumerate(before) if place != first]
    expect(page.locator("button:focus")).to_have_text(
        re.compile(re.escape(left[min(first, len(left) - 1)].split()[-1]))
    )

    page.goto(f"/reservations/{reference}/")
    page.get_by_role("button", name="Check in").press("Enter")
    expect(page.get_by_role("link", name="Check out")).to_be_focused()  # it asks about tonight
