"""The sound of a note, as it was recorded or sent, and as browsers play it."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation

from notes import playback
from notes.api.serializers.requests import SoundQuerySerializer
from notes.api.views.responses import TAGS, NoteView
from notes.sound.containers import MEDIA_TYPES


def _header(name, description, **where):
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, **where)


_SOUND = [(status, media_type) for status in (200, 206) for media_type in MEDIA_TYPES]


class IgnoreAcceptHeader(DefaultContentNegotiation):
    """Players send all kinds of `Accept` headers. The answer is the sound, or an error in JSON, whatever they say."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Audio(NoteView):
    content_negotiation_class = IgnoreAcceptHeader
    query_serializer = SoundQuerySerializer

    @extend_schema(
        operation_id="listen_to_voice_note",
        summary="Download the audio of a note",
        description="Answers the whole file, or the bytes that `Range` names.",
        parameters=[
            _header("Range", "The bytes that you want, such as bytes=0-1023."),
            _header(
                "If-Range",
                "The ETag of the audio from which you want a part. If the audio is another one, the "
                "answer is 200 with all of it.",
            ),
            _header("If-None-Match", "The ETag of a copy that you have. If the audio is the same, the answer is 304."),
            _header("ETag", "The sha256 of the file.", response=[200, 206]),
            _header("Content-Range", "Which bytes these are, and the length of the whole file.", response=[206, 416]),
        ],
        responses=dict.fromkeys(_SOUND, OpenApiTypes.BINARY)
        | {
            304: OpenApiResponse(description="The audio is the one in `If-None-Match`."),
            416: OpenApiResponse(
                description="The range begins after the end of the audio; Content-Range has its length."
            ),
        },
        tags=TAGS,
    )
    def get(self, request, pk):
        note = playback.note_with_audio_or_404(request.user, pk)
        file = playback.played(note) if self.query["played"] else playback.original(note)
        return playback.audio_response(request, file)
