"""A recording on its way in: chunk by chunk while somebody speaks, then stopped, and saved as a note or discarded.

Any request may come twice, late, or from a browser that was offline for hours: each answer says which chunk is expected
next, and repeating a request is harmless. When a browser does not come back, `notes.ingest.recovery` makes a note of
what it has sent, and the note is completed if it comes back later.
"""

import hashlib
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.access import Action, require
from accounts.models import User
from config import clock
from config.errors import DomainError
from config.notifications import notify
from config.transactions import one_transaction
from notes import editing
from notes.files import deletion
from notes.files.audio import storing
from notes.ingest import intake
from notes.ingest.intake import AudioRefused, IncomingAudio
from notes.ingest.joining import assembled
from notes.models import Chunk, Recording, Status, VoiceNote, attached_to, is_attached_to
from notes.queue import enqueue, enqueue_listening
from notes.transcription.assembly import complete_from_pieces
from notes.transcription.live_recordings import FIRST_LOOK_SECONDS
from notes.transcription.saved_notes import abandon
from notes.waiting import CHANNEL
from properties.models import Property
from reservations.models import Reservation

# Seconds of sound after which a worker is called again: not with every chunk.
LOOK_AGAIN_SECONDS = 5
# Unfinished recordings of one person; nobody makes so many.
MOST_UNFINISHED = 50


class Gone(DomainError):
    """There is no such recording, or it is somebody else's."""

    code = "gone"
    status = HTTPStatus.NOT_FOUND
    when = "There is no such unfinished recording, or it is somebody else’s."
    then = "Begin a new recording."

    def __init__(self) -> None:
        super().__init__("This recording is not here. Reload the page and record it again.")


class OutOfOrder(DomainError):
    """Chunks are missing; `state` says which one is expected."""

    code = "out_of_order"
    when = "A part of an unfinished recording is missing."
    then = "Send the part that the response asks for."

    def __init__(self, state: "State") -> None:
        super().__init__("A part of the recording has not arrived yet. It is sent again.")
        self.state = state


class TooMany(DomainError):
    code = "too_many"
    status = HTTPStatus.TOO_MANY_REQUESTS
    when = "Too many recordings are unfinished."
    then = "Save or discard some first."

    def __init__(self) -> None:
        super().__init__("Too many recordings are unfinished. Save or discard some of them first.")


@dataclass(frozen=True)
class State:
    """What the server has of a recording. `expected` is the index of the next chunk; times are in seconds."""

    expected: int = 0
    text: str = ""
    transcribed_seconds: float = 0.0
    is_transcribed: bool = False
    note: VoiceNote | None = None


def state_of(*, key: uuid.UUID, author: User) -> State:
    """The State of the recording or note with this key; of an unused key the State of a recording without chunks.

    Raises Gone when it is somebody else's, AudioRefused when it was erased.
    """
    note = VoiceNote.objects.filter(pk=key).select_related("transcript").first()
    recording = Recording.objects.filter(pk=key).prefetch_related("pieces").first()
    if any(found and found.author_id != author.pk for found in (note, recording)):
        raise Gone
    if not (note or recording):
        intake.refuse_erased(key)
    return _state(recording, note)


def add_chunk(
    *,
    key: uuid.UUID,
    index: int,
    data: bytes,
    author: User,
    reservation: Reservation | None = None,
    property: Property | None = None,
    segment: int = 0,
    seconds: float = 0.0,
) -> State:
    """Take chunk `index` (from 0) and return the State after it. `seconds` is the recorder's clock at the chunk's end.

    The first chunk begins the recording. A chunk that was taken before, or whose note is saved, changes nothing.
    Raises OutOfOrder, AudioRefused, Gone, TooMany and Busy.
    """
    if note := _saved(key, author):
        return State(expected=index + 1, note=note)
    about = {"reservation": reservation, "property": property}
    return _add_chunk(key=key, index=index, data=data, author=author, about=about, segment=segment, seconds=seconds)


