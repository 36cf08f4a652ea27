"""A browser that sends a recording chunk by chunk."""

import uuid

from notes.ingest import recording
from tests.factories import make_reservation
from tests.notes.clips import browser_recording, tone

SOUND = browser_recording(tone(3))
SLICE = 2000  # bytes


def slices(sound=SOUND):
    return [sound[start : start + SLICE] for start in range(0, len(sound), SLICE)]


class Sender:
    """A browser with a recording."""

    def __init__(self, author, property=None):
        self.who = {"key": uuid.uuid4(), "author": author}
        self.about = {"property": property} if property else {"reservation": make_reservation()}

    def chunk(self, index, data, **fields):
        return recording.add_chunk(**self.who, index=index, data=data, **self.about, **fields)

    def send(self, sound=SOUND, **fields):
        for index, data in enumerate(slices(sound)):
            state = self.chunk(index, data, seconds=index + 1.0, **fields)
        return state.expected

    def save(self, chunks):
        return recording.save(**self.who, chunks=chunks)
