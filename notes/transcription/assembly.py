"""Makes a note's text of the pieces that were transcribed while it was recorded."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from notes import rendering
from notes.models import Piece, Recording, Status, VoiceNote
from notes.queue import enqueue
from notes.sound import waveform
from notes.sound.levels import is_hard_to_hear
from notes.transcription.saved_notes import replace_transcript

# Pieces and stored file are decoded from the same packets. If their lengths differ by more than the larger of these, a
# part is missing.
SECONDS_APART = 1.0
SHARE_APART = 0.01


def complete_from_pieces(note: VoiceNote, recording: Recording) -> bool:
    """Give a queued note the text of its recording, which was transcribed to its end, and delete the recording.

    To be called in a transaction with the recording's row locked. Returns False when the pieces are not the whole note:
    then the note is queued to be transcribed as a whole.
    """
    pieces = list(recording.pieces.all())
    is_complete = _are_whole(pieces, note)
    if is_complete:
        _complete(note, pieces, lease_until=recording.lease_until)
    else:
        enqueue(note.pk)
    if not note.is_recovered:  # else its browser may still come back with more
        recording.delete()
    note.refresh_from_db()
    return is_complete


def _are_whole(pieces: list[Piece], note: VoiceNote) -> bool:
    """Whether the pieces are undamaged, follow each other without gaps, and are as long as the note's file."""
    if not pieces or pieces[0].start or any(piece.is_damaged for piece in pieces):
        return False
    if any(piece.end != after.start for piece, after in pairwise(pieces)):
        return False
    transcribed, stored = pieces[-1].end, note.seconds or pieces[-1].end
    return abs(transcribed - stored) <= max(SECONDS_APART, SHARE_APART * stored)


def _complete(note: VoiceNote, pieces: list[Piece], *, lease_until: datetime | None) -> None:
    machine = _machine_fields(pieces)
    status = Status.TRANSCRIBED if machine["machine_text"] else Status.NO_SPEECH
    waiting = VoiceNote.objects.filter(pk=note.pk, status=Status.QUEUED)
    loudness = [each for piece in pieces for each in piece.loudness]
    if waiting.update(
        status=status,
        seconds=round(pieces[-1].end, 3),
        peaks=waveform.peaks(loudness),
        is_damaged=False,
        failure="",
        claim=None,
        lease_until=lease_until,
    ):
        replace_transcript(note.pk, machine)
        if machine["machine_text"] and is_hard_to_hear(loudness):
            rendering.make_audible(note.pk)


def _machine_fields(pieces: list[Piece]) -> dict[str, Any]:
    spoken = [piece for piece in pieces if piece.text]
    last = pieces[-1]
    return {
        "machine_text": " ".join(piece.text for piece in spoken),
        "segments": [segment for piece in spoken for segment in piece.segments],
        "language": next((piece.language for piece in spoken), ""),
        "engine": last.engine,
        "model": last.model,
        "version": last.version,
        "settings": last.settings,
        "took_seconds": round(sum(piece.took_seconds for piece in pieces), 3),
        "from_pieces": len(pieces) > 1,  # a single piece is the whole recording
    }
