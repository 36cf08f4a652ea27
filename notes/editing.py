"""What people do to a note after it was made: correct its text, rate it, delete it, restore it.

Audio and the machine's text are never changed. A note that failed or has no speech keeps that status when somebody
types its text: the status describes the recording, the transcript is what people read.
"""

from typing import Any

from django.db import transaction

from accounts.access import Action, require
from accounts.models import User
from config import clock
from config.errors import DomainError
from notes.models import Transcript, VoiceNote


class TextChanged(DomainError):
    """Somebody else changed the text since the editing began; `text` is what the note says now."""

    code = "text_changed"
    when = "Somebody else changed the text since you read it."
    then = "Read it, compare it with yours, and send yours again."

    def __init__(self, text: str) -> None:
        super().__init__("The text was changed while you were typing. Compare it with yours, then save again.")
        self.text = text


class NoMachineText(DomainError):
    code = "no_machine_text"
    when = "The note has no machine-made text that could be restored."
    then = "Write the text yourself."


class NoteDeleted(DomainError):
    code = "note_deleted"
    when = "The note was deleted."
    then = "Do not change it: deleted notes cannot be changed."


def edit_text(*, note: VoiceNote, text: str, actor: User, seen: str | None = None) -> Transcript | None:
    """Set the text of the note; returns its transcript, or None when neither people nor a machine have left a text.

    `seen` is the text that the editing began with ("" for none); None overwrites whatever is there now. An edit that
    began before the second pass replaced the machine's text is saved as if it had begun after that.
    Raises TextChanged and NoteDeleted.
    """
    require_editing(actor, note)
    with transaction.atomic():
        transcript = _locked_transcript(note)
        if seen is not None and _words(seen) != _words(transcript.text):
            if not _improved_since(seen, transcript):
                raise TextChanged(transcript.text)
            if _words(text) == _words(seen):
                return transcript  # nothing was corrected: the improved text stays
        if text != transcript.text:
            _save(transcript, text=text, edited_at=clock.now(), edited_by=actor)
        return transcript if text or transcript.machine_text else None


def restore_machine_text(*, note: VoiceNote, actor: User) -> Transcript:
    """Replace what people wrote by the machine's text. Raises NoMachineText and NoteDeleted."""
    require_editing(actor, note)
    with transaction.atomic():
        transcript = _locked_transcript(note)
        if not transcript.machine_text:
            raise NoMachineText("No machine has written a text for this note. Edit the text instead.")
        _save(transcript, text=transcript.machine_text, edited_at=None, edited_by=None)
        return transcript


def rate(*, note: VoiceNote, rating: int | None, actor: User) -> Transcript:
    """Record how good the machine's text is: 1, -1, or None for no rating. Raises NoMachineText and NoteDeleted."""
    require(actor, Action.LISTEN, note)
    with transaction.atomic():
        transcript = _locked_transcript(note)
        if not transcript.machine_text:
            raise NoMachineText("No machine has written a text for this note. There is nothing to rate.")
        _save(transcript, rating=rating, rated_by=None if rating is None else actor)
        return transcript


def delete(*, note: VoiceNote, actor: User) -> None:
    """Hide the note until `undelete` brings it back. Repeating it changes nothing."""
    require_editing(actor, note)
    VoiceNote.objects.not_deleted().filter(pk=note.pk).update(deleted_at=clock.now(), deleted_by=actor)
    note.refresh_from_db()


def undelete(*, note: VoiceNote, actor: User) -> None:
    """Show a deleted note again. Repeating it changes nothing."""
    require_editing(actor, note)
    VoiceNote.objects.filter(pk=note.pk).update(deleted_at=None, deleted_by=None)
    note.refresh_from_db()


def may_edit(actor: User, note: VoiceNote) -> bool:
    """Whether `actor` may change, delete and restore the note: whoever may leave notes may do so with their own."""
    return actor.access.may(_action_for(actor, note), note)


def require_editing(actor: User, note: VoiceNote) -> None:
    """Raises NotVisible or NotAllowed unless `actor` may change the note."""
    require(actor, _action_for(actor, note), note)


def _action_for(actor: User, note: VoiceNote) -> Action:
    return Action.RECORD if note.author_id == actor.pk else Action.EDIT_NOTES


def _locked_transcript(note: VoiceNote) -> Transcript:
    """Lock the note's row, as workers do when they write a result, and return its transcript or a new, unsaved one."""
    if not VoiceNote.objects.not_deleted().select_for_update(no_key=True).filter(pk=note.pk).exists():
        raise NoteDeleted("This note was deleted meanwhile. Reload the page.")
    return Transcript.objects.filter(note_id=note.pk).first() or Transcript(note_id=note.pk, took_seconds=0)


def _save(transcript: Transcript, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(transcript, name, value)
    if transcript.text or transcript.machine_text:
        transcript.save()
    elif not transcript._state.adding:
        transcript.delete()


def _improved_since(seen: str, transcript: Transcript) -> bool:
    if transcript.edited_at is not None or not transcript.earlier_text:
        return False
    return _words(seen) == _words(transcript.earlier_text)


def _words(text: str) -> list[str]:
    """Texts are compared by words, because browsers change line breaks."""
    return text.split()
