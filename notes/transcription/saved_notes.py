"""Transcribes saved notes. Only the worker that has a note's lease works on it, see `notes.leases`.

`stalled_jobs` queues a note again when its worker has died.
"""

import contextlib
import logging
import time
import uuid
from dataclasses import asdict
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from accounts.access import Action, require
from accounts.models import User
from config.errors import DomainError
from config.notifications import notify
from notes import leases, rendering
from notes.engines.base import (
    DeadlineExceeded,
    Engine,
    EngineCrashed,
    EngineOutOfMemory,
    EngineRefused,
    EngineUnavailable,
    EngineUnreachable,
    Transcription,
)
from notes.files.spool import local_copy
from notes.leases import Lease, LostLease, Renewal
from notes.limits import longest_seconds
from notes.models import Failure, Recording, Status, Transcript, VoiceNote
from notes.queue import enqueue
from notes.sound import audio, waveform
from notes.speech import get_transcriber
from notes.transcriber.base import DecodedAudio, TranscribedAudio, Transcriber, TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcription.vocabulary import vocabulary
from notes.waiting import CHANNEL
from properties.languages import spoken_language

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# The progress that pages show is written no more often than this.
WRITE_PROGRESS_AFTER = timedelta(seconds=1)
# The share of the queue's timeout after which a transcription stops by itself: the rest is for recording the failure.
DEADLINE_SHARE = 0.9
# States of notes that have the button *Try again*.
RETRIABLE = (Status.FAILED, Status.NO_SPEECH)


class CannotRetry(DomainError):
    code = "cannot_retry"
    when = "The note is not one whose transcription failed or found no speech. Only these are tried again."
    then = "Read the note: “status” says how far it is."


def transcribe(note_id: str, *, engine: Engine | None = None, transcriber: Transcriber | None = None) -> None:
    """Make one attempt at the note, if no other worker has its lease. Failures are recorded in the note, not raised.

    Uses this process's transcriber, unless `transcriber` is given, or an `engine` to run in this process.
    """
    lease = claim(note_id)
    if lease is None:
        return
    try:
        in_process = engine and InProcessTranscriber(engine, settings.TRANSCRIPTION_PACE)
        transcribed = _transcribe(lease, transcriber or in_process or get_transcriber())
        complete(lease, transcribed.transcription, is_hard_to_hear=transcribed.is_hard_to_hear)
    except LostLease:
        logger.info("note %s was taken over", note_id)
    except Exception as error:
        logger.warning("note %s: %s", note_id, type(error).__name__)  # not its message, which may hold what was said
        with contextlib.suppress(LostLease):  # the note was erased, for example
            _record_failure(lease, error)


def claim(note_id: str) -> Lease[VoiceNote] | None:
    """Lease a queued note, or one whose worker's lease has ended; None when another worker has it.

    A note whose recording is still being transcribed is left to `notes.transcription.live_recordings`.
    """
    from_pieces = Exists(Recording.objects.text_expected(Now()).filter(pk=OuterRef("pk")))
    waiting = VoiceNote.objects.filter(status__in=(Status.QUEUED, Status.TRANSCRIBING), attempts__lt=MAX_ATTEMPTS)
    return leases.take(
        waiting.exclude(from_pieces, is_recovered=False), note_id, status=Status.TRANSCRIBING, failure=""
    )


def complete(lease: Lease[VoiceNote], transcription: Transcription, *, is_hard_to_hear: bool = False) -> None:
    """Save the transcription. A note without any text is marked as having no speech. Raises LostLease.

    With `is_hard_to_hear` a louder rendition is made, unless there is no speech.
    """
    status = Status.TRANSCRIBED if transcription.text else Status.NO_SPEECH
    saved = VoiceNote.objects.filter(pk=lease.key, is_recovered=False)
    with transaction.atomic():
        # Recordings are locked before notes everywhere. A recovered note keeps its recording: the browser may return.
        Recording.objects.filter(pk__in=saved.values("pk")).delete()
        _give_back(lease, status=status)
        replace_transcript(lease.key, machine_fields(transcription))
        if transcription.text and is_hard_to_hear:
            rendering.make_audible(lease.key)


def fail(lease: Lease[VoiceNote], failure: Failure) -> None:
    """Mark the note as failed; only *Try again* brings it back into the queue. Raises LostLease."""
    _give_back(lease, status=Status.FAILED, failure=failure)


def release(lease: Lease[VoiceNote], failure: Failure, *, attempts: int = 0) -> None:
    """Put the note back into the queue, where the sweep finds it. `attempts` is added to those counted.

    Raises LostLease.
    """
    _give_back(lease, status=Status.QUEUED, failure=failure, queued_at=Now(), attempts=F("attempts") + attempts)


def retry(*, note: VoiceNote, actor: User) -> VoiceNote:
    """Queue a note again that failed or in which no speech was found; returns it. Raises CannotRetry."""
    require(actor, Action.RECORD, note)
    if not note.audio:
        raise CannotRetry("The audio of this note is gone: there is nothing to listen to.")
    fresh: dict[str, Any] = {"attempts": 0, "failure": "", "claim": None, "queued_at": Now()}
    with transaction.atomic():
        waiting = VoiceNote.objects.not_deleted().exclude(audio="").filter(pk=note.pk, status__in=RETRIABLE)
        if not waiting.update(status=Status.QUEUED, **fresh):
            raise CannotRetry("This note is being transcribed, or has its text already. Reload the page to see it.")
        enqueue(note.pk)
    logger.info("note %s: user %s asked to try again", note.pk, actor.pk)
    note.refresh_from_db()
    return note


