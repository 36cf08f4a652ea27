"""The functions that the task queue calls. They take ids and return nothing, because the queue stores both."""

import contextlib

from config import clock
from notes import queue, rendering
from notes.erasure import retention
from notes.files import deletion
from notes.transcription import live_recordings, saved_notes, second_pass


class TranscriptionBroke(Exception):
    """Raised in place of any other error, whose message may hold what was said: the queue stores exceptions.

    Its message is the name of the error's class.
    """


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
    """Run retention once, and queue the next run if there may be more: other tasks run in between."""
    if retention.expire(clock.now()):
        queue.enqueue_expiry()


def delete_files():
    deletion.delete_files()
