"""One voice note's row, and the sound of its page, in the words of the screen. Verbs only."""

from tests.e2e.pages.voice_notes import VoiceNotes


class NoteDesk(VoiceNotes):
    """On the page of a reservation whose newest note is what the test is about."""

    def __init__(self, page, reference):
        super().__init__(page, reference)
        self.note = self.notes.first
        self.words = self.note.locator(".w")
        self.now = self.note.locator(".w.is-now")
        self.dock = page.get_by_role("region", name="Now playing")

    def button_of(self, place, name):
        return place.get_by_role("button", name=name, exact=True)

    def play(self):
        self.button_of(self.note, "Play").click()

    def hears(self, place, *, past):
        """Wait until what sounds in the note or the dock has passed this second."""
        sound = place.locator("audio").element_handle()
        self.page.wait_for_function("([sound, past]) => !sound.paused && sound.currentTime > past", arg=[sound, past])

    def position(self, place):
        return place.locator("audio").evaluate("sound => sound.currentTime")

    def is_playing(self, place):
        return place.locator("audio").evaluate("sound => !sound.paused && !sound.ended")

    def remembered(self):
        """What the tab keeps of listening."""
        return self.page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('playback-'))")
