"""Properties, and what there is in them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.models import Scope
from api.pages import page_of
from api.serializers import rows_of
from api.views import ApiView
from properties.api.serializers import PropertiesAsked, PropertyRowSerializer, PropertySerializer
from properties.models import Property


class Properties(ApiView):
    reads = Scope.AVAILABILITY

    @extend_schema(
        operation_id="list_properties",
        summary="Hotels and apartments",
        parameters=[PropertiesAsked],
        responses=rows_of(PropertyRowSerializer),
        tags=["properties"],
    )
    def get(self, request):
        asked = self.asked(PropertiesAsked)
        found = Property.objects.shown(q=asked.get("q", ""), kind=asked.get("kind", ""), archived=asked["archived"])
        return page_of(request, found.with_room_count(), PropertyRowSerializer, asked)


class OneProperty(ApiView):
    reads = Scope.AVAILABILITY

    @extend_schema(
        operation_id="read_property", summary="One of them", responses=PropertySerializer, tags=["properties"]
    )
    def get(self, request, pk):
        return Response(PropertySerializer(get_object_or_404(Property.objects.with_room_count(), pk=pk)).data)
