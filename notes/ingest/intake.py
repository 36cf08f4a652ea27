"""Makes a voice note of an audio file: checks the file by its content, stores it, and queues its transcription."""

import contextlib
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from config import clock
from config.errors import DomainError, Reason
from notes.files import audio as audio_files
from notes.files.spool import spool_file
from notes.limits import longest_seconds
from notes.models import Playable, VoiceNote, attached_to, was_erased
from notes.queue import enqueue, enqueue_rendering
from notes.sound import audio, copying
from notes.sound.containers import Container
from notes.sound.playing import Way
from properties.models import Property
from reservations.models import Reservation

# No word is said in less; what a broken transfer leaves of a file may be that short.
SHORTEST_SECONDS = 0.1


class Upload(Protocol):
    """A file that gives its bytes in chunks, as Django's uploaded files do."""

    def chunks(self) -> Iterable[bytes]: ...


class AudioRefused(DomainError):
    """Nothing was stored. `code` is a key of `reasons`."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    reasons = {
        "empty": Reason(
            "This file holds no sound. Record it again, or choose another file.",
            "The file holds no sound.",
            "Record it again.",
        ),
        "not_audio": Reason(
            "This is not a sound file, whatever it is called. Choose a recording.",
            "The file is no recording, whatever its name and label say.",
            "Send a sound file, such as M4A, MP3 or WAV.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "no_sound": Reason(
            "This file has no sound track. Choose another file, or record the note here.",
            "The file may hold sound, and has no track of it.",
            "Send another file.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "unknown_codec": Reason(
            "This file holds {what}, which cannot be read here. Save it as WAV, M4A or MP3.",
            "The sound is compressed in a way that is not known here; the answer names it.",
            "Send it as WAV, M4A or MP3.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "protected": Reason(
            "This file is locked by its seller and cannot be read. Choose a recording of your own.",
            "The sound is encrypted for the player of whoever sold it.",
            "Send one that is not.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "is_video": Reason(
            "This file is a video. Choose a recording with sound only.",
            "The file has pictures.",
            "Send its sound alone.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "unreadable": Reason(
            "This recording is damaged and cannot be played. Record it again, or choose another file.",
            "The recording is damaged.",
            "Send it again from the original.",
        ),
        "too_large": Reason(
            "This file is larger than {megabytes} MB. Choose a shorter recording, or save it as M4A or MP3.",
            "The body, or the recording in it, has more bytes than are taken.",
            "Send less at once; save a recording as M4A or MP3.",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ),
        "too_long": Reason(
            "This recording is too long: a note has at most {minutes} min. Record it in several notes.",
            "The recording lasts longer than a note may.",
            "Send it in several notes.",
        ),
        "key_taken": Reason(
            "Another recording was already saved from this page. Reload the page and save this one again.",
            "Another note was saved under this key.",
            "Make a new key for each note.",
        ),
        "erased": Reason(
            "This note was erased for good and is not taken again. Reload the page to record a new one.",
            "This note was erased for good and is not taken again.",
            "Nothing: that was somebody’s decision.",
            status=HTTPStatus.GONE,
        ),
    }

    def __init__(self, code: str, *, what: str = "") -> None:
        megabytes = settings.MAX_UPLOAD_BYTES // 2**20
        minutes = settings.MAX_RECORDING_SECONDS // 60
        reason = self.reasons[code]
        super().__init__(reason.message.format(megabytes=megabytes, minutes=minutes, what=what))
        self.code = code
        self.status = reason.status or self.status


_REFUSALS = {
    audio.NotAudio: "not_audio",
    audio.NoSound: "no_sound",
    audio.UnknownCodec: "unknown_codec",
    audio.Protected: "protected",
    audio.Empty: "empty",
    audio.IsVideo: "is_video",
    audio.Unreadable: "unreadable",
}


@dataclass(frozen=True)
class Arrival:
    """One upload before it is a note, with the SHA-256 (hex) of its bytes. The same arrival twice makes one note."""

    key: uuid.UUID
    reservation_id: int | None
    property_id: int
    upload_sha256: str

    @classmethod
    def of(cls, note: VoiceNote) -> "Arrival":
        return cls(note.pk, note.reservation_id, note.property_id, note.upload_sha256)


def enqueue_note(note: VoiceNote) -> None:
    enqueue(note.pk)


def enqueue_rendition(note: VoiceNote) -> None:
    """Queue the rendition that is due, before the transcription: it takes a hundredth of that time."""
    if note.playable == Playable.DUE:
        enqueue_rendering(note.pk)


def receive(
    *,
    author: User,
    upload: Upload,
    reservation: Reservation | None = None,
    property: Property | None = None,
    key: uuid.UUID | None = None,
) -> VoiceNote:
    """Store the upload as a voice note on the reservation, whatever its state, or on the property; queue it.

    `upload` gives its bytes by `chunks()`. `key` (a UUID made by the sender) makes a repetition harmless: the same
    bytes for the same reservation or property return the note that is there. Raises AudioRefused and NotStored.
    """
    with audio_files.storing(), spool_file() as original:
        sha256 = _take_in(upload, original)
        arrival = Arrival(key or uuid.uuid4(), **attached_to(reservation, property), upload_sha256=sha256)
        if earlier := _received_before(arrival):
            return earlier
        try:
            return keep(arrival, original, author=author)
        except IntegrityError:
            if earlier := _received_before(arrival):
                return earlier  # the same save, sent twice at the same moment
            refuse_erased(arrival.key)  # at this moment
            raise


def keep(
    arrival: Arrival, path: Path, *, author: User, also: Callable[[VoiceNote], None] = enqueue_note, **fields: Any
) -> VoiceNote:
    """Make a note of the file at `path`: the file first, then row and task in one commit.

    `also` is called with the note in that transaction. Raises AudioRefused, and NotStored inside `storing`.
    """
    refuse_erased(arrival.key)
    with filed(arrival.key, path) as audio_fields:
        now = clock.now()
        with transaction.atomic():
            note = VoiceNote.objects.create(
                pk=arrival.key,
                property_id=arrival.property_id,
                reservation_id=arrival.reservation_id,
                author=author,
                upload_sha256=arrival.upload_sha256,
                **{"recorded_at": now, "queued_at": now} | audio_fields | fields,
            )
            enqueue_rendition(note)
            also(note)
    return note


def refuse_erased(key: uuid.UUID) -> None:
    """Raises AudioRefused when a note of this key was there and is gone for good; look for the note itself first."""
    if was_erased(key):
        raise AudioRefused("erased")


def _take_in(upload: Upload, path: Path) -> str:
    """Write the upload to `path`, as far as it is allowed to be, and return its sha256."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > settings.MAX_UPLOAD_BYTES:
                raise AudioRefused("too_large")
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise AudioRefused("empty")
    return digest.hexdigest()


