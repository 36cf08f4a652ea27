"""A note's row: its text is waited for, rated, corrected; the note is deleted, and fits every screen."""

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, WIDE
from tests.e2e.pages.note import NoteDesk
from tests.e2e.patience import PATIENCE
from tests.e2e.widths import scrolls_sideways
from tests.notes.each_state import TEXT

pytestmark = [pytest.mark.e2e, pytest.mark.full]

# What a worker does at its end, for a note that no worker has.
WRITE_DOWN = """
from config.notifications import notify
from notes.models import VoiceNote
from tests.notes.notes import make_transcript
note = VoiceNote.objects.get(reservation__reference="{reference}")
make_transcript(note, text="Two towels.", machine_text="Two towels.")
VoiceNote.objects.filter(pk=note.pk).update(status="transcribed")
notify("roomtone_notes", str(note.pk))
"""


class TestChanging:
    def test_a_failed_note_is_tried_again(self, open_desk):
        desk = open_desk("failed")
        expect(desk.note.get_by_text("Could not transcribe")).to_be_visible()

        desk.button_of(desk.note, "Try again").click()

        expect(desk.note.get_by_text("There is sound, but no words were found.")).to_be_visible(timeout=PATIENCE)
        expect(desk.button_of(desk.note, "Try again")).to_be_visible()

    def test_a_text_is_rated_edited_in_its_row_and_the_machines_text_restored(self, desk):
        good = desk.button_of(desk.note, "The text is good")
        good.press("Enter")
        expect(good).to_have_attribute("aria-pressed", "true")
        expect(good).to_be_focused()

        desk.note.get_by_role("link", name="Edit text").click()
        desk.note.get_by_label("What was said").fill("Fire alarm, it was steam.")
        desk.note.get_by_role("button", name="Save text").click()
        expect(desk.note.get_by_text("Fire alarm, it was steam.")).to_be_visible()
        desk.words.filter(has_text="steam").click()  # a word that was left alone keeps its time
        desk.hears(desk.note, past=4.8)
        desk.note.get_by_role("link", name="Edit text").click()
        expect(desk.note.get_by_text("rated good by Lena Moreau")).to_be_visible()
        desk.note.get_by_role("button", name="Restore").click()

        expect(desk.note.locator("[data-transcript]")).to_have_text(TEXT)

    def test_a_deleted_note_comes_back_by_undo(self, desk):
        desk.button_of(desk.note, "Delete").click()
        expect(desk.notes).to_have_count(0)
        expect(desk.page.get_by_role("list", name="Voice notes")).to_be_focused()

        desk.page.get_by_role("region", name="Messages").get_by_role("button", name="Undo").click()

        expect(desk.notes).to_have_count(1)


class TestWaiting:
    """A row whose note nobody works on: it stays as it is until the test says otherwise."""

    @pytest.fixture
    def waiting(self, browser, server, signed_in, made):
        """At a desk to which things happen that the console complains about."""
        context = browser.new_context(base_url=server.url, storage_state=signed_in)
        desk = NoteDesk(context.new_page(), made["waiting"].pop())
        desk.looks = []
        desk.page.on("request", lambda request: desk.looks.append(request.url) if "?seen=" in request.url else None)
        desk.open()
        yield desk
        context.close()

    def test_the_text_arrives_as_it_is_there_while_the_note_is_listened_to(self, waiting, server):
        waiting.note.locator("audio").evaluate("sound => { sound.loop = true; }")  # a second is soon over
        waiting.play()
        waiting.hears(waiting.note, past=0)

        server.run(WRITE_DOWN.format(reference=waiting.reference))

        expect(waiting.note.get_by_text("Two towels.")).to_be_visible()
        expect(waiting.page.locator("voice-notes [data-news]")).to_contain_text("Voice note: Two towels.")
        assert waiting.is_playing(waiting.note)
        expect(waiting.button_of(waiting.note, "Pause")).to_be_visible()

    def test_a_look_waits_for_news_and_there_is_one_at_a_time(self, waiting):
        waiting.looks.clear()
        begun = time.monotonic()

        for _ in range(3):
            with waiting.page.expect_request("**/*?seen=uploading*"):
                pass

        # The first may have come at once; each other one waits for two seconds for news.
        assert time.monotonic() - begun > 3
        assert all(look.endswith("?seen=uploading&wait=1") for look in waiting.looks)

    def test_a_row_does_not_look_while_its_tab_is_hidden(self, waiting):
        with waiting.page.expect_response("**/*?seen=uploading*"):
            waiting.page.evaluate(
                "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); }"
            )
        waiting.looks.clear()

        waiting.wait(seconds=3)

        assert waiting.looks == []
        with waiting.page.expect_request("**/*?seen=uploading*"):
            waiting.page.evaluate(
                "() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }"
            )

    def test_looking_leaves_the_keyboard_where_it_was(self, waiting):
        play = waiting.button_of(waiting.note, "Play")
        play.focus()
        with waiting.page.expect_response("**/*?seen=uploading*"):
            pass

        expect(play).to_be_focused()

    def test_looks_that_fail_are_no_news_and_what_somebody_does_goes_first(self, waiting):
        waiting.page.route("**/*?seen=*", lambda route: route.abort())
        with waiting.page.expect_event("requestfailed"), waiting.page.expect_event("requestfailed"):
            pass
        expect(waiting.page.get_by_text("No connection")).to_have_count(0)
        waiting.page.unroute("**/*?seen=*")
        with waiting.page.expect_request("**/*?seen=*"):
            pass

        waiting.button_of(waiting.note, "Delete").click()

        expect(waiting.notes).to_have_count(0)

    def test_a_row_goes_when_its_note_is_deleted_elsewhere(self, waiting):
        waiting.page.route("**/*?seen=*", lambda route: route.fulfill(status=404))

        expect(waiting.notes).to_have_count(0)
        expect(waiting.page.get_by_text("No voice notes yet.")).to_be_visible()


def test_the_marks_of_a_doubtful_note_leave_its_head_in_order(open_desk):
    desk = open_desk("doubted")
    head = desk.note.locator(".meta")
    state, doubt = (head.get_by_text(words, exact=True) for words in ("Transcribed", "Doubtful"))

    assert 0 < left_of(doubt) - right_of(state) < 12

    desk.page.set_viewport_size(PHONE)
    assert left_of(head.get_by_role("link")) == left_of(head.get_by_text("Tom Byrne"))
    assert right_of(doubt) == pytest.approx(right_of(state), abs=1)


def left_of(place):
    return place.bounding_box()["x"]


def right_of(place):
    return left_of(place) + place.bounding_box()["width"]


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_it_is_accessible_in_every_state_and_no_wider_than_the_screen(open_page, open_desk, viewport):
    page = open_page(reduced_motion="reduce", bypass_csp=True, viewport=viewport)
    desk = open_desk("each", page)
    desk.words.nth(4).click()
    desk.hears(desk.note, past=1.4)
    desk.button_of(desk.note, "Pause").click()
    assert violations(page) == []
    assert scrolls_sideways(page) == []
    desk.notes.nth(4).get_by_role("link", name="Type the note").click()
    desk.note.get_by_role("link", name="Edit text").click()
    desk.note.get_by_text("What the machine wrote").click()
    assert violations(page) == []
    assert scrolls_sideways(page) == []

    desk.note.get_by_role("slider", name="Position").fill("1")
    desk.play()
    desk.hears(desk.note, past=1)
    page.get_by_role("link", name="Calendar").click()
    desk.hears(desk.dock, past=1)

    assert violations(page) == []
    assert scrolls_sideways(page, 320, viewport["width"]) == []
