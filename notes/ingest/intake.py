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

from accounts.access import Action, require
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
from notes.sound.playing import RenditionKind
from properties.models import Property
from reservations.models import Reservation

# A file with less sound than this holds no word; a transfer that broke off may leave one.
SHORTEST_SECONDS = 0.1


class Upload(Protocol):
    """What `receive` takes: a file that gives its bytes in chunks, as Django's uploaded files do."""

    def chunks(self) -> Iterable[bytes]: ...


class AudioRefused(DomainError):
    """The file cannot become a note; nothing was stored. `code` is a key of `reasons`."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    reasons = {
        "empty": Reason(
            "This file holds no sound. Record it again, or choose another file.",
            "The file holds no sound.",
            "Record it again.",
        ),
        "not_audio": Reason(
            "This is not a sound file, whatever it is called. Choose a recording.",
            "The content of the file is not sound, whatever its name and Content-Type say.",
            "Send a sound file, such as M4A, MP3 or WAV.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "no_sound": Reason(
            "This file has no sound track. Choose another file, or record the note here.",
            "The file is of a format for sound, but has no sound track.",
            "Send another file.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "unknown_codec": Reason(
            "This file holds {what}, which cannot be read here. Save it as WAV, M4A or MP3.",
            "The file has a codec that cannot be read here; “detail” names it.",
            "Send it as WAV, M4A or MP3.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "protected": Reason(
            "This file is locked by its seller and cannot be read. Choose a recording of your own.",
            "The sound is encrypted by its seller (DRM).",
            "Send a file that is not encrypted.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "is_video": Reason(
            "This file is a video. Choose a recording with sound only.",
            "The file is a video.",
            "Send its sound only.",
            api_status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
        "unreadable": Reason(
            "This recording is damaged and cannot be played. Record it again, or choose another file.",
            "The recording is damaged.",
            "Send it again from the original.",
        ),
        "too_large": Reason(
            "This file is larger than {megabytes} MB. Choose a shorter recording, or save it as M4A or MP3.",
            "The body, or the recording in it, has more bytes than are allowed.",
            "Send less in one request; save a recording as M4A or MP3.",
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
            "Do not send it again: somebody decided to erase it.",
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
class IncomingAudio:
    """What a note is going to be made of. `upload_sha256` (hex) is of the bytes that were sent.

    Two equal ones make one note.
    """

    key: uuid.UUID
    reservation_id: int | None
    property_id: int
    upload_sha256: str

    @classmethod
    def of(cls, note: VoiceNote) -> "IncomingAudio":
        """What the note was made of."""
        return cls(note.pk, note.reservation_id, note.property_id, note.upload_sha256)


def enqueue_note(note: VoiceNote) -> None:
    enqueue(note.pk)


def enqueue_rendition(note: VoiceNote) -> None:
    """Queue the note's rendition, if one is due, before the transcription, which takes a hundred times longer."""
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

    `key` is a UUID that the sender makes: when the same bytes for the same reservation or property are sent with it
    again, the note that is there is returned. Raises AudioRefused and NotStored.
    """
    require(author, Action.RECORD, reservation or property)
    with audio_files.storing(), spool_file() as original:
        sha256 = _write_upload(upload, original)
        incoming = IncomingAudio(key or uuid.uuid4(), **attached_to(reservation, property), upload_sha256=sha256)
        if earlier := _received_before(incoming):
            return earlier
        try:
            return keep(incoming, original, author=author)
        except IntegrityError:
            if earlier := _received_before(incoming):
                return earlier  # the same request was handled twice at the same moment
            refuse_erased(incoming.key)  # it was erased at this moment
            raise


def keep(
    incoming: IncomingAudio,
    path: Path,
    *,
    author: User,
    also: Callable[[VoiceNote], None] = enqueue_note,
    **fields: Any,
) -> VoiceNote:
    """Make a note of the file at `path`, and return it. The file is stored first, then row and task in one transaction.

    `also` is called with the note in that transaction; `fields` are further fields of the row. Raises AudioRefused, and
    inside `storing` NotStored.
    """
    refuse_erased(incoming.key)
    with stored_files(incoming.key, path) as audio_fields:
        now = clock.now()
        with transaction.atomic():
            note = VoiceNote.objects.create(
                pk=incoming.key,
                property_id=incoming.property_id,
                reservation_id=incoming.reservation_id,
                author=author,
                upload_sha256=incoming.upload_sha256,
                **{"recorded_at": now, "queued_at": now} | audio_fields | fields,
            )
            enqueue_rendition(note)
            also(note)
    return note


def refuse_erased(key: uuid.UUID) -> None:
    """Raise AudioRefused when the note with this key was erased for good. Look for the note itself first."""
    if was_erased(key):
        raise AudioRefused("erased")


def _write_upload(upload: Upload, path: Path) -> str:
    """Write the upload to `path`, and return its SHA-256 in hex. Raises AudioRefused when it is empty or too large."""
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


def _received_before(incoming: IncomingAudio) -> VoiceNote | None:
    """The note of the same request; raises AudioRefused when the key is another note's."""
    note = VoiceNote.objects.filter(pk=incoming.key).first()
    if note and incoming != IncomingAudio.of(note):
        raise AudioRefused("key_taken")
    return note


def inspect(path: Path) -> audio.Probe:
    """What the file holds, by its content and not by its name. Raises AudioRefused when it cannot become a note."""
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
def stored_files(key: uuid.UUID, path: Path) -> Iterator[dict[str, Any]]:
    """Store the recording, and a rendition of it if that is a copy of its packets; yield the fields of the note's row.

    When the row is not written, the files are deleted again. Raises AudioRefused, and inside `storing` NotStored.
    """
    found = inspect(path)
    with _copied(found, path) as copy, contextlib.ExitStack() as files:
        fields = files.enter_context(audio_files.stored(key, found, path))
        yield fields | (files.enter_context(audio_files.stored_rendition(key, *copy)) if copy else {})


@contextlib.contextmanager
def _copied(found: audio.Probe, original: Path) -> Iterator[tuple[Path, Container] | None]:
    """Yield the path and the Container of a copy of the packets; None when none is needed, or copying does not do."""
    with spool_file() as copy:
        kind = None
        if found.rendition == RenditionKind.COPY:
            with contextlib.suppress(copying.NotCopied):
                kind = copying.copy(original, copy, found=found)
        yield (copy, kind) if kind else None
