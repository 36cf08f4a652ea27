"""WebKitGTK on a screen of its own, by Debian's WebKitWebDriver and selenium."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

NEEDED = ("WebKitWebDriver", "Xvfb")
BROWSER = Path(__file__).with_name("webkit_browser.py")
SCRIPT_SECONDS = 30
CALL = """
const [given, done] = arguments;
(async () => (%s)(...given))().then((value) => done({ value }), (error) => done({ error: `${error} ${error.stack}` }));
"""


@contextmanager
def webkit(environment, folder):
    with _screen() as display:
        surroundings = environment | {
            "DISPLAY": display,
            "HOME": str(folder),
            "ROOMTONE_WEBKIT_DATA": str(folder / "webkit"),
            # A container's root cannot have WebKit's sandbox.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "GTK_A11Y": "none",
            "NO_AT_BRIDGE": "1",
        }
        options = Options()
        options.binary_location = str(BROWSER)
        service = Service(executable_path=shutil.which("WebKitWebDriver"), env=surroundings)
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            driver.set_script_timeout(SCRIPT_SECONDS)
            yield WebKit(driver)
        finally:
            driver.quit()


@contextmanager
def _screen():
    """An X server; it chooses a number that is free, and says it when it is ready."""
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ours) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class WebKit:
    BETWEEN_PAGES = (WebDriverException, RuntimeError)

    def __init__(self, driver):
        self.driver = driver

    def go(self, address):
        self.driver.get(address)

    def reload(self):
        self.driver.refresh()  # whether to leave, the driver answers by itself

    def js(self, function, *arguments):
        answer = self.driver.execute_async_script(CALL % function, list(arguments))
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def click(self, selector):
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def type(self, selector, text):
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        element.clear()
        element.send_keys(text)

    def choose(self, selector, label):
        Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_visible_text(label)
