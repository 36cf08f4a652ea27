"""What is free: in a property, in a unit, anywhere."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.access import get_visible_or_404
from accounts.models import Scope
from api.pages import UnreadableCursor
from api.views import ApiView
from properties.models import Property, Unit
from reservations.api.availability_examples import FLAT, FOUND, ROOM
from reservations.api.serializers.availability import (
    AvailabilitySerializer,
    PropertyAvailabilityQuerySerializer,
    SearchQuerySerializer,
    SearchSerializer,
    UnitAvailabilityQuerySerializer,
    nights_of,
)
from reservations.offers import availability_report, room_search


class PropertyAvailability(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = PropertyAvailabilityQuerySerializer

    @extend_schema(
        operation_id="read_property_availability",
        summary="Availability of a property",
        description="Says whether the apartment, or any room of the hotel, is free for the nights, and which nights "
        "are free instead.",
        responses=AvailabilitySerializer,
        examples=[FLAT],
        tags=["availability"],
    )
    def get(self, request, pk):
        property = get_visible_or_404(request.user, Property, pk=pk)
        query = self.query
        units, types = property.units.select_related("room_type"), property.room_types
        place = {"unit": _its(units, query, "unit"), "room_type": _its(types, query, "room_type")}
        return _answer(request, query, property=property, **place)


class UnitAvailability(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = UnitAvailabilityQuerySerializer

    @extend_schema(
        operation_id="read_unit_availability",
        summary="Availability of one unit",
        responses=AvailabilitySerializer,
        examples=[ROOM],
        tags=["availability"],
    )
    def get(self, request, pk):
        unit = get_visible_or_404(request.user, Unit.objects.select_related("property", "room_type"), pk=pk)
        return _answer(request, self.query, property=unit.property, unit=unit)


class Search(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = SearchQuerySerializer

    @extend_schema(
        operation_id="search_availability",
        summary="Search for free units and prices at all properties",
        description="Lists all active properties, also those without a free unit, with alternatives on other nights.",
        responses=SearchSerializer,
        examples=[FOUND],
        tags=["availability"],
    )
    def get(self, request):
        query = self.query
        return Response(SearchSerializer(_found(request, query), context={"request": request}).data)


def _answer(request, query, **place):
    date = query.get("date") or place["property"].today()
    stay = nights_of(date, query.get("nights") or availability_report.shortest(**place))
    wanted = availability_report.AvailabilityRequest(
        **place, stay=stay, party_size=query.get("party_size"), actor=request.user
    )
    report = availability_report.build(wanted, days=query["days"])
    return Response(AvailabilitySerializer(report, context={"request": request}).data)


def _its(rows, query, name):
    """The row of `rows` with the key in the query's parameter `name`, or None without it. Raises ValidationError."""
    row = rows.filter(pk=query[name]).first() if name in query else None
    if name in query and row is None:
        raise ValidationError({name: "This property has none with this id."}, code="does_not_exist")
    return row


def _page_number(cursor):
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 7 and int(cursor)):
        raise UnreadableCursor
    return int(cursor)


def _found(request, query):
    stay = nights_of(query.get("date") or room_search.earliest_today(request.user), query["nights"])
    question = room_search.Question(
        stay=stay,
        party_size=query["party_size"],
        flexible_days=query["flexible_days"],
        place=query.get("place", ""),
        kind=query.get("kind", ""),
    )
    number = _page_number(query.get("cursor", "1"))
    answer = room_search.find(question=question, actor=request.user, page=number)
    page = answer.page
    is_beyond = page.number < number  # there are fewer pages by now
    following = page.has_next() and replace_query_param(request.build_absolute_uri(), "cursor", page.next_page_number())
    return {
        "next": following or None,
        "results": [] if is_beyond else page,
        "arrival": stay.arrival,
        "departure": stay.departure,
        "properties_free": answer.properties_free,
        "units_free": answer.rooms_free,
    }
