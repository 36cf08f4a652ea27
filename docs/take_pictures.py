"""Takes README's pictures from a running Roomtone with demo data: `python -m docs.take_pictures`."""

import datetime as dt
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.server import RunningServer

PICTURES = Path(__file__).parent / "pictures"
WIDE = {"width": 1360, "height": 760}
PHONE = {"width": 390, "height": 844}
NOTED_STAY = (
    "from notes.models import VoiceNote;"
    "print('stay', VoiceNote.objects.exclude(audio='').newest_first()[0].reservation.reference)"
)


def main():
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="roomtone-") as folder, RunningServer(folder, DEMO="true") as server:
        account = (Path(folder) / "demo-account").read_text().split()
        noted = server.run(NOTED_STAY).split()[-1]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options())
            wide = _signed_in(browser, server, account, viewport=WIDE)
            _reservation(wide, noted, "reservation")
            _booking(wide)
            _calendar(wide)
            find = f"/find/?arrival={_tomorrow()}&nights=2&party_size=2"
            for name, path in {"today": "/", "find": find, "notes": "/notes/?q=room"}.items():
                wide.goto(path)
                _keep(wide, name)
            phone = _signed_in(browser, server, account, viewport=PHONE, color_scheme="dark")
            _reservation(phone, noted, "reservation-phone")
            browser.close()


def _signed_in(browser, server, account, **options):
    page = browser.new_page(base_url=server.url, locale="en-GB", **options)
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(account[0])
    page.get_by_label("Password").fill(account[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    return page


def _reservation(page, reference, name):
    page.goto(f"/reservations/{reference}/")
    for state in ("Queued", "Transcribing"):
        expect(page.get_by_text(state, exact=True)).to_have_count(0, timeout=60_000)
    _keep(page, name)


def _calendar(page):
    """With the card of a stay in view."""
    page.goto("/calendar/")
    page.locator(".bar.is-held").first.hover()
    page.get_by_text("Reference").wait_for()
    _keep(page, "calendar")


def _tomorrow():
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


def _booking(page):
    """Asks for nights that are taken, to show the alternatives."""
    tomorrow = _tomorrow()
    page.goto("/reservations/new/")
    page.get_by_label("Property", exact=True).select_option(label="Garden Flat")
    page.get_by_label("Arrival").fill(tomorrow.isoformat())
    page.get_by_label("Departure").fill((tomorrow + dt.timedelta(days=4)).isoformat())
    page.get_by_label("Guest", exact=True).fill("Marta Wójcik")
    page.locator("#booking-hints .notice").wait_for()
    _keep(page, "booking")


def _keep(page, name):
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
