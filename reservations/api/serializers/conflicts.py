"""Who has the nights, and alternatives, in error responses and in responses about availability."""

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
    """Nights that a reservation or a closure has taken."""

    unit = UnitNameSerializer()
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
    reservation = serializers.CharField(source="reservation.reference", default=None, allow_null=True)
    guest = serializers.CharField(source="reservation.guest.name", default=None, allow_null=True)
    closure = serializers.IntegerField(source="closure_id", allow_null=True)
    closed_for = serializers.ChoiceField(Closure.Kind.choices, source="closure.kind", default=None, allow_null=True)


class NotLeftSerializer(ResponseSerializer):
    """An overstay: a party that was due to leave and has not been checked out. Its room is not empty."""

    unit = UnitNameSerializer()
    departure = serializers.DateField(
        source="stay.departure", help_text="Local date on which the party was due to leave."
    )
    reservation = serializers.CharField(
        source="reservation.reference",
        allow_null=True,
        help_text="The reference of their reservation; null: the token may not read reservations.",
    )
    guest = serializers.CharField(
        source="reservation.guest.name",
        allow_null=True,
        help_text="The guest's name; null: the token may not read reservations.",
    )

    def to_representation(self, segment):
        hidden = {} if may(self.context["request"], Scope.READ_RESERVATIONS) else {"reservation": None, "guest": None}
        return super().to_representation(segment) | hidden


class ShortOfSerializer(ResponseSerializer):
    room_type = RoomTypeNameSerializer(allow_null=True, help_text="The room type; null: any.")
    wanted = serializers.IntegerField()
    free = serializers.IntegerField()
    party_size = serializers.IntegerField(
        allow_null=True, help_text="Only rooms for at least this number of guests are counted; null: all rooms."
    )


class AlternativesSerializer(ResponseSerializer):
    next_free = NightsSerializer(
        many=True,
        help_text="Free stays of the same length, the earliest first, none before the arrival in the request.",
    )
    other_units = UnitNameSerializer(
        source="other_rooms", many=True, help_text="Other units of the same hotel that are free for these nights."
    )
    other_properties = PropertyNameSerializer(
        many=True, help_text="Other properties with a unit that is free for these nights."
    )


class ConflictSerializer(AlternativesSerializer):
    """Problem details (RFC 9457), with who has the nights and the alternatives, or with the present state."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    in_the_way = InTheWaySerializer(
        many=True, help_text="Who has the nights; left out if the token may not read reservations."
    )
    swap_with = serializers.CharField(
        help_text="The reference of a stay that has the nights and could swap rooms with this one."
    )
    short = ShortOfSerializer(
        many=True, help_text="With the code dates_taken, for a group: the lines for which there are too few rooms."
    )
    version = serializers.IntegerField(help_text="With the code changed_meanwhile: the present version.")
    event = EventSerializer(help_text="With the code changed_meanwhile: the change that somebody has made.")
    kept = MoneySerializer(help_text="With the code price_would_change: the price with `keep`.")
    requoted = MoneySerializer(
        help_text="With the code price_would_change: the price with `requote`, in the property's present currency."
    )
    reservation_status = serializers.ChoiceField(
        Status.choices, help_text="With the code not_this_step: the present state."
    )
    steps = serializers.ListField(
        child=serializers.CharField(), help_text="With the code not_this_step: the steps that are possible."
    )

    def get_fields(self):
        fields = super().get_fields()
        for name in fields.keys() - PROBLEM:
            fields[name].required = False  # each code has other ones of these members
        return fields
