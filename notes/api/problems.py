"""What a program is told when its recording is refused; a page has other statuses for it, and other words."""

from http import HTTPStatus

from api.problems import details
from notes.ingest.intake import AudioRefused, NotStored

_STATUSES = dict.fromkeys(
    ("not_audio", "no_sound", "unknown_codec", "protected", "is_video"), HTTPStatus.UNSUPPORTED_MEDIA_TYPE
)


@details.register(AudioRefused)
def refused(error, request):
    return {"status": _STATUSES.get(error.code, error.status).value}


@details.register(NotStored)
def not_stored(error, request):
    return {"detail": "The recording could not be stored, and nothing of it was kept. Send it again in a minute."}
