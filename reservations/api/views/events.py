"""What happened: to one reservation, to all of them and to closures; and taking it back."""

from drf_spectacular.utils import OpenApiExample, extend_schema

from api.pages import page_of
from api.serializers import rows_of
from reservations import booking
from reservations.api.examples import EVENT
from reservations.api.serializers.changing import UndoSerializer
from reservations.api.serializers.events import EventRowSerializer, FeedQuerySerializer, HistoryQuerySerializer
from reservations.api.serializers.reservations import ReservationAndOthersSerializer
from reservations.api.views.acts import act
from reservations.api.views.reservations import StayView, found
from reservations.history import feed
from reservations.models import Event


def undo_act(*, reservation, **wanted):
    return booking.undo(**wanted)


undo = act(
    undo_act,
    UndoSerializer,
    answers=ReservationAndOthersSerializer,
    operation_id="undo_act",
    summary="Take back what was done last",
    description="The whole act of the event, on all reservations that it touched, as long as nothing has happened to "
    "them since. A booking that is taken back is cancelled; undoing an undoing does it again.",
    example={"event": 17},
)


def _page(name, following=None):
    return OpenApiExample(name, {"next": following, "results": [EVENT]}, response_only=True)


class ReservationEvents(StayView):
    query_serializer = HistoryQuerySerializer

    @extend_schema(
        operation_id="list_reservation_events",
        summary="Its history, newest first",
        responses=rows_of(EventRowSerializer),
        examples=[_page("A hold was confirmed")],
        tags=["events"],
    )
    def get(self, request, reference):
        query = self.query
        events = Event.objects.with_subject().filter(reservation=found(reference))
        return page_of(request, events, EventRowSerializer, query | {"ordering": "-id"})


class Events(StayView):
    query_serializer = FeedQuerySerializer

    @extend_schema(
        operation_id="list_events",
        summary="Everything that happened",
        description="Oldest first. Keep `next`, and ask there for what has happened since: it is never null, no event "
        "is missed and none comes twice. An event comes once all that began before it is over, so it may be some "
        "moments late, and a quick one may stand before a slow one; of one reservation the larger id is the later.",
        responses=rows_of(EventRowSerializer, is_feed=True),
        examples=[_page("A hold was confirmed", "/api/v1/events/?cursor=WzkyMSwgMF0")],
        tags=["events"],
    )
    def get(self, request):
        query = self.query
        oldest = feed.oldest_transaction()
        events = Event.objects.with_subject().of(**_filters(query)).filter(written_in__lt=oldest)
        query |= {"ordering": "written_in"}
        return page_of(request, events, EventRowSerializer, query, end=(oldest, 0))


def _filters(query):
    return {name: query.get(name) for name in ("property", "reservation", "action")}
