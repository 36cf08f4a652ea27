"""Voice notes as people make them: real Chromium, a fake microphone that speaks real words, the whole of Roomtone."""

import re

import jiwer
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.e2e.axe import violations
from tests.e2e.conftest import sign_in
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.house import ROOT
from tests.spoken import samples_of, silence, write

pytestmark = pytest.mark.e2e

SPOKEN = ROOT / "config" / "demo" / "clips" / "allergy.wav"
WORDS = "please tell the kitchen that the guest arriving on tuesday has a nut allergy"
# The fake microphone runs on during a pause: it is silent until the journey has paused and resumed.
SILENT_SECONDS = 3
# A hotel that counts no rooms takes them all, one for each test.
MANY_RESERVATIONS = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=(), name="Hotel of the voice notes")
for _ in range(60):
    print("reference", make_reservation(hotel).reference)
"""
# Milliseconds until a text is on the page: the first one loads the model.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Its microphone speaks the clip."""
    path = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    options = launch_options(microphone=write(path, silence(SILENT_SECONDS), samples_of(SPOKEN)))
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        yield browser


@pytest.fixture(scope="module")
def references(house):
    return iter(re.findall(r"reference (RT-\w+)", house.manage("shell", "-c", MANY_RESERVATIONS)))


@pytest.fixture
def desk(page, references):
    """On the page of a reservation of its own."""
    desk = VoiceNotes(page, next(references))
    desk.open()
    return desk


@pytest.fixture
def unlucky(browser, house, signed_in, references):
    """A desk to which things happen that the console complains about."""
    context = browser.new_context(base_url=house.url, storage_state=signed_in)
    desk = VoiceNotes(context.new_page(), next(references))
    desk.open()
    yield desk
    context.close()


def plain(text):
    return re.sub(r"[^a-z ]", "", text.lower())


def is_playing(sound):
    return sound.evaluate("sound => !sound.paused && !sound.ended")


def test_a_note_is_spoken_paused_heard_saved_written_and_sought(desk):
    desk.record(until="0:01")
    desk.press("Pause")
    paused_at = desk.clock.inner_text()
    expect(desk.says).to_contain_text("Paused")
    desk.wait(seconds=1.2)
    expect(desk.clock).to_have_text(paused_at)
    desk.press("Resume")
    desk.speak(until="0:06")
    desk.press("Stop")

    sound = desk.player.locator("audio")
    expect(desk.player.locator("[data-clock]")).to_have_text("0:00 / 0:06")
    desk.player.get_by_role("button", name="Play").click()
    desk.page.wait_for_function("sound => sound.currentTime > 0.3", arg=sound.element_handle())
    desk.player.get_by_role("slider", name="Position").fill("3")
    desk.page.wait_for_function("sound => sound.currentTime >= 3", arg=sound.element_handle())

    desk.press("Save note")

    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    text = note.locator("[data-transcript]").inner_text()
    assert jiwer.wer(WORDS, plain(text)) < 0.35, text
    assert float(note.locator("voice-player").get_attribute("data-seconds")) == pytest.approx(6.2, abs=0.7)
    note.get_by_role("button", name="Play").click()
    saved = note.locator("audio")
    desk.page.wait_for_function("sound => sound.currentTime > 0.2", arg=saved.element_handle())
    note.get_by_role("slider", name="Position").fill("2")
    desk.page.wait_for_function("sound => sound.currentTime >= 2", arg=saved.element_handle())


def others_note(house, desk, **fields):
    """Spoken on the desk's reservation by somebody who is not signed in here."""
    script = f"""
from accounts.models import User
from tests.notes.notes import make_note
tom, _ = User.objects.get_or_create(username="tom", first_name="Tom")
make_note(author=tom, reservation=Reservation.objects.get(reference={desk.reference!r}), **{fields!r})
"""
    house.manage("shell", "-c", script)


def test_a_note_counts_as_heard_when_it_was_read_or_played(desk, house):
    others_note(house, desk, transcript="Two towels, please.")
    others_note(house, desk, status="no_speech")
    desk.page.reload()
    header = desk.page.locator("#voice-notes-unheard")
    expect(header).to_contain_text("1 unheard")  # the one whose text stood on the screen

    desk.notes.filter(has_text="No speech").get_by_role("button", name="Play").click()

    expect(header).to_be_empty()
    expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
    desk.page.reload()
    expect(desk.notes.get_by_text("Heard by Lena Moreau")).to_have_count(2)


def test_all_notes_are_marked_as_heard_at_once(desk, house):
    others_note(house, desk, status="no_speech")
    others_note(house, desk, status="no_speech")
    desk.page.reload()

    desk.page.get_by_role("button", name="Mark all as heard").press("Enter")

    expect(desk.page.locator("#voice-notes-unheard")).to_be_empty()
    expect(desk.notes.get_by_text("Unheard")).to_have_count(0)
    expect(desk.page.get_by_role("list", name="Voice notes")).to_be_focused()


