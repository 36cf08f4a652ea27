"""Closures: listing, creating, reading, changing and reopening them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.pages import page_of
from api.schema import IF_MATCH, IF_MATCH_TOO
from api.serializers import RequestSerializer, rows_of
from api.versions import needed_version_in, version_in
from api.views import with_version
from reservations import booking
from reservations.api.serializers.closures import (
    ClosureRequestSerializer,
    ClosureRowSerializer,
    ClosureSerializer,
    ClosuresQuerySerializer,
)
from reservations.api.serializers.conflicts import NotLeftSerializer
from reservations.api.views.reservations import CONFLICT, StayView
from reservations.availability import presence
from reservations.models import Closure

REQUEST = {"unit": 3, "arrival": "2027-05-03", "departure": "2027-05-06", "kind": "maintenance", "note": "New tiles."}
CLOSED = REQUEST | {
    "id": 5,
    "version": 1,
    "property": {"id": 1, "name": "Hotel Alba", "kind": "hotel"},
    "unit": {"id": 3, "name": "101"},
    "nights": 3,
    "created_at": "2027-04-30T09:12:00Z",
    "created_by": "Alice Moreau",
    "reopened_at": None,
    "not_left": None,
}
SENT = OpenApiExample("A room is tiled", REQUEST, request_only=True)
CHANGED = OpenApiExample("It takes a night longer", {"departure": "2027-05-07"}, request_only=True)
SHOWN = OpenApiExample("A room that is tiled", CLOSED, response_only=True, status_codes=["200"])
REOPENED = OpenApiExample(
    "It was done sooner",
    CLOSED | {"version": 2, "reopened_at": "2027-05-05T10:00:00Z"},
    response_only=True,
    status_codes=["200"],
)


class Closures(StayView):
    query_serializer = ClosuresQuerySerializer

    @extend_schema(
        operation_id="list_closures",
        summary="List closures, the newest first",
        responses=rows_of(ClosureRowSerializer),
        tags=["closures"],
    )
    def get(self, request):
        query = self.query
        return page_of(request, _found(request.user, query), ClosureRowSerializer, query)

    @extend_schema(
        operation_id="close_unit",
        summary="Close a unit",
        description="The unit is not sold for these nights. If it is taken in one of them, the answer is 409 and says "
        "by whom.",
        request=ClosureRequestSerializer,
        responses={201: ClosureSerializer} | CONFLICT,
        examples=[SENT],
        tags=["closures"],
    )
    def post(self, request):
        closure = booking.close(**self.valid_body(ClosureRequestSerializer), actor=request.user)
        where = reverse("api-closure", [closure.pk], request=request)
        return _answer(request, _closure(request, closure.pk), status=201, headers={"Location": where})


class OneClosure(StayView):
    @extend_schema(
        operation_id="read_closure",
        summary="Read a closure",
        responses=ClosureSerializer,
        examples=[SHOWN],
        tags=["closures"],
    )
    def get(self, request, pk):
        return _answer(request, _closure(request, pk))

    @extend_schema(
        operation_id="change_closure",
        summary="Change a closure",
        description="Changes the nights, the reason, or the unit to another one of the same property. Members that "
        "are not sent stay as they are.",
        parameters=[IF_MATCH],
        request=ClosureRequestSerializer,
        responses={200: ClosureSerializer} | CONFLICT,
        examples=[CHANGED],
        tags=["closures"],
    )
    def patch(self, request, pk):
        closure = _closure(request, pk)
        version = needed_version_in(request)
        data = self.valid_body(ClosureRequestSerializer, instance=closure, partial=True)
        booking.change_closure(closure=closure, **data, version=version, actor=request.user)
        return _answer(request, _closure(request, pk))


class Reopening(StayView):
    @extend_schema(
        operation_id="reopen_closure",
        summary="Reopen a closed unit",
        parameters=[IF_MATCH_TOO],
        request=None,
        responses=ClosureSerializer,
        examples=[REOPENED],
        tags=["closures"],
    )
    def post(self, request, pk):
        self.valid_body(RequestSerializer)
        booking.reopen(closure=_closure(request, pk), version=version_in(request), actor=request.user)
        return _answer(request, _closure(request, pk))


def _closure(request, pk):
    return get_object_or_404(_closures().visible_to(request.user), pk=pk)


def _closures():
    return Closure.objects.select_related("unit__property", "property", "created_by")


def _answer(request, closure, **options):
    segment = None if closure.reopened_at else presence.still_in(closure.unit, closure.stay)
    not_left = segment and NotLeftSerializer(segment, context={"request": request}).data
    return with_version(Response(ClosureSerializer(closure).data | {"not_left": not_left}, **options), closure.version)


def _found(user, query):
    conditions = {
        "property": query.get("property"),
        "unit": query.get("unit"),
        "nights__endswith__gt": query.get("since"),
        "nights__startswith__lt": query.get("until"),
        "reopened_at__isnull": None if (reopened := query.get("reopened")) is None else not reopened,
    }
    return (
        _closures().visible_to(user).filter(**{name: value for name, value in conditions.items() if value is not None})
    )
