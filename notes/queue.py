"""The tasks of the transcription queue. They lie in the notes' own database: note and task are one commit."""

import uuid
from datetime import datetime

from django_q.models import OrmQ
from django_q.tasks import async_task

TASK = "notes.tasks.transcribe"
LISTEN = "notes.tasks.listen"
IMPROVE = "notes.tasks.improve"


def enqueue(note_id: uuid.UUID) -> None:
    """In the caller's transaction."""
    async_task(TASK, str(note_id))


def enqueue_listening(recording_id: uuid.UUID) -> None:
    """In the caller's transaction. A task too many is harmless: one at a time gets the claim."""
    async_task(LISTEN, str(recording_id))


def enqueue_improving(note_id: uuid.UUID) -> None:
    """In the caller's transaction."""
    async_task(IMPROVE, str(note_id))


def hidden_until(task: str = TASK) -> dict[str, list[datetime]]:
    """For each key that `task` is queued with, until when (UTC) it is hidden: in the past when no worker fetched it."""
    moments: dict[str, list[datetime]] = {}
    for row in OrmQ.objects.all():
        if row.func() == task:  # a payload that cannot be read any more has no function
            moments.setdefault(row.args()[0], []).append(row.lock)
    return moments
