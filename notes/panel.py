"""What the panel with a place's notes shows: on a reservation's page, and on a property's."""

import uuid

from django.conf import settings

from notes.forms import TypedForm, UploadForm
from notes.places import address, notes_of, property_of, target
from notes.progress import add_progress
from notes.speech import destination

# A reservation's notes end with the stay; those for whoever comes next never do. The others are on the Notes page.
MOST = 50


def panel(*, place, user, upload=None, typed=None):
    """Template context, as `user` sees it. A refused form is shown again with its words."""
    notes = notes_of(place, user)
    shown = list(notes.newest_first().with_text().with_read_receipts()[: MOST + 1])
    add_progress(shown)
    return {
        "place": place,
        "property": property_of(place),
        "target": target(place),
        "notes": shown[:MOST],
        "has_more": len(shown) > MOST,
        "unread": _unread(notes, shown, user),
        "mark_read_address": address("mark_read", place),
        "upload": upload or UploadForm(initial={"key": uuid.uuid4()}),
        "typed": typed or TypedForm.fresh(),
        "type_address": address("type", place),
        "destination": destination(),
        "limit_seconds": settings.MAX_RECORDING_SECONDS,
        "limit_megabytes": settings.MAX_UPLOAD_BYTES // 2**20,
    }


def _unread(notes, shown, user):
    if len(shown) > MOST:
        return notes.unread_by(user).count()
    return sum(not note.is_read_by(user) for note in shown)
