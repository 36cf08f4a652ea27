from rest_framework import serializers

from api.fields import Choice, Key, Text, YesNo
from api.serializers import ListQuerySerializer, ResponseSerializer, fields_of, ordering_by
from properties.api.fields import Amount
from properties.models import Property


class PropertyNameSerializer(ResponseSerializer):
    """The name of a property."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Property.Kind.choices)


class PropertySerializer(PropertyNameSerializer):
    description = serializers.CharField()
    location = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA name, such as Europe/Lisbon")
    today = serializers.DateField(
        help_text="Today's date in the property's time zone. Its stays are in dates of this time zone."
    )
    check_in_time = serializers.TimeField(help_text="Local time of the earliest arrival.")
    check_out_time = serializers.TimeField(help_text="Local time of the latest departure.")
    currency = serializers.CharField(help_text="ISO 4217")
    nightly_rate = Amount(
        source="price",
        help_text="The price of a night for which neither the room type nor a line of the rate table has another one.",
    )
    sleeps = serializers.IntegerField(
        allow_null=True, help_text="The largest party, for an apartment; null: not limited."
    )
    min_nights = serializers.IntegerField(allow_null=True, help_text="The shortest stay in nights; null: one night.")
    max_nights = serializers.IntegerField(allow_null=True, help_text="The longest stay in nights; null: not limited.")
    hold_hours = serializers.IntegerField(help_text="The usual length of a hold, in hours.")
    language = serializers.CharField(
        help_text="The language of the property's voice notes, ISO 639-1; empty: the default of this installation."
    )
    room_count = serializers.IntegerField(help_text="The number of units that can be booked.")
    is_unlimited = serializers.BooleanField(
        help_text="The hotel has never listed a room, and so it takes every booking."
    )
    archived_at = serializers.DateTimeField(
        allow_null=True, help_text="UTC, when it was archived; null: it was not. What is archived takes no bookings."
    )
    archived_by = serializers.StringRelatedField(allow_null=True)


class PropertyRowSerializer(PropertySerializer):
    pass


class PropertiesQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("name", "id")
    fields = fields_of(PropertyRowSerializer)
    kind = Choice(choices=Property.Kind.choices, required=False)
    q = Text(
        required=False,
        max_length=200,
        help_text="Words in name, location or description, without regard to accents and case.",
    )
    archived = YesNo(default=False, help_text="Include archived ones.")


class RoomTypeSerializer(ResponseSerializer):
    """A class of a hotel's rooms that are sold alike. Apartments have none."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    sleeps = serializers.IntegerField(help_text="The largest party.")
    nightly_rate = Amount(
        source="price", help_text="The price of a night for which no line of the rate table has another one."
    )
    currency = serializers.CharField(source="price.currency", help_text="ISO 4217. The property's currency.")
    min_nights = serializers.IntegerField(
        allow_null=True, help_text="The shortest stay in nights; null: the property's limit."
    )
    max_nights = serializers.IntegerField(
        allow_null=True, help_text="The longest stay in nights; null: the property's limit."
    )
    position = serializers.IntegerField(help_text="The place in the order within the property.")


class RoomTypeRowSerializer(RoomTypeSerializer):
    room_count = serializers.IntegerField(help_text="The number of units of this type that can be booked.")


class RoomTypesQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("position", "name", "nightly_rate", "id")
    fields = fields_of(RoomTypeRowSerializer)


class UnitSerializer(ResponseSerializer):
    """What one party sleeps in: a hotel's room, or the apartment itself."""

    id = serializers.IntegerField()
    property = PropertyNameSerializer()
    name = serializers.CharField(help_text="The name of the room, or of the apartment.")
    room_type = RoomTypeSerializer(
        allow_null=True, help_text="The room type; null: none, so that the property's rate and limits count."
    )
    floor = serializers.CharField()
    position = serializers.IntegerField(help_text="The place in the order within the property.")
    archived_at = serializers.DateTimeField(
        allow_null=True, help_text="UTC, when it was archived; null: it was not. What is archived takes no bookings."
    )
    archived_by = serializers.StringRelatedField(allow_null=True)


class UnitRowSerializer(UnitSerializer):
    pass


class UnitsQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("position", "name", "id")
    fields = fields_of(UnitRowSerializer)
    room_type = Key(required=False, help_text="The id of a room type: list only rooms of this type.")
    archived = YesNo(default=False, help_text="Include archived ones.")
