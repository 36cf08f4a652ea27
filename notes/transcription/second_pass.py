"""The second pass: transcribes notes whose text was made of pieces once more, as a whole.

Its text may be better or worse. It is used only when the engine is clearly more certain of its words than it was of the
pieces; docs/voice-figures.md has the measurements.

It runs only while nobody records or waits for a text, and stops as soon as somebody does. Texts that people have edited
or rated are left alone, and the search still finds the text that was replaced. An edit that was begun before can be
saved afterwards, see `editing.edit_text`.
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
from notes.transcription.saved_notes import DEADLINE_SHARE, language_and_vocabulary, machine_fields
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

MAX_PASSES = 2
# A recording without a new chunk for so long counts as ended.
QUIET = timedelta(seconds=60)
CHECK_EACH_SECONDS = 1.0
# The second text is discarded when it has more than MOST_TIMES as many words as the first, or when LOST_WORDS words of
# the first in a row are missing in it: small models lose passages in recordings of five minutes and more (see
# docs/voice-figures.md).
MOST_TIMES = 2
LOST_WORDS = 8
# It is used when its certainty is at least this many times that of the first.
CERTAINTY_FACTOR = 1.01


class OthersWaiting(Exception):
    """Somebody has begun to record or waits for a text."""


def enqueue_next(now: datetime) -> None:
    """Queue the second pass of one note, the newest, when nothing else waits or is being recorded at `now` (UTC)."""
    if task_queue.hidden_until(IMPROVE) or not is_quiet(now):
        return
    note_id = _improvable().order_by("-note__recorded_at").values_list("pk", flat=True).first()
    if note_id:
        enqueue_improving(note_id)


def is_quiet(now: datetime) -> bool:
    """Whether at `now` (UTC) nobody records, and nobody waits for a text."""
    is_active = Q(last_chunk_at__gt=now - QUIET) | Q(claim__isnull=False)
    if Recording.objects.filter(is_active).exists() or Recording.objects.untranscribed().exists():
        return False
    return not VoiceNote.objects.filter(status__in=(Status.QUEUED, Status.TRANSCRIBING)).exists()


def improve(note_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Transcribe a whole note again, and replace its text if the new one is better and nobody has edited or rated it.

    The attempt is counted before it begins, and not counted when it is stopped for others.
    """
    key = uuid.UUID(str(note_id))
    if not is_quiet(clock.now()) or not _improvable().filter(pk=key).update(passes=F("passes") + 1):
        return
    related = ("note__author", "note__property", "note__reservation__guest")
    before = Transcript.objects.select_related(*related).filter(pk=key).first()
    if before is None:
        return  # erased at this moment
    try:
        transcribed = _transcribe(before.note, transcriber or get_transcriber())
    except (OthersWaiting, EngineUnavailable):
        Transcript.objects.filter(pk=key).update(passes=F("passes") - 1)
    except Exception as error:
        logger.warning("note %s, second pass: %s", note_id, type(error).__name__)
    else:
        if transcribed:  # always, because `until_pause` is not set
            _replace(before, transcribed)


def _untouched() -> QuerySet[Transcript]:
    """Transcripts made of pieces that nobody has edited or rated."""
    return Transcript.objects.filter(from_pieces=True, edited_at=None, rating=None)


def _improvable() -> QuerySet[Transcript]:
    found = _untouched().filter(passes__lt=MAX_PASSES, note__deleted_at=None, note__status=Status.TRANSCRIBED)
    return found.exclude(note__audio="")


def _transcribe(note: VoiceNote, transcriber: Transcriber) -> TranscribedAudio | None:
    with local_copy(note.audio) as path:
        deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT
        request = TranscriptionRequest(
            [path], max_seconds=longest_seconds(), deadline=deadline, **language_and_vocabulary(note)
        )
        return transcriber.transcribe(request, on_progress=_StopForOthers())


class _StopForOthers:
    """A `Progress` that raises OthersWaiting when somebody records or waits for a text."""

    def __init__(self) -> None:
        self._checked = time.monotonic()

    def __call__(self, seconds: float) -> None:
        if time.monotonic() - self._checked >= CHECK_EACH_SECONDS:
            if not is_quiet(clock.now()):
                raise OthersWaiting
            self._checked = time.monotonic()


def _replace(before: Transcript, transcribed: TranscribedAudio) -> None:
    machine, earlier = machine_fields(transcribed.transcription), before.machine_text
    with transaction.atomic():
        # The row is locked as for an edit.
        if VoiceNote.objects.select_for_update(no_key=True).filter(pk=before.pk).first() is None:
            return  # it was erased meanwhile
        untouched = _untouched().filter(pk=before.pk, machine_text=earlier)
        is_plausible = _is_plausible(earlier.split(), machine["machine_text"].split())
        if not is_plausible or _certainty(machine["segments"]) < CERTAINTY_FACTOR * _certainty(before.segments):
            untouched.update(passes=MAX_PASSES)
            return
        if machine["machine_text"].split() != earlier.split():
            machine["earlier_text"] = earlier
        untouched.update(text=machine["machine_text"], from_pieces=False, audio_seconds=transcribed.end, **machine)
        notify(CHANNEL, str(before.pk))


def _is_plausible(first: list[str], second: list[str]) -> bool:
    if not second or len(second) > MOST_TIMES * len(first):
        return False
    changes = SequenceMatcher(None, _normalised(first), _normalised(second), autojunk=False).get_opcodes()
    return all((end - start) - (new_end - new_start) < LOST_WORDS for _, start, end, new_start, new_end in changes)


def _certainty(segments: list[dict[str, Any]]) -> float:
    """The sum of the words' probabilities: how many are right by the engine's own estimate. 0 without words."""
    return sum(word["probability"] for segment in segments for word in segment["words"])


def _normalised(words: list[str]) -> list[str]:
    """The words without punctuation and capitals."""
    return ["".join(filter(str.isalnum, word)).lower() for word in words]
