"""All of one guest's voice notes as a zip file: audio, and what was said in it, for the guest to take away."""

import io
import json
import zipfile
from collections.abc import Generator, Iterator
from typing import Any

from notes.erasure.of_guests import notes_of
from notes.models import VoiceNote
from reservations.models import Guest

BLOCK = 256 * 1024  # bytes of audio that are in memory at a time
PER_QUERY = 100


def zip_of(guest: Guest) -> Iterator[bytes]:
    """Piece by piece: nothing is held, on the disk or in memory, but the block that is sent."""
    out = _Pipe()
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


def _add_audio(archive: zipfile.ZipFile, out: "_Pipe", note: VoiceNote, name: str) -> Generator[bytes, None, bool]:
    """Ends with whether there was a file."""
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
    """Nothing about staff: who spoke and who listened is theirs."""
    said = getattr(note, "transcript", None)
    return {
        "id": str(note.pk),
        "recorded_at": note.recorded_at.isoformat(),
        "property": note.property.name,
        "reservation": note.reservation and note.reservation.reference,
        "status": note.status,
        "seconds": note.seconds,
        "audio": file,
        "language": said and said.language,
        "text": said and said.text,
        "machine_text": said and said.machine_text,
        "earlier_text": said and said.earlier_text,
        "is_deleted": note.deleted_at is not None,
    }


class _Pipe(io.RawIOBase):
    """What a zip file is written to: it gives away what has come in so far, and cannot go back."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: Any) -> int:
        self._blocks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self._blocks = b"".join(self._blocks), []
        return data