@one_transaction
def _add_chunk(
    *, key: uuid.UUID, index: int, data: bytes, author: User, about: dict[str, Any], segment: int, seconds: float
) -> State:
    recording = _locked(key, author) or _begin(key, author, about)
    if not is_attached_to(recording, **about):
        raise AudioRefused("key_taken")
    if index > recording.chunks_received:
        raise OutOfOrder(_state(recording))
    if index < recording.chunks_received:
        _refuse_different_chunk(recording, index, data)
    else:
        _append(recording, data, segment, seconds)
    return _state(recording)


def _begin(key: uuid.UUID, author: User, about: dict[str, Any]) -> Recording:
    require(author, Action.RECORD, about["reservation"] or about["property"])  # what has begun is taken to its end
    intake.refuse_erased(key)
    if Recording.objects.filter(author=author, recovered_at=None).count() >= MOST_UNFINISHED:
        raise TooMany
    Recording.objects.get_or_create(
        pk=key,
        defaults={"author": author, "look_at_seconds": FIRST_LOOK_SECONDS} | attached_to(**about),
    )
    return _locked(key, author) or _begin(key, author, about)  # it was discarded at this moment


def _locked(key: uuid.UUID, author: User) -> Recording | None:
    """The recording with this key, with its row locked; None when there is none. Raises Gone when it is another's."""
    recording = Recording.objects.select_for_update(no_key=True).filter(pk=key).first()
    if recording and recording.author_id != author.pk:
        raise Gone
    return recording


def _refuse_different_chunk(recording: Recording, index: int, data: bytes) -> None:
    """A chunk comes again when its answer was lost. Raises AudioRefused when its bytes are others than before."""
    if not recording.chunks.filter(index=index, sha256=hashlib.sha256(data).hexdigest()).exists():
        raise AudioRefused("key_taken")


def _append(recording: Recording, data: bytes, segment: int, seconds: float) -> None:
    recording.size += len(data)
    if recording.size > settings.MAX_UPLOAD_BYTES:
        raise AudioRefused("too_large")
    sha256 = hashlib.sha256(data).hexdigest()
    Chunk.objects.create(
        recording=recording, index=recording.chunks_received, segment=segment, data=data, sha256=sha256
    )
    recording.chunks_received += 1
    recording.seconds = max(recording.seconds, seconds)
    recording.last_chunk_at, recording.stopped_at, recording.is_transcribed = clock.now(), None, False
    recording.refusal = ""
    if recording.seconds >= recording.look_at_seconds:
        recording.look_at_seconds = recording.seconds + LOOK_AGAIN_SECONDS
        enqueue_listening(recording.pk)
    recording.save()


@one_transaction
def stop(*, key: uuid.UUID, author: User, chunks: int, seconds: float) -> State:
    """End the recording, and have the rest of it transcribed. Returns the State.

    Raises OutOfOrder, AudioRefused, Gone and Busy.
    """
    recording, note = _locked(key, author), _saved(key, author)
    if note:
        return _state(None, note)
    if recording is None:
        intake.refuse_erased(key)
        raise OutOfOrder(State())
    _require_all_chunks(recording, chunks)
    if recording.stopped_at is None:
        recording.stopped_at = clock.now()
        recording.seconds = max(recording.seconds, seconds)
        recording.save(update_fields=["stopped_at", "seconds"])
        enqueue_listening(recording.pk)
    return _state(recording)


def save(*, key: uuid.UUID, author: User, chunks: int) -> VoiceNote:
    """Make a note of the recording, and return it; repeating it returns the same note.

    Raises OutOfOrder, AudioRefused, NotStored and Gone.
    """
    if note := _saved(key, author):
        return note
    recording = Recording.objects.filter(pk=key, author=author).first()
    if recording is None:
        intake.refuse_erased(key)
        raise OutOfOrder(State())
    _require_all_chunks(recording, chunks)
    try:
        return make_note(recording)
    except (AudioRefused, IntegrityError):
        if note := _saved(key, author):
            return note  # the same request was handled twice at the same moment
        intake.refuse_erased(key)
        raise


@one_transaction
def discard(*, key: uuid.UUID, author: User) -> None:
    """Delete the recording, and hide a note that was recovered from it. Harmless to repeat."""
    if recording := _locked(key, author):
        recording.delete()
    recovered = VoiceNote.objects.not_deleted().filter(pk=key, author=author, is_recovered=True).first()
    if recovered:
        editing.delete(note=recovered, actor=author)


