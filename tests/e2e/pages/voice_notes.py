"""The voice notes on a reservation's page, in the words of its screen. Verbs only."""

import re

from playwright.sync_api import TimeoutError

from tests.e2e.patience import PATIENCE

OFFLINE = "Kept on this computer; it will be sent when the connection is back."


class VoiceNotes:
    def __init__(self, page, reference):
        self.page = page
        self.reference = reference
        self.recorder = page.locator("voice-recorder")
        self.player = self.recorder.locator("voice-player")
        self.clock = self.recorder.locator("[data-spoken]")
        self.says = self.recorder.locator("[data-says]")
        self.sent = self.recorder.locator("[data-sent]")
        self.text = self.recorder.locator(".recorder-text")
        self.problem = self.recorder.get_by_role("alert")
        self.notes = page.get_by_role("list", name="Voice notes").get_by_role("listitem")

    @property
    def address(self):
        return f"/reservations/{self.reference}/"

    def open(self):
        self.page.goto(self.address)

    def button(self, name):
        return self.recorder.get_by_role("button", name=name, exact=True)

    def record(self, *, until):
        """Record until the recorder's clock shows `until`, such as "0:03", or more."""
        self.button("Record a voice note").click()
        self.speak(until=until)

    def speak(self, *, until):
        """Until the clock shows this or more: on a busy machine it leaps."""
        try:
            self.page.wait_for_function(
                "([clock, until]) => clock.checkVisibility() && clock.textContent >= until",
                arg=[self.clock.element_handle(), until],
                timeout=PATIENCE,
            )
        except TimeoutError:
            raise AssertionError(f"The recorder did not come to {until}:\n{self.recorder.aria_snapshot()}") from None

    def listen_first(self):
        """From now on Stop does not save yet."""
        self.open_settings()
        self.recorder.get_by_label("Listen before saving").check()

    def open_settings(self):
        self.recorder.locator("summary", has_text="Recording settings").click()

    def record_for_a_moment(self):
        """Record, and stop: there is something to listen to, to save or to discard."""
        if not self.recorder.locator("[data-listen-first]").is_checked():
            self.listen_first()
        self.record(until="0:01")
        self.press("Stop")
        self.button("Save note").wait_for()

    def saved_text(self):
        """The newest note's, once it is written down: small letters and spaces."""
        note = self.notes.first
        note.get_by_text("Transcribed").wait_for(timeout=PATIENCE)
        return re.sub(r"[^a-z ]", "", note.locator("[data-transcript]").inner_text().lower())

    def kept(self):
        """What the browser keeps of recordings, as [(key, state, number of chunks)]."""
        return self.page.evaluate(
            """async () => {
              const { allRecordings, chunksOf } = await import("lib/recording-store");
              const all = await allRecordings();
              return Promise.all(all.map(async ({ key, state }) => [key, state, (await chunksOf(key)).length]));
            }"""
        )

    def seconds(self):
        """How long the one recording is that the browser keeps."""
        seconds, *_ = self.page.evaluate(
            "async () => (await (await import('lib/recording-store')).allRecordings()).map(({ seconds }) => seconds)"
        )
        return seconds

    def server_has(self, key):
        """The server's state of the recording."""
        return self.page.evaluate("async (key) => (await fetch(`/recordings/${key}/`)).json()", key)

    def press(self, name):
        self.button(name).click()

    def upload(self, path):
        self.page.get_by_label("Upload a file").set_input_files(path)

    def wait(self, *, seconds):
        """Let time pass on the page, for what must not happen in it."""
        start = self.page.evaluate("performance.now()")
        self.page.wait_for_function("end => performance.now() > end", arg=start + 1000 * seconds)
