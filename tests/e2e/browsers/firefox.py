"""Debian's Firefox ESR, by Playwright over WebDriver BiDi."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import Error, sync_playwright

NEEDED = ("firefox-esr",)
PREFERENCES = {
    "media.navigator.permission.disabled": True,  # nobody is there to allow the microphone
    "media.autoplay.default": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}


@contextmanager
def firefox(environment, folder):
    with (
        sync_playwright() as playwright,
        playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=shutil.which("firefox-esr"),
            env=environment | {"HOME": str(folder)},
            firefox_user_prefs=PREFERENCES,
        ) as browser,
    ):
        yield Firefox(browser.new_page(viewport={"width": 1360, "height": 860}, locale="en-GB"))


class Firefox:
    BETWEEN_PAGES = Error

    def __init__(self, page):
        self.page = page
        page.on("dialog", lambda dialog: dialog.accept())  # whether to leave

    def go(self, address):
        self.page.goto(address)

    def reload(self):
        self.page.reload()

    def js(self, function, *arguments):
        return self.page.evaluate(f"(given) => ({function})(...given)", list(arguments))

    def click(self, selector):
        self.page.locator(selector).click()

    def type(self, selector, text):
        self.page.locator(selector).fill(text)

    def choose(self, selector, label):
        self.page.locator(selector).select_option(label=label)
