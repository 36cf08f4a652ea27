"""A recording is fetched when somebody listens to it, not before."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.full]


def test_no_sound_is_fetched_before_somebody_plays_it(page, open_desk):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url) if request.url.endswith("/audio") else None)
    desk = open_desk("two spoken")
    clock = desk.note.locator("[data-clock]")
    note_page = desk.note.locator(".note-link").get_attribute("href")
    page.goto("/notes/")  # a sound that is fetched holds the load event up
    page.goto(f"{note_page}#t=1.5")
    expect(clock).to_have_text("0:01 / 0:07")
    page.goto(desk.address)
    expect(clock).to_have_text("0:00 / 0:07")
    assert fetched == []

    desk.note.get_by_role("slider", name="Position").fill("3")
    expect(clock).to_have_text("0:03 / 0:07")
    desk.play()

    desk.hears(desk.note, past=3.2)
    assert len(set(fetched)) == 1
