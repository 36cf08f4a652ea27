"""From the chunks of a recording to pieces of text, while somebody still speaks.

A recording is listened to by whoever holds its claim, as a note is (see `saved_notes`). Each piece of it, from pause
to pause, is heard once and for good, so that only the last one is left when somebody presses Stop. Save and the last
piece may come in either order; both lock the recording before the note, and whichever is second gives the note its
text. What a worker cannot do piece by piece is done by `saved_notes`, in one pass over the saved note.
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
from notes.transcription.saved_notes import DEADLINE_SHARE, hints
from notes.waiting import CHANNEL

logger = logging.getLogger(__name__)

# With less sound than this after the last piece there is no next one yet: transcribers look for a pause behind 20 s.
FIRST_LOOK_SECONDS = 21.0
# There was no pause: with that much more sound there may be one.
LOOK_AGAIN_SECONDS = 5.0
# Sound that is heard at once when it is all there is: a window of the model.
LAST_SECONDS = 30.0
# When a recording has kept a worker that long, those that wait have their turn first.
TURN = timedelta(seconds=60)


def listen(recording_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Hear what has come and was not heard yet, if nobody else does: all of it when nothing more will come."""
    lease = claim(recording_id)
    if lease is None:
        return
    try:
        with contextlib.ExitStack() as files:
            IncrementalJob(lease, transcriber or get_transcriber(), RecordingAudio(lease.key, files)).run()
    except LostLease:
        logger.info("recording %s was discarded or taken over", recording_id)
    except Exception as error:
        logger.warning("recording %s: %s", recording_id, type(error).__name__)  # no message: it may hold what was said
        lease.leased().update(claim=None, look_at_seconds=F("seconds") + LOOK_AGAIN_SECONDS)


def finish(note_id: str, *, transcriber: Transcriber | None = None) -> None:
    """Give a saved note the text of its recording, if that is to be had, after hearing what is left of it."""
    if not VoiceNote.objects.filter(pk=note_id, status=Status.QUEUED, is_recovered=False).exists():
        return
    Recording.objects.filter(pk=note_id, stopped_at=None).update(stopped_at=Now())
    listen(note_id, transcriber=transcriber)
    with transaction.atomic():
        recording = Recording.objects.select_for_update(no_key=True).filter(pk=note_id, is_transcribed=True).first()
        if recording:
            _hand_over(recording)


def claim(recording_id: str) -> Lease[Recording] | None:
    """Take a recording that nobody listens to; None when there is none, or nothing left to try."""
    hopeful = Recording.objects.filter(is_transcribed=False, attempts__lt=MAX_FAILURES)
    return leases.take(hopeful, recording_id)


