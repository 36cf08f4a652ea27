"""From a queued note to its text. A note is worked on by the worker that has its lease, and by no other.

See `notes.leases`; `stalled_jobs` queues notes again whose worker died.
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
# How often people who wait are told how far it is.
SAY_AFTER = timedelta(seconds=1)
# Part of the queue's own timeout after which we stop by ourselves, while there is time to write down why.
DEADLINE_SHARE = 0.9
# What "Try again" is for.
RETRIABLE = (Status.FAILED, Status.NO_SPEECH)


class CannotRetry(DomainError):
    code = "cannot_retry"
    when = "The note is not one that failed."
    then = "Read its state."


def transcribe(note_id: str, *, engine: Engine | None = None, transcriber: Transcriber | None = None) -> None:
    """Do one attempt at the note, if nobody else does. Every end but a crash of the database is written to the note.

    By this process's transcriber, unless one is given, or an engine to run in this very process.
    """
    lease = claim(note_id)
    if lease is None:
        return
    try:
        in_process = engine and InProcessTranscriber(engine, settings.TRANSCRIPTION_PACE)
        heard = _transcribe(lease, transcriber or in_process or get_transcriber())
        complete(lease, heard.transcription, is_hard_to_hear=heard.is_hard_to_hear)
    except LostLease:
        logger.info("note %s was taken over", note_id)
    except Exception as error:
        logger.warning("note %s: %s", note_id, type(error).__name__)  # no message: it may hold what was said
        with contextlib.suppress(LostLease):  # the note was erased, for example: there is nobody to tell
            _answer(lease, error)


def claim(note_id: str) -> Lease[VoiceNote] | None:
    """Take a waiting note, or one whose worker has lost its lease; None when someone was first.

    A note whose recording is still listened to is left to `notes.transcription.live_recordings`.
    """
    from_pieces = Exists(Recording.objects.hopeful(Now()).filter(pk=OuterRef("pk")))
    waiting = VoiceNote.objects.filter(status__in=(Status.QUEUED, Status.TRANSCRIBING), attempts__lt=MAX_ATTEMPTS)
    return leases.take(
        waiting.exclude(from_pieces, is_recovered=False), note_id, status=Status.TRANSCRIBING, failure=""
    )


def complete(lease: Lease[VoiceNote], transcription: Transcription, *, is_hard_to_hear: bool = False) -> None:
    """Write down what was said; without any text the note has no speech, and what hisses is not made louder.

    Raises LostLease.
    """
    status = Status.TRANSCRIBED if transcription.text else Status.NO_SPEECH
    saved = VoiceNote.objects.filter(pk=lease.key, is_recovered=False)
    with transaction.atomic():
        # Recordings before notes, as everybody locks them. A browser may still come back for one that was recovered.
        Recording.objects.filter(pk__in=saved.values("pk")).delete()
        _write(lease, status=status, claim=None)
        replace_transcript(lease.key, machine_fields(transcription))
        if transcription.text and is_hard_to_hear:
            rendering.make_audible(lease.key)


def fail(lease: Lease[VoiceNote], failure: Failure) -> None:
    """For good, until someone asks to try again. Raises LostLease."""
    _write(lease, status=Status.FAILED, failure=failure, claim=None)


def release(lease: Lease[VoiceNote], failure: Failure, *, attempts: int = 0) -> None:
    """Back to the queue, to be brought up again by the sweep; `attempts` is added to those counted."""
    changes = {"status": Status.QUEUED, "failure": failure, "claim": None, "queued_at": Now()}
    _write(lease, attempts=F("attempts") + attempts, **changes)


def retry(*, note: VoiceNote, actor: User) -> VoiceNote:
    """Transcribe a note anew that failed or seemed to hold no speech. Raises CannotRetry."""
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


def _transcribe(lease: Lease[VoiceNote], transcriber: Transcriber) -> TranscribedAudio:
    deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT
    note = VoiceNote.objects.select_related("author", "property", "reservation__guest").get(pk=lease.key)
    with local_copy(note.audio) as path:
        heard = transcriber.transcribe(
            TranscriptionRequest([path], max_seconds=longest_seconds(), deadline=deadline, **hints(note)),
            on_decoded=lambda decoded: _draw(lease, decoded),
            on_progress=_Progress(lease),
        )
    return cast("TranscribedAudio", heard)  # nothing at all is heard only until a pause


def _draw(lease: Lease[VoiceNote], decoded: DecodedAudio) -> None:
    """The waveform is there before the text, and stays when the engine fails."""
    peaks = waveform.peaks(decoded.loudness)
    _write(lease, seconds=round(decoded.end, 3), peaks=peaks, is_damaged=decoded.is_damaged, done_seconds=0)


def hints(spoken: VoiceNote | Recording) -> dict[str, Any]:
    """What is known of it before it is heard, as transcribers take it."""
    return {"language": spoken_language(spoken.property), "vocabulary": vocabulary(spoken)}


class _Progress(Renewal):
    """Says how far it is, too."""

    def __init__(self, lease: Lease[VoiceNote]) -> None:
        super().__init__(lease)
        self._said = time.monotonic()

    def __call__(self, seconds: float) -> None:
        super().__call__(seconds)
        if time.monotonic() - self._said >= SAY_AFTER.total_seconds():
            _write(self._lease, done_seconds=round(seconds, 1))
            self._said = time.monotonic()


# Why there is no text, and whether another attempt may do better. The first class that fits counts.
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


def _answer(lease: Lease[VoiceNote], error: Exception) -> None:
    if isinstance(error, EngineUnavailable):
        release(lease, Failure.NO_MODEL, attempts=-1)  # not the note's fault: it waits for its model
        return
    failure, may_go_better = next((why, again) for kind, why, again in FAILURES if isinstance(error, kind))
    if may_go_better:
        _fail_or_release(lease, failure)
    else:
        fail(lease, failure)


def _fail_or_release(lease: Lease[VoiceNote], failure: Failure) -> None:
    if lease.leased().filter(attempts__gte=MAX_ATTEMPTS).exists():
        fail(lease, failure)
    else:
        release(lease, failure)


def _write(lease: Lease[VoiceNote], **fields: Any) -> None:
    lease.write(**fields)
    notify(CHANNEL, str(lease.key))


def machine_fields(transcription: Transcription) -> dict[str, Any]:
    """What a transcript keeps of the machine's work."""
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
    """The note's row is locked by now, so nobody edits meanwhile. What people wrote is never overwritten."""
    machine |= VoiceNote.objects.values(audio_sha256=F("sha256"), audio_seconds=F("seconds")).get(pk=note_id)
    transcripts = Transcript.objects.filter(note_id=note_id)
    if transcripts.filter(edited_at__isnull=False).update(**machine):
        return
    transcripts.delete()
    if machine["machine_text"]:
        Transcript.objects.create(note_id=note_id, text=machine["machine_text"], **machine)
