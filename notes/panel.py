"""The panel of notes on the page of a reservation or a property."""

import uuid

from django.conf import settings

from notes.addresses import action, target
from notes.forms import TypedForm, UploadForm
from notes.models import VoiceNote
from notes.progress import add_progress
from notes.speech import destination

# Notes that the panel shows at most: a property's hand-over notes become more for ever. The *Notes* page has them all.
MOST = 50


def panel(*, user, reservation=None, property=None, upload=None, typed=None):
    """The template's context, with the notes that `user` may see.

    `upload` and `typed` are refused forms that are shown again; without them the forms are empty.
    """
    property = property or reservation.property
    notes = VoiceNote.objects.not_deleted().visible_to(user).attached_to(reservation, property)
    shown = list(notes.newest_first().with_text().with_read_receipts()[: MOST + 1])
    add_progress(shown)
    return {
        "reservation": reservation,
        "property": property,
        "target": target(reservation, property),
        "notes": shown[:MOST],
        "has_more": len(shown) > MOST,
        "unread": _unread(notes, shown, user),
        "mark_read_address": action("mark_read", reservation, property),
        "upload": upload or UploadForm(initial={"key": uuid.uuid4()}),
        "typed": typed or TypedForm.fresh(),
        "type_address": action("type", reservation, property),
        "destination": destination(),
        "limit_seconds": settings.MAX_RECORDING_SECONDS,
        "limit_megabytes": settings.MAX_UPLOAD_BYTES // 2**20,
    }


def _unread(notes, shown, user):
    if len(shown) > MOST:
        return notes.unread_by(user).count()
    return sum(not note.is_read_by(user) for note in shown)
