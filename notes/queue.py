"""The tasks of the transcription queue. They lie in the notes' own database: note and task are one commit."""

import uuid
from datetime import datetime

from django_q.models import OrmQ
from django_q.tasks import async_task

TASK = "notes.tasks.transcribe"
LISTEN = "notes.tasks.listen"


def enqueue(note_id: uuid.UUID) -> None:
    """In the caller's transaction."""
    async_task(TASK, str(note_id))


def enqueue_listening(recording_id: uuid.UUID) -> None:
    """In the caller's transaction. A task too many is harmless: one at a time gets the claim."""
    async_task(LISTEN, str(recording_id))


def hidden_until() -> dict[str, list[datetime]]:
    """For each queued note's id until when (UTC) its tasks are hidden: in the past when no worker has fetched them."""
    moments: dict[str, list[datetime]] = {}
    for row in OrmQ.objects.all():
        if row.func() == TASK:  # a payload that cannot be read any more has no function
            moments.setdefault(row.args()[0], []).append(row.lock)
    return moments
