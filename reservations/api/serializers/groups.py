"""Groups of reservations in requests and responses."""

from rest_framework import serializers

from api.fields import Day, Email, Moment, Text, Whole
from api.serializers import RequestSerializer, ResponseSerializer
from properties.models import Property, RoomType
from reservations.api.fields import OneOf, Phone, refuse_elsewhere, stay_of
from reservations.api.serializers.places import GuestNameSerializer
from reservations.api.serializers.reservations import ReservationSerializer, whom
from reservations.booking import group_lifecycle
from reservations.booking.requests import DEFAULT_PARTY, MAX_PARTY, MOST_ROOMS
from reservations.models import Guest

NO_ROOMS = {
    "not_a_list": "Send a list of rooms.",
    "min_length": "Say how many rooms, and of which types.",
    "max_length": f"Send at most {MOST_ROOMS} kinds of rooms.",
}


class GroupSerializer(ResponseSerializer):
    id = serializers.IntegerField()
    booker = GuestNameSerializer()
    created_at = serializers.DateTimeField(help_text="UTC")
    reservations = ReservationSerializer(many=True)
    steps = serializers.SerializerMethodField(
        help_text="The steps that are possible for at least one of its reservations: confirm, cancel."
    )

    def get_steps(self, group) -> list[str]:
        return group_lifecycle.steps_from({stay.shown_status for stay in group.reservations.all()})


class RoomsWantedSerializer(RequestSerializer):
    room_type = OneOf(
        RoomType.objects.all(), required=False, allow_null=True, help_text="The id of a room type; null: any."
    )
    count = Whole(min_value=1, max_value=MOST_ROOMS)
    party_size = Whole(
        min_value=1, max_value=MAX_PARTY, default=DEFAULT_PARTY, help_text="The number of guests in each room."
    )


class GroupRequestSerializer(RequestSerializer):
    """Several rooms for the same nights. All of them are booked, or none."""

    property = OneOf(Property.objects.all())
    arrival = Day(help_text="Local date of the first night.")
    departure = Day(help_text="Local date of the departure; the night of this date is not included.")
    booker = OneOf(
        Guest.objects.all(),
        required=False,
        allow_null=True,
        help_text="The id of a known guest. Send either this or booker_name.",
    )
    booker_name = Text(required=False, max_length=200, help_text="The name of a new guest, whose profile is created.")
    booker_phone = Phone()
    booker_email = Email(required=False, max_length=254, allow_blank=True)
    rooms = serializers.ListField(
        child=RoomsWantedSerializer(), min_length=1, max_length=MOST_ROOMS, error_messages=NO_ROOMS
    )
    hold_until = Moment(
        required=False,
        allow_null=True,
        help_text="The reservations are holds and lapse at this instant (UTC), which is not after the day of "
        "departure; null or not sent: they are confirmed.",
    )

    def validate(self, data):
        for line in data["rooms"]:
            refuse_elsewhere(line, data["property"])
        rooms = [(line.get("room_type"), line["count"], line["party_size"]) for line in data["rooms"]]
        return whom(stay_of(data), "booker") | {"rooms": rooms}
