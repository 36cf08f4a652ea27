"""Who is in the way, and the way out: of a refusal, and of an answer that something is not free."""

from rest_framework import serializers

from api.serializers import Shown
from properties.api.serializers import PropertyNameSerializer
from reservations.api.serializers.places import NightsSerializer, UnitNameSerializer
from reservations.models import Closure


class InTheWaySerializer(Shown):
    """Nights that are taken, by a reservation or by a closure."""

    unit = UnitNameSerializer()
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
    reservation = serializers.CharField(source="reservation.reference", default=None, allow_null=True)
    guest = serializers.CharField(source="reservation.guest.name", default=None, allow_null=True)
    closure = serializers.IntegerField(source="closure_id", allow_null=True)
    closed_for = serializers.ChoiceField(Closure.Kind.choices, source="closure.kind", default=None, allow_null=True)


class WaysOutSerializer(Shown):
    next_free = NightsSerializer(many=True, help_text="As many nights, earliest first; not before the arrival.")
    other_units = UnitNameSerializer(source="other_rooms", many=True, help_text="Free for the same nights, same hotel.")
    other_properties = PropertyNameSerializer(many=True, help_text="With a unit free for the same nights.")


class ConflictSerializer(WaysOutSerializer):
    """Why nights could not be taken: problem details, with who is there and the way out."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    in_the_way = InTheWaySerializer(many=True, help_text="Left out when the token may not read reservations.")

    def get_fields(self):
        fields = super().get_fields()
        for name in ("next_free", "other_units", "other_properties", "in_the_way"):
            fields[name].required = False  # other conflicts, such as a stale version, have none
        return fields
