"""Closures in requests and responses."""

from rest_framework import serializers

from api.fields import Choice, Day, Key, Text, YesNo
from api.serializers import ListQuerySerializer, RequestSerializer, ResponseSerializer, fields_of, ordering_by
from properties.api.serializers import PropertyNameSerializer
from properties.models import Unit
from reservations.api.fields import OneOf, stay_of
from reservations.api.serializers.conflicts import NotLeftSerializer
from reservations.api.serializers.places import UnitNameSerializer
from reservations.models import Closure


class ClosureSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="It grows with each change. The response's ETag has it, too.")
    property = PropertyNameSerializer()
    unit = UnitNameSerializer()
    kind = serializers.ChoiceField(Closure.Kind.choices)
    arrival = serializers.DateField(source="stay.arrival", help_text="Local date of the first night that is not sold.")
    departure = serializers.DateField(
        source="stay.departure", help_text="Local date of the first night that is sold again."
    )
    nights = serializers.IntegerField(source="stay.nights")
    note = serializers.CharField(help_text="Text of the staff, such as what is broken and who will repair it.")
    created_at = serializers.DateTimeField(help_text="UTC")
    created_by = serializers.StringRelatedField(allow_null=True)
    reopened_at = serializers.DateTimeField(
        allow_null=True, help_text="UTC, when it was reopened and its nights were sold again; null: it was not."
    )
    not_left: NotLeftSerializer | None = NotLeftSerializer(
        default=None,
        allow_null=True,
        help_text="The party that was due to leave the unit and has not been checked out; null: none.",
    )


class ClosureRowSerializer(ClosureSerializer):
    not_left = None


class ClosuresQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("-id", "created_at")
    fields = fields_of(ClosureRowSerializer)
    property = Key(required=False)
    unit = Key(required=False)
    since = Day(required=False, help_text="Only closures with this night or a later one.")
    until = Day(required=False, help_text="Only closures with a night before this one.")
    reopened = YesNo(
        required=False, help_text="true: only closures that were reopened; false: only those that were not."
    )


class ClosureRequestSerializer(RequestSerializer):
    unit = OneOf(Unit.objects.select_related("property"))
    arrival = Day(help_text="Local date of the first night that is not sold.")
    departure = Day(help_text="Local date of the first night that is sold again.")
    kind = Choice(choices=Closure.Kind.by_hand())
    note = Text(required=False, allow_blank=True, max_length=Closure.LONGEST_NOTE)

    def validate(self, data):
        """One of the two dates is enough to change a closure; the other one stays as it is."""
        if not {"arrival", "departure"} & data.keys():
            return data
        was = self.instance and {"arrival": self.instance.stay.arrival, "departure": self.instance.stay.departure}
        return stay_of((was or {}) | data)
