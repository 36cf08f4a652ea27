"""Properties, their units and their room types, which the API only reads."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.access import get_visible_or_404
from accounts.models import Scope
from api.pages import page_of
from api.serializers import rows_of
from api.views import ApiView
from properties.api.examples import PROPERTIES, PROPERTY, ROOM_TYPES, UNIT, UNITS
from properties.api.serializers import (
    PropertiesQuerySerializer,
    PropertyRowSerializer,
    PropertySerializer,
    RoomTypeRowSerializer,
    RoomTypesQuerySerializer,
    UnitRowSerializer,
    UnitSerializer,
    UnitsQuerySerializer,
)
from properties.models import Property, Unit


class Properties(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = PropertiesQuerySerializer

    @extend_schema(
        operation_id="list_properties",
        summary="List properties",
        responses=rows_of(PropertyRowSerializer),
        examples=[PROPERTIES],
        tags=["properties"],
    )
    def get(self, request):
        query = self.query
        seen = Property.objects.visible_to(request.user)
        found = seen.shown(q=query.get("q", ""), kind=query.get("kind", ""), archived=query["archived"])
        return page_of(request, _complete(found), PropertyRowSerializer, query)


class OneProperty(ApiView):
    read_scope = Scope.AVAILABILITY

    @extend_schema(
        operation_id="read_property",
        summary="Read a property",
        responses=PropertySerializer,
        examples=[PROPERTY],
        tags=["properties"],
    )
    def get(self, request, pk):
        return Response(PropertySerializer(get_visible_or_404(request.user, _complete(Property.objects), pk=pk)).data)


class Units(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = UnitsQuerySerializer

    @extend_schema(
        operation_id="list_units",
        summary="List the units of a property",
        responses=rows_of(UnitRowSerializer),
        examples=[UNITS],
        tags=["properties"],
    )
    def get(self, request, pk):
        query = self.query
        found = get_visible_or_404(request.user, Property, pk=pk).units.all()
        if not query["archived"]:
            found = found.active()
        if room_type := query.get("room_type"):
            found = found.filter(room_type=room_type)
        return page_of(request, found.select_related(*UNIT_NAMES), UnitRowSerializer, query)


class OneUnit(ApiView):
    read_scope = Scope.AVAILABILITY

    @extend_schema(
        operation_id="read_unit", summary="Read a unit", responses=UnitSerializer, examples=[UNIT], tags=["properties"]
    )
    def get(self, request, pk):
        unit = get_visible_or_404(request.user, Unit.objects.select_related(*UNIT_NAMES), pk=pk)
        return Response(UnitSerializer(unit).data)


class RoomTypes(ApiView):
    read_scope = Scope.AVAILABILITY
    query_serializer = RoomTypesQuerySerializer

    @extend_schema(
        operation_id="list_room_types",
        summary="List the room types of a hotel",
        responses=rows_of(RoomTypeRowSerializer),
        examples=[ROOM_TYPES],
        tags=["properties"],
    )
    def get(self, request, pk):
        found = get_visible_or_404(request.user, Property, pk=pk).room_types.with_room_count()
        return page_of(request, found, RoomTypeRowSerializer, self.query)


# The related rows that a unit's serializer reads.
UNIT_NAMES = ("property", "room_type__property", "archived_by")


def _complete(properties):
    return properties.with_room_count().with_is_unlimited().select_related("archived_by")