def test_the_text_arrives_while_the_note_is_being_listened_to(desk):
    desk.record(until="0:06")
    desk.press("Stop")
    desk.press("Save note")
    note = desk.notes.first
    note.get_by_role("button", name="Play").click()
    sound = note.locator("audio")
    desk.page.wait_for_function("sound => sound.currentTime > 0", arg=sound.element_handle())

    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)

    expect(desk.page.locator("voice-notes [data-news]")).to_contain_text("Voice note: ")
    assert is_playing(sound)
    expect(note.get_by_role("button", name="Pause")).to_be_visible()


def test_a_word_of_the_text_seeks_to_where_it_was_spoken(desk):
    desk.upload(SPOKEN)
    note = desk.notes.first
    word = note.locator("[data-start]").last
    word.wait_for(timeout=PATIENCE)

    word.click()

    start = float(word.get_attribute("data-start"))
    assert start > 2
    desk.page.wait_for_function(
        "([sound, start]) => sound.currentTime >= start", arg=[note.locator("audio").element_handle(), start]
    )


def test_a_file_is_uploaded_and_written_down(desk):
    desk.upload(SPOKEN)

    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    expect(desk.page.get_by_text("No voice notes yet.")).to_be_hidden()


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

    expect(desk.problem).to_contain_text("This file is not a recording.")
    expect(desk.notes).to_have_count(0)


def test_a_discarded_recording_can_be_taken_back(desk):
    desk.record(until="0:01")
    desk.press("Stop")

    desk.press("Discard")
    expect(desk.says).to_have_text("Recording discarded.")
    expect(desk.button("Undo")).to_be_focused()
    desk.press("Undo")

    expect(desk.button("Save note")).to_be_focused()
    desk.press("Discard")
    desk.button("Record a voice note").click()
    expect(desk.button("Undo")).to_be_hidden()
    expect(desk.notes).to_have_count(0)


def test_the_keyboard_follows_the_recording(desk):
    desk.page.keyboard.press("r")

    expect(desk.button("Stop")).to_be_focused()
    desk.speak(until="0:01")
    desk.page.keyboard.press("Enter")
    expect(desk.button("Save note")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.button("Record a voice note")).to_be_focused()
    expect(desk.notes).to_have_count(1)


def test_the_r_key_types_an_r_where_something_is_typed(desk):
    desk.upload(SPOKEN)
    desk.notes.first.get_by_role("link", name="Edit text").click(timeout=PATIENCE)
    field = desk.notes.first.get_by_label("What was said")
    expect(field).to_be_focused()

    field.press("r")
    desk.page.keyboard.press("Control+r")

    expect(desk.button("Record a voice note")).to_be_visible()


def test_a_failed_note_is_tried_again(desk, house):
    note = f"reservation=Reservation.objects.get(reference={desk.reference!r}), status='failed', failure='engine'"
    house.manage("shell", "-c", f"from tests.notes.notes import make_note; make_note({note})")
    desk.page.reload()
    note = desk.notes.first
    expect(note.get_by_text("Could not transcribe")).to_be_visible()

    note.get_by_role("button", name="Try again").click()

    expect(note.get_by_text("No speech was found in the recording.")).to_be_visible(timeout=PATIENCE)
    expect(note.get_by_role("button", name="Try again")).to_be_visible()


def test_a_text_is_edited_in_its_row_and_the_machines_text_restored(desk):
    desk.upload(SPOKEN)
    note = desk.notes.first
    note.get_by_role("link", name="Edit text").click(timeout=PATIENCE)
    machine = note.get_by_label("What was said").input_value()

    note.get_by_label("What was said").fill("Nut allergy, Tuesday.")
    note.get_by_role("button", name="Save text").click()
    expect(note.get_by_text("Nut allergy, Tuesday.")).to_be_visible()
    note.get_by_role("link", name="Edit text").click()
    note.get_by_role("button", name="Restore").click()

    expect(note.locator("[data-transcript]")).to_have_text(machine)


def test_a_deleted_note_comes_back_by_undo(desk):
    desk.upload(SPOKEN)
    desk.notes.first.get_by_role("button", name="Delete").click()
    expect(desk.notes).to_have_count(0)
    expect(desk.page.get_by_role("list", name="Voice notes")).to_be_focused()

    desk.page.get_by_role("region", name="Messages").get_by_role("button", name="Undo").click()

    expect(desk.notes).to_have_count(1)


