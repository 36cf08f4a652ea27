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
        summary="The sound of a note",
        description="All of it, or the part that `Range` asks for.",
        parameters=[
            _header("Range", "Such as bytes=0-1023."),
            _header("If-Range", "The ETag of the sound that a part is wanted of; of another one all is answered."),
            _header("If-None-Match", "The ETag of what one has already."),
            _header("ETag", "Its sha256.", response=[200, 206]),
            _header("Content-Range", "Which part it is, of how many bytes.", response=[206, 416]),
        ],
        responses=dict.fromkeys(_SOUND, OpenApiTypes.BINARY)
        | {
            304: OpenApiResponse(description="It is what one has already."),
            416: OpenApiResponse(description="The range begins behind the end; Content-Range says where that is."),
        },
        tags=TAGS,
    )
    def get(self, request, pk):
        note = playback.note_with_audio_or_404(request.user, pk)
        file = playback.played(note) if self.query["played"] else playback.original(note)
        return playback.audio_response(request, file)
