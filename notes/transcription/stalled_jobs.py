"""Queues notes and recordings again that no worker works on: their worker died, or their task was lost.

A second task for the same note is harmless, because only one worker gets the lease.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from config import task_queue
from notes.leases import LEASE
from notes.models import Failure, Recording, Status, VoiceNote
from notes.queue import LISTEN, TASK, enqueue, enqueue_listening
from notes.transcription.saved_notes import MAX_ATTEMPTS

# How long a note waits for its next attempt, by the number of failed ones, and while no model can be loaded.
PAUSES = (timedelta(0), timedelta(seconds=15), timedelta(seconds=60))
PAUSE_WITHOUT_MODEL = timedelta(seconds=60)
# A task that is hidden in the queue was given to a worker. After this time without a lease, that worker has died.
HANDED_OUT = timedelta(seconds=120)
# The worker is stuck when a note has waited for so long and no lease was taken or renewed meanwhile.
STUCK = timedelta(seconds=60)


@dataclass(frozen=True)
class Swept:
    """What a sweep did: how many notes it queued again and gave up, and whether the worker is stuck."""

    requeued: int
    given_up: int
    is_stuck: bool


def requeue(now: datetime) -> Swept:
    """Queue again at `now` (UTC) what no worker works on. Harmless to repeat, and to run several at once."""
    lost = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__lt=now)
    given_up = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=Status.FAILED, failure=Failure.INTERRUPTED, claim=None
    )
    orphans = set(lost.values_list("pk", flat=True))  # their tasks were lost with their workers
    lost.update(status=Status.QUEUED, failure=Failure.INTERRUPTED, claim=None)
    waiting = [note for note in _unattended(now) if note.pk in orphans or _due(note) <= now]
    tasks = task_queue.hidden_until(TASK)
    abandoned = [
        note for note in waiting if note.pk in orphans or _is_abandoned(_due(note), tasks.get(str(note.pk), []), now)
    ]
    for note in abandoned:
        enqueue(note.pk)
    _requeue_recordings(now)
    return Swept(len(abandoned), given_up, is_stuck=_is_stuck(waiting, abandoned, now))


def _requeue_recordings(now: datetime) -> None:
    """Queue stopped recordings again. For one that still comes in, each chunk may queue a task."""
    lost = Recording.objects.filter(claim__isnull=False, lease_until__lt=now)
    orphans = set(lost.values_list("pk", flat=True))  # as above
    lost.update(claim=None)
    tasks = task_queue.hidden_until(LISTEN)
    for recording in Recording.objects.untranscribed().filter(claim=None):
        hidden = tasks.get(str(recording.pk), [])
        if recording.pk in orphans or _is_abandoned(recording.stopped_at, hidden, now):
            enqueue_listening(recording.pk)


def _unattended(now: datetime) -> QuerySet[VoiceNote]:
    """Queued notes, except those whose recording a worker is transcribing."""
    being_transcribed = Recording.objects.leased(now).filter(pk=OuterRef("pk"))
    return VoiceNote.objects.filter(status=Status.QUEUED).exclude(Exists(being_transcribed), is_recovered=False)


def _due(note: VoiceNote) -> datetime:
    """When the note's next attempt may begin."""
    if note.failure == Failure.NO_MODEL:
        return note.queued_at + PAUSE_WITHOUT_MODEL
    return note.queued_at + PAUSES[min(note.attempts, len(PAUSES) - 1)]


def _is_abandoned(due: datetime, hidden: list[datetime], now: datetime) -> bool:
    """Whether no worker will take the job. `hidden` are the instants until which its tasks are hidden in the queue."""
    if any(until <= now for until in hidden):
        return False
    return not hidden or due < now - HANDED_OUT


def _is_stuck(waiting: list[VoiceNote], abandoned: list[VoiceNote], now: datetime) -> bool:
    overdue = any(_due(note) < now - STUCK for note in waiting if note not in abandoned)
    return overdue and not _is_worker_alive(now)


def _is_worker_alive(now: datetime) -> bool:
    """Whether a worker holds a lease, or has taken or renewed one lately."""
    working = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__gte=now)
    if working.exists() or Recording.objects.leased(now).exists():
        return True
    lately = now + LEASE - STUCK
    return any(kind.objects.filter(lease_until__gt=lately).exists() for kind in (VoiceNote, Recording))
