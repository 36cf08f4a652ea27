"""Status and detail of the API's error responses for refused recordings, where they differ from those of pages."""

from api.problems import details
from notes.files.audio import NotStored
from notes.ingest.intake import AudioRefused


@details.register(AudioRefused)
def refused(error, request):
    return {"status": (error.reasons[error.code].api_status or error.status).value}


@details.register(NotStored)
def not_stored(error, request):
    return {"detail": "The recording could not be stored, and nothing of it was kept. Send it again in a minute."}
