"""A note that is typed: the same list, the same rights, no sound."""

import uuid

from django.db import IntegrityError, transaction

from config import clock
from config.errors import DomainError
from notes.models import Status, Transcript, VoiceNote, attached_to, is_attached_to, was_erased


class KeyTaken(DomainError):
    """The key is that of another note; with a new one this note can be saved."""

    code = "key_taken"
    when = "Another note was saved under this key."
    then = "Make a new key for each note."

    def __init__(self):
        super().__init__("Another note was already saved from here. Press Save note again to save this one, too.")


def type_note(*, text, author, reservation=None, property=None, key=None):
    """Save `text` as a note on the reservation, whatever its state, or on the property.

    `key` (a UUID made by the page) makes a repetition harmless: the same text for the same reservation or property
    returns the note that is there. Raises KeyTaken.
    """
    key, about = key or uuid.uuid4(), {"reservation": reservation, "property": property}
    if was_erased(key):
        raise KeyTaken
    try:
        with transaction.atomic():
            return _save(key, about, text, author)
    except IntegrityError:
        return _saved_before(key, about, text, author)


def _save(key, about, text, author):
    now = clock.now()
    note = VoiceNote.objects.create(
        pk=key,
        **attached_to(**about),
        author=author,
        recorded_at=now,
        status=Status.TYPED,
    )
    Transcript.objects.create(note=note, text=text, took_seconds=0, created_at=now, edited_at=now, edited_by=author)
    return note


def _saved_before(key, about, text, author):
    note = VoiceNote.objects.select_related("transcript").filter(pk=key).first()  # None: the key's note was erased
    is_the_same = note and is_attached_to(note, **about) and note.author_id == author.pk and note.status == Status.TYPED
    if not is_the_same or not hasattr(note, "transcript") or note.transcript.text != text:
        raise KeyTaken
    return note
