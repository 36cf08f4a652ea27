"""The tables of voice notes, their transcripts, and recordings that are still coming in."""

from notes.models.attachment import attached_to, is_attached_to
from notes.models.erasures import ErasedNote, Erasure, FileToDelete, was_erased
from notes.models.recordings import Chunk, Piece, Recording
from notes.models.transcripts import Transcript
from notes.models.voice_notes import (
    PENDING,
    Failure,
    Playable,
    ReadReceipt,
    Status,
    VoiceNote,
    VoiceNoteQuerySet,
)

__all__ = [
    "PENDING",
    "Chunk",
    "ErasedNote",
    "Erasure",
    "Failure",
    "FileToDelete",
    "Piece",
    "Playable",
    "ReadReceipt",
    "Recording",
    "Status",
    "Transcript",
    "VoiceNote",
    "VoiceNoteQuerySet",
    "attached_to",
    "is_attached_to",
    "was_erased",
]
