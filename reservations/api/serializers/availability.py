"""Availability: the query strings of the requests, and the responses."""

import datetime as dt

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Scope
from api.fields import Choice, Day, Key, Text, Whole
from api.permissions import may
from api.serializers import QuerySerializer, ResponseSerializer
from properties.api.fields import Amount
from properties.api.serializers import PropertyNameSerializer, RoomTypeSerializer
from properties.models import Property
from reservations.api.problems import words_of
from reservations.api.serializers.conflicts import InTheWaySerializer, NotLeftSerializer
from reservations.api.serializers.places import NightsSerializer, RoomTypeNameSerializer, UnitNameSerializer
from reservations.booking.requests import DEFAULT_PARTY, MAX_PARTY
from reservations.offers.room_search import MOST_FLEXIBLE_DAYS
from reservations.stay import LAST_DAY, MAX_NIGHTS, BadStay, Stay

# The default number of nights that `windows` cover.
DAYS = 60
MOST_DAYS = 366


class UnitAvailabilityQuerySerializer(QuerySerializer):
    date = Day(required=False, help_text="Local date of the first night. The default is today's date at the property.")
    nights = Whole(
        required=False,
        min_value=1,
        max_value=MAX_NIGHTS,
        help_text="The number of nights. The default is the shortest stay that the property allows.",
    )
    party_size = Whole(
        required=False,
        min_value=1,
        max_value=MAX_PARTY,
        help_text="The number of guests. Units that are too small for them are left out.",
    )
    days = Whole(
        min_value=1,
        max_value=MOST_DAYS,
        default=DAYS,
        help_text="The number of nights from `date` on for which `windows` are looked for.",
    )


class PropertyAvailabilityQuerySerializer(UnitAvailabilityQuerySerializer):
    room_type = Key(required=False, help_text="The id of a room type: ask for rooms of this type only.")
    unit = Key(
        required=False,
        help_text="The id of a unit: ask for this unit only. It cannot be sent together with `room_type`.",
    )

    def validate(self, query):
        if "unit" in query and "room_type" in query:
            words = "A unit is of its own type. Say which unit, or which type, not both."
            raise serializers.ValidationError({"room_type": words}, code="unit_or_type")
        return query


class SearchQuerySerializer(QuerySerializer):
    date = Day(
        required=False,
        help_text="Local date of the first night. The default is the earliest date that is today at any property.",
    )
    nights = Whole(min_value=1, max_value=MAX_NIGHTS, default=1)
    party_size = Whole(min_value=1, max_value=MAX_PARTY, default=DEFAULT_PARTY)
    flexible_days = Whole(
        min_value=0,
        max_value=MOST_FLEXIBLE_DAYS,
        default=0,
        help_text="Also look for stays of the same length that begin up to this many days earlier or later. They are "
        "shown as alternatives.",
    )
    place = Text(required=False, max_length=200, help_text="Words in the property's name, location or description.")
    kind = Choice(choices=Property.Kind.choices, required=False)
    cursor = Text(
        required=False,
        max_length=500,
        help_text="Where the page begins. Take the whole address from `next` instead of writing this yourself.",
    )


class WindowSerializer(ResponseSerializer):
    """Nights in a row, `[arrival, until)`, for which one and the same unit is free."""

    arrival = serializers.DateField()
    until = serializers.DateField(
        allow_null=True,
        help_text="The end of the window; this night is not included. null: the unit is free until `looked_until`.",
    )
    nights = serializers.IntegerField()
    units = serializers.IntegerField(
        allow_null=True,
        help_text="The number of units that are free for the whole window; null: the hotel has never listed a room.",
    )


class RateLineSerializer(ResponseSerializer):
    """Nights in a row at one rate."""

    first = serializers.DateField(help_text="Local date of the first of these nights.")
    nights = serializers.IntegerField()
    rate = Amount(help_text="The rate of each of these nights.")
    currency = serializers.CharField(source="rate.currency", help_text="ISO 4217")
    name = serializers.CharField(help_text="The name of the line in the rate table; empty: the ordinary nightly rate.")


class RefusalSerializer(ResponseSerializer):
    """The error that a booking would get now."""

    code = serializers.CharField(help_text="dates_taken, outside_limits or not_bookable")
    detail = serializers.SerializerMethodField(help_text="What is in the way, in words.")

    def get_detail(self, refusal) -> str:
        return words_of(refusal, self.context["request"])


