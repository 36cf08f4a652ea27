"""From *Stop* to the text on the page, with a real browser, web server and worker."""

import statistics
import sys
import time

from playwright.sync_api import sync_playwright

from tests.chromium import launch_options
from tests.house import House

# Runs in the page: notes the press of Stop, then the first moment a new note shows its text.
STOPWATCH = """
() => {
  const known = new Set([...document.querySelectorAll("li.note")].map((note) => note.id));
  document.addEventListener("click", (event) => {
    if (event.target.closest("button")?.textContent.trim() === "Stop") window.stoppedAt = performance.now();
  }, true);
  new MutationObserver(() => {
    const note = [...document.querySelectorAll("li.note[data-status=transcribed]")].find((each) => !known.has(each.id));
    if (window.stoppedAt && !window.shownAfter && note) {
      window.shownAfter = (performance.now() - window.stoppedAt) / 1000;
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def measure(spoken, var, *, repeat):
    """Median seconds for each length in `spoken` (seconds → WAV path)."""
    waits = {}
    with House(var) as house, sync_playwright() as playwright:
        account = house.make_user()
        house.manage("shell", "-c", "from tests.factories import make_reservation; make_reservation()")
        _once(playwright, house, account, min(spoken.items()))  # warms worker, caches and browser
        for clip in spoken.items():
            waits[clip[0]] = statistics.median(_once(playwright, house, account, clip) for _ in range(repeat))
    return waits


def _once(playwright, house, account, clip):
    seconds, wav = clip
    browser = playwright.chromium.launch(**launch_options(microphone=wav))
    page = browser.new_page()
    _sign_in(page, house, account)
    page.goto(f"{house.url}/reservations/")
    page.get_by_role("link", name="Amara Okafor").click()
    page.get_by_role("button", name="Record a voice note").click()
    page.get_by_role("button", name="Stop").wait_for()
    time.sleep(seconds)
    page.evaluate(STOPWATCH)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Save note").click()
    page.wait_for_function("() => window.shownAfter", timeout=120_000)
    waited = page.evaluate("() => window.shownAfter")
    browser.close()
    print(f"  {seconds} s note: text {waited:.2f} s after Stop", file=sys.stderr)
    return waited


def _sign_in(page, house, account):
    page.goto(f"{house.url}/accounts/login/")
    page.get_by_label("Username").fill(account[0])
    page.get_by_label("Password").fill(account[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{house.url}/")
