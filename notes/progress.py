"""How far a note is written down while it is not done: seconds of its sound, and the text so far."""

import uuid
from collections.abc import Iterable

from notes.models import Recording, VoiceNote


def add_progress(notes: Iterable[VoiceNote]) -> None:
    """Give those of `notes` that are pending `done_seconds` and `so_far`. Two queries when there are any."""
    pending = {note.pk: note for note in notes if note.is_pending}
    if not pending:
        return
    for recording in Recording.objects.filter(pk__in=list(pending)).prefetch_related("pieces"):
        note = pending[recording.pk]
        note.done_seconds = max(note.done_seconds, recording.transcribed_seconds)
        note.so_far = recording.text


def state_of(note_id: uuid.UUID) -> str | None:
    """As `state`, of a note that is kept; None of any other."""
    notes = VoiceNote.objects.not_deleted().filter(pk=note_id)
    add_progress(notes)
    return next(map(state, notes), None)


def state(note: VoiceNote) -> str:
    """Changes whenever there is more to see of an unfinished note."""
    said = f"{note.status}-{note.done_seconds:.1f}" if note.is_pending and note.done_seconds else note.status
    if not note.is_being_prepared:
        return said
    return f"{said}-waits" if note.rendition_waits_until else f"{said}-silent"
