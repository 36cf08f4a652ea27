"""What is spoken into the browser arrives, whatever happens on the way.

Real Chromium, a fake microphone that speaks real words, the whole of Roomtone.
"""

import re
from contextlib import contextmanager

import jiwer
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch_options
from tests.e2e.axe import violations
from tests.e2e.conftest import sign_in
from tests.e2e.pages.voice_notes import VoiceNotes
from tests.e2e.patience import wait_until
from tests.house import ROOT
from tests.spoken import samples_of, silence, write

pytestmark = pytest.mark.e2e

CLIPS = ROOT / "config" / "demo" / "clips"
SPOKEN = CLIPS / "allergy.wav"
WORDS = "please tell the kitchen that the guest arriving on tuesday has a nut allergy"
# The fake microphone runs on during a pause: it is silent until the journey has paused and resumed.
SILENT_SECONDS = 3
# A hotel that counts no rooms takes them all, one for each test.
MANY_RESERVATIONS = """
from tests.factories import make_hotel, make_reservation
hotel = make_hotel(rooms=(), name="Hotel of the recordings")
for _ in range(40):
    print("reference", make_reservation(hotel).reference)
"""
# Milliseconds until a text is on the page: the first one loads the model.
PATIENCE = 60_000
OFFLINE = "Kept on this computer; it will be sent when the connection is back."
NO_ROOM = "This computer has no room left, so closing this page would lose what is not sent."
SIGNED_OUT = "You were signed out: sign in in a new tab; the recording goes on here."


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Its microphone speaks the clip each time that it is opened."""
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
    return open_desk(page, references)


@pytest.fixture
def unlucky(browser, house, signed_in, references):
    """A desk to which things happen that the console complains about."""
    context = browser.new_context(base_url=house.url, storage_state=signed_in)
    yield open_desk(context.new_page(), references)
    context.close()


def open_desk(page, references):
    desk = VoiceNotes(page, next(references))
    desk.open()
    return desk


def plain(text):
    return re.sub(r"[^a-z ]", "", text.lower())


def saved_text(desk):
    note = desk.notes.first
    expect(note.get_by_text("Transcribed")).to_be_visible(timeout=PATIENCE)
    return plain(note.locator("[data-transcript]").inner_text())


@contextmanager
def without_network(desk):
    desk.page.context.set_offline(True)
    try:
        yield
    finally:
        desk.page.context.set_offline(False)


def test_a_note_is_spoken_paused_read_heard_and_saved(desk):
    desk.record(until="0:01")
    desk.press("Pause")
    paused_at = desk.clock.inner_text()
    expect(desk.says).to_contain_text("Paused")
    expect(desk.sent).to_have_text("Sent.")
    desk.wait(seconds=1.2)
    expect(desk.clock).to_have_text(paused_at)
    desk.press("Resume")
    desk.speak(until="0:06")
    desk.press("Stop")

    expect(desk.text).to_contain_text("allergy", timeout=PATIENCE)
    expect(desk.recorder.locator("[data-news]")).to_contain_text("Written down: ")
    expect(desk.player.locator("[data-clock]")).to_have_text("0:00 / 0:06")
    desk.player.get_by_role("button", name="Play").click()
    sound = desk.player.locator("audio")
    desk.page.wait_for_function("sound => sound.currentTime > 0.3", arg=sound.element_handle())
    desk.player.get_by_role("slider", name="Position").fill("3")
    desk.page.wait_for_function("sound => sound.currentTime >= 3", arg=sound.element_handle())
    desk.press("Save note")

    text = saved_text(desk)
    assert jiwer.wer(WORDS, text) < 0.35, text
    note = desk.notes.first
    assert float(note.locator("voice-player").get_attribute("data-seconds")) == pytest.approx(6.2, abs=0.7)
    assert desk.kept() == []


def test_it_is_all_done_by_keyboard_and_a_discarded_recording_comes_back(desk):
    keyboard = desk.page.keyboard
    keyboard.press("r")
    expect(desk.button("Stop")).to_be_focused()
    desk.speak(until="0:01")
    keyboard.press("Enter")
    expect(desk.button("Save note")).to_be_focused()
    [[key, state, chunks]] = desk.kept()
    assert state == "stopped"
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")

    expect(desk.says).to_have_text("Recording discarded.")
    expect(desk.button("Undo")).to_be_focused()
    wait_until(desk.page, "async (key) => !(await (await fetch(`/recordings/${key}/`)).json()).expected", key)
    keyboard.press("Enter")
    expect(desk.button("Save note")).to_be_focused()
    expect(desk.sent).to_have_text("Sent.")
    assert desk.server_has(key)["expected"] == chunks
    keyboard.press("Enter")
    expect(desk.notes).to_have_count(1)
    expect(desk.button("Record a voice note")).to_be_focused()


def test_a_recording_that_is_discarded_for_good_is_nowhere(desk):
    desk.record_for_a_moment()
    [[key, _, _]] = desk.kept()
    desk.press("Discard")

    desk.record(until="0:01")

    expect(desk.button("Undo")).to_be_hidden()
    assert key not in [kept for kept, _, _ in desk.kept()]
    assert desk.server_has(key)["expected"] == 0
    expect(desk.notes).to_have_count(0)


def test_without_network_it_goes_on_and_the_note_arrives_afterwards(unlucky):
    unlucky.record(until="0:01")
    with without_network(unlucky):
        expect(unlucky.sent).to_have_text(OFFLINE)
        unlucky.speak(until="0:05")
        unlucky.press("Stop")
        unlucky.button("Save note").wait_for()
        expect(unlucky.sent).to_have_text(OFFLINE)
        unlucky.press("Save note")
        expect(unlucky.says).to_contain_text("You can record another one")
        unlucky.record(until="0:01")

    expect(unlucky.notes).to_have_count(1)
    expect(unlucky.sent).to_have_text("Sent.")
    unlucky.press("Stop")
    unlucky.press("Save note")
    expect(unlucky.notes).to_have_count(2)
    expect(unlucky.notes.last.locator("[data-transcript]")).to_contain_text("kitchen", timeout=PATIENCE)
    assert unlucky.kept() == []


def test_the_server_may_be_killed_and_started_again_while_somebody_speaks(unlucky, house):
    unlucky.record(until="0:02")
    house.kill()
    expect(unlucky.sent).to_have_text(OFFLINE)
    house.start()

    expect(unlucky.sent).to_have_text("Sent.", timeout=PATIENCE)
    unlucky.press("Stop")
    unlucky.press("Save note")
    expect(unlucky.notes).to_have_count(1)
    assert unlucky.kept() == []  # the server's copy is the same, byte for byte


def test_after_signing_in_again_the_same_note_arrives_once(unlucky, house):
    unlucky.record(until="0:02")
    unlucky.page.context.clear_cookies(name="roomtone_sessionid")
    expect(unlucky.sent).to_contain_text(SIGNED_OUT)
    unlucky.page.context.clear_cookies()  # the token too
    unlucky.press("Stop")
    unlucky.press("Save note")
    expect(unlucky.says).to_contain_text("saved as soon as")

    with unlucky.page.context.expect_page() as tab:
        unlucky.sent.get_by_role("link", name="Sign in").click()
    sign_in(tab.value, *house.account)
    unlucky.page.bring_to_front()

    expect(unlucky.notes).to_have_count(1, timeout=10_000)
    unlucky.open()
    expect(unlucky.notes).to_have_count(1)


def test_leaving_is_asked_about_only_while_something_could_be_lost(desk):
    questions = []
    desk.page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))

    desk.record(until="0:03")
    desk.page.reload()
    assert questions == ["beforeunload"]
    [[key, state, chunks]] = desk.kept()
    assert state == "recording"
    assert min(chunks, desk.server_has(key)["expected"]) >= 2

    desk.record_for_a_moment()
    desk.page.reload()
    assert questions == ["beforeunload"]  # all of it is kept, and offered on the next page

    desk.page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"
    )
    desk.record_for_a_moment()
    expect(desk.sent).to_have_text(
        "Sent. This computer has no room left, so closing this page would lose what is not sent."
    )
    desk.page.reload()
    assert questions == ["beforeunload"] * 2


def test_the_text_so_far_stands_under_the_meter_and_says_how_far_it_is(desk):
    answer(desk.page, "**/chunks/*/", text="two towels")
    desk.record(until="0:02")
    expect(desk.text).to_have_text("So far: “two towels”")
    answer(desk.page, "**/recordings/*/?wait=1*", text="two towels for the", heard_seconds=1.2, is_heard=False)

    desk.press("Stop")

    expect(desk.text).to_have_text(re.compile(r"Written down so far: 0:01 of 0:0\d “two towels for the”"))
    expect(desk.recorder.locator("[data-news]")).to_be_empty()  # read out once, when all of it is there
    write_down(desk.page)
    expect(desk.text).to_have_text("“two towels for the loft”")
    expect(desk.recorder.locator("[data-news]")).to_have_text("Written down: two towels for the loft")
    desk.page.unroute_all(behavior="ignoreErrors")


def write_down(page):
    answer(page, "**/recordings/*/?wait=1*", text="two towels for the loft", heard_seconds=2.2, is_heard=True)


def answer(page, pattern, **changes):
    """The server's answers there, with what a quicker or slower engine would have said."""

    def change(route):
        state = route.fetch(url=route.request.url.partition("?")[0])  # which answers at once
        route.fulfill(response=state, json=state.json() | changes)

    page.unroute(pattern)
    page.route(pattern, change)


