"""Who has the nights, and alternatives: in error responses, and in answers that something is not free."""

from rest_framework import serializers

from accounts.models import Scope
from api.permissions import may
from api.serializers import ResponseSerializer
from properties.api.fields import MoneySerializer
from properties.api.serializers import PropertyNameSerializer
from reservations.api.serializers.events import EventSerializer
from reservations.api.serializers.places import NightsSerializer, RoomTypeNameSerializer, UnitNameSerializer
from reservations.models import Closure, Status

PROBLEM = {"type", "title", "status", "detail", "code"}


class InTheWaySerializer(ResponseSerializer):
    """Nights that are taken, by a reservation or by a closure."""

    unit = UnitNameSerializer()
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
    reservation = serializers.CharField(source="reservation.reference", default=None, allow_null=True)
    guest = serializers.CharField(source="reservation.guest.name", default=None, allow_null=True)
    closure = serializers.IntegerField(source="closure_id", allow_null=True)
    closed_for = serializers.ChoiceField(Closure.Kind.choices, source="closure.kind", default=None, allow_null=True)


class NotLeftSerializer(ResponseSerializer):
    """A party that was to leave and has not been checked out: its room is not empty yet."""

    unit = UnitNameSerializer()
    departure = serializers.DateField(source="stay.departure", help_text="When they were to leave.")
    reservation = serializers.CharField(
        source="reservation.reference", allow_null=True, help_text="null: the token may not read reservations."
    )
    guest = serializers.CharField(source="reservation.guest.name", allow_null=True, help_text="As `reservation`.")

    def to_representation(self, segment):
        hidden = {} if may(self.context["request"], Scope.READ_RESERVATIONS) else {"reservation": None, "guest": None}
        return super().to_representation(segment) | hidden


class ShortOfSerializer(ResponseSerializer):
    room_type = RoomTypeNameSerializer(allow_null=True, help_text="null: any.")
    wanted = serializers.IntegerField()
    free = serializers.IntegerField()
    party_size = serializers.IntegerField(allow_null=True, help_text="Only rooms that take so many; null: all rooms.")


class AlternativesSerializer(ResponseSerializer):
    next_free = NightsSerializer(many=True, help_text="As many nights, earliest first; not before the arrival.")
    other_units = UnitNameSerializer(source="other_rooms", many=True, help_text="Free for the same nights, same hotel.")
    other_properties = PropertyNameSerializer(many=True, help_text="With a unit free for the same nights.")


class ConflictSerializer(AlternativesSerializer):
    """Why it was refused: problem details, with who has the nights and alternatives, or with the state as it is now."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    in_the_way = InTheWaySerializer(many=True, help_text="Left out when the token may not read reservations.")
    swap_with = serializers.CharField(help_text="Reference of the stay in the way: both could swap rooms.")
    short = ShortOfSerializer(many=True, help_text="Of code dates_taken, for a group: too few rooms of these types.")
    version = serializers.IntegerField(help_text="Of code changed_meanwhile: what it is by now.")
    event = EventSerializer(help_text="Of code changed_meanwhile: what was done to it, and by whom.")
    kept = MoneySerializer(help_text="Of code price_would_change: the price as agreed.")
    requoted = MoneySerializer(
        help_text="Of code price_would_change: by today's rates; in another currency if the property's has changed."
    )
    reservation_status = serializers.ChoiceField(Status.choices, help_text="Of code not_this_step: what it is.")
    steps = serializers.ListField(child=serializers.CharField(), help_text="Of code not_this_step: the possible ones.")

    def get_fields(self):
        fields = super().get_fields()
        for name in fields.keys() - PROBLEM:
            fields[name].required = False  # each kind of conflict has its own
        return fields
