"""Brings back notes that nobody works on any more: their worker died, or their task was lost.

Nothing here needs to be exact. A task too many is harmless, because only one of them gets the claim.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notes.models import Failure, Status, VoiceNote
from notes.queue import enqueue, hidden_until
from notes.recording import recover
from notes.spool import remove_leftovers
from notes.transcription import LEASE, MAX_ATTEMPTS

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


def sweep(now: datetime) -> Swept:
    """At `now` (UTC). Harmless to repeat, and to run several at once."""
    remove_leftovers(now)
    recover(now)
    lost = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__lt=now)
    given_up = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=Status.FAILED, failure=Failure.INTERRUPTED, claim=None
    )
    lost.update(status=Status.QUEUED, failure=Failure.INTERRUPTED, claim=None)
    waiting = [note for note in VoiceNote.objects.filter(status=Status.QUEUED) if _due(note) <= now]
    tasks = hidden_until()
    abandoned = [note for note in waiting if _is_abandoned(note, tasks.get(str(note.pk), []), now)]
    for note in abandoned:
        enqueue(note.pk)
    return Swept(len(abandoned), given_up, is_stuck=_is_stuck(waiting, abandoned, now))


def _due(note: VoiceNote) -> datetime:
    if note.failure == Failure.NO_MODEL:
        return note.queued_at + PAUSE_WITHOUT_MODEL
    return note.queued_at + PAUSES[min(note.attempts, len(PAUSES) - 1)]


def _is_abandoned(note: VoiceNote, hidden: list[datetime], now: datetime) -> bool:
    if any(until <= now for until in hidden):
        return False
    return not hidden or _due(note) < now - HANDED_OUT


def _is_stuck(waiting: list[VoiceNote], abandoned: list[VoiceNote], now: datetime) -> bool:
    overdue = any(_due(note) < now - STUCK for note in waiting if note not in abandoned)
    return overdue and not _is_alive(now)


def _is_alive(now: datetime) -> bool:
    """A note is being worked on, or one was claimed or renewed lately."""
    working = VoiceNote.objects.filter(status=Status.TRANSCRIBING, lease_until__gte=now)
    return working.exists() or VoiceNote.objects.filter(lease_until__gt=now + LEASE - STUCK).exists()
