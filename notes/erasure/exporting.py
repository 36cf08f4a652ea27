"""All voice notes of one guest as a zip file, for the guest: audio files, and texts in notes.json."""

import io
import json
import zipfile
from collections.abc import Generator, Iterator
from typing import Any

from notes.erasure.of_guests import notes_of
from notes.models import VoiceNote
from reservations.models import Guest

BLOCK = 256 * 1024  # bytes of audio that are read at a time
PER_QUERY = 100


def zip_of(guest: Guest) -> Iterator[bytes]:
    """The zip file in blocks, made while it is sent: one block at a time is in memory."""
    out = _WriteBuffer()
    entries = []
    notes = notes_of(guest).select_related("property", "reservation", "transcript").order_by("recorded_at", "pk")
    with zipfile.ZipFile(out, "w") as archive:  # sound is compressed already
        for note in notes.iterator(chunk_size=PER_QUERY):
            file = f"audio/{note.recorded_at:%Y-%m-%d-%H%M}-{note.pk}.{note.container}" if note.audio else None
            if file and not (yield from _add_audio(archive, out, note, file)):
                file = None
            entries.append(_entry(note, file))
        archive.writestr("notes.json", json.dumps(entries, ensure_ascii=False, indent=2))
    yield out.taken()


def _add_audio(
    archive: zipfile.ZipFile, out: "_WriteBuffer", note: VoiceNote, name: str
) -> Generator[bytes, None, bool]:
    """Yield blocks of the zip file with the note's audio; its return value is whether there was an audio file."""
    try:
        stored = note.audio.open("rb")
    except FileNotFoundError:
        return False
    with stored, archive.open(name, "w", force_zip64=True) as entry:
        while block := stored.read(BLOCK):
            entry.write(block)
            yield out.taken()
    return True


def _entry(note: VoiceNote, file: str | None) -> dict[str, object]:
    """The note's entry in notes.json. It holds nothing about staff: neither the author nor who listened."""
    transcript = getattr(note, "transcript", None)
    return {
        "id": str(note.pk),
        "recorded_at": note.recorded_at.isoformat(),
        "property": note.property.name,
        "reservation": note.reservation and note.reservation.reference,
        "status": note.status,
        "seconds": note.seconds,
        "audio": file,
        "language": transcript and transcript.language,
        "text": transcript and transcript.text,
        "machine_text": transcript and transcript.machine_text,
        "earlier_text": transcript and transcript.earlier_text,
        "is_deleted": note.deleted_at is not None,
    }


class _WriteBuffer(io.RawIOBase):
    """A file object for writing only, without seeking; `taken` returns and removes what was written so far."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: Any) -> int:
        self._blocks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self._blocks = b"".join(self._blocks), []
        return data
