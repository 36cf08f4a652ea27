"""Brings back notes that nobody works on any more: their worker died, or their task was lost.

Nothing here needs to be exact. A task too many is harmless, because only one of them gets the claim.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from config import task_queue
from notes.leases import LEASE
from notes.models import Failure, Recording, Status, VoiceNote
from notes.queue import LISTEN, TASK, enqueue, enqueue_listening
from notes.transcription.saved_notes import MAX_ATTEMPTS

# How long a note rests after each failed attempt, and while no model can be loaded.
PAUSES = (timedelta(0), timedelta(seconds=15), timedelta(seconds=60))
PAUSE_WITHOUT_MODEL = timedelta(seconds=60)
# A task that was handed out is in some worker's hands, or it died with the worker before the claim.
HANDED_OUT = timedelta(seconds=120)
# A note that waits that long while no worker shows a sign of life.
STUCK = timedelta(seconds=60)


@dataclass(frozen=True)
class Swept:
    """How many notes were queued anew and given up, and whether the worker starts nothing although notes wait."""

    requeued: int
    given_up: int
    is_stuck: bool


def requeue(now: datetime) -> Swept:
    """At `now` (UTC). Harmless to repeat, and to run several at once."""
    lost = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__lt=now)
    given_up = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=Status.FAILED, failure=Failure.INTERRUPTED, claim=None
    )
    orphans = set(lost.values_list("pk", flat=True))  # their task died with their worker
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
    """Those that somebody waits for. While one still comes in, its own chunks call a worker again and again."""
    lost = Recording.objects.filter(claim__isnull=False, lease_until__lt=now)
    orphans = set(lost.values_list("pk", flat=True))  # as above
    lost.update(claim=None)
    tasks = task_queue.hidden_until(LISTEN)
    for recording in Recording.objects.untranscribed().filter(claim=None):
        hidden = tasks.get(str(recording.pk), [])
        if recording.pk in orphans or _is_abandoned(recording.stopped_at, hidden, now):
            enqueue_listening(recording.pk)


def _unattended(now: datetime) -> QuerySet[VoiceNote]:
    """Queued notes, but those whose recording a worker listens to at this moment."""
    listened_to = Recording.objects.leased(now).filter(pk=OuterRef("pk"))
    return VoiceNote.objects.filter(status=Status.QUEUED).exclude(Exists(listened_to), is_recovered=False)


def _due(note: VoiceNote) -> datetime:
    if note.failure == Failure.NO_MODEL:
        return note.queued_at + PAUSE_WITHOUT_MODEL
    return note.queued_at + PAUSES[min(note.attempts, len(PAUSES) - 1)]


def _is_abandoned(due: datetime, hidden: list[datetime], now: datetime) -> bool:
    """`hidden` are its tasks: until when."""
    if any(until <= now for until in hidden):
        return False
    return not hidden or due < now - HANDED_OUT


def _is_stuck(waiting: list[VoiceNote], abandoned: list[VoiceNote], now: datetime) -> bool:
    overdue = any(_due(note) < now - STUCK for note in waiting if note not in abandoned)
    return overdue and not _is_alive(now)


def _is_alive(now: datetime) -> bool:
    """Something is being worked on, or was claimed or renewed lately."""
    working = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__gte=now)
    if working.exists() or Recording.objects.leased(now).exists():
        return True
    lately = now + LEASE - STUCK
    return any(kind.objects.filter(lease_until__gt=lately).exists() for kind in (VoiceNote, Recording))
