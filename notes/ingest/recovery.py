"""Makes notes of recordings whose browser has gone away. If it comes back, `notes.ingest.recording` completes them."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from notes.ingest.intake import AudioRefused
from notes.ingest.recording import make_note
from notes.models import Recording, VoiceNote

logger = logging.getLogger(__name__)

# A recording without a new chunk for so long is recovered. If its recorder was only paused, it can go on: the note is
# completed when it is saved.
ABANDONED = timedelta(minutes=20)
# A recovery that has made no note after this time is tried again: its process died, or the storage was away.
TRY_AGAIN = timedelta(minutes=2)


def recover(now: datetime) -> int:
    """Make notes of recordings whose browser went away, at `now` (UTC); returns how many. Harmless to repeat.

    Their chunks are kept as long as browsers keep theirs, so that a browser that comes back can complete the note, and
    in any case until a note was made or refused.
    """
    has_note = Exists(VoiceNote.objects.filter(pk=OuterRef("pk")))
    _abandoned(now).filter(has_note, recovered_at=None).update(recovered_at=now)
    counted = Counter(_recover(recording, now) for recording in _abandoned(now).filter(~has_note, refusal=""))
    kept_for = timedelta(hours=settings.BROWSER_KEEPS_AUDIO_HOURS) + ABANDONED
    Recording.objects.filter(has_note | ~Q(refusal=""), recovered_at__lt=now - kept_for).delete()
    Recording.objects.filter(chunks=None, last_chunk_at__lt=now - kept_for).delete()
    return counted[True]


def _abandoned(now: datetime) -> QuerySet[Recording]:
    due = Q(recovered_at=None) | Q(recovered_at__lt=now - TRY_AGAIN)
    return Recording.objects.filter(due, last_chunk_at__lt=now - ABANDONED)


def _recover(recording: Recording, now: datetime) -> bool:
    """Return whether this process made a note of it. Of several processes that sweep at once, one does."""
    seen = Recording.objects.filter(pk=recording.pk, recovered_at=recording.recovered_at)
    if not seen.update(recovered_at=now):
        return False
    try:
        make_note(recording, is_recovered=True)
    except AudioRefused as refused:  # it is not tried again, and deleted when its time is over
        Recording.objects.filter(pk=recording.pk).update(refusal=refused.code)
        return False
    except Exception as error:  # storage or database is away: the other recordings are tried all the same
        logger.error("A recording could not be made a note yet (%s); trying again.", type(error).__name__)
        return False
    return True
