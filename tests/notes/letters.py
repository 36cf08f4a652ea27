"""Recordings whose sound is a text: one letter a second, a space where the speaker pauses."""

import functools
import uuid
from pathlib import Path

from notes.engines.base import Segment, Transcription, Word
from notes.ingest import intake, recording
from notes.models import Recording
from notes.sound import audio
from notes.sound.containers import Container
from notes.sound.playing import RenditionKind
from notes.transcriber.base import TranscribedAudio

LONGEST = 30  # seconds of a piece
# Each lasts 21 s, with a pause at its end.
FIRST, SECOND, THIRD = "abcdefghijklmnopqrst ", "uvwxyzabcdefghijklmn ", "opqrstuvwxyzabcdefgh "
TAIL = "ijklmno"


def said(letters):
    """The text that a reader of these letters writes."""
    return " ".join(letters.replace(" ", ""))


class Reader:
    """A transcriber that reads. `meanwhile` holds what happens while it hears, one call for each piece."""

    def __init__(self, *meanwhile, error=None, is_damaged=False, loudness=0.5):
        self.heard = []  # (start, end)
        self.request = None
        self.segments = 0
        self._meanwhile = list(meanwhile)
        self._error = error
        self._is_damaged = is_damaged
        self._loudness = loudness

    def load(self):
        pass

    def transcribe(self, request, *, on_decoded=None, on_progress=None):
        letters = "".join(Path(path).read_text() for path in request.paths)[int(request.start) :]
        self.request, self.segments, start = request, len(request.paths), request.start
        length = self._first_pause(letters) if request.until_pause else len(letters)
        if length is None:
            return None
        if self._meanwhile:
            self._meanwhile.pop(0)()
        if self._error:
            raise self._error
        self.heard.append((start, start + length))
        return self._piece(letters[:length], start)

    def _first_pause(self, letters):
        pause = letters.find(" ", 20, LONGEST)
        if pause >= 0:
            return pause + 1
        return LONGEST if len(letters) >= LONGEST else None

    def _piece(self, letters, start):
        words = tuple(Word(start + n, start + n + 1, letter, 0.9) for n, letter in enumerate(letters) if letter != " ")
        text = " ".join(word.text for word in words)
        segments = (Segment(words[0].start, words[-1].end, text, words),) if words else ()
        said = Transcription(segments, "en", "reader", "aloud", 0.5)
        return TranscribedAudio(
            said, start, start + len(letters), (self._loudness,) * 10 * len(letters), self._is_damaged
        )


class Speaker:
    """A browser that sends what somebody says."""

    def __init__(self, author, reservation):
        self.who = {"key": uuid.uuid4(), "author": author}
        self._reservation = reservation
        self._chunks = 0
        self._seconds = 0

    @property
    def key(self):
        return str(self.who["key"])

    @property
    def recording(self):
        return Recording.objects.get(pk=self.key)

    def say(self, letters, *, segment=0):
        self._seconds += len(letters)
        recording.add_chunk(
            **self.who,
            index=self._chunks,
            data=letters.encode(),
            reservation=self._reservation,
            segment=segment,
            seconds=self._seconds,
        )
        self._chunks += 1

    def stop(self):
        recording.stop(**self.who, chunks=self._chunks, seconds=self._seconds)

    def save(self):
        return recording.save(**self.who, chunks=self._chunks)

    def discard(self):
        recording.discard(**self.who)

    def says(self, letters):
        """To be called later."""
        return functools.partial(self.say, letters)


def let_letters_be_sound(monkeypatch):
    """So that they are saved as a note."""

    def inspect(path):
        return audio.Probe(Container.WAV, "letters", float(path.stat().st_size), RenditionKind.NONE)

    monkeypatch.setattr(intake, "inspect", inspect)