def _received_before(arrival: Arrival) -> VoiceNote | None:
    note = VoiceNote.objects.filter(pk=arrival.key).first()
    if note and arrival != Arrival.of(note):
        raise AudioRefused("key_taken")
    return note


def listen(path: Path) -> audio.Probe:
    """What the file holds, by its content and not by its name. Raises AudioRefused."""
    try:
        found = audio.probe(path)
    except audio.BadAudio as error:
        raise AudioRefused(_REFUSALS[type(error)], what=str(error)) from error
    if found.seconds and found.seconds > longest_seconds():
        raise AudioRefused("too_long")
    if found.seconds and found.seconds < SHORTEST_SECONDS:
        raise AudioRefused("empty")
    return found


@contextlib.contextmanager
def filed(key: uuid.UUID, path: Path) -> Iterator[dict[str, Any]]:
    """Inside, the recording is in the storage, beside it what browsers play in its place when that is made at once, and
    these are the fields of the row that will point to them.

    When the row does not come about, the files go again: no row without its files, and no file without its row. Raises
    AudioRefused, and NotStored inside `storing`.
    """
    found = listen(path)
    with _copied(found, path) as copy, contextlib.ExitStack() as files:
        fields = files.enter_context(audio_files.stored(key, found, path))
        yield fields | (files.enter_context(audio_files.stored_rendition(key, *copy)) if copy else {})


@contextlib.contextmanager
def _copied(found: audio.Probe, original: Path) -> Iterator[tuple[Path, Container] | None]:
    """A file of its packets with an index, and its Container; None where it needs none, or more than that."""
    with spool_file() as copy:
        kind = None
        if found.way == Way.AS_A_COPY:
            with contextlib.suppress(copying.NotCopied):
                kind = copying.copy(original, copy, found=found)
        yield (copy, kind) if kind else None
