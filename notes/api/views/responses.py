"""What the endpoints for voice notes share: looking up a note, the response with it, and examples."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Scope
from api.views import ApiView
from notes.api.serializers.voice_notes import VoiceNoteSerializer
from notes.models import VoiceNote
from notes.progress import add_progress

TAGS = ["voice notes"]
# `Retry-After` of a note that is not done, in seconds.
RETRY_AFTER_SECONDS = 1
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    response=[200, 202],
    description="Seconds to wait before reading the note again; only while its transcription has not ended.",
)


class NoteView(ApiView):
    read_scope, write_scope = Scope.READ_NOTES, Scope.WRITE_NOTES


def note_or_404(user, pk):
    """The note with all that a response shows: three queries, five while it is pending. Raises Http404."""
    notes = VoiceNote.objects.not_deleted().visible_to(user)
    note = get_object_or_404(notes.with_text().with_read_receipts(), pk=pk)
    add_progress([note])
    return note


def note_response(request, note, *, status=200):
    """The response with the note. Any other status than 200 says that the note is new, and adds its `Location`."""
    response = Response(VoiceNoteSerializer(note, context={"request": request}).data, status=status)
    if status != 200:
        response.headers["Location"] = reverse("api-voice-note", [note.pk], request=request)
    if note.is_pending:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def example(name, note, *, status):
    return OpenApiExample(name, note, response_only=True, status_codes=[str(status)])


QUEUED = {
    "id": "3f0c5a1e-6d0e-4b8e-9a53-0f0a6c5b7d11",
    "status": "queued",
    "property": {"id": 1, "name": "Garden Flat", "kind": "apartment"},
    "reservation": "RT-7K3QX",
    "author": {"id": 2, "name": "Lena Moreau"},
    "recorded_at": "2027-05-03T14:02:11.520000Z",
    "seconds": 7.88,
    "text": None,
    "is_edited": False,
    "edited_at": None,
    "edited_by": None,
    "language": "",
    "is_language_assumed": False,
    "is_doubtful": False,
    "engine": "",
    "model": "",
    "failure": None,
    "failure_detail": "",
    "progress": {"done_seconds": 0.0, "text": ""},
    "audio": {
        "address": "https://desk.example/api/v1/voice-notes/3f0c5a1e-6d0e-4b8e-9a53-0f0a6c5b7d11/audio",
        "media_type": "audio/wav",
        "size": 252_204,
        "sha256": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
        "upload_sha256": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
        "playable": "itself",
        "played": {
            "address": "https://desk.example/api/v1/voice-notes/3f0c5a1e-6d0e-4b8e-9a53-0f0a6c5b7d11/audio?played=true",
            "media_type": "audio/wav",
            "size": 252_204,
            "sha256": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
        },
        "promised_seconds": None,
        "gaps": [],
        "losses": [],
    },
    "is_damaged": False,
    "is_recovered": False,
    "is_read": True,
    "read_by": [],
    "peaks": None,
    "segments": [],
}
SAID = "The guests in twelve need two more towels."
WORDS = [
    {"start": 0.4 * number, "end": 0.4 * number + 0.35, "text": word, "probability": 0.97, "is_doubtful": False}
    for number, word in enumerate(SAID.split())
]
WRITTEN = QUEUED | {
    "status": "transcribed",
    "text": SAID,
    "language": "en",
    "is_language_assumed": True,
    "engine": "faster_whisper",
    "model": "tiny.en",
    "progress": None,
    "peaks": [12, 80, 64, 31],
    "segments": [{"start": 0.0, "end": 3.15, "text": SAID, "words": WORDS}],
}
ROWS = {
    "next": None,
    "results": [{name: value for name, value in WRITTEN.items() if name not in ("peaks", "segments")} | {"hit": None}],
}
TYPED = QUEUED | {
    "status": "typed", "seconds": None, "text": "The boiler was reset.", "progress": None, "audio": None
}  # fmt: skip
