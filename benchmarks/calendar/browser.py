"""The tape chart in a real Chromium against a whole Roomtone: does it scroll without a jerk, is a drop quick."""

import random
import sys

from django.contrib.auth import get_user_model
from django.db import connection
from playwright.sync_api import TimeoutError as NothingHappened
from playwright.sync_api import sync_playwright

from benchmarks.calendar.stopwatch import Figure
from tests.chromium import launch_options
from tests.house import House

DROPS = 5
SCREEN = {"width": 1360, "height": 760}
PASSWORD = "the-night-desk-9"
WATCH_TASKS = """
() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask" });
}
"""
# From the moment the bar is let go to the row that the server has drawn.
WATCH_DROP = """
(row) => {
  window.swappedAfter = null;
  const drop = () => { window.droppedAt = performance.now(); };
  document.addEventListener("pointerup", drop, { capture: true, once: true });
  new MutationObserver((_, observer) => {
    if (!window.droppedAt) return;
    window.swappedAfter = performance.now() - window.droppedAt;
    observer.disconnect();
  }).observe(document.getElementById(row).parentElement, { childList: true });
}
"""


def measure(folder):
    clerk, _ = get_user_model().objects.get_or_create(username="clerk")
    clerk.set_password(PASSWORD)
    clerk.save()
    connection.close()
    with House(folder) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport=SCREEN)
        _sign_in(page, house)
        yield _scrolled(page, house)
        if figure := _dropped(page, house):
            yield figure
        browser.close()


def _sign_in(page, house):
    page.goto(f"{house.url}/accounts/login/")
    page.get_by_label("Username").fill("clerk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{house.url}/")


def _scrolled(page, house):
    """The longest task while the wheel is turned from the first row to the last, and back again sideways."""
    page.goto(f"{house.url}/calendar/?days=28")
    grid = page.locator("tape-grid")
    units = page.locator(".tape-row:not(.tape-lane)").count()
    grid.hover()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH_TASKS)
    for _ in range(120):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(16)
    for _ in range(20):
        page.mouse.wheel(200, -700)
        page.wait_for_timeout(16)
    longest = page.evaluate("() => window.longest")
    return Figure(f"longest task while scrolling {units:,} units × 28 days", 50, longest, 1, remark="limit: 50 ms")


def _dropped(page, house):
    """Medians of bars that are dragged to another room of their hotel; None where bars cannot be dragged."""
    page.goto(f"{house.url}/calendar/?days=28")
    bars = random.sample(page.locator(".bar.is-confirmed").element_handles()[:400], DROPS)
    waits = [waited for bar in bars if (waited := _drop(page, bar)) is not None]
    if not waits:
        print("  no bar could be dragged", file=sys.stderr)
        return None
    waited = sorted(waits)[len(waits) // 2]
    return Figure("one bar moved by drag, let go to drawn", 100, waited, 1, remark="limit: 100 ms")


def _drop(page, bar):
    if not bar.is_visible():
        return None
    bar.scroll_into_view_if_needed()
    row = bar.evaluate("(bar) => bar.closest('.tape-row').id")
    box = bar.bounding_box()
    page.evaluate(WATCH_DROP, row)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3 * box["height"], steps=5)
    page.mouse.up()
    try:
        page.wait_for_function("() => window.swappedAfter", timeout=3000)
    except NothingHappened:
        return None
    return page.evaluate("() => window.swappedAfter")
