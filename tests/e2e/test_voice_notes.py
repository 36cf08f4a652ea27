"""Voice notes as people make them: real Chromium, a fake microphone that speaks real words, the whole of Roomtone."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.e2e.axe import violations
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.house import ROOT
from tests.spoken import samples_of, silence, write

pytestmark = pytest.mark.e2e

SPOKEN = ROOT / "config" / "demo" / "clips" / "allergy.wav"
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


def is_playing(sound):
    return sound.evaluate("sound => !sound.paused && !sound.ended")


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
