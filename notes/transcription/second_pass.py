"""A second, quiet look at texts that were put together from pieces: one pass over the whole may know better.

Or worse: it only counts when it is clearly surer of its words than the pieces were. What was measured is in
docs/voice-figures.md.

It comes last. Whoever records or waits for a text goes first, at once; what people wrote or rated is left alone; and
the text that it replaces is still found. Somebody who has opened the form to edit goes on with the text that is in
it, and what they save counts, see `editing.edit_text`.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from config import clock, task_queue
from config.notifications import notify
from notes.engines.base import EngineUnavailable
from notes.files.spool import local_copy
from notes.limits import longest_seconds
from notes.models import Recording, Status, Transcript, VoiceNote
from notes.queue import IMPROVE, enqueue_improving
from notes.speech import get_transcriber
from notes.transcriber.base import TranscribedAudio, Transcriber, TranscriptionRequest
from notes.transcription.saved_notes import DEADLINE_SHARE, hints, machine_fields
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

MAX_PASSES = 2
# Somebody who has paused that long may be done.
QUIET = timedelta(seconds=60)
LOOK_EACH_SECONDS = 1.0
# A pass that hears so much more than the pieces did has gone wrong itself, and one in which so many words of theirs in
# a row have no counterpart has lost a passage: over five minutes small models do (see docs/voice-figures.md).
MOST_TIMES = 2
LOST_WORDS = 8
SURER = 1.01  # times


class Disturbed(Exception):
    """Somebody needs the machine more."""


def enqueue_next(now: datetime) -> None:
    """One note at a time, the newest first, when nothing else is waiting or being recorded at `now` (UTC)."""
    if task_queue.hidden_until(IMPROVE) or not is_quiet(now):
        return
    note_id = _improvable().order_by("-note__recorded_at").values_list("pk", flat=True).first()
    if note_id:
        enqueue_improving(note_id)


def is_quiet(now: datetime) -> bool:
    """Nobody speaks, and no text is waited for."""
    speaks = Q(last_chunk_at__gt=now - QUIET) | Q(claim__isnull=False)
    if Recording.objects.filter(speaks).exists() or Recording.objects.untranscribed().exists():
        return False
    return not VoiceNote.objects.filter(status__in=(Status.QUEUED, Status.TRANSCRIBING)).exists()


def improve(note_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Hear a whole note again, and let it say what was heard if nobody has touched it. Attempts count at once."""
    key = uuid.UUID(str(note_id))
    if not is_quiet(clock.now()) or not _improvable().filter(pk=key).update(passes=F("passes") + 1):
        return
    known = ("note__author", "note__property", "note__reservation__guest")
    before = Transcript.objects.select_related(*known).filter(pk=key).first()
    if before is None:
        return  # erased at this moment
    try:
        heard = _transcribe(before.note, transcriber or get_transcriber())
    except (Disturbed, EngineUnavailable):
        Transcript.objects.filter(pk=key).update(passes=F("passes") - 1)
    except Exception as error:
        logger.warning("note %s, second pass: %s", note_id, type(error).__name__)
    else:
        if heard:  # as ever without a search for a pause
            _replace(before, heard)


def _from_pieces() -> QuerySet[Transcript]:
    """Nobody has touched them."""
    return Transcript.objects.filter(from_pieces=True, edited_at=None, rating=None)


def _improvable() -> QuerySet[Transcript]:
    kept = _from_pieces().filter(passes__lt=MAX_PASSES, note__deleted_at=None, note__status=Status.TRANSCRIBED)
    return kept.exclude(note__audio="")


def _transcribe(note: VoiceNote, transcriber: Transcriber) -> TranscribedAudio | None:
    with local_copy(note.audio) as path:
        deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT
        request = TranscriptionRequest([path], max_seconds=longest_seconds(), deadline=deadline, **hints(note))
        return transcriber.transcribe(request, on_progress=_Courtesy())


class _Courtesy:
    """Called with each progress of the engine: stops it as soon as somebody else wants something."""

    def __init__(self) -> None:
        self._looked = time.monotonic()

    def __call__(self, seconds: float) -> None:
        if time.monotonic() - self._looked >= LOOK_EACH_SECONDS:
            if not is_quiet(clock.now()):
                raise Disturbed
            self._looked = time.monotonic()


def _replace(before: Transcript, heard: TranscribedAudio) -> None:
    machine, earlier = machine_fields(heard.transcription), before.machine_text
    with transaction.atomic():
        if VoiceNote.objects.select_for_update(no_key=True).filter(pk=before.pk).first() is None:  # as who edits
            return  # erased meanwhile
        untouched = _from_pieces().filter(pk=before.pk, machine_text=earlier)
        plausible = _is_plausible(earlier.split(), machine["machine_text"].split())
        if not plausible or _certainty(machine["segments"]) < SURER * _certainty(before.segments):
            untouched.update(passes=MAX_PASSES)
            return
        if machine["machine_text"].split() != earlier.split():
            machine["earlier_text"] = earlier
        untouched.update(text=machine["machine_text"], from_pieces=False, audio_seconds=heard.end, **machine)
        notify(CHANNEL, str(before.pk))


def _is_plausible(words: list[str], now: list[str]) -> bool:
    if not now or len(now) > MOST_TIMES * len(words):
        return False
    changes = SequenceMatcher(None, _plain(words), _plain(now), autojunk=False).get_opcodes()
    return all(end - begin - (to - at) < LOST_WORDS for _, begin, end, at, to in changes)


def _certainty(segments: list[dict[str, Any]]) -> float:
    """How many words are right by the engine's own reckoning; 0 from an engine that says nothing of them."""
    return sum(word["probability"] for segment in segments for word in segment["words"])


def _plain(words: list[str]) -> list[str]:
    """What counts of them here: commas and capitals do not."""
    return ["".join(filter(str.isalnum, word)).lower() for word in words]