def test_a_refused_microphone_is_put_into_words(browser, house, signed_in, references):
    options = launch_options()
    options["args"].remove("--use-fake-ui-for-media-stream")  # which says yes to every question
    with browser.browser_type.launch(**options) as refusing:
        desk = VoiceNotes(refusing.new_page(base_url=house.url, storage_state=signed_in), next(references))
        desk.open()

        desk.press("Record a voice note")

        expect(desk.problem).to_contain_text("The browser may not use the microphone. Allow it in the address bar")
        expect(desk.button("Record a voice note")).to_be_focused()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotFoundError", "There is no microphone."),
        ("NotReadableError", "The microphone is busy."),
        ("AbortError", "could not be started"),
        ("OddError", "could not be opened"),
    ],
)
def test_a_microphone_that_does_not_open_is_put_into_words(desk, name, words):
    desk.page.evaluate(
        "name => navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('internal', name))", name
    )

    desk.press("Record a voice note")

    expect(desk.problem).to_contain_text(words)
    expect(desk.problem).not_to_contain_text("internal")


def test_a_page_without_a_microphone_says_how_to_get_one(desk):
    desk.page.evaluate("() => { Object.defineProperty(navigator, 'mediaDevices', { value: undefined }); }")

    desk.press("Record a voice note")

    expect(desk.problem).to_contain_text("https")


def test_a_question_that_the_browser_hides_is_pointed_at_and_can_be_cancelled(desk):
    desk.page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }")

    desk.press("Record a voice note")

    expect(desk.says).to_contain_text("near the address bar")
    desk.press("Cancel")
    expect(desk.button("Record a voice note")).to_be_focused()


def test_silence_is_seen_and_warned_of(desk):
    desk.press("Record a voice note")

    expect(desk.says).to_contain_text("The microphone gives no sound.", timeout=20_000)
    newest = desk.recorder.locator("[data-meter] i.on").last
    assert float(newest.evaluate("bar => bar.style.getPropertyValue('--h')")) < 10


def test_it_stops_by_itself_at_the_limit_and_keeps_what_was_spoken(desk):
    desk.recorder.evaluate("recorder => { recorder.dataset.limitSeconds = 2; }")
    desk.press("Record a voice note")

    expect(desk.says).to_contain_text("This is the longest a note can be")
    desk.press("Save note")
    expect(desk.notes).to_have_count(1)


def test_a_microphone_that_is_pulled_out_leaves_what_was_spoken(desk):
    keep_track(desk.page)
    desk.record(until="0:02")

    desk.page.evaluate("window.track.dispatchEvent(new Event('ended'))")

    expect(desk.says).to_contain_text("The microphone was disconnected.")
    desk.press("Save note")
    expect(desk.notes).to_have_count(1)


def test_a_microphone_that_another_takes_pauses_the_recording(desk):
    keep_track(desk.page)
    desk.record(until="0:01")

    desk.page.evaluate("window.track.dispatchEvent(new Event('mute'))")

    expect(desk.says).to_contain_text("Paused: another program")
    expect(desk.button("Resume")).to_be_visible()


def test_a_recording_outlives_a_save_without_network(unlucky):
    unlucky.record(until="0:02")
    unlucky.press("Stop")
    unlucky.page.route("**/voice-notes/", lambda route: route.abort())

    unlucky.press("Save note")

    expect(unlucky.problem).to_contain_text("The server could not be reached, and nothing was saved.")
    expect(unlucky.page.get_by_role("region", name="Messages").locator("p")).to_have_count(0)
    unlucky.page.unroute("**/voice-notes/")
    unlucky.press("Save note")
    expect(unlucky.notes).to_have_count(1)
    expect(unlucky.problem).to_have_text("")


@pytest.mark.parametrize(
    ("forgotten", "words"),
    [("roomtone_sessionid", "You were signed out."), (re.compile(".*"), "This page was open for too long.")],
)
def test_a_recording_outlives_the_session(unlucky, house, forgotten, words):
    unlucky.record(until="0:02")
    unlucky.press("Stop")
    unlucky.page.context.clear_cookies(name=forgotten)

    unlucky.press("Save note")

    expect(unlucky.problem).to_contain_text(words)
    with unlucky.page.context.expect_page() as tab:
        unlucky.problem.get_by_role("link", name="Sign in").click()
    sign_in(tab.value, *house.account)
    unlucky.press("Save note")
    expect(unlucky.notes).to_have_count(1)


def test_leaving_with_an_unsaved_recording_is_asked_about(desk):
    questions = []
    desk.page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    desk.record(until="0:01")
    desk.press("Stop")

    desk.page.reload()

    assert questions == ["beforeunload"]
    desk.page.reload()
    assert questions == ["beforeunload"]


def test_nothing_takes_an_unsaved_recording_off_the_page(desk):
    desk.record(until="0:01")

    desk.page.evaluate("htmx.ajax('GET', '/', '#main')")

    expect(desk.problem).to_have_text("Save the recording or discard it first.")
    expect(desk.button("Stop")).to_be_visible()


