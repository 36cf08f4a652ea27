"""How far the transcription of an unfinished note has come: seconds of its audio, and the text so far."""

import uuid
from collections.abc import Iterable

from notes.models import Recording, VoiceNote


def add_progress(notes: Iterable[VoiceNote]) -> None:
    """Set `done_seconds` and `so_far` of those of `notes` that are pending. Two queries when there are any."""
    pending = {note.pk: note for note in notes if note.is_pending}
    if not pending:
        return
    for recording in Recording.objects.filter(pk__in=list(pending)).prefetch_related("pieces"):
        note = pending[recording.pk]
        note.done_seconds = max(note.done_seconds, recording.transcribed_seconds)
        note.so_far = recording.text


def state_of(note_id: uuid.UUID) -> str | None:
    """`state` of the note with this key; None when there is no such note, or it was deleted."""
    notes = VoiceNote.objects.not_deleted().filter(pk=note_id)
    add_progress(notes)
    return next(map(state, notes), None)


def state(note: VoiceNote) -> str:
    """A string that changes whenever a page can show something new of an unfinished note."""
    progress = f"{note.status}-{note.done_seconds:.1f}" if note.is_pending and note.done_seconds else note.status
    if not note.is_being_prepared:
        return progress
    return f"{progress}-waits" if note.rendition_waits_until else f"{progress}-silent"
