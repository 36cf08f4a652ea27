"""Retention: erases audio and texts after a number of days. Protected notes and those in work are left alone.

A note whose audio or text was erased is still listed, with its author and time. A note that somebody has deleted is
erased as a whole some days later.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.access import Action, require
from accounts.models import User
from api import idempotency
from notes.erasure import erasing, reports
from notes.models import PENDING, Erasure, Playable, Recording, Transcript, VoiceNote, VoiceNoteQuerySet

logger = logging.getLogger(__name__)

# Rows in one transaction, and rows of one run for each rule: other tasks run between two runs.
BATCH = 100
MOST = 2000

# The fields of a note whose audio was erased.
WITHOUT_AUDIO = {
    **{"audio": "", "container": "", "sha256": "", "upload_sha256": "", "size": 0, "peaks": None},
    **{"gaps": [], "losses": [], "promised_seconds": None},
    **{"playable": Playable.ITSELF, "rendition": "", "rendition_sha256": "", "rendition_size": 0},
}

Step = Callable[[list[VoiceNote], Erasure, datetime], None]


def expire(now: datetime) -> Erasure | None:
    """Erase what is older at `now` (UTC) than the days to keep. Returns the report, or None if there was nothing.

    One run erases at most MOST notes by each rule, so it must be repeated until it returns None. It may be interrupted
    anywhere, and several may run at once.
    """
    erasure = Erasure(kind=Erasure.Kind.RETENTION, at=now)
    for due, step in _rules(now):
        for batch in _batches(due):
            with transaction.atomic():
                if notes := list(due.filter(pk__in=batch).select_for_update(skip_locked=True, of=("self",))):
                    erasure.save()
                    step(notes, erasure, now)
    reports.extend_list()
    if erasure._state.adding:
        return None
    logger.info("retention erased %s", erasure.counts)
    return erasure


def protect(*, note: VoiceNote, actor: User) -> None:
    """Let retention leave the note alone. Harmless to repeat."""
    require(actor, Action.KEEP_NOTES, note)
    _set_protected(note, actor, is_protected=True)


def unprotect(*, note: VoiceNote, actor: User) -> None:
    """Let retention erase the note again, after the days to keep since it was recorded. Harmless to repeat."""
    require(actor, Action.KEEP_NOTES, note)
    _set_protected(note, actor, is_protected=False)


def _set_protected(note: VoiceNote, actor: User, *, is_protected: bool) -> None:
    if VoiceNote.objects.filter(pk=note.pk).exclude(is_protected=is_protected).update(is_protected=is_protected):
        logger.info("note %s: user %s set kept to %s", note.pk, actor.pk, is_protected)


def _rules(now: datetime) -> Iterator[tuple[VoiceNoteQuerySet, Step]]:
    """For each setting that is not 0, the notes that are due, and the step that erases them."""
    idle = VoiceNote.objects.exclude(status__in=PENDING).filter(
        Q(claim=None) | Q(lease_until__lt=now), is_protected=False
    )
    if days := settings.DELETED_KEEP_DAYS:
        yield idle.filter(deleted_at__lt=now - timedelta(days=days)), _erase_note
    if days := settings.AUDIO_KEEP_DAYS:
        yield idle.filter(recorded_at__lt=now - timedelta(days=days)).exclude(audio=""), _erase_audio
    if days := settings.TEXT_KEEP_DAYS:
        yield idle.filter(recorded_at__lt=now - timedelta(days=days), transcript__isnull=False), _erase_text


def _batches(due: VoiceNoteQuerySet) -> Iterator[list]:
    keys = list(due.order_by("recorded_at").values_list("pk", flat=True)[:MOST])
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _erase_note(notes: list[VoiceNote], erasure: Erasure, now: datetime) -> None:
    erasing.add_to(erasure, erasing.erase(notes, [], erasure=erasure))


def _erase_audio(notes: list[VoiceNote], erasure: Erasure, now: datetime) -> None:
    counts = erasing.list_audio_for_deletion(notes)
    _delete_recordings(notes)
    _rows_of(notes).update(**WITHOUT_AUDIO, audio_erased_at=now)
    Transcript.objects.filter(note__in=notes).update(audio_sha256="")
    erasing.add_to(erasure, counts)
    transaction.on_commit(erasing.finish, robust=True)


def _erase_text(notes: list[VoiceNote], erasure: Erasure, now: datetime) -> None:
    _delete_recordings(notes)
    count, _ = Transcript.objects.filter(note__in=notes).delete()
    idempotency.delete_responses_naming(note.pk for note in notes)
    _rows_of(notes).update(text_erased_at=now)
    erasing.add_to(erasure, Counter({"texts": count}))


def _delete_recordings(notes: list[VoiceNote]) -> None:
    """Delete the recordings that the notes were made of: they hold the same audio and text."""
    Recording.objects.filter(pk__in=[note.pk for note in notes]).delete()


def _rows_of(notes: list[VoiceNote]) -> VoiceNoteQuerySet:
    return VoiceNote.objects.filter(pk__in=[note.pk for note in notes])
