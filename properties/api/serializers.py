from rest_framework import serializers

from api.fields import Choice, Key, Text, YesNo
from api.serializers import ListQuerySerializer, ResponseSerializer, fields_of, ordering_by
from properties.api.fields import Amount
from properties.models import Property


class PropertyNameSerializer(ResponseSerializer):
    """A property, as far as others name it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Property.Kind.choices)


class PropertySerializer(PropertyNameSerializer):
    description = serializers.CharField()
    location = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA name, such as Europe/Lisbon")
    today = serializers.DateField(help_text="The date where it stands, which its stays go by.")
    check_in_time = serializers.TimeField(help_text="local; earliest arrival")
    check_out_time = serializers.TimeField(help_text="local; latest departure")
    currency = serializers.CharField(help_text="ISO 4217")
    nightly_rate = Amount(source="price", help_text="where no room type and no line of the rate table says otherwise")
    sleeps = serializers.IntegerField(allow_null=True, help_text="an apartment's largest party; null: not limited")
    min_nights = serializers.IntegerField(allow_null=True, help_text="shortest stay; null: one night")
    max_nights = serializers.IntegerField(allow_null=True, help_text="longest stay; null: not limited")
    hold_hours = serializers.IntegerField(help_text="how long the desk's holds last unless it says otherwise")
    language = serializers.CharField(help_text="spoken in its voice notes, ISO 639-1; empty: the site default")
    room_count = serializers.IntegerField(help_text="units that take bookings")
    is_unlimited = serializers.BooleanField(help_text="a hotel that never listed a room takes every booking")
    archived_at = serializers.DateTimeField(allow_null=True, help_text="UTC; archived ones take no bookings")
    archived_by = serializers.StringRelatedField(allow_null=True)


class PropertyRowSerializer(PropertySerializer):
    pass


class PropertiesQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("name", "id")
    fields = fields_of(PropertyRowSerializer)
    kind = Choice(choices=Property.Kind.choices, required=False)
    q = Text(required=False, max_length=200, help_text="Words in name, location or description, blind to accents.")
    archived = YesNo(default=False, help_text="Archived ones, too.")


class RoomTypeSerializer(ResponseSerializer):
    """A sellable class of a hotel's rooms. Apartments have none."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    sleeps = serializers.IntegerField(help_text="the largest party")
    nightly_rate = Amount(source="price", help_text="where no line of the rate table fits")
    currency = serializers.CharField(source="price.currency", help_text="ISO 4217; the property's")
    min_nights = serializers.IntegerField(allow_null=True, help_text="shortest stay; null: as the property says")
    max_nights = serializers.IntegerField(allow_null=True, help_text="longest stay; null: as the property says")
    position = serializers.IntegerField(help_text="order within the property")


class RoomTypeRowSerializer(RoomTypeSerializer):
    room_count = serializers.IntegerField(help_text="units of it that take bookings")


class RoomTypesQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("position", "name", "nightly_rate", "id")
    fields = fields_of(RoomTypeRowSerializer)


class UnitSerializer(ResponseSerializer):
    """What one party sleeps in: a hotel's room, or the apartment itself."""

    id = serializers.IntegerField()
    property = PropertyNameSerializer()
    name = serializers.CharField(help_text="an apartment's is the apartment's own")
    room_type = RoomTypeSerializer(allow_null=True, help_text="null: as the property says")
    floor = serializers.CharField()
    position = serializers.IntegerField(help_text="order within the property")
    archived_at = serializers.DateTimeField(allow_null=True, help_text="UTC; archived ones take no bookings")
    archived_by = serializers.StringRelatedField(allow_null=True)


class UnitRowSerializer(UnitSerializer):
    pass


class UnitsQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("position", "name", "id")
    fields = fields_of(UnitRowSerializer)
    room_type = Key(required=False, help_text="Those of this type.")
    archived = YesNo(default=False, help_text="Archived ones, too.")
