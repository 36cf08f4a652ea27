"""A running Roomtone and real Chromium, signed in as Lena. Traces and pictures of what failed go to `test-results/`."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.server import ROOT

RESULTS = ROOT / "test-results"
WIDE = {"width": 1360, "height": 760}
PHONE = {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 15_000  # of two busy cores
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.has_failed = report.failed
    return report


# Not for the whole session: as long as Playwright runs, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright, playwright.chromium.launch(**launch_options()) as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(server, browser):
    """The cookies of a browser in which Lena has signed in."""
    page = browser.new_page(base_url=server.url)
    page.goto("/accounts/login/")
    sign_in(page, *server.account)
    state = page.context.storage_state()
    page.context.close()
    return state


@pytest.fixture
def open_page(server, browser, signed_in, request):
    """`open_page(viewport=PHONE, color_scheme="dark")`: a page of a new, signed-in browser profile.

    The test fails if the page logged an error, a breach of the content security policy among them.
    """
    contexts, complaints = [], []

    def open_page(**options):
        options = {"base_url": server.url, "storage_state": signed_in, "viewport": WIDE, "locale": "en-GB"} | options
        context = browser.new_context(**options)
        context.tracing.start(snapshots=True)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        _close(context, keep_as=f"{request.node.name}-{number}" if getattr(request.node, "has_failed", True) else None)
    assert not complaints


@pytest.fixture
def page(open_page):
    return open_page()


def sign_in(page, username, password):
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Today").wait_for()
    page.wait_for_load_state()  # what it has of scripts, too


# Chromium logs every answer of 4xx as an error too; a 422 beside a field is none.
NO_COMPLAINTS = ("Failed to load resource",)


def _is_complaint(message):
    return message.type == "error" and not message.text.startswith(NO_COMPLAINTS)


def _close(context, *, keep_as):
    trace = None
    if keep_as:
        trace = Path(RESULTS, re.sub(r"[^\w-]+", "-", keep_as)).with_suffix(".zip")
        for page in context.pages:
            page.screenshot(path=trace.with_suffix(".png"), full_page=True)
    context.tracing.stop(path=trace)
    context.close()
