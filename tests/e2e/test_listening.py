"""What a person does with one note: listen, follow its words, go elsewhere meanwhile, correct it, wait for its text."""

import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.conftest import PHONE, WIDE, sign_in
from tests.e2e.pages.note import NoteDesk
from tests.notes.each_state import TEXT

pytestmark = pytest.mark.e2e

# A hotel that counts no rooms takes them all: a reservation for each test, with the notes that it is about.
NOTES = """
import datetime as dt
from django.utils import timezone
from accounts.models import User
from tests.factories import make_hotel, make_reservation
from tests.notes.each_state import make_one_of_each, make_spoken
from tests.notes.notes import make_note
hotel = make_hotel(rooms=(), name="Hotel of those who listen")
tom, _ = User.objects.get_or_create(username="tom", first_name="Tom", last_name="Byrne")
young = timezone.now() + dt.timedelta(hours=1)  # still, when its test comes: others are looked at seldom

def a_silent_one(stay):
    make_note(reservation=stay, author=tom, status="no_speech")

def two_spoken(stay):
    make_spoken(stay)
    make_spoken(stay)

def unheard(stay):
    make_spoken(stay, author=tom)
    a_silent_one(stay)

def two_silent(stay):
    a_silent_one(stay)
    a_silent_one(stay)

MAKERS = {
    "spoken": (13, make_spoken),
    "two spoken": (1, two_spoken),
    "unheard": (1, unheard),
    "two silent": (1, two_silent),
    "failed": (1, lambda stay: make_note(reservation=stay, status="failed", failure="engine")),
    "waiting": (6, lambda stay: make_note(reservation=stay, status="uploading", queued_at=young)),
    "each": (3, make_one_of_each),
}
for kind, (count, make) in MAKERS.items():
    for _ in range(count):
        stay = make_reservation(hotel, guest="Vera Stimme")  # a name that no other test types
        make(stay)
        print("made", stay.reference, kind)
"""
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
WORK_ORDER = """
(words) => {
  const offer = document.createElement("a");
  Object.assign(offer.dataset, { workOrder: "/work-orders/new/", note: "7" });
  offer.hidden = true;
  offer.textContent = "Make a work order";
  const { parentNode, nextSibling } = words;
  words.remove();
  words.append(offer);
  parentNode.insertBefore(words, nextSibling);
}
"""
# Milliseconds until a text is on the page: the first one loads the model.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def made(house):
    """References of reservations, by what notes they have."""
    references = defaultdict(list)
    for reference, kind in re.findall(r"made (RT-\w+) (.+)", house.manage("shell", "-c", NOTES)):
        references[kind].append(reference)
    return references


@pytest.fixture
def open_desk(page, made):
    def open_desk(kind, page=page):
        desk = NoteDesk(page, made[kind].pop())
        desk.open()
        return desk

    return open_desk


@pytest.fixture
def desk(open_desk):
    return open_desk("spoken")


