"""A program's first five minutes, as the person sees them who sets it up."""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.menu import choose
from tests.e2e.widths import PHONES, scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]

# For a megabyte of script, on a busy machine.
TO_DRAW = 30_000
READ = "See properties, rooms and what is free"


class TokensPage:
    """What people do with tokens. Verbs only."""

    def __init__(self, page):
        self.page = page

    def open(self):
        self.page.goto("/")
        choose(self.page, "link", "API tokens")

    def make(self, name, *scopes):
        self.page.get_by_role("link", name="New token").click()
        self.page.wait_for_load_state()
        self.page.get_by_label("What is it for?").fill(name)
        for scope in scopes:
            self.page.get_by_label(scope).check()
        self.page.get_by_role("button", name="Make token").click()

    def revoke(self, name):
        self.page.get_by_role("link", name=f"Revoke {name}").click()
        self.page.get_by_role("button", name="Revoke token").click()


@pytest.fixture
def desk(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return TokensPage(page)


def ask(server, secret):
    """The status of the list of properties, and the answer."""
    request = urllib.request.Request(f"{server.url}/api/v1/properties/", headers={"Authorization": f"Bearer {secret}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_token_is_made_copied_used_tried_and_ended(page, desk, server):
    desk.open()
    page.get_by_role("link", name="New token").click()
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_text("Tick at least one.")).to_be_visible()
    page.goto("/accounts/tokens/")
    desk.make("Website", READ)
    expect(page.get_by_text("Copy it now.")).to_be_visible()
    expect(page.get_by_label("Token to copy")).to_be_focused()
    page.get_by_role("button", name="Copy token").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    secret = page.evaluate("navigator.clipboard.readText()")

    assert re.fullmatch(r"rt_[\w-]{43}", secret)
    assert ask(server, secret)[0] == 200

    page.get_by_role("link", name="Everything else it can do").click()
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("auth-bearer-value").fill(secret)
    page.get_by_label("Apply credentials").click()
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("#operations-properties-list_properties").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").get_by_text("200")).to_be_visible()

    page.get_by_role("link", name="API tokens").click()
    expect(page.get_by_role("row", name="Website")).not_to_contain_text("not yet")
    desk.revoke("Website")
    expect(page.get_by_text("The token Website is revoked")).to_be_visible()

    status, problem = ask(server, secret)
    assert (status, problem["code"]) == (401, "revoked_token")
    page.goto(problem["type"])
    expect(page.locator("tr:target")).to_contain_text("Somebody revoked the token.")


def test_what_was_shown_once_does_not_come_back(page, desk):
    desk.open()
    desk.make("Once", READ)
    secret = page.get_by_label("Token to copy").input_value()

    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("row", name="Once")).to_be_visible()
    page.go_back()
    page.wait_for_load_state()
    assert secret not in page.content()
    assert (
        page.locator("textarea").evaluate_all("(fields) => fields.map((field) => field.value).join()").find("rt_") < 0
    )

    page.goto("/accounts/tokens/")
    desk.make("Twice", READ)
    expect(page.get_by_label("Token to copy")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Token to copy")).to_have_count(0)
    page.goto("/accounts/tokens/")
    expect(page.get_by_role("row", name="Twice")).to_have_count(1)


def test_without_javascript_a_reload_makes_no_second_one(open_page):
    page = open_page(java_script_enabled=False)
    desk = TokensPage(page)
    page.goto("/accounts/tokens/")
    desk.make("Plain", READ)
    expect(page.get_by_label("Token to copy")).to_have_value(re.compile("^rt_"))
    expect(page.get_by_role("button", name="Copy token")).to_be_hidden()

    page.reload()  # sends the form again

    expect(page.get_by_text("This token was made already")).to_be_visible()
    expect(page.get_by_label("Token to copy")).to_have_count(0)
    expect(page.get_by_role("row", name="Plain")).to_have_count(1)


def test_an_integration_is_named_where_it_is_new(page, desk):
    desk.open()
    page.get_by_role("link", name="New token").click()
    expect(page.get_by_label("Name of the integration")).to_be_hidden()

    page.get_by_label("Who does what it does?").select_option("A new integration…")
    page.get_by_label("Name of the integration").fill("Channel manager")
    page.get_by_label("What is it for?").fill("Availability")
    page.get_by_label(READ).check()
    page.get_by_role("button", name="Make token").click()
    page.get_by_role("link", name="I have copied it").click()

    expect(page.get_by_role("region", name="Of integrations")).to_contain_text("Channel manager")


@pytest.mark.parametrize(
    ("path", "theme"),
    [
        ("/api/docs/", "dark"),
        ("/api/docs/redoc/", "light"),
        ("/api/docs/redoc/", "dark"),
        ("/api/docs/problems/", "dark"),
    ],
)
def test_the_pages_about_the_api_ask_only_us_and_fit_a_phone(open_page, server, path, theme):
    page = open_page(color_scheme=theme)  # which fails with any complaint, of the policy too
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url, server) else None)

    page.goto(path)

    words = "dates_taken" if "problems" in path else "Hotels and apartments"
    expect(page.get_by_text(words).locator("visible=true").first).to_be_visible(timeout=TO_DRAW)
    page.wait_for_load_state("networkidle")
    assert elsewhere == []
    assert scrolls_sideways(page, *PHONES) == []


def _is_elsewhere(url, server):
    return not url.startswith((server.url, "data:", "blob:"))


def test_every_page_of_ours_is_accessible_and_fits_a_phone(open_page):
    page = open_page(bypass_csp=True)
    desk = TokensPage(page)

    def check():
        assert violations(page) == []
        assert scrolls_sideways(page, *PHONES) == []

    for address in ("/accounts/tokens/", "/accounts/tokens/new/", "/api/docs/problems/"):
        page.goto(address)
        check()
    page.goto("/accounts/tokens/")
    desk.make("Axe", READ)
    expect(page.get_by_text("Copy it now.")).to_be_visible()
    check()
    page.goto("/accounts/tokens/")
    page.get_by_role("link", name="Revoke Axe").click()
    check()
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("row", name="Axe")).to_contain_text("Revoked")
    check()
