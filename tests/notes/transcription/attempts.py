"""One attempt at a note, as a worker makes it."""

from notes.engines.base import Segment, Transcription
from notes.engines.fake import FakeEngine
from notes.transcription.saved_notes import transcribe

SAID = Transcription((Segment(0, 1, "Room one is ready."),), "en", "fake", "fake", 0.1)


def attempt(note, engine=None):
    transcribe(str(note.pk), engine=engine or FakeEngine("Room one is ready."))
    note.refresh_from_db()
    return note
