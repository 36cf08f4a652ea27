"""The server goes away, and the desk still sees who comes and who sleeps where."""

import json
import re

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, WIDE, sign_in
from tests.e2e.menu import choose
from tests.e2e.patience import wait_until
from tests.e2e.widths import scrolls_sideways
from tests.server import RunningServer

pytestmark = pytest.mark.e2e

ARRIVAL = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=("101",), name="Harbour Hotel")
make_reservation(hotel, arrival=hotel.today(), guest="Amara Okafor")
"""
# In a page: what the browser keeps, by path; static files without their hashes.
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      found.push(new URL(url).pathname.replace(/\\.[0-9a-f]{12}/, ""));
  return found.sort();
}"""
PACK = [
    "/downtime/",
    "/static/css/print.css",
    "/static/css/tokens.css",
    "/static/icon.svg",
    "/static/js/elements/print-button.js",
    "/static/js/theme.js",
]


class Desk:
    """A browser of its own in which Lena has signed in, and which has had the time to keep the pack."""

    def __init__(self, browser, server, **options):
        self.page = browser.new_page(base_url=server.url, locale="en-GB", **{"viewport": WIDE} | options)
        self.page.goto("/accounts/login/")
        sign_in(self.page, *server.account)
        self.wait_for_copy()

    def wait_for_copy(self):
        wait_until(self.page, f"async (count) => (await ({KEPT})()).length === count", len(PACK))

    def ask_anew(self):
        (worker,) = self.page.context.service_workers
        worker.evaluate(
            "files => refresh(files)", json.loads(self.page.locator("offline-pack").get_attribute("data-files"))
        )

    def kept(self):
        return self.page.evaluate(KEPT)


@pytest.fixture
def away(tmp_path):
    """A server of its own, because it is stopped."""
    with RunningServer(tmp_path / "server", OFFLINE_PACK="true") as server:
        server.account = server.make_user()
        server.run(ARRIVAL)
        yield server


def test_the_pack_opens_when_the_server_is_away_unless_one_has_signed_out(away, browser):
    desk, leaver, expired, phone = (Desk(browser, away, viewport=size) for size in (WIDE, WIDE, WIDE, PHONE))
    assert desk.kept() == PACK
    expired.page.context.clear_cookies()
    expired.ask_anew()  # and the worker is sent to the sign-in
    assert "Amara Okafor" in expired.page.evaluate("async () => (await caches.match('/downtime/')).text()")
    leaver.page.evaluate("localStorage.setItem('theme', 'dark')")
    choose(leaver.page, "button", "Sign out")
    leaver.page.get_by_role("button", name="Sign in").wait_for()
    assert leaver.kept() == []
    assert leaver.page.evaluate("localStorage.getItem('theme')") == "dark"
    missing = desk.page.goto("/reservations/RT-22222/")
    assert missing.status == 404
    expect(desk.page.get_by_text("cannot be reached")).to_have_count(0)

    away.stop()

    for each, address in ((desk, "/calendar/?days=28"), (phone, "/")):
        each.page.goto(address)
        banner = each.page.get_by_role("status")
        expect(banner).to_contain_text(re.compile(r"Roomtone cannot be reached\. This is how it was at \d\d:\d\d on "))
        expect(each.page.get_by_role("heading", name="Harbour Hotel", exact=True)).to_be_visible()
        expect(each.page.get_by_role("cell", name="Amara Okafor").first).to_be_visible()
        assert each.page.evaluate("getComputedStyle(document.querySelector('.sheet')).borderTopStyle") == "solid"
        assert scrolls_sideways(each.page) == []
    with pytest.raises(Error, match=r"ERR_CONNECTION_REFUSED|ERR_FAILED"):
        leaver.page.goto("/")


@pytest.mark.full
def test_the_page_is_accessible_and_prints_black_on_white(open_page, server):
    server.run(ARRIVAL.replace("Harbour Hotel", "Hotel of the pack"))
    page = open_page(color_scheme="dark", bypass_csp=True)
    page.goto("/downtime/")
    assert violations(page) == []

    page.emulate_media(media="print")

    expect(page.get_by_role("navigation")).to_be_hidden()
    colours = "getComputedStyle(document.body).backgroundColor + ' ' + getComputedStyle(document.body).color"
    assert page.evaluate(colours) == "rgb(255, 255, 255) rgb(0, 0, 0)"
    assert b"/MediaBox [0 0 841.9" in page.pdf(prefer_css_page_size=True)  # A4, lying


# In a page: the guests' words that are written on more than one line.
BROKEN = """() => [...document.querySelectorAll("td > b")].flatMap(({ firstChild: text }) =>
  [...text.data.matchAll(/\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(([word]) => word))"""


@pytest.mark.full
def test_no_guests_name_is_broken_within_a_word_on_a_tablet(open_page, server):
    server.run(ARRIVAL.replace("Amara Okafor", "Amara Konstantinou").replace("Harbour Hotel", "Pier Hotel"))
    page = open_page(viewport={"width": 1024, "height": 768})
    page.goto("/downtime/")

    expect(page.get_by_text("Amara Konstantinou").first).to_be_visible()
    assert page.evaluate(BROKEN) == []
