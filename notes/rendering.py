"""Renditions: what is played in place of a recording that browsers would not play, or not find a place in, or that
nobody would hear from a telephone's loudspeaker.

Copies of packets are made where a recording comes in; here is what takes longer, and what is from before there were
any. The recording itself is never touched: *Download* gives it as it came, and text and waveform are made of it.
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
from notes.sound.playing import Way
from notes.transcriber import encoding
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

TO_DO = (Playable.DUE, Playable.FAINT, Playable.UNKNOWN)
# Each ends with a rendition or without one, unless the worker dies of it.
MAX_ATTEMPTS = 3
# Notes from before there were renditions that are looked at in one round of the sweep.
EARLIER_AT_ONCE = 5
# While the storage is away, or the disk full.
PAUSE = timedelta(minutes=5)
# What another attempt would not do better.
FOR_GOOD = (audio.BadAudio, encoding.NotEncoded, FileNotFoundError)


class _Overtaken(Exception):
    """The note is gone, has other audio, or somebody else was first."""


def enqueue_due() -> None:
    """Those whose task was lost, and a few from before: to be called now and then."""
    queued = task_queue.hidden_until(RENDER)
    waiting = VoiceNote.objects.filter(_may_begin(), playable__in=TO_DO).exclude(audio="").exclude(pk__in=queued)
    _give_up(waiting.filter(rendition_attempts__gte=MAX_ATTEMPTS))
    earlier = waiting.filter(playable=Playable.UNKNOWN).order_by("-recorded_at")
    for notes in (waiting.exclude(playable=Playable.UNKNOWN), earlier[: max(0, EARLIER_AT_ONCE - len(queued))]):
        for note in notes:
            enqueue_rendering(note.pk)


def make_audible(note_id: uuid.UUID) -> None:
    """What is played of this note is hard to hear: have it mixed and leveled. In the caller's transaction."""
    notes = VoiceNote.objects.exclude(audio="").exclude(playable__in=(Playable.DUE, Playable.FAINT, Playable.FAILED))
    if notes.filter(pk=note_id).update(playable=Playable.FAINT, rendition_attempts=0):
        enqueue_rendering(note_id)


def render(note_id: uuid.UUID) -> None:
    """Make the note's rendition, if it needs one. Harmless to repeat, and when several do it."""
    begun = VoiceNote.objects.filter(_may_begin(), pk=note_id, playable__in=TO_DO, rendition_attempts__lt=MAX_ATTEMPTS)
    if not begun.update(rendition_attempts=F("rendition_attempts") + 1):
        return
    note = VoiceNote.objects.filter(pk=note_id).first()
    if note is None:  # erased at this moment
        return
    try:
        _render(note)
    except _Overtaken:
        logger.info("note %s needs no rendition any more", note_id)
    except FOR_GOOD as error:
        logger.warning("note %s has no rendition: %s", note_id, type(error).__name__)
        _give_up(_waiting(note))
        notify(CHANNEL, str(note.pk))
    except Exception as error:  # the storage is away, or the disk is full: the sweep comes back to it
        logger.warning("note %s, rendition: %s", note_id, type(error).__name__)
        _waiting(note).update(rendition_attempts=F("rendition_attempts") - 1, rendition_waits_until=Now() + PAUSE)
        notify(CHANNEL, str(note.pk))


def _may_begin():
    return Q(rendition_waits_until=None) | Q(rendition_waits_until__lte=Now())


def _render(note):
    with local_copy(note.audio) as original, spool_file() as target:
        found = audio.probe(original)
        if note.playable == Playable.FAINT and note.rendition and found.way != Way.AS_A_COPY:
            _write(note, playable=Playable.RENDERED)  # encoded already, and leveled with that
            return
        if found.way == Way.AS_IT_IS and note.playable != Playable.FAINT:
            _write(note, playable=Playable.ITSELF)
            return
        kind = _made(note, found, original, target)
        with audio_files.stored_rendition(note.pk, target, kind) as fields:
            _write(note, **audio_files.losses_of(found), **fields)


def _made(note, found, original, target):
    """Its Container. Copies were made when it came in, or could not be; not so of those from before."""
    if found.way == Way.AS_A_COPY and note.playable != Playable.FAINT:
        try:
            return copying.copy(original, target, found=found)
        except copying.NotCopied:
            pass
    return encoding.encode(original, target, max_seconds=longest_seconds(), memory_mib=settings.TRANSCRIPTION_MEMORY)


def _give_up(notes):
    """Those that could be played before are played as ever; one from before renditions, too: some browsers may."""
    notes.filter(playable=Playable.DUE).update(playable=Playable.FAILED)
    notes.filter(playable=Playable.FAINT).exclude(rendition="").update(playable=Playable.RENDERED)
    notes.filter(playable__in=(Playable.FAINT, Playable.UNKNOWN)).update(playable=Playable.ITSELF)


def _write(note, **fields):
    with transaction.atomic():
        if not _waiting(note).update(rendition_waits_until=None, **fields):
            raise _Overtaken
        if note.rendition and fields.get("rendition", note.rendition.name) != note.rendition.name:
            deletion.forget_files([note.rendition.name])
            transaction.on_commit(deletion.delete_files, robust=True)
    notify(CHANNEL, str(note.pk))


def _waiting(note):
    return VoiceNote.objects.filter(pk=note.pk, sha256=note.sha256, playable__in=TO_DO)
