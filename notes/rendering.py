"""Renditions: what is played in place of a recording that browsers would not play, or not find a place in.

Copies of packets are made where a recording comes in; here is what takes longer, and what is from before there were
any. The recording itself is never touched: *Download* gives it as it came, and text and waveform are made of it.
"""

import logging

from django.db.models import F

from config.notifications import notify
from notes.arriving import intake
from notes.arriving.spool import local_copy, spool_file
from notes.listening import encoding
from notes.models import Playable, VoiceNote
from notes.sound import audio, copying
from notes.sound.playing import Way
from notes.transcribing.queue import RENDER, enqueue_rendering, hidden_until
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

TO_DO = (Playable.DUE, Playable.UNKNOWN)
# Each ends with a rendition or without one, unless the worker dies of it.
MAX_ATTEMPTS = 3
# Notes from before there were renditions that are looked at in one round of the sweep.
EARLIER_AT_ONCE = 5
# What another attempt would not do better.
FOR_GOOD = (audio.BadAudio, encoding.NotEncoded, FileNotFoundError)


class _Overtaken(Exception):
    """The note is gone, has other audio, or somebody else was first."""


def enqueue_due():
    """Those whose task was lost, and a few from before: to be called now and then."""
    queued = hidden_until(RENDER)
    waiting = VoiceNote.objects.filter(playable__in=TO_DO).exclude(audio="").exclude(pk__in=queued)
    waiting.filter(rendition_attempts__gte=MAX_ATTEMPTS).update(playable=Playable.FAILED)
    earlier = waiting.filter(playable=Playable.UNKNOWN).order_by("-recorded_at")
    for notes in (waiting.filter(playable=Playable.DUE), earlier[: max(0, EARLIER_AT_ONCE - len(queued))]):
        for note in notes:
            enqueue_rendering(note.pk)


def render(note_id):
    """Make the note's rendition, if it needs one. Harmless to repeat, and when several do it."""
    begun = VoiceNote.objects.filter(pk=note_id, playable__in=TO_DO, rendition_attempts__lt=MAX_ATTEMPTS)
    if not begun.update(rendition_attempts=F("rendition_attempts") + 1):
        return
    note = VoiceNote.objects.filter(pk=note_id).first()
    try:
        if note:  # else erased at this moment
            _render(note)
    except _Overtaken:
        logger.info("note %s needs no rendition any more", note_id)
    except FOR_GOOD as error:
        logger.warning("note %s has no rendition: %s", note_id, type(error).__name__)
        _fail(note)
    except Exception as error:  # the storage is away, or the disk is full: the sweep comes back to it
        logger.warning("note %s, rendition: %s", note_id, type(error).__name__)
        _waiting(note).update(rendition_attempts=F("rendition_attempts") - 1)


def _render(note):
    with local_copy(note.audio) as original, spool_file() as target:
        found = audio.probe(original)
        if found.way == Way.AS_IT_IS:
            _write(note, playable=Playable.ITSELF)
            return
        kind = _made(found, original, target)
        with intake.stored_rendition(note.pk, target, kind) as fields:
            _write(note, **intake.losses_of(found), **fields)


def _made(found, original, target):
    """Its Container. Copies were made when it came in, or could not be; not so of those from before."""
    if found.way == Way.AS_A_COPY:
        try:
            return copying.copy(original, target, found=found)
        except copying.NotCopied:
            pass
    return encoding.encode(original, target, max_seconds=intake.longest_seconds())


def _fail(note):
    """One from before is played as ever: some browsers may."""
    _waiting(note).filter(playable=Playable.DUE).update(playable=Playable.FAILED)
    _waiting(note).update(playable=Playable.ITSELF)
    notify(CHANNEL, str(note.pk))


def _write(note, **fields):
    if not _waiting(note).update(**fields):
        raise _Overtaken
    notify(CHANNEL, str(note.pk))


def _waiting(note):
    return VoiceNote.objects.filter(pk=note.pk, sha256=note.sha256, playable__in=TO_DO)
