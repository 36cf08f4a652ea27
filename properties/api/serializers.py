from rest_framework import serializers

from api.fields import Choice, Text, YesNo
from api.serializers import AskedForRows, Shown, fields_of, ordering_by
from properties.models import Property


class PropertyNameSerializer(Shown):
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
    nightly_rate = serializers.DecimalField(
        max_digits=10, decimal_places=2, help_text="where no room type and no line of the rate table says otherwise"
    )
    sleeps = serializers.IntegerField(allow_null=True, help_text="an apartment's largest party; null: not limited")
    min_nights = serializers.IntegerField(allow_null=True, help_text="shortest stay; null: one night")
    max_nights = serializers.IntegerField(allow_null=True, help_text="longest stay; null: not limited")
    room_count = serializers.IntegerField(help_text="units that take bookings")
    archived_at = serializers.DateTimeField(allow_null=True, help_text="archived ones take no bookings")


class PropertyRowSerializer(PropertySerializer):
    pass


class PropertiesAsked(AskedForRows):
    ordering = ordering_by("name", "id")
    fields = fields_of(PropertyRowSerializer)
    kind = Choice(choices=Property.Kind.choices, required=False)
    q = Text(required=False, max_length=200, help_text="Words in name, location or description, blind to accents.")
    archived = YesNo(default=False, help_text="Archived ones, too.")