class IncrementalJob:
    """Listens to one recording, as long as its claim holds."""

    def __init__(self, lease: Lease[Recording], transcriber: Transcriber, sound: "RecordingAudio") -> None:
        self._lease = lease
        self._transcriber = transcriber
        self._sound = sound
        self._turn_ends = time.monotonic() + TURN.total_seconds()
        self._deadline = time.monotonic() + DEADLINE_SHARE * settings.TRANSCRIPTION_TIMEOUT

    def run(self) -> None:
        """Piece by piece, until there is none. Raises LostLease, and what the transcriber raises."""
        while not self._step():
            pass

    def _step(self) -> bool:
        """Whether the claim was given back."""
        recording = self._now()
        if time.monotonic() > self._turn_ends:
            return self._give_way(recording)
        ends = recording.stopped_at is not None
        if not ends and recording.seconds < recording.transcribed_seconds + FIRST_LOOK_SECONDS:
            return self._rest(until=recording.transcribed_seconds + FIRST_LOOK_SECONDS)
        paths, rest = self._sound.paths(recording), recording.seconds - recording.transcribed_seconds
        if not ends or rest > LAST_SECONDS:
            if heard := self._transcribe(recording, paths, until_pause=True):
                return self._write(recording, heard)
            if not ends:
                return self._rest(until=recording.seconds + LOOK_AGAIN_SECONDS)
        return self._write(recording, self._transcribe(recording, paths), is_last=True)

    def _now(self) -> Recording:
        recording = self._lease.leased().select_related("author", "property", "reservation__guest").first()
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
            **hints(recording),
            deadline=self._deadline,
        )
        return self._transcriber.transcribe(request, on_progress=Renewal(self._lease))

    def _rest(self, *, until: float) -> bool:
        """Give the claim back until there is that much sound; False when there is already, or no more will come."""
        resting = self._lease.leased().filter(stopped_at=None, seconds__lt=until)
        return bool(resting.update(claim=None, attempts=0, look_at_seconds=until))

    def _give_way(self, recording: Recording) -> bool:
        with transaction.atomic():
            self._lease.give_back(attempts=0)
            enqueue_listening(recording.pk)
        return True

    def _write(self, recording: Recording, heard: TranscribedAudio | None, *, is_last: bool = False) -> bool:
        """One commit: the piece, how far the text reaches, the news of it, and with the last piece all that follows."""
        with transaction.atomic():
            # Counted already for the next piece: whatever kills the worker there has been counted.
            self._lease.renew(attempts=1)
            if heard and heard.end > recording.transcribed_seconds:
                _keep(recording, heard)
            notify(CHANNEL, str(recording.pk))
            return is_last and self._end(chunks=recording.chunks_received)

    def _end(self, *, chunks: int) -> bool:
        """False when more chunks came while the last ones were heard."""
        recording = self._now()
        if recording.chunks_received != chunks:
            return False
        if _saved(recording):
            _hand_over(recording)
        else:
            self._lease.give_back(is_transcribed=True, attempts=0)
        return True


class RecordingAudio:
    """What a recording sounds like so far: a file for each segment, each chunk written once; or the note's file."""

    def __init__(self, recording_id: uuid.UUID, files: contextlib.ExitStack) -> None:
        self._recording_id = recording_id
        self._files = files
        self._segments: dict[int, Path] = {}
        self._read = 0
        self._saved: Path | None = None

    def paths(self, recording: Recording) -> list[Path]:
        """Of as many chunks as `recording` knows. Raises LostLease when there are neither chunks nor a note."""
        self._take_up(recording)
        if self._read == recording.chunks_received:
            return list(self._segments.values())
        return [self._saved or self._copy(recording)]  # Save has removed the chunks

    def _take_up(self, recording: Recording) -> None:
        fresh = Chunk.objects.filter(
            recording=self._recording_id, index__gte=self._read, index__lt=recording.chunks_received
        )
        for index, segment, data in fresh.values_list("index", "segment", "data").iterator():
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
    """The note that waits for this recording's text; one that was recovered has a text of its own."""
    return VoiceNote.objects.filter(pk=recording.pk, status=Status.QUEUED, is_recovered=False).first()


def _hand_over(recording: Recording) -> None:
    """With the recording's row locked."""
    if note := _saved(recording):
        complete_from_pieces(note, recording)
        notify(CHANNEL, str(note.pk))


def _level(recording: Recording) -> float:
    """How loud it was so far."""
    return level([each for slices in recording.pieces.values_list("loudness", flat=True) for each in slices])


def _keep(recording: Recording, heard: TranscribedAudio) -> None:
    said = heard.transcription
    Piece.objects.create(
        recording_id=recording.pk,
        index=recording.pieces.count(),
        start=recording.transcribed_seconds,
        end=heard.end,
        segments=[asdict(segment) for segment in said.segments],
        language=said.language,
        engine=said.engine,
        model=said.model,
        version=said.version,
        settings=said.settings,
        took_seconds=said.took_seconds,
        loudness=[round(each, 4) for each in heard.loudness],
        is_damaged=heard.is_damaged,
    )
    Recording.objects.filter(pk=recording.pk).update(transcribed_seconds=heard.end)
