"""Voice notes made with as few words as a test needs, around the verbs."""

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from notes.models import Status, Transcript, VoiceNote
from tests.factories import make_reservation, make_user
from tests.notes.clips import recording


def make_note(*, audio=None, container="wav", transcript=None, **fields):
    """A queued note of one second unless told otherwise; `transcript` is the machine's text."""
    key, data = fields.pop("pk", None) or uuid.uuid4(), audio if audio is not None else recording(container)
    fields = {
        "author": User.objects.first() or make_user(),
        "recorded_at": timezone.now(),
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "status": Status.TRANSCRIBED if transcript else Status.QUEUED,
    } | fields
    if "property" not in fields:
        fields["reservation"] = fields.get("reservation") or make_reservation()
        fields["property"] = fields["reservation"].property
    name = default_storage.save(f"{fields['recorded_at']:%Y/%m}/{key}.{container}", ContentFile(data))
    note = VoiceNote.objects.create(pk=key, audio=name, container=container, **fields)
    if transcript:
        make_transcript(note, text=transcript, machine_text=transcript)
    return note


def make_doubted(text="Thank you very much.", *, probability=0.3, model="tiny.en", **fields):
    """A note whose machine believed in none of its words."""
    note = make_note(**{"status": Status.TRANSCRIBED} | fields)
    words = [
        {"start": n, "end": n + 1, "text": word, "probability": probability} for n, word in enumerate(text.split())
    ]
    segments = [{"start": 0, "end": len(words), "text": text, "words": words}]
    make_transcript(note, text=text, machine_text=text, segments=segments, model=model)
    return note


def make_typed(text="The boiler was reset.", **fields):
    """A note that was typed, on a reservation unless `property` is given."""
    key = fields.pop("pk", None) or uuid.uuid4()
    author = fields.pop("author", None) or User.objects.first() or make_user()
    if "property" not in fields:
        fields["reservation"] = fields.get("reservation") or make_reservation()
        fields["property"] = fields["reservation"].property
    note = VoiceNote.objects.create(pk=key, author=author, status=Status.TYPED, **fields)
    at = note.recorded_at
    make_transcript(note, text=text, engine="", model="", created_at=at, edited_at=at, edited_by=author)
    return note


def make_transcript(note, **fields):
    fields = {"engine": "fake", "model": "fake", "took_seconds": 0.1, "language": "en"} | fields
    return Transcript.objects.create(note=note, **fields)
