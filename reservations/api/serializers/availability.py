"""What is free, and what is asked about it."""

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

# Nights that are looked at, unless it is said how many.
DAYS = 60
MOST_DAYS = 366


class UnitAvailabilityQuerySerializer(QuerySerializer):
    date = Day(required=False, help_text="Local date of the first night; today where the property stands.")
    nights = Whole(
        required=False,
        min_value=1,
        max_value=MAX_NIGHTS,
        help_text="Left out: 1, or as many as a stay there has at least.",
    )
    party_size = Whole(required=False, min_value=1, max_value=MAX_PARTY, help_text="Leaves out what does not sleep it.")
    days = Whole(
        min_value=1, max_value=MOST_DAYS, default=DAYS, help_text="How many nights, from `date` on, `windows` cover."
    )


class PropertyAvailabilityQuerySerializer(UnitAvailabilityQuerySerializer):
    room_type = Key(required=False, help_text="In a room of this type.")
    unit = Key(required=False, help_text="In this very one; then without `room_type`.")

    def validate(self, query):
        if "unit" in query and "room_type" in query:
            words = "A unit is of its own type. Say which unit, or which type, not both."
            raise serializers.ValidationError({"room_type": words}, code="unit_or_type")
        return query


class SearchQuerySerializer(QuerySerializer):
    date = Day(required=False, help_text="Local date of the first night; the earliest that is today at any property.")
    nights = Whole(min_value=1, max_value=MAX_NIGHTS, default=1)
    party_size = Whole(min_value=1, max_value=MAX_PARTY, default=DEFAULT_PARTY)
    flexible_days = Whole(
        min_value=0,
        max_value=MOST_FLEXIBLE_DAYS,
        default=0,
        help_text="As many nights may begin so many days earlier or later: such stays are among the alternatives.",
    )
    place = Text(required=False, max_length=200, help_text="Words in name, location or description.")
    kind = Choice(choices=Property.Kind.choices, required=False)
    cursor = Text(required=False, max_length=500, help_text="Stands in `next`: where that page begins.")


class WindowSerializer(ResponseSerializer):
    """Nights in a row, `[arrival, until)`, for which one and the same unit is free."""

    arrival = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="Not a night any more; null: free to `looked_until`.")
    nights = serializers.IntegerField()
    units = serializers.IntegerField(allow_null=True, help_text="Free for all of it; null: rooms are not counted.")


class RateLineSerializer(ResponseSerializer):
    """Nights in a row at one rate."""

    first = serializers.DateField(help_text="Local date of the first of them.")
    nights = serializers.IntegerField()
    rate = Amount(help_text="Of each.")
    currency = serializers.CharField(source="rate.currency", help_text="ISO 4217")
    name = serializers.CharField(help_text="Of the rate table's line; empty: the ordinary nightly rate.")


class RefusalSerializer(ResponseSerializer):
    """What booking it would be refused with now."""

    code = serializers.CharField(help_text="dates_taken, outside_limits or not_bookable.")
    detail = serializers.SerializerMethodField(help_text="What is in the way, in words.")

    def get_detail(self, refusal) -> str:
        return words_of(refusal, self.context["request"])


