"""The tasks of voice notes. Each is enqueued in the caller's transaction."""

import uuid

from config import task_queue

TASK = "notes.tasks.transcribe"
LISTEN = "notes.tasks.listen"
IMPROVE = "notes.tasks.improve"
RENDER = "notes.tasks.render"
EXPIRE = "notes.tasks.expire"


def enqueue(note_id: uuid.UUID) -> None:
    """Queue the transcription of a saved note. A second task is harmless: one worker at a time gets the lease."""
    task_queue.enqueue(TASK, str(note_id))


def enqueue_listening(recording_id: uuid.UUID) -> None:
    """Queue the transcription of what has come in of a recording. A second task is harmless, as above."""
    task_queue.enqueue(LISTEN, str(recording_id))


def enqueue_improving(note_id: uuid.UUID) -> None:
    """Queue a second pass over a note whose text was put together from pieces."""
    task_queue.enqueue(IMPROVE, str(note_id))


def enqueue_rendering(note_id: uuid.UUID) -> None:
    """Queue the rendition of a note's audio. A second task is harmless."""
    task_queue.enqueue(RENDER, str(note_id))


def enqueue_expiry() -> None:
    """Queue another run of retention."""
    task_queue.enqueue(EXPIRE)
