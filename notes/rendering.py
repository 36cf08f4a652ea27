"""Renditions: files that are played in place of a recording.

A note has one when browsers cannot play its recording or cannot seek in it, or when it is hard to hear from a
telephone's loudspeaker. `notes.ingest.intake` makes renditions that only copy packets. This module makes those that
take longer, and those of notes that are older than renditions. The recording itself is never changed: *Download* sends
it as it is, and text and waveform are made of it.
"""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from config import task_queue
from config.notifications import notify
from notes.files import audio as audio_files
from notes.files import deletion
from notes.files.spool import local_copy, spool_file
from notes.limits import longest_seconds
from notes.models import Playable, VoiceNote
from notes.queue import RENDER, enqueue_rendering
from notes.sound import audio, copying
from notes.sound.playing import RenditionKind
from notes.transcriber import encoding
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

TO_DO = (Playable.DUE, Playable.FAINT, Playable.UNKNOWN)
# Only an attempt during which the worker dies leaves the note without a result.
MAX_ATTEMPTS = 3
# How many notes that are older than renditions are queued at a time.
EARLIER_AT_ONCE = 5
# Time until the next attempt when the storage could not be reached or the disk was full.
PAUSE = timedelta(minutes=5)
# Errors that another attempt would meet again.
PERMANENT_ERRORS = (audio.BadAudio, encoding.NotEncoded, FileNotFoundError)


class _NotNeeded(Exception):
    """The note was erased, has other audio now, or another worker has made its rendition."""


def enqueue_due() -> None:
    """Queue renditions whose task was lost, and those of a few notes that are older than renditions."""
    queued = task_queue.hidden_until(RENDER)
    waiting = VoiceNote.objects.filter(_may_start(), playable__in=TO_DO).exclude(audio="").exclude(pk__in=queued)
    _give_up(waiting.filter(rendition_attempts__gte=MAX_ATTEMPTS))
    earlier = waiting.filter(playable=Playable.UNKNOWN).order_by("-recorded_at")
    for notes in (waiting.exclude(playable=Playable.UNKNOWN), earlier[: max(0, EARLIER_AT_ONCE - len(queued))]):
        for note in notes:
            enqueue_rendering(note.pk)


def make_audible(note_id: uuid.UUID) -> None:
    """Queue a mixed and leveled rendition for a note that is hard to hear, in the caller's transaction.

    Nothing is queued when the note waits for a rendition already, or none could be made.
    """
    notes = VoiceNote.objects.exclude(audio="").exclude(playable__in=(Playable.DUE, Playable.FAINT, Playable.FAILED))
    if notes.filter(pk=note_id).update(playable=Playable.FAINT, rendition_attempts=0):
        enqueue_rendering(note_id)


def render(note_id: uuid.UUID) -> None:
    """Make the note's rendition, if it needs one. Harmless to repeat, also by several workers at once."""
    due = VoiceNote.objects.filter(_may_start(), pk=note_id, playable__in=TO_DO, rendition_attempts__lt=MAX_ATTEMPTS)
    if not due.update(rendition_attempts=F("rendition_attempts") + 1):
        return
    note = VoiceNote.objects.filter(pk=note_id).first()
    if note is None:  # erased at this moment
        return
    try:
        _render_note(note)
    except _NotNeeded:
        logger.info("note %s needs no rendition any more", note_id)
    except PERMANENT_ERRORS as error:
        logger.warning("note %s has no rendition: %s", note_id, type(error).__name__)
        _give_up(_waiting(note))
        notify(CHANNEL, str(note.pk))
    except Exception as error:  # the storage is away, or the disk is full: the sweep queues it again after PAUSE
        logger.warning("note %s, rendition: %s", note_id, type(error).__name__)
        _waiting(note).update(rendition_attempts=F("rendition_attempts") - 1, rendition_waits_until=Now() + PAUSE)
        notify(CHANNEL, str(note.pk))


def _may_start():
    return Q(rendition_waits_until=None) | Q(rendition_waits_until__lte=Now())


def _render_note(note):
    with local_copy(note.audio) as original, spool_file() as target:
        found = audio.probe(original)
        if note.playable == Playable.FAINT and note.rendition and found.rendition != RenditionKind.COPY:
            _update(note, playable=Playable.RENDERED)  # it is encoded already, and encoding sets the level
            return
        if found.rendition == RenditionKind.NONE and note.playable != Playable.FAINT:
            _update(note, playable=Playable.ITSELF)
            return
        kind = _write_rendition(note, found, original, target)
        with audio_files.stored_rendition(note.pk, target, kind) as fields:
            _update(note, **audio_files.losses_of(found), **fields)


def _write_rendition(note, found, original, target):
    """Write the rendition to `target`; returns its Container.

    A copy is tried although intake has tried it: not for notes that are older than renditions.
    """
    if found.rendition == RenditionKind.COPY and note.playable != Playable.FAINT:
        try:
            return copying.copy(original, target, found=found)
        except copying.NotCopied:
            pass
    return encoding.encode(original, target, max_seconds=longest_seconds(), memory_mib=settings.TRANSCRIPTION_MEMORY)


def _give_up(notes):
    """Record that no rendition could be made. Notes that could be played before are played as before.

    Of a note that is older than renditions the recording is played: some browsers can do that.
    """
    notes.filter(playable=Playable.DUE).update(playable=Playable.FAILED)
    notes.filter(playable=Playable.FAINT).exclude(rendition="").update(playable=Playable.RENDERED)
    notes.filter(playable__in=(Playable.FAINT, Playable.UNKNOWN)).update(playable=Playable.ITSELF)


def _update(note, **fields):
    with transaction.atomic():
        if not _waiting(note).update(rendition_waits_until=None, **fields):
            raise _NotNeeded
        if note.rendition and fields.get("rendition", note.rendition.name) != note.rendition.name:
            deletion.list_for_deletion([note.rendition.name])
            transaction.on_commit(deletion.delete_files, robust=True)
    notify(CHANNEL, str(note.pk))


def _waiting(note):
    return VoiceNote.objects.filter(pk=note.pk, sha256=note.sha256, playable__in=TO_DO)
