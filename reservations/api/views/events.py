"""Events: a reservation's history, the feed of all events, and undo."""

from drf_spectacular.utils import OpenApiExample, extend_schema

from api.pages import page_of
from api.serializers import rows_of
from reservations import booking
from reservations.api.examples import EVENT
from reservations.api.serializers.changing import UndoSerializer
from reservations.api.serializers.events import EventRowSerializer, FeedQuerySerializer, HistoryQuerySerializer
from reservations.api.serializers.reservations import ReservationAndOthersSerializer
from reservations.api.views.acts import act
from reservations.api.views.reservations import StayView, reservation_or_404
from reservations.history import feed
from reservations.models import Event, Reservation


def undo_act(*, reservation, **wanted):
    return [each for each in booking.undo(**wanted) if isinstance(each, Reservation)]


undo = act(
    undo_act,
    UndoSerializer,
    response_serializer=ReservationAndOthersSerializer,
    operation_id="undo_act",
    summary="Undo an act",
    description="Undoes the whole act to which the event belongs, on all reservations that it changed, if nothing has "
    "happened to them since, for 24 hours, and with them the closure for which they were moved. A booking that is "
    "undone is cancelled; undoing an undo does the act again.",
    example={"event": 17},
)


def _page(name, following=None):
    return OpenApiExample(name, {"next": following, "results": [EVENT]}, response_only=True)


class ReservationEvents(StayView):
    query_serializer = HistoryQuerySerializer

    @extend_schema(
        operation_id="list_reservation_events",
        summary="List the events of a reservation, the newest first",
        responses=rows_of(EventRowSerializer),
        examples=[_page("A hold was confirmed")],
        tags=["events"],
    )
    def get(self, request, reference):
        query = self.query
        events = Event.objects.with_subject().filter(reservation=reservation_or_404(request, reference))
        return page_of(request, events, EventRowSerializer, query | {"ordering": "-id"})


class Events(StayView):
    query_serializer = FeedQuerySerializer

    @extend_schema(
        operation_id="list_events",
        summary="Follow all events",
        description="The oldest events come first. Store `next` and request it later to get the events since then: it "
        "is never null, and each event comes exactly one time. An event is listed when all transactions that "
        "began before its own have ended. So it may come some moments late, and events of different reservations "
        "may be in another order than they happened; of one reservation, the event with the larger id happened "
        "later.",
        responses=rows_of(EventRowSerializer, is_feed=True),
        examples=[_page("A hold was confirmed", "/api/v1/events/?cursor=WzkyMSwgMF0")],
        tags=["events"],
    )
    def get(self, request):
        query = self.query
        oldest = feed.oldest_transaction()
        events = (
            Event.objects.visible_to(request.user).with_subject().of(**_filters(query)).filter(written_in__lt=oldest)
        )
        query |= {"ordering": "written_in"}
        return page_of(request, events, EventRowSerializer, query, end=(oldest, 0))


def _filters(query):
    return {name: query.get(name) for name in ("property", "reservation", "action")}