@one_transaction
def undo_save(*, key: uuid.UUID, author: User) -> None:
    """Take a save back: delete what is left of the recording, hide the note and stop its transcription.

    The browser keeps the recording, and saves it again with another key. Harmless to repeat.
    """
    if recording := _locked(key, author):
        recording.delete()
    if note := VoiceNote.objects.not_deleted().filter(pk=key, author=author).first():
        editing.delete(note=note, actor=author)
        abandon(note)


# The fields of a recovered note once its browser saves it, even if it was discarded before.
SAVED = {"is_recovered": False, "deleted_at": None, "deleted_by": None}


def make_note(recording: Recording, *, is_recovered: bool = False) -> VoiceNote:
    """Make a note of all chunks of the recording, or complete the one that was recovered; raises what `save` raises."""
    with storing(), assembled(recording) as (path, sha256):
        incoming = IncomingAudio(recording.pk, recording.reservation_id, recording.property_id, sha256)
        earlier = VoiceNote.objects.filter(pk=recording.pk).first()
        if earlier:
            return _complete_recovered(earlier, incoming, path)
        return intake.keep(
            incoming,
            path,
            author=recording.author,
            recorded_at=recording.started_at,
            is_recovered=is_recovered,
            also=_start_transcription,
        )


def _start_transcription(note: VoiceNote) -> None:
    """Give a new note the text of its recording, or queue its transcription, in the transaction that makes the note."""
    recording = _locked_recording_of(note)
    if not note.is_recovered:  # else its browser may still come back with more
        recording.chunks.all().delete()
        recording.stopped_at = recording.stopped_at or clock.now()
        recording.save(update_fields=["stopped_at"])
    if recording.is_transcribed:
        complete_from_pieces(note, recording)
    else:
        enqueue(note.pk)
    notify(CHANNEL, str(note.pk))


def _locked_recording_of(note: VoiceNote) -> Recording:
    """The note's recording, locked. Raises AudioRefused when it was erased meanwhile, Gone when it was discarded."""
    if recording := _locked(note.pk, note.author):
        return recording
    intake.refuse_erased(note.pk)
    raise Gone


def _complete_recovered(note: VoiceNote, incoming: IncomingAudio, path: Path) -> VoiceNote:
    """Put the whole recording into a note that was recovered from a part of it, and transcribe it anew."""
    if note.upload_sha256 == incoming.upload_sha256:
        VoiceNote.objects.filter(pk=note.pk).update(**SAVED)
        Recording.objects.filter(pk=note.pk).delete()  # a recovered note is transcribed as a whole
        note.refresh_from_db()
        return note
    before = note.files
    with intake.stored_files(note.pk, path) as audio_fields:
        with transaction.atomic():
            _locked_recording_of(note)  # recordings are locked before notes, as workers do it
            fresh = {"status": Status.QUEUED, "queued_at": clock.now(), "attempts": 0, "claim": None, "failure": ""}
            whole = {"upload_sha256": incoming.upload_sha256, "peaks": None}
            VoiceNote.objects.filter(pk=note.pk).update(**audio_fields, **fresh, **whole, **SAVED)
            note.refresh_from_db()
            intake.enqueue_rendition(note)
            _start_transcription(note)
            deletion.list_for_deletion(before)
        transaction.on_commit(deletion.delete_files, robust=True)
    return note


def _saved(key: uuid.UUID, author: User) -> VoiceNote | None:
    """The note with this key, unless it was recovered and may still be completed. Raises Gone."""
    note = VoiceNote.objects.filter(pk=key, is_recovered=False).first()
    if note and note.author_id != author.pk:
        raise Gone
    return note


def _require_all_chunks(recording: Recording, chunks: int) -> None:
    if recording.chunks_received != chunks:
        raise OutOfOrder(_state(recording))


def _state(recording: Recording | None, note: VoiceNote | None = None) -> State:
    if recording is None:
        is_written = note is not None and not note.is_pending
        text = note.transcript.text if note and hasattr(note, "transcript") else ""
        return State(text=text, is_transcribed=is_written, note=note)
    return State(
        expected=recording.chunks_received,
        text=recording.text,
        transcribed_seconds=recording.transcribed_seconds,
        is_transcribed=recording.is_transcribed,
        note=note,
    )
