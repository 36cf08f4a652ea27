"""Transcribes a recording piece by piece while it is made.

The worker that has the recording's lease works on it, as with a note (see `saved_notes`). Each piece, from one pause to
the next, is transcribed once, so that only the last one is left when somebody presses Stop. Saving the note and
transcribing the last piece may happen in either order: both lock the recording before the note, and the second one
gives the note its text. A recording that cannot be transcribed piece by piece is left to `saved_notes`, which
transcribes the saved note as a whole.
"""

import contextlib
import logging
import time
import uuid
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from config.notifications import notify
from notes import leases
from notes.files.spool import local_copy, spool_file
from notes.leases import Lease, LostLease, Renewal
from notes.limits import longest_seconds
from notes.models import Chunk, Piece, Recording, Status, VoiceNote
from notes.models.recordings import MAX_FAILURES
from notes.queue import enqueue_listening
from notes.sound.levels import level
from notes.speech import get_transcriber
from notes.transcriber.base import TranscribedAudio, Transcriber, TranscriptionRequest
from notes.transcription.assembly import complete_from_pieces
from notes.transcription.saved_notes import DEADLINE_SHARE, language_and_vocabulary
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

# With less sound than this after the last piece, no next one is looked for: it would have at least 20 s, see
# `notes.transcriber.pauses`.
FIRST_LOOK_SECONDS = 21.0
# When there was no pause, it is looked for again after so much more sound.
LOOK_AGAIN_SECONDS = 5.0
# A rest of a stopped recording up to this length is transcribed as one piece: the window of the model.
LAST_SECONDS = 30.0
# A worker that has worked on one recording for so long queues it again, so that others have their turn.
TURN = timedelta(seconds=60)


