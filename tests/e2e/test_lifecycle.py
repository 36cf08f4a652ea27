"""A stay from hold to departure, and two people who change it at once, as the desk sees it."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.menu import choose
from tests.e2e.pages.booking import Booking

pytestmark = [pytest.mark.e2e, pytest.mark.full]

SETUP = "from tests.factories import *; flat = make_apartment('{name}'); print('today', flat.today())"


@pytest.fixture
def today(server):
    def today_at(name):
        printed = server.run(SETUP.format(name=name))
        return dt.date.fromisoformat(re.search(r"today (\S+)", printed)[1])

    return today_at


def make_stay(server, name):
    made = f"make_reservation(make_apartment('{name}'), guest='Amara')"
    printed = server.run(f"from tests.factories import *; print('ref', {made}.reference)")
    return re.search(r"RT-[0-9A-Z]+", printed)[0]


def test_a_hold_is_confirmed_undone_checked_in_and_checked_out(page, server, today):
    arrival = today("Life Flat")
    form = Booking(page)
    form.open()
    form.choose("Life Flat")
    form.ask(arrival, arrival + dt.timedelta(days=2))
    form.name("Irene Castillo")
    page.get_by_label("tomorrow 18:00").check()
    expect(page.get_by_role("button", name="Reserve", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.get_by_text("Held until")).to_be_visible()

    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("Irene Castillo is confirmed.")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Taken back: confirmed.")).to_be_visible()
    expect(page.get_by_text("Held until").first).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("Irene Castillo is confirmed.")).to_be_visible()

    page.goto("/")
    arriving = page.get_by_role("region", name="Arriving").get_by_role("listitem").filter(has_text="Irene Castillo")
    arriving.get_by_role("button", name="Check in").click()
    staying = page.get_by_role("region", name="Staying").get_by_role("listitem").filter(has_text="Irene Castillo")
    staying.get_by_role("link", name="Irene Castillo").click()
    page.get_by_role("link", name="Check out").click()  # before the first night is over: the desk is asked about it
    page.get_by_role("button", name="Check out and keep tonight for them").click()
    expect(page.get_by_text("Irene Castillo is checked out.")).to_be_visible()
    expect(page.get_by_text("1 night", exact=False).first).to_be_visible()


def test_two_people_on_one_stay_see_yours_and_theirs(page, open_page, server):
    reference = make_stay(server, "Shared Flat")
    other = open_page()
    for each in (page, other):
        each.goto(f"/reservations/{reference}/edit/")
    other.get_by_label("Guests", exact=True).fill("3")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_text(f"{reference} is changed.")).to_be_visible()

    page.get_by_label("Guest", exact=True).fill("Amara Okafor-Lindqvist")
    page.get_by_role("button", name="Save changes").click()

    expect(page.get_by_role("alert")).to_contain_text("changed " + reference)
    expect(page.get_by_role("row", name=re.compile("Guests"))).to_contain_text("3")
    expect(page.get_by_label("Guest", exact=True)).to_have_value("Amara Okafor-Lindqvist")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="Amara Okafor-Lindqvist")).to_be_visible()


def test_an_act_is_undone_from_recently_done_after_its_message_has_gone(page, server):
    fields = "property=flat, arrival=flat.today(), guest='Odile Later'"
    script = f"from tests.factories import *; flat = make_apartment('Later Flat'); r = make_reservation({fields});"
    made = server.run(f"{script} print('ref', r.reference)")
    reference = re.search(r"RT-[0-9A-Z]+", made)[0]
    page.goto(f"/reservations/{reference}/")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_text("Odile Later is checked in.")).to_be_visible()

    choose(page, "link", "Recently done")
    line = page.get_by_role("listitem").filter(has_text=reference).first
    line.get_by_role("button", name="Undo checked in").click()

    expect(page.get_by_role("region", name="Messages")).to_contain_text("Odile Later’s stay is as before.")
    expect(page.get_by_role("region", name="What was done")).to_be_focused()
    line.get_by_role("button", name="Do it again checked in").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text("Done again: checked in.")
