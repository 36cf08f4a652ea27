"""What the panel with notes shows: on a reservation's page, and on a property's."""

import uuid

from django.conf import settings

from notes.addresses import action, target
from notes.forms import TypedForm, UploadForm
from notes.models import VoiceNote
from notes.progress import add_progress
from notes.speech import destination

# A reservation's notes end with the stay; those for whoever comes next never do. The others are on the Notes page.
MOST = 50


def panel(*, user, reservation=None, property=None, upload=None, typed=None):
    """Template context, as `user` sees it. A refused form is shown again with its words."""
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