def listen(recording_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Transcribe the new pieces of a recording, if no other worker has its lease: all of them once it was stopped.

    Errors are logged and not raised.
    """
    lease = claim(recording_id)
    if lease is None:
        return
    try:
        with contextlib.ExitStack() as files:
            IncrementalJob(lease, transcriber or get_transcriber(), RecordingAudio(lease.key, files)).run()
    except LostLease:
        logger.info("recording %s was discarded or taken over", recording_id)
    except Exception as error:
        # Not its message, which may hold what was said.
        logger.warning("recording %s: %s", recording_id, type(error).__name__)
        with contextlib.suppress(LostLease):
            lease.give_back(look_at_seconds=F("seconds") + LOOK_AGAIN_SECONDS)


def finish(note_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Transcribe the rest of a saved note's recording, and give the note its text, if there is such a recording."""
    if not VoiceNote.objects.filter(pk=note_id, status=Status.QUEUED, is_recovered=False).exists():
        return
    Recording.objects.filter(pk=note_id, stopped_at=None).update(stopped_at=Now())
    listen(note_id, transcriber=transcriber)
    with transaction.atomic():
        recording = Recording.objects.select_for_update(no_key=True).filter(pk=note_id, is_transcribed=True).first()
        if recording:
            _complete_note(recording)


def claim(recording_id: str) -> Lease[Recording] | None:
    """Lease the recording; None when another worker has its lease, it is transcribed, or it has failed too often."""
    unfinished = Recording.objects.filter(is_transcribed=False, attempts__lt=MAX_FAILURES)
    return leases.take(unfinished, recording_id)


class IncrementalJob:
    """Transcribes one recording as long as its lease lasts."""

    def __init__(self, lease: Lease[Recording], transcriber: Transcriber, sound: "RecordingAudio") -> None:
        self._lease = lease
        self._transcriber = transcriber
        self._sound = sound
        self._turn_ends = time.monotonic() + TURN.total_seconds()
        self._deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT

    def run(self) -> None:
        """Transcribe pieces until the lease is given back. Raises LostLease, and what the transcriber raises."""
        while not self._step():
            pass

    def _step(self) -> bool:
        """Transcribe one piece, or wait for more sound. Returns whether the lease was given back."""
        recording = self._current_row()
        if time.monotonic() > self._turn_ends:
            return self._requeue(recording)
        ends = recording.stopped_at is not None
        if not ends and recording.seconds < recording.transcribed_seconds + FIRST_LOOK_SECONDS:
            return self._wait_for_sound(until=recording.transcribed_seconds + FIRST_LOOK_SECONDS)
        paths, rest = self._sound.paths(recording), recording.seconds - recording.transcribed_seconds
        if not ends or rest > LAST_SECONDS:
            if transcribed := self._transcribe(recording, paths, until_pause=True):
                return self._write(recording, transcribed)
            if not ends:
                return self._wait_for_sound(until=recording.seconds + LOOK_AGAIN_SECONDS)
        return self._write(recording, self._transcribe(recording, paths), is_last=True)

    def _current_row(self) -> Recording:
        recording = self._lease.row().select_related("author", "property", "reservation__guest").first()
        if recording is None:
            raise LostLease
        return recording

    def _transcribe(
        self, recording: Recording, paths: list[Path], *, until_pause: bool = False
    ) -> TranscribedAudio | None:
        request = TranscriptionRequest(
            paths,
            start=recording.transcribed_seconds,
            until_pause=until_pause,
            level_before=_level(recording),
            max_seconds=longest_seconds(),
            **language_and_vocabulary(recording),
            deadline=self._deadline,
        )
        return self._transcriber.transcribe(request, on_progress=Renewal(self._lease))

    def _wait_for_sound(self, *, until: float) -> bool:
        """Give the lease back until the recording has `until` seconds; False when it has them, or was stopped."""
        waiting = self._lease.row().filter(stopped_at=None, seconds__lt=until)
        return bool(waiting.update(claim=None, attempts=0, look_at_seconds=until))

    def _requeue(self, recording: Recording) -> bool:
        with transaction.atomic():
            self._lease.give_back(attempts=0)
            enqueue_listening(recording.pk)
        return True

    def _write(self, recording: Recording, transcribed: TranscribedAudio | None, *, is_last: bool = False) -> bool:
        """Save the piece, in one transaction, and end the work after the last one. Returns as `_step`."""
        with transaction.atomic():
            # The attempt at the next piece, counted before it begins: the worker may be killed by it.
            self._lease.renew(attempts=1)
            if transcribed and transcribed.end > recording.transcribed_seconds:
                _save_piece(recording, transcribed)
            notify(CHANNEL, str(recording.pk))
            return is_last and self._end(chunks=recording.chunks_received)

    def _end(self, *, chunks: int) -> bool:
        """Finish the recording; False when more chunks came while the last piece was transcribed."""
        recording = self._current_row()
        if recording.chunks_received != chunks:
            return False
        if _saved(recording):
            _complete_note(recording)
        else:
            self._lease.give_back(is_transcribed=True, attempts=0)
        return True


class RecordingAudio:
    """The audio of a recording as local files: one for each segment, with all chunks so far, or the note's file."""

    def __init__(self, recording_id: uuid.UUID, files: contextlib.ExitStack) -> None:
        self._recording_id = recording_id
        self._files = files
        self._segments: dict[int, Path] = {}
        self._read = 0
        self._saved: Path | None = None

    def paths(self, recording: Recording) -> list[Path]:
        """The files, with the chunks that `recording` counts. Raises LostLease without chunks and without a note."""
        self._append_new_chunks(recording)
        if self._read == recording.chunks_received:
            return list(self._segments.values())
        return [self._saved or self._copy(recording)]  # saving the note has deleted the chunks

    def _append_new_chunks(self, recording: Recording) -> None:
        new = Chunk.objects.filter(
            recording=self._recording_id, index__gte=self._read, index__lt=recording.chunks_received
        )
        for index, segment, data in new.values_list("index", "segment", "data").iterator():
            if index == self._read:
                with self._segment(segment).open("ab") as file:
                    file.write(data)
                self._read += 1

    def _segment(self, number: int) -> Path:
        if number not in self._segments:
            self._segments[number] = self._files.enter_context(spool_file())
        return self._segments[number]

    def _copy(self, recording: Recording) -> Path:
        note = _saved(recording)
        if note is None:
            raise LostLease
        self._saved = self._files.enter_context(local_copy(note.audio))
        return self._saved


def _saved(recording: Recording) -> VoiceNote | None:
    """The note that waits for this recording's text; None for a recovered note, which is transcribed by itself."""
    return VoiceNote.objects.filter(pk=recording.pk, status=Status.QUEUED, is_recovered=False).first()


def _complete_note(recording: Recording) -> None:
    """Give the saved note, if there is one, its text. To be called with the recording's row locked."""
    if note := _saved(recording):
        complete_from_pieces(note, recording)
        notify(CHANNEL, str(note.pk))


def _level(recording: Recording) -> float:
    """The level of the pieces so far, see `notes.sound.levels`."""
    return level([each for slices in recording.pieces.values_list("loudness", flat=True) for each in slices])


def _save_piece(recording: Recording, transcribed: TranscribedAudio) -> None:
    transcription = transcribed.transcription
    Piece.objects.create(
        recording_id=recording.pk,
        index=recording.pieces.count(),
        start=recording.transcribed_seconds,
        end=transcribed.end,
        segments=[asdict(segment) for segment in transcription.segments],
        language=transcription.language,
        engine=transcription.engine,
        model=transcription.model,
        version=transcription.version,
        settings=transcription.settings,
        took_seconds=transcription.took_seconds,
        loudness=[round(each, 4) for each in transcribed.loudness],
        is_damaged=transcribed.is_damaged,
    )
    Recording.objects.filter(pk=recording.pk).update(transcribed_seconds=transcribed.end)
