"""What a person does with one note: listen, follow its words, go elsewhere meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.menu import choose
from tests.e2e.pages.note import NoteDesk
from tests.notes.each_state import TEXT
from tests.wire import SAVES_DATA

pytestmark = [pytest.mark.e2e, pytest.mark.full]

NOTHING_REMEMBERED = "() => !Object.keys(sessionStorage).some((key) => key.startsWith('playback-'))"


class TestFollowing:
    def test_a_word_plays_from_where_it_was_spoken_and_the_words_are_followed(self, desk):
        desk.words.nth(8).click()

        desk.hears(desk.note, past=2.8)
        desk.button_of(desk.note, "Pause").click()
        expect(desk.now).to_have_count(1)  # where one was
        expect(desk.button_of(desk.note, "Play")).to_be_visible()
        at = desk.position(desk.note)
        begun = [word for word in desk.words.all() if float(word.get_attribute("data-start")) <= at]
        expect(begun[-1]).to_have_class(re.compile("is-now"))
        line = begun[-1].locator("xpath=ancestor::*[contains(@class, 'line')]")
        expect(line).to_have_attribute("aria-current", "true")
        expect(desk.note.locator("[aria-current]")).to_have_count(1)

        assert desk.words.nth(8).inner_text() == "went"
        assert desk.note.locator("[data-transcript]").inner_text() == TEXT

    def test_the_end_of_a_note_is_the_end_of_following_it(self, desk):
        desk.words.last.click()

        expect(desk.now).to_have_count(0, timeout=15_000)
        expect(desk.note.locator("[aria-current]")).to_have_count(0)

    def test_a_line_out_of_sight_is_scrolled_to_unless_somebody_scrolls(self, open_page, open_desk):
        page = open_page(viewport={"width": 390, "height": 300}, reduced_motion="reduce")
        desk = open_desk("spoken", page)
        first, second, third = desk.note.locator(".line").all()
        leave_at_the_foot = "line => scrollBy(0, line.getBoundingClientRect().bottom - innerHeight)"

        first.evaluate(leave_at_the_foot)
        desk.words.first.evaluate("word => word.click()")
        expect(second).to_have_attribute("aria-current", "true")
        expect(second).to_be_in_viewport()

        second.evaluate(leave_at_the_foot)
        page.mouse.wheel(0, -40)
        desk.words.nth(13).evaluate("word => word.click()")
        expect(third).to_have_attribute("aria-current", "true")
        expect(third).not_to_be_in_viewport()

    def test_what_is_copied_is_the_text_and_what_is_read_aloud_says_what_is_doubtful(self, desk):
        copied = desk.note.locator("[data-transcript]").evaluate(
            "text => { getSelection().selectAllChildren(text); return getSelection().toString(); }"
        )

        assert copied.strip() == TEXT
        tree = desk.page.context.new_cdp_session(desk.page).send("Accessibility.getFullAXTree")["nodes"]
        names = [node["name"]["value"].strip() for node in tree if "value" in node.get("name", {})]
        assert names.count("(unsure)") == 1


class TestKeyboard:
    def test_the_words_are_one_tab_stop_and_arrows_go_among_them(self, desk):
        stops = desk.note.locator(".w[tabindex]")
        expect(stops).to_have_count(1)
        desk.words.first.focus()

        for key, word in (("ArrowRight", "report."), ("ArrowDown", "At"), ("End", "hurt."), ("Home", "Incident")):
            desk.page.keyboard.press(key)
            expect(desk.note.get_by_role("button", name=word, exact=True)).to_be_focused()
        expect(stops).to_have_count(1)

        desk.page.keyboard.press("ArrowDown")
        desk.page.keyboard.press("Enter")
        desk.hears(desk.note, past=0.7)

    def test_keys_play_step_and_change_the_speed_and_single_ones_can_be_switched_off(self, desk):
        press = desk.page.keyboard.press
        desk.note.focus()

        press("Space")
        desk.hears(desk.note, past=0)
        press("k")
        expect(desk.button_of(desk.note, "Play")).to_be_visible()
        at = desk.position(desk.note)
        press("l")
        assert desk.position(desk.note) >= min(at + 5, 7)
        press("ArrowLeft")
        assert desk.position(desk.note) == pytest.approx(at, abs=0.5)
        press(">")
        expect(desk.button_of(desk.note, "Speed 1.5×")).to_be_visible()
        desk.note.get_by_role("slider", name="Position").focus()
        press("ArrowRight")
        assert desk.position(desk.note) >= 5

        desk.page.evaluate("localStorage.setItem('single-keys', 'off')")
        press("k")
        assert not desk.is_playing(desk.note)
        press("Space")
        desk.hears(desk.note, past=5)


class TestGoingElsewhere:
    def test_it_plays_on_in_the_dock_until_that_is_closed(self, desk):
        desk.button_of(desk.note, "Speed 1×").click()
        desk.play()
        desk.hears(desk.note, past=1)

        desk.page.get_by_role("link", name="Properties").click()

        desk.hears(desk.dock, past=1)
        expect(desk.button_of(desk.dock, "Speed 1.5×")).to_be_visible()
        desk.button_of(desk.dock, "−5 seconds").click()
        desk.button_of(desk.dock, "Pause").press("k")
        at = desk.position(desk.dock)
        desk.page.get_by_role("link", name="Guests").click()
        expect(desk.button_of(desk.dock, "Play")).to_be_visible()
        assert desk.position(desk.dock) == pytest.approx(at, abs=0.3)
        desk.button_of(desk.dock, "Close the player").click()
        expect(desk.dock).to_be_hidden()
        desk.page.reload()
        expect(desk.dock).to_be_hidden()

    def test_it_plays_on_after_a_page_that_was_left_before_its_player_was_loaded(self, desk):
        desk.play()
        desk.hears(desk.note, past=1)
        player = re.compile(r"/static/js/elements/voice-player\.")
        desk.page.add_init_script(SAVES_DATA)
        desk.page.route(player, lambda route: None)  # never answered

        with desk.page.expect_request(player):
            desk.page.get_by_role("link", name="Properties").click()
        desk.page.unroute(player)
        desk.page.get_by_role("link", name="Guests").click()

        desk.hears(desk.dock, past=1)

    def test_on_the_notes_own_page_its_own_player_goes_on(self, desk):
        desk.play()
        desk.hears(desk.note, past=0.5)
        desk.page.get_by_role("link", name="Properties").click()
        desk.hears(desk.dock, past=0.5)

        desk.dock.get_by_role("link").click()

        expect(desk.page.get_by_role("heading", name="Voice note", exact=True)).to_be_visible()
        desk.hears(desk.note, past=0.5)
        expect(desk.dock).to_be_hidden()

    def test_a_note_is_taken_up_where_it_was_left_and_begins_anew_when_it_was_heard(self, desk):
        desk.play()
        desk.hears(desk.note, past=2)
        desk.button_of(desk.note, "Pause").click()
        left = desk.position(desk.note)

        desk.page.reload()

        expect(desk.note.locator("[data-clock]")).to_have_text(re.compile(rf"^0:0{int(round(left, 1))} /"))
        desk.play()
        desk.hears(desk.note, past=left - 0.3)
        desk.note.get_by_role("slider", name="Position").fill("7.5")
        expect(desk.button_of(desk.note, "Play")).to_be_visible()
        desk.page.reload()
        expect(desk.note.locator("[data-clock]")).to_have_text(re.compile(r"^0:00 /"))

    def test_nothing_of_it_stays_when_somebody_signs_out(self, open_page, open_desk, server):
        page = open_page(storage_state=None)  # signing out ends the session
        page.goto("/accounts/login/")
        sign_in(page, *server.account)
        desk = open_desk("spoken", page)
        desk.play()
        desk.hears(desk.note, past=1.2)
        assert desk.remembered()

        choose(page, "button", "Sign out")

        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.wait_for_function(NOTHING_REMEMBERED)
        sign_in(page, *server.account)
        expect(desk.dock).to_be_hidden()

    def test_only_one_recording_sounds_at_a_time(self, open_desk):
        desk = open_desk("two spoken")
        first, second = desk.notes.first, desk.notes.last
        desk.button_of(first, "Play").click()
        desk.hears(first, past=0)

        desk.button_of(second, "Play").click()

        expect(desk.button_of(second, "Pause")).to_be_visible()
        expect(desk.button_of(first, "Play")).to_be_visible()
        tab = NoteDesk(desk.page.context.new_page(), desk.reference)
        tab.open()
        tab.play()
        expect(desk.button_of(second, "Play")).to_be_visible()


class TestHearing:
    def test_a_note_counts_as_heard_when_it_was_read_or_played(self, open_desk):
        desk = open_desk("unread")
        header = desk.page.locator("#voice-notes-unread")
        expect(header).to_contain_text("1 unheard")  # the one whose text stood on the screen

        desk.button_of(desk.notes.filter(has_text="No words"), "Play").click()

        expect(header).to_be_empty()
        expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
        desk.page.reload()
        expect(desk.notes.get_by_text("Heard by Lena Moreau")).to_have_count(2)

    def test_all_notes_are_marked_as_heard_at_once(self, open_desk):
        desk = open_desk("two silent")

        desk.page.get_by_role("button", name="Mark all as heard").press("Enter")

        expect(desk.page.locator("#voice-notes-unread")).to_be_empty()
        expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
        expect(desk.page.get_by_role("list", name="Voice notes")).to_be_focused()