class AvailabilitySerializer(ResponseSerializer):
    """Whether the nights can be booked; if not, why not, and what can be booked instead.

    A stay can have one unit for all of its nights if and only if all of them are in one of the `windows`. No window is
    inside another one. In a hotel windows may overlap, because they are of different rooms. A night is free if it is in
    at least one window.
    """

    property = PropertyNameSerializer(source="request.property")
    unit = UnitNameSerializer(source="request.unit", allow_null=True, help_text="The unit in the request; null: any.")
    room_type = RoomTypeNameSerializer(
        source="request.room_type", allow_null=True, help_text="The room type in the request; null: any."
    )
    date = serializers.DateField(source="request.stay.arrival")
    nights = serializers.IntegerField(source="request.stay.nights")
    party_size = serializers.IntegerField(source="request.party_size", allow_null=True)
    available = serializers.BooleanField(
        source="is_available", help_text="A booking for these nights would be accepted now."
    )
    next_available_date = serializers.DateField(
        source="next_date",
        allow_null=True,
        help_text="The first date, not before `date`, from which this number of nights can be booked; null: there is "
        "none, and `refusal` says why.",
    )
    is_in_the_past = serializers.BooleanField(help_text="`date` is before today's date at the property.")
    would_get = UnitNameSerializer(
        source="answer.room",
        allow_null=True,
        help_text="The unit that a booking would get now; null: none is free, or the hotel has never listed a room.",
    )
    not_left = NotLeftSerializer(
        source="answer.not_left",
        allow_null=True,
        help_text="The party that was due to leave `would_get` and has not been checked out; null: none.",
    )
    refusal = RefusalSerializer(allow_null=True)
    in_the_way = InTheWaySerializer(
        source="answer.in_the_way",
        many=True,
        required=False,
        help_text="Who has the nights, if the question is about a single unit; left out if the token may not read "
        "reservations.",
    )
    next_free = NightsSerializer(
        source="answer.next_free", many=True, help_text="Free stays of the same length, the earliest first."
    )
    other_units = UnitNameSerializer(
        source="answer.other_rooms",
        many=True,
        help_text="Other units of the same hotel that are free for these nights.",
    )
    other_properties = PropertyNameSerializer(
        source="answer.other_properties",
        many=True,
        help_text="Other properties with a unit that is free for these nights.",
    )
    total = Amount(
        allow_null=True,
        help_text="The price of all nights by today's rates; null: the price depends on the room, and none is free.",
    )
    currency = serializers.CharField(help_text="ISO 4217")
    rates = RateLineSerializer(many=True, help_text="The rates that make up `total`, in the order of the nights.")
    looked_until = serializers.DateField(
        source="outlook.until", help_text="The end of the nights that `windows` cover; this night is not included."
    )
    windows = WindowSerializer(
        source="outlook.windows",
        many=True,
        help_text="The earliest first; they do not depend on `nights`. Tonight is left out for units with an overstay.",
    )
    free_by_night = serializers.ListField(
        source="outlook.free",
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="The number of free units on each night from `date` on; units with an overstay do not count as free "
        "tonight. null: the hotel has never listed a room.",
    )

    def to_representation(self, report):
        shown = super().to_representation(report)
        if not may(self.context["request"], Scope.READ_RESERVATIONS):
            del shown["in_the_way"]
        return shown


class OfferSerializer(ResponseSerializer):
    """The rooms of one type, or the apartment, that are free for all nights. Each of them costs `total`."""

    room_type = RoomTypeSerializer(allow_null=True)
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
    units = serializers.SerializerMethodField(help_text="The free units; empty if the hotel has never listed a room.")
    must_name_unit = serializers.BooleanField(
        source="must_name_room",
        help_text="A booking must name a `unit` to get this offer: without one it could get a room of another type.",
    )
    total = Amount(source="quote.total")
    currency = serializers.CharField(source="quote.total.currency", help_text="ISO 4217")
    rates = RateLineSerializer(source="quote.lines", many=True)

    @extend_schema_field(UnitNameSerializer(many=True))
    def get_units(self, offer):
        return [{"id": room.pk, "name": room.name} for room in offer.rooms]


class AlternativeSerializer(ResponseSerializer):
    """The cheapest offer for other nights near those in the request."""

    how = serializers.CharField(help_text="How these nights differ from those in the request, such as 2 days later.")
    is_cheapest = serializers.BooleanField(
        help_text="There are offers for several room types, and this is the cheapest."
    )
    offer = OfferSerializer()


class FoundSerializer(ResponseSerializer):
    """The result of the search at one property."""

    property = PropertyNameSerializer()
    available = serializers.SerializerMethodField()
    offers = OfferSerializer(many=True)
    full = RoomTypeNameSerializer(many=True, help_text="Suitable room types that have no free room.")
    not_left = NotLeftSerializer(
        many=True,
        help_text="Overstays in suitable rooms. Such a room is offered only if the property has no other one.",
    )
    refusals = serializers.ListField(
        child=serializers.CharField(), help_text="The limits of the property that the request breaks, in words."
    )
    alternatives = AlternativeSerializer(many=True, help_text="The nearest nights first.")

    def get_available(self, found) -> bool:
        return bool(found.offers)


class SearchSerializer(ResponseSerializer):
    """The properties with something free come first, then those without; both are in the order of their names."""

    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null: this is the last one.")
    results = FoundSerializer(many=True)
    arrival = serializers.DateField()
    departure = serializers.DateField()
    properties_free = serializers.IntegerField(help_text="The number on all pages.")
    units_free = serializers.IntegerField(help_text="The number on all pages.")


def nights_of(date, nights):
    """The Stay of so many nights from `date` on. Raises ValidationError for `date` or `nights`."""
    try:
        return Stay(date, date + dt.timedelta(days=nights) if date < LAST_DAY else date)
    except BadStay as bad:
        field = {"arrival": "date", "departure": "nights"}[bad.field]
        raise serializers.ValidationError({field: bad.message}, code="not_a_stay") from bad