def abandon(note: VoiceNote) -> None:
    """Stop transcribing a note that has no text yet: its worker loses the lease. *Try again* queues it again."""
    pending = VoiceNote.objects.filter(pk=note.pk, status__in=(Status.QUEUED, Status.TRANSCRIBING))
    pending.update(status=Status.FAILED, failure=Failure.UNDONE, claim=None)
    notify(CHANNEL, str(note.pk))


def _transcribe(lease: Lease[VoiceNote], transcriber: Transcriber) -> TranscribedAudio:
    deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT
    note = VoiceNote.objects.select_related("author", "property", "reservation__guest").get(pk=lease.key)
    with local_copy(note.audio) as path:
        transcribed = transcriber.transcribe(
            TranscriptionRequest(
                [path], max_seconds=longest_seconds(), deadline=deadline, **language_and_vocabulary(note)
            ),
            on_decoded=lambda decoded: _write_waveform(lease, decoded),
            on_progress=_RenewalAndProgress(lease),
        )
    return cast("TranscribedAudio", transcribed)  # it is None only with `until_pause`


def _write_waveform(lease: Lease[VoiceNote], decoded: DecodedAudio) -> None:
    """Save the waveform before there is a text; it stays when the engine fails."""
    peaks = waveform.peaks(decoded.loudness)
    _write(lease, seconds=round(decoded.end, 3), peaks=peaks, is_damaged=decoded.is_damaged, done_seconds=0)


def language_and_vocabulary(note: VoiceNote | Recording) -> dict[str, Any]:
    """The arguments of a TranscriptionRequest that tell the engine which language and names to expect."""
    return {"language": spoken_language(note.property), "vocabulary": vocabulary(note)}


class _RenewalAndProgress(Renewal):
    """A Renewal that also saves how far the transcription has come."""

    def __init__(self, lease: Lease[VoiceNote]) -> None:
        super().__init__(lease)
        self._written = time.monotonic()

    def __call__(self, seconds: float) -> None:
        super().__call__(seconds)
        if time.monotonic() - self._written >= WRITE_PROGRESS_AFTER.total_seconds():
            _write(self._lease, done_seconds=round(seconds, 1))
            self._written = time.monotonic()


# The Failure of each class of error, and whether it is tried again. The first class that fits counts.
FAILURES: list[tuple[type[Exception], Failure, bool]] = [
    (audio.TooLong, Failure.TOO_LONG, False),
    (audio.BadAudio, Failure.UNREADABLE, False),
    (EngineRefused, Failure.REFUSED, False),
    (EngineUnreachable, Failure.UNREACHABLE, True),
    (DeadlineExceeded, Failure.TIMED_OUT, True),
    (EngineOutOfMemory, Failure.OUT_OF_MEMORY, True),
    (EngineCrashed, Failure.CRASHED, True),
    (Exception, Failure.ENGINE, True),
]


def _record_failure(lease: Lease[VoiceNote], error: Exception) -> None:
    if isinstance(error, EngineUnavailable):
        release(lease, Failure.NO_MODEL, attempts=-1)  # not counted: the note waits until the model can be loaded
        return
    failure, is_tried_again = next((failure, again) for kind, failure, again in FAILURES if isinstance(error, kind))
    if is_tried_again:
        _fail_or_release(lease, failure)
    else:
        fail(lease, failure)


def _fail_or_release(lease: Lease[VoiceNote], failure: Failure) -> None:
    if lease.row().filter(attempts__gte=MAX_ATTEMPTS).exists():
        fail(lease, failure)
    else:
        release(lease, failure)


def _write(lease: Lease[VoiceNote], **fields: Any) -> None:
    """Update the note and notify those who wait for it. Raises LostLease."""
    lease.write(**fields)
    notify(CHANNEL, str(lease.key))


def _give_back(lease: Lease[VoiceNote], **fields: Any) -> None:
    """As `_write`, and end the lease."""
    lease.give_back(**fields)
    notify(CHANNEL, str(lease.key))


def machine_fields(transcription: Transcription) -> dict[str, Any]:
    """The fields of a Transcript that the engine decides."""
    return {
        "machine_text": transcription.text,
        "segments": [asdict(segment) for segment in transcription.segments],
        "language": transcription.language,
        "engine": transcription.engine,
        "model": transcription.model,
        "took_seconds": transcription.took_seconds,
        "version": transcription.version,
        "settings": transcription.settings,
    }


def replace_transcript(note_id: uuid.UUID, machine: dict[str, Any]) -> None:
    """Save what the engine wrote, with the note's row locked. A text that people have edited is never overwritten."""
    machine |= VoiceNote.objects.values(audio_sha256=F("sha256"), audio_seconds=F("seconds")).get(pk=note_id)
    transcripts = Transcript.objects.filter(note_id=note_id)
    if transcripts.filter(edited_at__isnull=False).update(**machine):
        return
    transcripts.delete()
    if machine["machine_text"]:
        Transcript.objects.create(note_id=note_id, text=machine["machine_text"], **machine)
