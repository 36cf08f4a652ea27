"""Reservations: listed, booked, read, changed."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Scope
from api.pages import page_of
from api.serializers import rows_of
from api.views import ApiView, with_version
from config.problems import MEDIA_TYPE
from reservations import booking
from reservations.api.serializers.conflicts import ConflictSerializer
from reservations.api.serializers.reservations import (
    BookingSerializer,
    ReservationRowSerializer,
    ReservationsAsked,
    ReservationSerializer,
)
from reservations.models import Reservation

CONFLICT = {(409, MEDIA_TYPE): ConflictSerializer}
BOOKING = OpenApiExample(
    "Three nights in a flat",
    {"property": 1, "arrival": "2027-05-03", "departure": "2027-05-06", "guest_name": "Amara Okafor", "party_size": 2},
    request_only=True,
)


class StayView(ApiView):
    # What deals with reservations.
    reads, writes = Scope.READ_RESERVATIONS, Scope.WRITE_RESERVATIONS


class Reservations(StayView):
    @extend_schema(
        operation_id="list_reservations",
        summary="Who stays when",
        parameters=[ReservationsAsked],
        responses=rows_of(ReservationRowSerializer),
        tags=["reservations"],
    )
    def get(self, request):
        asked = self.asked(ReservationsAsked)
        return page_of(request, _found(asked), ReservationRowSerializer, asked)

    @extend_schema(
        operation_id="book",
        summary="Book a stay",
        description="Reserves the nights, or says who is there and what is free instead.",
        request=BookingSerializer,
        responses={201: ReservationSerializer} | CONFLICT,
        examples=[BOOKING],
        tags=["reservations"],
    )
    def post(self, request):
        reservation = booking.book(**self.sent(BookingSerializer), actor=request.user)
        return answer(shown(reservation.reference), status=201, request=request)


class OneReservation(StayView):
    @extend_schema(
        operation_id="read_reservation", summary="One stay", responses=ReservationSerializer, tags=["reservations"]
    )
    def get(self, request, reference):
        return answer(shown(reference))


def shown(reference):
    """As answers show it: three queries. Raises Http404."""
    return get_object_or_404(
        Reservation.objects.with_unit().select_related("room_type", "created_by"), reference=reference
    )


def answer(reservation, *, status=200, request=None):
    """`request` is given where the reservation is new: the answer says where it is from now on."""
    where = {"Location": reverse("api-reservation", [reservation.reference], request=request)} if request else None
    response = Response(ReservationSerializer(reservation).data, status=status, headers=where)
    return with_version(response, reservation.version)


def _found(asked):
    found = Reservation.objects.with_unit().select_related("room_type", "created_by")
    if q := asked.get("q"):
        found = found.filter(Q(guest__name__unaccent__icontains=q) | Q(reference__icontains=q))
    conditions = {
        "property": asked.get("property"),
        "guest": asked.get("guest"),
        "status": asked.get("status"),
        "departure__gt": asked.get("since"),
        "arrival__lt": asked.get("until"),
    }
    return found.filter(**{name: value for name, value in conditions.items() if value})
