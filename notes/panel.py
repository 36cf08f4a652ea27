"""What the voice-note panel of a reservation's page shows."""

import uuid

from django.conf import settings

from notes.forms import UploadForm


def panel(*, reservation, form=None):
    """Template context. A refused `form` is shown again with its words."""
    return {
        "reservation": reservation,
        "notes": reservation.voice_notes.kept().newest_first().with_text(),
        "upload": form or UploadForm(initial={"key": uuid.uuid4()}),
        "limit_seconds": settings.MAX_RECORDING_SECONDS,
        "limit_megabytes": settings.MAX_UPLOAD_BYTES // 2**20,
    }
