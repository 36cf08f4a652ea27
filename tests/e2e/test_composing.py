"""Keys that belong to an input method (Japanese, Chinese, Korean) choose nothing, send nothing and open nothing."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.booking import Booking

pytestmark = pytest.mark.e2e

ARRIVAL, DEPARTURE = dt.date(2027, 8, 2), dt.date(2027, 8, 4)
PEOPLE = """
from tests.factories import *
make_guest("やまだ旅館"), make_guest("山田花子")
make_hotel(["1", "2"], name="Ryokan")
"""
# While it composes; and as Safari tells of the Enter that has ended it.
COMPOSING = [{"isComposing": True}, {"keyCode": 229}]
PRESS = """(element, options) => ["keydown", "keyup"].every((type) =>
  element.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...options })))"""


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.run(PEOPLE)


def press(element, key):
    """Whether the page leaves the key to the input method."""
    return all(element.evaluate(PRESS, {"key": key} | composing) for composing in COMPOSING)


def test_a_name_is_composed_and_no_known_guest_is_taken(page):
    form = Booking(page)
    form.open()
    form.choose("Ryokan")
    form.ask(ARRIVAL, DEPARTURE)
    field, offers = form.field("Guest"), page.get_by_role("listbox", name="Known guests")
    keyboard = page.context.new_cdp_session(page)
    field.focus()

    keyboard.send("Input.imeSetComposition", {"text": "やまだ", "selectionStart": 3, "selectionEnd": 3})
    expect(offers.get_by_role("option")).to_have_count(1)
    assert all(press(field, key) for key in ("ArrowDown", "ArrowDown", "Enter", "Escape"))
    expect(offers).to_be_visible()
    expect(offers.get_by_role("option", selected=True)).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "山田次郎"})

    expect(field).to_have_value("山田次郎")
    assert page.locator("[name=guest_id]").input_value() == ""
    form.reserve()
    expect(page.get_by_role("link", name="山田次郎")).to_be_visible()


def test_no_key_of_an_input_method_is_a_shortcut(page):
    page.goto("/calendar/")
    at_first = page.url

    for key in (*"/?nm", "Enter", "Escape", "ArrowDown"):
        assert press(page.locator(".tape"), key), key

    assert page.locator("dialog[open]").count() == 0
    assert page.url == at_first
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")  # the same key without one
    expect(page.locator("dialog[open]")).to_be_visible()