class AvailabilitySerializer(ResponseSerializer):
    """Whether the nights can be booked, and if not, why, and what can be instead.

    `windows` are all stays that fit: none of them lies inside another, so a stay finds a unit for all of its nights if
    and only if it lies inside one of them. A night is free if it is in any. In a hotel windows may overlap, because
    they are of different rooms.
    """

    property = PropertyNameSerializer(source="request.property")
    unit = UnitNameSerializer(
        source="request.unit", allow_null=True, help_text="The one that was asked about; null: any."
    )
    room_type = RoomTypeNameSerializer(source="request.room_type", allow_null=True, help_text="As asked; null: any.")
    date = serializers.DateField(source="request.stay.arrival")
    nights = serializers.IntegerField(source="request.stay.nights")
    party_size = serializers.IntegerField(source="request.party_size", allow_null=True)
    available = serializers.BooleanField(source="is_available", help_text="A booking for these nights would be taken.")
    next_available_date = serializers.DateField(
        source="next_date",
        allow_null=True,
        help_text="The first, `date` or later, from which so many nights can be booked; null: never, see `refusal`.",
    )
    is_in_the_past = serializers.BooleanField(help_text="The property's today is later than `date`.")
    would_get = UnitNameSerializer(
        source="answer.room", allow_null=True, help_text="The unit it would be; null: none, or rooms are not counted."
    )
    not_left = NotLeftSerializer(
        source="answer.not_left",
        allow_null=True,
        help_text="Who is still in `would_get` tonight, though they were to leave; null: nobody, as far as is known.",
    )
    refusal = RefusalSerializer(allow_null=True)
    in_the_way = InTheWaySerializer(
        source="answer.in_the_way",
        many=True,
        required=False,
        help_text="Of a single unit; left out when the token may not read reservations.",
    )
    next_free = NightsSerializer(source="answer.next_free", many=True, help_text="As many nights, earliest first.")
    other_units = UnitNameSerializer(
        source="answer.other_rooms", many=True, help_text="Free for the same nights, same hotel."
    )
    other_properties = PropertyNameSerializer(
        source="answer.other_properties", many=True, help_text="With a unit free for the same nights."
    )
    total = Amount(
        allow_null=True,
        help_text="Of all nights, by today's rates; null: it depends on the room, and none is free.",
    )
    currency = serializers.CharField(help_text="ISO 4217")
    rates = RateLineSerializer(many=True, help_text="What `total` is made of, in order.")
    looked_until = serializers.DateField(source="outlook.until", help_text="Where `windows` end; not a night any more.")
    windows = WindowSerializer(
        source="outlook.windows",
        many=True,
        help_text="Earliest first; whatever `nights` is. Without tonight of units in which somebody overstays.",
    )
    free_by_night = serializers.ListField(
        source="outlook.free",
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="How many units are free on each night from `date` on, without tonight of those in which somebody "
        "overstays; null: rooms are not counted.",
    )

    def to_representation(self, report):
        shown = super().to_representation(report)
        if not may(self.context["request"], Scope.READ_RESERVATIONS):
            del shown["in_the_way"]
        return shown


class OfferSerializer(ResponseSerializer):
    """Rooms of one type, or the apartment, free for all nights. Each of them costs `total`."""

    room_type = RoomTypeSerializer(allow_null=True)
    arrival = serializers.DateField(source="stay.arrival")
    departure = serializers.DateField(source="stay.departure")
    units = serializers.SerializerMethodField(help_text="All that are free; empty where rooms are not counted.")
    must_name_unit = serializers.BooleanField(
        source="must_name_room", help_text="Without a `unit` the booking could get a room of a type."
    )
    total = Amount(source="quote.total")
    currency = serializers.CharField(source="quote.total.currency", help_text="ISO 4217")
    rates = RateLineSerializer(source="quote.lines", many=True)

    @extend_schema_field(UnitNameSerializer(many=True))
    def get_units(self, offer):
        return [{"id": room.pk, "name": room.name} for room in offer.rooms]


class AlternativeSerializer(ResponseSerializer):
    """The cheapest offer for nights near those asked for."""

    how = serializers.CharField(help_text="Where they differ, such as 2 days later.")
    is_cheapest = serializers.BooleanField(help_text="Of several room types.")
    offer = OfferSerializer()


class FoundSerializer(ResponseSerializer):
    """What is found in one property."""

    property = PropertyNameSerializer()
    available = serializers.SerializerMethodField()
    offers = OfferSerializer(many=True)
    full = RoomTypeNameSerializer(many=True, help_text="Types that would do, but have no room free.")
    not_left = NotLeftSerializer(
        many=True,
        help_text="In rooms that would do. Such a room is offered only where the property has no other one.",
    )
    refusals = serializers.ListField(child=serializers.CharField(), help_text="The limits in the way, in words.")
    alternatives = AlternativeSerializer(many=True, help_text="Nearest first.")

    def get_available(self, found) -> bool:
        return bool(found.offers)


class SearchSerializer(ResponseSerializer):
    """Where something is free first, then where nothing is, both by name."""

    next = serializers.URLField(allow_null=True, help_text="The page after it.")
    results = FoundSerializer(many=True)
    arrival = serializers.DateField()
    departure = serializers.DateField()
    properties_free = serializers.IntegerField(help_text="On all pages.")
    units_free = serializers.IntegerField(help_text="On all pages.")


def nights_of(date, nights):
    """The stay, or a ValidationError of `date` or `nights`."""
    try:
        return Stay(date, date + dt.timedelta(days=nights) if date < LAST_DAY else date)
    except BadStay as bad:
        field = {"arrival": "date", "departure": "nights"}[bad.field]
        raise serializers.ValidationError({field: bad.message}, code="not_a_stay") from bad
