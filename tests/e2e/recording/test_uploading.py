"""Voice notes from a file, on a reservation's page."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.patience import PATIENCE
from tests.e2e.recording.conftest import SPOKEN
from tests.e2e.widths import PHONES, scrolls_sideways

pytestmark = [pytest.mark.e2e, pytest.mark.full]


def test_a_file_is_uploaded_and_written_down(desk):
    desk.upload(SPOKEN)

    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    expect(desk.page.get_by_text("No voice notes yet.")).to_be_hidden()


def test_a_phone_sends_a_file_by_one_button_too(open_page, open_desk):
    desk = open_desk(open_page(viewport=PHONE, has_touch=True, is_mobile=True))

    expect(desk.page.get_by_role("button", name="Upload", exact=True)).to_be_hidden()
    desk.upload(SPOKEN)

    expect(desk.notes).to_have_count(1)


def test_a_slow_upload_shows_how_far_it_is(desk):
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 50_000}
    desk.page.context.new_cdp_session(desk.page).send("Network.emulateNetworkConditions", line)

    desk.upload(SPOKEN)

    expect(desk.recorder.get_by_role("progressbar")).to_be_visible()
    expect(desk.recorder.get_by_text(re.compile(r"Sending, \d+ %"))).to_be_visible()
    expect(desk.notes).to_have_count(1, timeout=30_000)
    expect(desk.recorder.get_by_role("progressbar")).to_be_hidden()


def test_a_file_that_is_no_recording_is_refused_in_words(desk, tmp_path):
    letter = tmp_path / "letter.wav"
    letter.write_text("Dear guest")

    desk.upload(letter)

    expect(desk.problem).to_contain_text("This is not a sound file, whatever it is called. Choose a recording.")
    expect(desk.notes).to_have_count(0)


@pytest.mark.parametrize("cookies", [None, re.compile("session")], ids=["all", "the session"])
def test_a_file_that_was_sent_after_the_session_ended_is_sent_again_after_signing_in(unlucky, server, cookies):
    unlucky.page.context.clear_cookies(name=cookies)

    unlucky.upload(SPOKEN)

    expect(unlucky.problem).to_contain_text("You were signed out. Nothing is lost: sign in in a new tab")
    with unlucky.page.context.expect_page() as opened:
        unlucky.problem.get_by_role("link", name="Sign in").click()
    sign_in(opened.value, *server.account)
    unlucky.problem.get_by_role("button", name="Send again").click()
    expect(unlucky.notes).to_have_count(1)
    expect(unlucky.problem).to_be_empty()


def test_the_r_key_types_an_r_where_something_is_typed(desk):
    desk.upload(SPOKEN)
    desk.notes.first.get_by_role("link", name="Edit text").click(timeout=PATIENCE)
    field = desk.notes.first.get_by_label("What was said")
    expect(field).to_be_focused()

    field.press("r")
    desk.page.keyboard.press("Control+r")

    expect(desk.button("Record a voice note")).to_be_visible()


def test_it_is_accessible_and_fits_a_phone_in_every_state(open_page, open_desk):
    page = open_page(reduced_motion="reduce", bypass_csp=True)
    desk = open_desk(page)
    assert violations(page) == []
    desk.upload(SPOKEN)
    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    assert scrolls_sideways(page, *PHONES) == []

    note.get_by_role("link", name="Edit text").click()
    note.get_by_label("What was said").wait_for()
    assert violations(page) == []


def test_it_works_without_javascript(open_page, open_desk):
    page = open_page(java_script_enabled=False)
    desk = open_desk(page)

    desk.upload(SPOKEN)
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(page.get_by_text("The voice note is saved.")).to_be_visible()
    expect(desk.button("Record a voice note")).to_be_hidden()
    desk.notes.first.get_by_role("button", name="Delete").click()
    expect(desk.notes).to_have_count(0)
