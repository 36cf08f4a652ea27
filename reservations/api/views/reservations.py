"""Reservations: listed, booked, read, changed."""

from http import HTTPStatus

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Scope
from api.pages import page_of
from api.schema import IF_MATCH
from api.serializers import rows_of
from api.versions import needed_version_in
from api.views import ApiView, with_version
from config.problems import MEDIA_TYPE
from reservations import booking
from reservations.api.examples import reservation_shown
from reservations.api.serializers.changing import ReservationChangeSerializer
from reservations.api.serializers.conflicts import ConflictSerializer, NotLeftSerializer
from reservations.api.serializers.reservations import (
    BookingSerializer,
    ReservationRowSerializer,
    ReservationSerializer,
    ReservationsQuerySerializer,
)
from reservations.availability import presence
from reservations.models import Reservation

CONFLICT = {(409, MEDIA_TYPE): ConflictSerializer}
STALE = {(412, MEDIA_TYPE): ConflictSerializer}
BOOKING = OpenApiExample(
    "Three nights in a flat",
    {"property": 1, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Amara Okafor", "party_size": 2},
    request_only=True,
)


class StayView(ApiView):
    # The base of views that read or change reservations, guests, closures or events.
    read_scope, write_scope = Scope.READ_RESERVATIONS, Scope.WRITE_RESERVATIONS


class Reservations(StayView):
    query_serializer = ReservationsQuerySerializer

    @extend_schema(
        operation_id="list_reservations",
        summary="List reservations",
        responses=rows_of(ReservationRowSerializer),
        tags=["reservations"],
    )
    def get(self, request):
        query = self.query
        return page_of(request, _matching(request.user, query), ReservationRowSerializer, query)

    @extend_schema(
        operation_id="book",
        summary="Book a stay",
        description="Books the nights. If they are not free, the answer is 409 and says who has them and what is free "
        "instead.",
        request=BookingSerializer,
        responses={201: ReservationSerializer} | CONFLICT,
        examples=[BOOKING],
        tags=["reservations"],
    )
    def post(self, request):
        body = self.valid_body(BookingSerializer)
        whom = {name: body.pop(name) for name in ("guest", "guest_name")}
        reservation = booking.book(request=booking.BookingRequest(**body), **whom, actor=request.user)
        return answer(
            reservation_for_answer(request, reservation.reference), request, status=201, event=reservation.new_event
        )


class OneReservation(StayView):
    @extend_schema(
        operation_id="read_reservation",
        summary="Read a reservation",
        responses=ReservationSerializer,
        examples=[OpenApiExample("Three nights in a flat", reservation_shown(), response_only=True)],
        tags=["reservations"],
    )
    def get(self, request, reference):
        return answer(reservation_for_answer(request, reference), request)

    @extend_schema(
        operation_id="change_reservation",
        summary="Change the dates, unit, guest or party of a reservation",
        description="Members that are not sent stay as they are. Either all changes are made or none.",
        request=ReservationChangeSerializer,
        parameters=[IF_MATCH],
        responses={200: ReservationSerializer} | CONFLICT | STALE,
        examples=[OpenApiExample("A night longer", {"departure": "2027-05-07", "pricing": "keep"}, request_only=True)],
        tags=["reservations"],
    )
    def patch(self, request, reference):
        version = needed_version_in(request)
        reservation = reservation_or_404(request, reference)
        wanted = booking.ChangeRequest(**self.valid_body(ReservationChangeSerializer, instance=reservation))
        changed = booking.change(reservation=reservation, request=wanted, actor=request.user, version=version)
        return answer(reservation_for_answer(request, reference), request, event=changed.new_event)


def reservation_or_404(request, reference):
    """The reservation with its guest, property and rooms, for a verb. Two queries. Raises Http404."""
    return get_object_or_404(Reservation.objects.visible_to(request.user).with_unit(), reference=reference)


def reservation_for_answer(request, reference):
    """The reservation with all rows that its serializer reads. Two queries. Raises Http404."""
    return get_object_or_404(with_answer_rows().visible_to(request.user), reference=reference)


def answer(reservation, request, *, status=200, serializer=ReservationSerializer, also_changed=(), event=None):
    """The response that shows a reservation; with status 201 it has the Location.

    `event` is the Event that the request recorded, if any, `also_changed` are the references of others that it changed.
    """
    is_new = status == HTTPStatus.CREATED
    where = {"Location": reverse("api-reservation", [reservation.reference], request=request)} if is_new else None
    reservation.also_changed, reservation.new_event = also_changed, event
    body = serializer.of(reservation) | {"not_left": not_left(reservation, request)}
    return with_version(Response(body, status=status, headers=where), reservation.version)


def not_left(reservation, request):
    """The response's data about a party that should have left the reservation's room, or None. At most one query."""
    segment = presence.still_in_room_of(reservation)
    return segment and NotLeftSerializer(segment, context={"request": request}).data


def with_answer_rows():
    """All reservations, with all rows that the serializer reads. Two queries."""
    return Reservation.objects.with_unit().with_is_counted().select_related("room_type", "created_by")


def _matching(user, query):
    same = {name: query[name] for name in ("q", "property", "status") if name in query}
    matching = with_answer_rows().visible_to(user).search(**same)
    if "unit" in query:
        matching = matching.in_unit(query["unit"])
    conditions = {"guest": "guest", "departure__gt": "since", "arrival__lt": "until"}
    return matching.filter(**{column: query[name] for column, name in conditions.items() if name in query})
