"""The first property: its time zone is the browser's, and the page says which that is."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.server import RunningServer

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(tmp_path):
    """One without a property."""
    with RunningServer(tmp_path / "server") as server:
        server.account = server.make_user()
        yield server


@pytest.fixture
def empty(browser, server):
    page = browser.new_page(base_url=server.url, timezone_id="Asia/Tokyo")
    page.goto("/accounts/login/")
    sign_in(page, *server.account)
    yield page
    page.close()


def test_the_first_property_gets_the_zone_of_the_browser_and_later_ones_that_of_the_first(empty):
    empty.goto("/properties/new/")
    zone = empty.get_by_label("Time zone")
    expect(zone).to_have_value("Asia/Tokyo")
    expect(empty.get_by_text(re.compile(r"As this browser’s clock: Asia/Tokyo, where it is .* now\."))).to_be_visible()

    zone.fill("lisbon")
    expect(empty.get_by_text(re.compile(r"^Europe/Lisbon, where it is .* now\."))).to_be_visible()
    empty.get_by_label("Kind").select_option(label="Apartment")
    empty.get_by_label("Name").fill("First Flat")
    empty.get_by_label("Price per night").fill("95,50")
    empty.get_by_role("button", name="Create property").click()
    expect(empty.get_by_role("heading", name="What next")).to_be_visible()

    empty.goto("/properties/new/")
    expect(zone).to_have_value("Europe/Lisbon")
