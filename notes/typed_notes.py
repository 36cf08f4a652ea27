"""Typed notes: they are shown in the same lists as spoken ones, and have a text without audio."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from accounts.access import Action, require
from accounts.models import User
from config import clock
from config.errors import DomainError
from notes.models import Status, Transcript, VoiceNote, attached_to, was_erased
from properties.models import Property
from reservations.models import Reservation


class KeyTaken(DomainError):
    """The key belongs to another note, or to one that was erased. The note can be saved with a new key."""

    code = "key_taken"
    when = "Another note was saved under this key."
    then = "Make a new key for each note."

    def __init__(self) -> None:
        super().__init__("Another note was already saved from here. Press Save note again to save this one, too.")


def type_note(
    *,
    text: str,
    author: User,
    reservation: Reservation | None = None,
    property: Property | None = None,
    key: uuid.UUID | None = None,
) -> VoiceNote:
    """Save `text` as a note on the reservation, whatever its state, or on the property.

    `key` (a UUID made by the page) makes a repetition harmless: the same text for the same reservation or property
    returns the note that is there. Raises KeyTaken.
    """
    require(author, Action.RECORD, reservation or property)
    key, about = key or uuid.uuid4(), {"reservation": reservation, "property": property}
    if was_erased(key):
        raise KeyTaken
    try:
        with transaction.atomic():
            return _save(key, about, text, author)
    except IntegrityError:
        return _note_of_same_request(key, about, text, author)


def _save(key: uuid.UUID, about: dict[str, Any], text: str, author: User) -> VoiceNote:
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


def _note_of_same_request(key: uuid.UUID, about: dict[str, Any], text: str, author: User) -> VoiceNote:
    saved = VoiceNote.objects.filter(author=author, status=Status.TYPED, transcript__text=text)
    note = saved.attached_to(**about).filter(pk=key).first()
    if note is None:
        raise KeyTaken
    return note