def test_nothing_takes_an_unsaved_recording_off_the_page(desk):
    desk.record(until="0:01")

    desk.page.evaluate("htmx.ajax('GET', '/', '#main')")

    expect(desk.problem).to_have_text("Save the recording or discard it first.")
    expect(desk.button("Stop")).to_be_visible()


def test_a_lost_microphone_leaves_what_was_spoken_and_another_one_goes_on(desk):
    keep_track(desk.page)
    desk.record(until="0:05")

    desk.page.evaluate("window.track.dispatchEvent(new Event('ended'))")
    expect(desk.says).to_contain_text("Paused: the microphone was disconnected. What you said until then is kept.")
    desk.page.evaluate("fail('NotFoundError')")
    desk.press("Resume")
    expect(desk.problem).to_contain_text("There is no microphone.")
    expect(desk.button("Resume")).to_be_focused()
    desk.page.evaluate("fail('')")
    desk.press("Resume")
    desk.speak(until="0:10")
    desk.press("Stop")
    expect(desk.player.locator("[data-clock]")).to_have_text("0:00 / 0:10")
    desk.press("Save note")

    assert saved_text(desk).count("kitchen") == 2
    expect(desk.notes).to_have_count(1)


def test_a_microphone_that_another_takes_pauses_and_a_chosen_one_is_remembered(desk):
    choice = desk.recorder.get_by_label("Microphone")
    keep_track(desk.page)
    desk.record(until="0:01")
    desk.page.evaluate("window.track.dispatchEvent(new Event('mute'))")
    expect(desk.says).to_contain_text("Paused: another program")
    desk.press("Resume")
    desk.speak(until="0:02")

    choice.select_option("Fake Audio Input 2")  # in the middle of the recording
    expect(desk.says).to_have_text("Recording. Speak now.")
    assert desk.page.evaluate("window.track.label") == "Fake Audio Input 2"
    desk.speak(until="0:03")
    desk.press("Stop")
    assert desk.page.evaluate(SEGMENTS) == [0, 1]
    desk.press("Save note")
    expect(desk.notes).to_have_count(1)

    desk.open()
    expect(choice.locator("option:checked")).to_have_text("Fake Audio Input 2")
    desk.page.evaluate("localStorage.setItem('microphone', 'one that was sold')")
    desk.open()
    expect(choice.locator("option:checked")).to_have_text("The browser’s choice")
    desk.record(until="0:01")


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


