"""All voice notes: the newest first, or what a search finds."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.pages import UnreadableCursor, page_of
from api.serializers import rows_of
from notes.api.serializers.requests import VoiceNotesQuerySerializer
from notes.api.serializers.voice_notes import VoiceNoteRowSerializer
from notes.api.views.responses import ROWS, TAGS, NoteView, example
from notes.models import VoiceNote
from notes.search.listing import filtered_notes, hits_among
from properties.models import Property

FILTERS = ("q", "author", "status", "kind", "since", "until", "unread")
# No search finds so many hits; see notes.search.matching.
LAST_HIT = 10_000


class VoiceNotes(NoteView):
    query_serializer = VoiceNotesQuerySerializer

    @extend_schema(
        operation_id="list_voice_notes",
        summary="List all notes",
        description="Lists notes on reservations and hand-over notes. With `q` it searches their texts.",
        responses=rows_of(VoiceNoteRowSerializer),
        examples=[example("What was said last", ROWS, status=200)],
        tags=TAGS,
    )
    def get(self, request):
        query = self.query
        notes = _notes(request.user, query)
        if query.get("q"):
            return _hits(request, notes, query)
        return page_of(request, notes.with_text().with_read_receipts(), VoiceNoteRowSerializer, query)


def _notes(user, query):
    filters = {name: query[name] for name in FILTERS if name in query}
    filters["reference"] = query.get("reservation", "")
    if key := query.get("property"):
        filters["property"] = Property.objects.visible_to(user).filter(pk=key).first()
        if filters["property"] is None:
            return VoiceNote.objects.none()
    return filtered_notes(user=user, **filters)


def _hits(request, ranked, query):
    """A page of hits, the best first. The cursor is the number of the page's first hit, from 0."""
    first, most = _number(query.get("cursor", "0")), query["limit"]
    hits, has_more = hits_among(ranked, query["q"], first=first, most=most)
    for hit in hits:
        hit.note.hit = hit
    notes = [hit.note for hit in hits]
    shown = VoiceNoteRowSerializer(notes, many=True, only=query.get("fields"), context={"request": request})
    following = replace_query_param(request.build_absolute_uri(), "cursor", first + most) if has_more else None
    return Response({"next": following, "results": shown.data})


def _number(cursor):
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= len(str(LAST_HIT))):
        raise UnreadableCursor
    return int(cursor)
