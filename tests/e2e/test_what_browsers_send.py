"""Chromium is asked for each case by which tests/test_browser_forms.py holds our stand-in for it."""

from urllib.parse import parse_qsl

import pytest

from tests.test_browser_forms import CASES

pytestmark = pytest.mark.e2e

ADDRESS = "http://forms.test/"


def test_chromium_sends_what_is_expected_of_a_browser(browser):
    page, bodies = browser.new_page(), {}
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>"))
    page.goto(ADDRESS)

    for name, (body, _) in CASES.items():
        page.set_content(f"<!doctype html><body>{body}")
        page.evaluate("for (const form of document.forms) { form.method = 'post'; form.action = '/sent' }")
        with page.expect_request("**/sent") as sent:
            page.get_by_text("Send", exact=True).click()
        bodies[name] = sorted(parse_qsl(sent.value.post_data or "", keep_blank_values=True))

    assert bodies == {name: sorted(sent) for name, (_, sent) in CASES.items()}
