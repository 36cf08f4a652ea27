"""Groups of reservations under one booker: booking and reading them."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from reservations import booking
from reservations.api.examples import reservation_shown
from reservations.api.serializers.groups import GroupRequestSerializer, GroupSerializer
from reservations.api.views.reservations import CONFLICT, StayView, not_left, with_answer_rows
from reservations.models import Event, Group

REQUEST = {
    "property": 2,
    "arrival": "2027-05-03",
    "departure": "2027-05-06",
    "booker_name": "Wanderverein Alba",
    "rooms": [{"room_type": 1, "count": 4, "party_size": 2}, {"room_type": None, "count": 1, "party_size": 1}],
}
SHOWN = {
    "id": 1,
    "booker": {"id": 1, "name": "Amara Okafor"},
    "created_at": "2026-11-20T09:14:00Z",
    "reservations": [reservation_shown(group=1), reservation_shown(group=1, reference="RT-9ZW4M")],
    "steps": ["cancel"],
}


class Groups(StayView):
    @extend_schema(
        operation_id="book_group",
        summary="Book several rooms at once",
        description="Books all rooms or none. Each becomes a reservation of its own; they can be undone together.",
        request=GroupRequestSerializer,
        responses={201: GroupSerializer} | CONFLICT,
        examples=[OpenApiExample("Five rooms", REQUEST, request_only=True)],
        tags=["reservations"],
    )
    def post(self, request):
        group = booking.book_group(**self.valid_body(GroupRequestSerializer), actor=request.user)
        where = {"Location": reverse("api-group", [group.pk], request=request)}
        return Response(
            _shown(request, group.pk, act=group.new_event and group.new_event.act), status=201, headers=where
        )


class OneGroup(StayView):
    @extend_schema(
        operation_id="read_group",
        summary="Read a group",
        responses=GroupSerializer,
        examples=[OpenApiExample("Two rooms", SHOWN, response_only=True)],
        tags=["reservations"],
    )
    def get(self, request, pk):
        return Response(_shown(request, pk))


def _shown(request, pk, *, act=None):
    """The response's data for a group; `act` is the UUID of the request's events, if it has booked the group.

    Three queries, one more for the events, and one more for each stay that begins tonight. Raises Http404.
    """
    in_order = Prefetch("reservations", with_answer_rows().order_by("arrival", "pk"))
    group = get_object_or_404(
        Group.objects.visible_to(request.user).select_related("booker").prefetch_related(in_order), pk=pk
    )
    stays = group.reservations.all()
    events = {event.reservation_id: event for event in Event.objects.filter(act=act)} if act else {}
    for stay in stays:
        stay.new_event = events.get(stay.pk)
    body = GroupSerializer(group).data
    for stay, shown in zip(stays, body["reservations"], strict=True):
        shown["not_left"] = not_left(stay, request)
    return body
