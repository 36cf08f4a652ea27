"""The tasks of the transcription queue. They lie in the notes' own database: note and task are one commit."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime

from django_q.models import OrmQ, Task
from django_q.tasks import async_task

TASK = "notes.tasks.transcribe"
LISTEN = "notes.tasks.listen"
IMPROVE = "notes.tasks.improve"
RENDER = "notes.tasks.render"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def enqueue(note_id: uuid.UUID) -> None:
    """In the caller's transaction."""
    async_task(TASK, str(note_id))


def enqueue_listening(recording_id: uuid.UUID) -> None:
    """In the caller's transaction. A task too many is harmless: one at a time gets the claim."""
    async_task(LISTEN, str(recording_id))


def enqueue_improving(note_id: uuid.UUID) -> None:
    """In the caller's transaction."""
    async_task(IMPROVE, str(note_id))


def enqueue_rendering(note_id: uuid.UUID) -> None:
    """In the caller's transaction. A task too many is harmless."""
    async_task(RENDER, str(note_id))


def hidden_until(task: str = TASK) -> dict[str, list[datetime]]:
    """For each key that `task` is queued with, until when (UTC) it is hidden: in the past when no worker fetched it."""
    moments: dict[str, list[datetime]] = {}
    for row in OrmQ.objects.all():
        if row.func() == task:  # a payload that cannot be read any more has no function
            moments.setdefault(row.args()[0], []).append(row.lock)
    return moments


def forget(ids: Iterable[uuid.UUID]) -> dict[str, int]:
    """Remove each task and each kept result that names one of `ids`; returns how many went, in a report's words."""
    named = {str(each) for each in ids}
    waiting = [row.pk for row in OrmQ.objects.all() if _ids_in(row.task) & named]
    ended = [row.pk for row in Task.objects.iterator() if _ids_in([row.args, row.kwargs, row.result]) & named]
    return {
        "queue_tasks": OrmQ.objects.filter(pk__in=waiting).delete()[0],
        "queue_results": Task.objects.filter(pk__in=ended).delete()[0],
    }


def _ids_in(thing: object) -> set[str]:
    return set(_ID.findall(repr(thing)))