def test_a_refused_microphone_is_put_into_words(browser, house, signed_in, references):
    options = launch_options()
    options["args"].remove("--use-fake-ui-for-media-stream")  # which says yes to every question
    with browser.browser_type.launch(**options) as refusing:
        desk = open_desk(refusing.new_page(base_url=house.url, storage_state=signed_in), references)

        desk.press("Record a voice note")

        expect(desk.problem).to_contain_text("The browser may not use the microphone. Allow it in the address bar")
        expect(desk.button("Record a voice note")).to_be_focused()


def test_a_microphone_that_does_not_open_is_put_into_words(desk):
    keep_track(desk.page)
    said = {
        "NotFoundError": "There is no microphone.",
        "NotReadableError": "The microphone is busy.",
        "AbortError": "could not be started",
        "OddError": "could not be opened",
    }
    for name, words in said.items():
        desk.page.evaluate("name => fail(name)", name)
        desk.press("Record a voice note")
        expect(desk.problem).to_contain_text(words)
        expect(desk.problem).not_to_contain_text("internal")

    desk.page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => new Promise(() => {}); }")
    desk.press("Record a voice note")
    expect(desk.says).to_contain_text("near the address bar")  # where the browser hides its question
    desk.press("Cancel")
    expect(desk.button("Record a voice note")).to_be_focused()

    desk.page.evaluate("() => { Object.defineProperty(navigator, 'mediaDevices', { value: undefined }); }")
    desk.press("Record a voice note")
    expect(desk.problem).to_contain_text("https")