class TestFollowing:
    def test_a_word_plays_from_where_it_was_spoken_and_the_words_are_followed(self, desk):
        desk.words.nth(8).click()

        desk.hears(desk.note, past=2.8)
        expect(desk.words.nth(10)).to_have_class(re.compile("is-now"))
        expect(desk.note.locator("[aria-current]")).to_have_text(
            "At nine fifteen the fire alarm went off on the second floor."
        )
        desk.button_of(desk.note, "Pause").click()
        expect(desk.now).to_have_count(1)  # where one was

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
        desk.words.nth(12).evaluate("word => word.click()")
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
        press("l")
        assert desk.position(desk.note) >= 5
        press("ArrowLeft")
        assert desk.position(desk.note) < 3
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

    def test_marked_words_become_a_work_order(self, desk):
        desk.note.locator("spoken-words").evaluate(WORK_ORDER)
        desk.words.first.focus()

        for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Tab"):
            desk.page.keyboard.press(key)

        offer = desk.note.get_by_role("link", name="Make a work order")
        expect(offer).to_be_focused()
        expect(offer).to_have_attribute("href", "/work-orders/new/?note=7&start=1.4&words=fifteen+the+fire")
        desk.words.nth(1).dblclick()
        expect(offer).to_have_attribute("href", re.compile("words=report"))
        desk.note.locator(".meta").click()
        expect(offer).to_be_hidden()


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

        expect(desk.note.locator("[data-clock]")).to_have_text(re.compile(r"^0:02 /"))
        desk.play()
        desk.hears(desk.note, past=left - 0.3)
        desk.note.get_by_role("slider", name="Position").fill("7.5")
        expect(desk.button_of(desk.note, "Play")).to_be_visible()
        desk.page.reload()
        expect(desk.note.locator("[data-clock]")).to_have_text(re.compile(r"^0:00 /"))

    def test_nothing_of_it_stays_when_somebody_signs_out(self, open_page, open_desk, house):
        page = open_page(storage_state=None)  # signing out ends the session
        page.goto("/accounts/login/")
        sign_in(page, *house.account)
        desk = open_desk("spoken", page)
        desk.play()
        desk.hears(desk.note, past=1.2)
        assert desk.remembered()

        page.get_by_role("button", name="Sign out").click()

        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert desk.remembered() == []
        sign_in(page, *house.account)
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
        desk = open_desk("unheard")
        header = desk.page.locator("#voice-notes-unheard")
        expect(header).to_contain_text("1 unheard")  # the one whose text stood on the screen

        desk.button_of(desk.notes.filter(has_text="No speech"), "Play").click()

        expect(header).to_be_empty()
        expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
        desk.page.reload()
        expect(desk.notes.get_by_text("Heard by Lena Moreau")).to_have_count(2)

    def test_all_notes_are_marked_as_heard_at_once(self, open_desk):
        desk = open_desk("two silent")

        desk.page.get_by_role("button", name="Mark all as heard").press("Enter")

        expect(desk.page.locator("#voice-notes-unheard")).to_be_empty()
        expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
        expect(desk.page.get_by_role("list", name="Voice notes")).to_be_focused()


class TestChanging:
    def test_a_failed_note_is_tried_again(self, open_desk):
        desk = open_desk("failed")
        expect(desk.note.get_by_text("Could not transcribe")).to_be_visible()

        desk.button_of(desk.note, "Try again").click()

        expect(desk.note.get_by_text("No speech was found in the recording.")).to_be_visible(timeout=PATIENCE)
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
    def waiting(self, browser, house, signed_in, made):
        """At a desk to which things happen that the console complains about."""
        context = browser.new_context(base_url=house.url, storage_state=signed_in)
        desk = NoteDesk(context.new_page(), made["waiting"].pop())
        desk.looks = []
        desk.page.on("request", lambda request: desk.looks.append(request.url) if "?seen=" in request.url else None)
        desk.open()
        yield desk
        context.close()

    def test_the_text_arrives_as_it_is_there_while_the_note_is_listened_to(self, waiting, house):
        waiting.note.locator("audio").evaluate("sound => { sound.loop = true; }")  # a second is soon over
        waiting.play()
        waiting.hears(waiting.note, past=0)

        house.manage("shell", "-c", WRITE_DOWN.format(reference=waiting.reference))

        expect(waiting.note.get_by_text("Two towels.")).to_be_visible(timeout=1000)
        expect(waiting.page.locator("voice-notes [data-news]")).to_contain_text("Voice note: Two towels.")
        assert waiting.is_playing(waiting.note)
        expect(waiting.button_of(waiting.note, "Pause")).to_be_visible()

    def test_a_look_waits_for_news_and_there_is_one_at_a_time(self, waiting):
        waiting.looks.clear()

        waiting.wait(seconds=3)

        assert 1 <= len(waiting.looks) <= 2
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


LOOKS = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_accessible_in_every_state_and_no_wider_than_the_screen(open_page, open_desk, look):
    page = open_page(reduced_motion="reduce", bypass_csp=True, **LOOKS[look])
    desk = open_desk("each", page)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    desk.words.nth(4).click()
    desk.hears(desk.note, past=1.4)
    desk.button_of(desk.note, "Pause").click()
    assert violations(page) == []
    assert page.evaluate(fits)
    desk.notes.nth(4).get_by_role("link", name="Type the note").click()
    desk.note.get_by_role("link", name="Edit text").click()
    desk.note.get_by_text("What the machine wrote").click()
    assert violations(page) == []
    assert page.evaluate(fits)

    desk.note.get_by_role("slider", name="Position").fill("1")
    desk.play()
    desk.hears(desk.note, past=1)
    page.get_by_role("link", name="Properties").click()
    desk.hears(desk.dock, past=1)

    assert violations(page) == []
    for width in (320, page.viewport_size["width"]):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(fits)
