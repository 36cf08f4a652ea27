"""Prints the table of pages on a slow line in `docs/figures.md`.

    python -m benchmarks.first_visit http://lena:PASSWORD@127.0.0.1:8000 [http://lena:PASSWORD@127.0.0.1:8001]

The addresses are those of servers that run with demo data (`bin/run`), with the name and password that they print. Of
two, the second is the build that the first is compared with: both are asked in turn, and each cell has both figures and
their ratio. A Chromium with the developer tools' line of 400 ms and 400 kbit/s opens the sign-in page and *Today* with
an empty cache, then the other pages with what its cache has after ten seconds. Requests and bytes are those until the
page is usable and has loaded. Medians.
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import launch_options
from tests.wire import WATCH_SHIFT, Wire

SCREEN = {"width": 1440, "height": 900}
LATENCY_MILLISECONDS, KILOBITS_PER_SECOND = 400, 400
# Milliseconds in which a page that has loaded may still move.
SETTLING_MILLISECONDS = 1500
# Milliseconds for which somebody looks at the first page of all, while it reads the modules of others ahead.
LOOKING_MILLISECONDS = 10_000
WARM = {
    "Today": "/",
    "Calendar": "/calendar/",
    "New reservation": "/reservations/new/",
    "Reservations": "/reservations/",
    "Notes": "/notes/",
}
# Times are milliseconds since the navigation began. Pages have no custom element that only a script adds.
WATCH_DEFINED = """
window.figures.usable = null;
document.addEventListener("DOMContentLoaded", async () => {
  const names = [...document.querySelectorAll(":not(:defined)")].map((element) => element.localName);
  await Promise.all(names.map((name) => customElements.whenDefined(name)));
  window.figures.usable = performance.now();
});
"""
FIGURES = """
() => ({
  ...window.figures,
  paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  loaded: performance.getEntriesByType("navigation")[0].loadEventEnd,
})
"""


@dataclass(frozen=True)
class Visit:
    """One page opened once. Times are in milliseconds, `kilobytes` (of 1,000) are on the wire, with headers."""

    requests: float
    kilobytes: float
    paint: float
    usable: float
    loaded: float
    shift: float


COLUMNS = {
    "requests": ("requests", "{:.0f}"),
    "KB": ("kilobytes", "{:.0f}"),
    "first paint, ms": ("paint", "{:,.0f}"),
    "usable, ms": ("usable", "{:,.0f}"),
    "loaded, ms": ("loaded", "{:,.0f}"),
    "layout shift": ("shift", "{:.3f}"),
}


class SlowLine(Wire):
    """The line to a page, slowed down."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        bytes_per_second = KILOBITS_PER_SECOND * 1000 / 8
        self.tools.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": LATENCY_MILLISECONDS,
            "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second,
        })  # fmt: skip


@dataclass
class Site:
    """A running Roomtone, and what was measured there by page."""

    address: str
    visits: dict[str, list[Visit]] = field(default_factory=dict)
    cookies: dict | None = None
    with_recordings: str = ""

    def sign_in(self, browser: Browser) -> None:
        """Once: who guesses passwords is held up."""
        parts = urlsplit(self.address)
        self.address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
        context = self._profile(browser)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Username").fill(parts.username or "")
        page.get_by_label("Password").fill(parts.password or "")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Today").wait_for()
        self.cookies = {"cookies": context.cookies(), "origins": []}  # what a browser has read ahead is not taken over
        page.goto("/notes/")
        links = page.locator("main a[href^='/reservations/RT-']")
        found = Counter(link.split("#")[0] for link in links.evaluate_all("all => all.map((a) => a.pathname)"))
        self.with_recordings = found.most_common(1)[0][0]
        context.close()

    def visit_all(self, browser: Browser) -> None:
        for name, visit in self._visits(browser):
            self.visits.setdefault(name, []).append(visit)

    def _visits(self, browser: Browser) -> Iterator[tuple[str, Visit]]:
        stranger = self._profile(browser)
        yield "Sign-in, cold", _visit(stranger, "/accounts/login/")
        stranger.close()
        context = self._profile(browser, storage_state=self.cookies)
        yield "Today, cold", _visit(context, "/", then=LOOKING_MILLISECONDS)
        for name, path in WARM.items():
            yield name, _visit(context, path)
        yield "a reservation with recordings", _visit(context, self.with_recordings)
        context.close()

    def _profile(self, browser: Browser, **options) -> BrowserContext:
        """An empty cache; without the service worker, which fetches the downtime pack when a page has loaded."""
        return browser.new_context(base_url=self.address, viewport=SCREEN, service_workers="block", **options)

    def median(self, page: str, figure: str) -> float:
        return statistics.median(getattr(visit, figure) for visit in self.visits[page])


def _visit(context: BrowserContext, path: str, *, then: int = SETTLING_MILLISECONDS) -> Visit:
    page = context.new_page()
    page.add_init_script(WATCH_SHIFT + WATCH_DEFINED)
    line = SlowLine(page)
    page.goto(path, wait_until="load", timeout=120_000)
    page.wait_for_function("() => window.figures.usable !== null")
    sent = line.sent
    page.wait_for_timeout(then)
    figures = page.evaluate(FIGURES)
    page.close()
    return Visit(requests=len(sent), kilobytes=sum(sent) / 1000, **figures)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="+", help="one or two, with name and password")
    parser.add_argument("--repeat", type=int, default=3, help="visits of each page; the median is printed")
    options = parser.parse_args()
    sites = [Site(address) for address in options.address[:2]]
    with sync_playwright() as playwright, playwright.chromium.launch(**launch_options()) as browser:
        for site in sites:
            site.sign_in(browser)
        for _ in range(options.repeat):
            for site in sites:
                site.visit_all(browser)
    print("| page |" + "".join(f" {column} |" for column in COLUMNS))
    print("|---|" + "---|" * len(COLUMNS))
    for page in sites[0].visits:
        print(f"| {page} |" + "".join(f" {_cell(sites, page, *column)} |" for column in COLUMNS.values()))


def _cell(sites: list[Site], page: str, figure: str, form: str) -> str:
    ours, *before = [site.median(page, figure) for site in sites]
    if not before:
        return form.format(ours)
    ratio = f" ({ours / before[0]:.2f})" if before[0] else ""
    return f"{form.format(before[0])} → {form.format(ours)}{ratio}"


if __name__ == "__main__":
    main()
