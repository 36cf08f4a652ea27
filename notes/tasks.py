"""What the queue calls. Only ids go in and nothing comes out, because the queue keeps both."""

import contextlib

from config import clock
from notes import queue, rendering
from notes.erasure import retention
from notes.files import deletion
from notes.transcription import live_recordings, saved_notes, second_pass


class TranscriptionBroke(Exception):
    """The queue keeps an exception with its whole chain; this one names the class of the first, and nothing else."""


def transcribe(note_id):
    with _hidden_errors():
        live_recordings.finish(note_id)
        saved_notes.transcribe(note_id)


def listen(recording_id):
    with _hidden_errors():
        live_recordings.listen(recording_id)


def improve(note_id):
    with _hidden_errors():
        second_pass.improve(note_id)


def render(note_id):
    with _hidden_errors():
        rendering.render(note_id)


@contextlib.contextmanager
def _hidden_errors():
    try:
        yield
    except Exception as error:
        raise TranscriptionBroke(type(error).__name__) from None


def expire():
    """One helping at a time: notes that wait to be written down come in between."""
    if retention.expire(clock.now()):
        queue.enqueue_expiry()


def delete_files():
    deletion.delete_files()
