"""A worker that is killed, at each point of its way, leaves a note that another one finishes: one transcript each."""

import datetime as dt
import functools
import os
import signal

import pytest
from django.db import connections
from django.utils import timezone

from notes.engines.base import DEFAULT_OPTIONS
from notes.engines.fake import FakeEngine
from notes.models import Status, Transcript
from notes.queue import enqueue
from notes.sweep import sweep
from notes.transcription import live_recordings, saved_notes
from tests.factories import make_reservation, make_user
from tests.notes.letters import Reader, Speaker, let_letters_be_sound
from tests.notes.notes import make_note

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]

ROUNDS = 5
TEXT = "Two towels for the loft, please."


def killed_before(function):
    return lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)


def killed_after(function):
    @functools.wraps(function)
    def die(*args, **kwargs):
        function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return die


class KilledWhileListening(FakeEngine):
    def transcribe(self, samples, options=DEFAULT_OPTIONS):
        os.kill(os.getpid(), signal.SIGKILL)


class KilledInTheSecondPiece(Reader):
    def transcribe(self, request, **callbacks):
        if self.heard:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().transcribe(request, **callbacks)


POINTS = {
    "before the claim": (saved_notes, "claim", killed_before),
    "after the claim": (saved_notes, "claim", killed_after),
    "before decoding": (saved_notes.audio, "decode", killed_before),
    "while the engine listens": None,
    "before the text is written": (saved_notes, "complete", killed_before),
    "after the text is written": (saved_notes, "complete", killed_after),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_note_whose_worker_is_killed_gets_one_transcript(point):
    for _ in range(ROUNDS):
        note = make_note()
        enqueue(note.pk)

        assert in_a_process_of_its_own(lambda note=note: work(note, point)) == signal.SIGKILL

        for minutes in (3, 6):
            sweep(timezone.now() + dt.timedelta(minutes=minutes))
            saved_notes.transcribe(str(note.pk), engine=FakeEngine(TEXT))
        note.refresh_from_db()
        assert (note.status, note.transcript.text) == (Status.TRANSCRIBED, TEXT)
        assert note.attempts <= 2

    assert Transcript.objects.count() == ROUNDS


# Each but the tail lasts 21 s, with a pause at its end.
SPOKEN = ("abcdefghijklmnopqrst ", "uvwxyzabcdefghijklmn ", "opqrstuvwxyzabcdefgh ", "ijk")
LISTENING = {
    "before the claim": (live_recordings, "claim", killed_before),
    "after the claim": (live_recordings, "claim", killed_after),
    "before sound is read": (live_recordings, "spool_file", killed_before),
    "in the second piece": None,
    "before a piece is written": (live_recordings, "_save_piece", killed_before),
    "before the end is written": (live_recordings.IncrementalJob, "_end", killed_before),
}


@pytest.mark.parametrize("point", LISTENING)
def test_a_recording_whose_worker_is_killed_has_each_of_its_pieces_once(point, monkeypatch):
    let_letters_be_sound(monkeypatch)
    author, reservation = make_user(), make_reservation()
    for _ in range(ROUNDS):
        speaker = Speaker(author, reservation)
        for letters in SPOKEN:
            speaker.say(letters)
        speaker.stop()

        assert in_a_process_of_its_own(lambda key=speaker.key: listen(key, point)) == signal.SIGKILL

        sweep(timezone.now() + dt.timedelta(minutes=3))
        live_recordings.listen(speaker.key, transcriber=Reader())
        spans = [(piece.start, piece.end) for piece in speaker.recording.pieces.all()]
        assert spans == [(0, 21), (21, 42), (42, 66)]
        assert speaker.recording.is_transcribed


def listen(key, point):
    reader = Reader()
    if LISTENING[point]:
        owner, name, how = LISTENING[point]
        setattr(owner, name, how(getattr(owner, name)))
    else:
        reader = KilledInTheSecondPiece()
    live_recordings.listen(key, transcriber=reader)


def work(note, point):
    if POINTS[point]:
        module, name, how = POINTS[point]
        setattr(module, name, how(getattr(module, name)))
        engine = FakeEngine(TEXT)
    else:
        engine = KilledWhileListening()
    saved_notes.transcribe(str(note.pk), engine=engine)


def in_a_process_of_its_own(act):
    """Returns the signal that ended it. It has a database connection of its own."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status)
