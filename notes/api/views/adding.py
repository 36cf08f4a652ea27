"""The notes of a reservation, or of a property alone: listed, spoken, typed."""

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view

from accounts.access import get_visible_or_404
from api.pages import page_of
from api.parsing import FormParser
from api.serializers import rows_of
from config.request_bodies import length_of
from notes import typed_notes
from notes.api.serializers.requests import AttachedNotesQuerySerializer, RecordingSerializer, TypedNoteSerializer
from notes.api.serializers.voice_notes import VoiceNoteRowSerializer, VoiceNoteSerializer
from notes.api.views.responses import (
    QUEUED,
    RETRY_AFTER,
    ROWS,
    TAGS,
    TYPED,
    NoteView,
    example,
    note_or_404,
    note_response,
)
from notes.ingest import intake
from notes.models import VoiceNote
from properties.models import Property
from reservations.models import Reservation

# The most bytes of a form besides its file.
FORM_BYTES = 2**20


class OnReservation:
    def about(self, user, reference):
        return {"reservation": get_visible_or_404(user, Reservation, reference=reference)}


class OnProperty:
    def about(self, user, pk):
        return {"property": get_visible_or_404(user, Property, pk=pk)}


class AttachedNotes(NoteView):
    parser_classes = [FormParser]
    query_serializer = AttachedNotesQuerySerializer

    @property
    def most_bytes(self) -> int:
        return settings.MAX_UPLOAD_BYTES + FORM_BYTES

    @extend_schema(
        responses=rows_of(VoiceNoteRowSerializer),
        examples=[example("What was said last", ROWS, status=200)],
        tags=TAGS,
    )
    def get(self, request, **key):
        query = self.query
        notes = VoiceNote.objects.not_deleted().visible_to(request.user).attached_to(**self.about(request.user, **key))
        return page_of(request, notes.with_text().with_read_receipts(), VoiceNoteRowSerializer, query)

    @extend_schema(
        description="The response comes as soon as the recording is stored, before it is transcribed. Read the note "
        "with `wait` to get its text.",
        request={"multipart/form-data": RecordingSerializer},
        parameters=[RETRY_AFTER],
        responses={202: VoiceNoteSerializer},
        examples=[
            OpenApiExample("A file", {"audio_file": "(the bytes of note.m4a)"}, request_only=True),
            example("Stored and queued", QUEUED, status=202),
        ],
        tags=TAGS,
    )
    def post(self, request, **key):
        about = self.about(request.user, **key)
        upload = self.valid_body(RecordingSerializer)["audio_file"]
        note = intake.receive(**about, author=request.user, upload=upload)
        return note_response(request, note_or_404(request.user, note.pk), status=202)

    def refuse_larger(self, request):
        """Refuse a larger form with the message about the file, which is nearly all of the form."""
        if length_of(request) > self.most_bytes:
            raise intake.AudioRefused("too_large")
        super().refuse_larger(request)


@extend_schema_view(
    get=extend_schema(operation_id="list_notes_of_reservation", summary="List the notes on a reservation"),
    post=extend_schema(operation_id="add_voice_note_to_reservation", summary="Add a recorded note to a reservation"),
)
class NotesOfReservation(OnReservation, AttachedNotes):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="list_notes_of_property",
        summary="List the hand-over notes of a property",
        description="Notes on the property's reservations are left out.",
    ),
    post=extend_schema(
        operation_id="add_voice_note_to_property", summary="Add a recorded hand-over note to a property"
    ),
)
class NotesOfProperty(OnProperty, AttachedNotes):
    pass


class TypedNotes(NoteView):
    @extend_schema(
        request=TypedNoteSerializer,
        responses={201: VoiceNoteSerializer},
        examples=[
            OpenApiExample("A line", {"text": "The boiler was reset."}, request_only=True),
            example("Saved", TYPED, status=201),
        ],
        tags=TAGS,
    )
    def post(self, request, **key):
        about = self.about(request.user, **key)
        note = typed_notes.type_note(**about, **self.valid_body(TypedNoteSerializer), author=request.user)
        return note_response(request, note_or_404(request.user, note.pk), status=201)


@extend_schema_view(
    post=extend_schema(operation_id="type_note_on_reservation", summary="Add a typed note to a reservation")
)
class TypedOnReservation(OnReservation, TypedNotes):
    pass


@extend_schema_view(
    post=extend_schema(operation_id="type_note_on_property", summary="Add a typed hand-over note to a property")
)
class TypedOnProperty(OnProperty, TypedNotes):
    pass
