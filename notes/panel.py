"""What the voice-note panel of a reservation's page shows."""

import uuid

from django.conf import settings

from notes.forms import UploadForm


def panel(*, reservation, user, form=None):
    """Template context, as `user` sees it. A refused `form` is shown again with its words."""
    notes = reservation.voice_notes.kept().newest_first().with_text().with_hearings()
    return {
        "reservation": reservation,
        "notes": notes,
        "unheard": sum(not note.is_heard_by(user) for note in notes),
        "upload": form or UploadForm(initial={"key": uuid.uuid4()}),
        "limit_seconds": settings.MAX_RECORDING_SECONDS,
        "limit_megabytes": settings.MAX_UPLOAD_BYTES // 2**20,
    }