@pytest.fixture
def waiting(unlucky, house):
    """A row that stays pending, and the addresses it has looked at since."""
    note = f"reservation=Reservation.objects.get(reference={unlucky.reference!r}), status='uploading'"
    house.manage("shell", "-c", f"from tests.notes.notes import make_note; make_note({note})")
    unlucky.looks = []
    unlucky.page.on("request", lambda request: unlucky.looks.append(request.url) if "?seen=" in request.url else None)
    unlucky.open()
    return unlucky


def test_a_row_does_not_look_while_its_tab_is_hidden(waiting):
    with waiting.page.expect_request("**/*?seen=uploading"):
        pass
    waiting.page.evaluate("() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); }")
    waiting.looks.clear()

    waiting.wait(seconds=2)

    assert waiting.looks == []
    with waiting.page.expect_request("**/*?seen=uploading"):
        waiting.page.evaluate("() => { delete document.hidden; }")


def test_looking_leaves_the_keyboard_where_it_was(waiting):
    play = waiting.notes.first.get_by_role("button", name="Play")
    play.focus()
    with waiting.page.expect_response("**/*?seen=uploading"):
        pass
    with waiting.page.expect_response("**/*?seen=uploading"):
        pass

    expect(play).to_be_focused()


def test_looks_that_fail_are_no_news_for_the_desk(waiting):
    waiting.page.route("**/*?seen=*", lambda route: route.abort())
    with waiting.page.expect_event("requestfailed"), waiting.page.expect_event("requestfailed"):
        pass

    expect(waiting.page.get_by_text("No connection")).to_have_count(0)
    expect(waiting.notes).to_have_count(1)


def test_a_row_goes_when_its_note_is_deleted_elsewhere(waiting):
    waiting.page.route("**/*?seen=*", lambda route: route.fulfill(status=404))

    expect(waiting.notes).to_have_count(0)
    expect(waiting.page.get_by_text("No voice notes yet.")).to_be_visible()


def test_only_one_recording_sounds_at_a_time(desk):
    for _ in range(2):
        desk.upload(SPOKEN)
        expect(desk.notes.first.get_by_role("button", name="Play")).to_be_visible()
    expect(desk.notes).to_have_count(2)
    first, second = desk.notes.first, desk.notes.last
    first.get_by_role("button", name="Play").click()
    expect(first.get_by_role("button", name="Pause")).to_be_visible()

    second.get_by_role("button", name="Play").click()

    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    expect(first.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_it_is_accessible_in_every_state(open_page, references, color_scheme):
    page = open_page(color_scheme=color_scheme, reduced_motion="reduce", bypass_csp=True)
    desk = VoiceNotes(page, next(references))
    desk.open()
    assert violations(page) == []
    desk.upload(SPOKEN)
    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)

    for step in (lambda: desk.record(until="0:01"), lambda: desk.press("Pause"), lambda: desk.press("Stop")):
        step()
        assert violations(page) == []
    note.get_by_role("link", name="Edit text").click()
    note.get_by_label("What was said").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(open_page, references, width):
    page = open_page(viewport={"width": width, "height": 844})
    desk = VoiceNotes(page, next(references))
    desk.open()
    desk.upload(SPOKEN)
    expect(desk.notes.first.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)

    for step in (lambda: desk.record(until="0:01"), lambda: desk.press("Stop"), lambda: desk.press("Discard")):
        step()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_javascript(open_page, references):
    page = open_page(java_script_enabled=False)
    desk = VoiceNotes(page, next(references))
    desk.open()

    desk.upload(SPOKEN)
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(page.get_by_text("The voice note is saved.")).to_be_visible()
    expect(desk.button("Record a voice note")).to_be_hidden()
    desk.notes.first.get_by_role("button", name="Delete").click()
    expect(desk.notes).to_have_count(0)


def test_a_recordings_clock_counts_only_what_is_spoken(desk):
    seconds = desk.page.evaluate(
        """async () => {
          const { Recording } = await import("lib/recording");
          let now = 0;
          const recording = new Recording({ now: () => now });
          const seen = [];
          for (const [verb, at] of [["ask", 0], ["open", 1000], ["pause", 4000], ["resume", 60000], ["stop", 62000]]) {
            now = at;
            seen.push([recording.move(verb), recording.seconds]);
          }
          now = 90000;
          return [...seen, [recording.move("resume"), recording.seconds]];
        }"""
    )

    assert seconds == [[True, 0], [True, 0], [True, 3], [True, 3], [True, 5], [False, 5]]


def keep_track(page):
    page.evaluate(
        """() => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wish) => {
            const stream = await open(wish);
            [window.track] = stream.getAudioTracks();
            return stream;
          };
        }"""
    )