def test_four_people_read_their_words_while_they_speak_and_all_of_them_after(browser, house, signed_in, references):
    contexts = [browser.new_context(base_url=house.url, storage_state=signed_in) for _ in range(4)]
    desks = [open_desk(context.new_page(), references) for context in contexts]
    for desk in desks:
        desk.button("Record a voice note").click()
    desks[0].speak(until="0:08")
    for desk in desks:
        desk.press("Stop")

    for desk in desks:
        expect(desk.text).to_contain_text("allergy", timeout=PATIENCE)
        desk.press("Save note")
    for desk in desks:
        assert jiwer.wer(WORDS, saved_text(desk)) < 0.35
    for context in contexts:
        context.close()


def test_it_is_accessible_and_fits_a_phone_in_every_state(open_page, references):
    page = open_page(reduced_motion="reduce", bypass_csp=True, viewport={"width": 320, "height": 844})
    desk = open_desk(page, references)
    read_out = desk.recorder.locator("[data-news]")
    steps = (
        lambda: expect(desk.button("Record a voice note")).to_be_visible(),
        lambda: desk.record(until="0:01"),
        lambda: desk.press("Pause"),
        lambda: (page.context.set_offline(True), desk.press("Resume"), expect(desk.sent).to_have_text(OFFLINE)),
        lambda: desk.press("Stop"),
        lambda: desk.press("Discard"),
        lambda: (page.context.set_offline(False), desk.press("Undo"), expect(desk.sent).to_have_text("Sent.")),
        lambda: expect(read_out).not_to_be_empty(timeout=PATIENCE),
    )
    for step in steps:
        step()
        for color_scheme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", color_scheme)
            assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.unroute_all(behavior="ignoreErrors")


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


def test_a_reason_to_hope_that_came_up_during_a_try_ends_the_pause_after_it(desk):
    was_hopeful = desk.page.evaluate(
        """async () => {
          const { Rest } = await import("lib/rest");
          const rest = new Rest();
          window.dispatchEvent(new Event("online"));
          return [await rest.for(3_600_000), await rest.for(1)];
        }"""
    )

    assert was_hopeful == [True, False]


FULL = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"
SEGMENTS = """async () => {
  const { allKept, chunksOf } = await import("lib/kept-recordings");
  const [{ key }] = await allKept();
  return [...new Set((await chunksOf(key)).map(({ segment }) => segment))];
}"""


def keep_track(page):
    """`window.track` is the microphone's; `fail(name)` makes it fail from now on, `fail("")` no more."""
    page.evaluate(
        """() => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          let failure = "";
          window.fail = (name) => (failure = name);
          navigator.mediaDevices.getUserMedia = async (wish) => {
            if (failure) throw new DOMException("internal", failure);
            const stream = await open(wish);
            [window.track] = stream.getAudioTracks();
            return stream;
          };
        }"""
    )
