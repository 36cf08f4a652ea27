"""Each page at each width that people have: nothing overlaps, what can be pressed is not covered, and nothing but a
chart scrolls sideways. One browser, one pass.
"""

import json
from pathlib import Path

import pytest
from django.urls import get_resolver
from playwright.sync_api import expect

from tests.e2e import every_page
from tests.server import RunningServer

pytestmark = pytest.mark.e2e

# Telephones, tablets upright and lying, the last width of the narrow layout and the first of the wide one, desks.
WINDOWS = [(width, 780 if width < 700 else 900) for width in (320, 360, 390, 768, 834, 961, 1024, 1112, 1180, 1440)]
QUICK_WINDOWS = [window for window in WINDOWS if window[0] in (390, 1024, 1440)]
TABLET = {"width": 834, "height": 1112}
ZOOMED = (720, 450)  # a desk's window of 1440 by 900 at 200 %
# What may scroll sideways: rooms by nights, on the screen, on paper and in money, and the tools above a low window.
CHARTS = "tape-chart, .calendar-tools, .pack-scroll, #rate-preview .table-wrap"
FAULTS = (Path(__file__).parent / "layout_faults.js").read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with RunningServer(tmp_path_factory.mktemp("layout"), DEMO="true") as server:
        server.account = server.make_user("layout")
        yield server


@pytest.fixture(scope="module")
def addresses(server):
    return json.loads(server.run("from tests.e2e import every_page; print(every_page.as_json())").splitlines()[-1])


def test_every_page_is_looked_at(addresses):
    """One that nobody has decided about is added to `every_page`, or said to be none."""
    apps = ("accounts", "notes", "properties", "reservations")
    known = {
        f"{app}:{name}" for app in apps for name in get_resolver(f"{app}.urls").reverse_dict if isinstance(name, str)
    }

    assert known - every_page.NO_PAGES - {every_page.name_of(path) for path in addresses} - {"accounts:login"} == set()


@pytest.mark.full
def test_what_is_pressed_on_a_tablet_is_large_enough_for_a_finger(open_page, addresses):
    page = open_page(viewport=TABLET, has_touch=True, is_mobile=True)
    faults = {}

    for path in addresses:
        page.goto(path)
        if found := page.evaluate(FAULTS, {"chart": CHARTS}):
            faults[path] = found

    assert faults == {}


def test_the_whole_row_of_a_guest_of_today_leads_to_the_stay(open_page, addresses):
    page = open_page(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page.goto("/")
    row = page.locator(".stays li", has=page.get_by_role("button", name="Check in")).first
    guest = row.locator(".stay-guest").inner_text()
    where = row.bounding_box()

    page.touchscreen.tap(where["x"] + where["width"] / 2, where["y"] + where["height"] - 4)

    expect(page.get_by_role("heading", name=guest)).to_be_visible()


def test_pages_fit_their_windows(open_page, addresses, pytestconfig):
    windows = QUICK_WINDOWS if pytestconfig.getoption("--quick") else [*WINDOWS, ZOOMED]
    page = open_page()
    faults = {}

    for path in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        for width, height in windows:
            page.set_viewport_size({"width": width, "height": height})
            for fault in page.evaluate(FAULTS, {"chart": CHARTS}):
                faults.setdefault(f"{path}: {fault}", []).append(width)

    assert faults == {}
