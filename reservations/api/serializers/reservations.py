"""Reservations, as they are shown and as they are asked for."""

from rest_framework import serializers

from api.fields import Choice, Day, Email, Key, Moment, Text, Whole, YesNo
from api.serializers import ListQuerySerializer, RequestSerializer, ResponseSerializer, fields_of, ordering_by
from properties.api.fields import Amount
from properties.api.serializers import PropertyNameSerializer
from properties.models import Property, RoomType, Unit
from reservations.api.fields import OneOf, Phone, refuse_elsewhere, stay_of
from reservations.api.serializers.conflicts import NotLeftSerializer
from reservations.api.serializers.places import GuestNameSerializer, RoomTypeNameSerializer, StaySegmentSerializer
from reservations.booking import lifecycle
from reservations.booking.requests import DEFAULT_PARTY, MAX_PARTY
from reservations.models import Guest, Origin, Status


class ReservationSerializer(ResponseSerializer):
    reference = serializers.CharField(help_text="Such as RT-7K3QX: in addresses, and read out on the telephone.")
    version = serializers.IntegerField(help_text="Counts changes; the ETag.")
    status = serializers.ChoiceField(
        Status.choices, source="shown_status", help_text="A hold is expired from the instant at which it lapses."
    )
    property = PropertyNameSerializer()
    room_type = RoomTypeNameSerializer(allow_null=True, help_text="What was sold; null: not by type.")
    guest = GuestNameSerializer()
    group = serializers.IntegerField(source="group_id", allow_null=True, help_text="Of reservations booked together.")
    party_size = serializers.IntegerField()
    arrival = serializers.DateField(help_text="Local date; the first night.")
    departure = serializers.DateField(help_text="Local date; not a night any more.")
    nights = serializers.IntegerField(source="stay.nights")
    segments = StaySegmentSerializer(many=True, help_text="Where it sleeps, in order; empty without a room.")
    hold_expires_at = serializers.DateTimeField(allow_null=True, help_text="UTC; of a hold: it lapses then.")
    is_open = serializers.BooleanField(help_text="It may still be changed and moved.")
    is_unassigned = serializers.BooleanField(help_text="Overbooked: it has no room, where rooms are counted.")
    is_arrival_delayed = serializers.BooleanField(help_text="Expected on an earlier day, and not there yet.")
    is_departure_delayed = serializers.BooleanField(help_text="Still in the house after its last day's check-out time.")
    is_locked = serializers.BooleanField(help_text="The room is promised: nobody moves it to make room for others.")
    nightly_rates = serializers.ListField(
        source="rates", child=Amount(), help_text="One for each night, as agreed, in `currency`."
    )
    price = Amount(help_text="Of all nights, in `currency`.")
    currency = serializers.CharField(help_text="ISO 4217; as agreed, whatever the property charges in by now.")
    origin = serializers.ChoiceField(Origin.choices, allow_blank=True)
    created_at = serializers.DateTimeField(help_text="UTC")
    created_by = serializers.StringRelatedField(allow_null=True)
    event = serializers.IntegerField(
        source="new_event.pk",
        default=None,
        allow_null=True,
        help_text="The id of what this request has left in its history, as `undo/` takes it; null: nothing.",
    )
    not_left: NotLeftSerializer | None = NotLeftSerializer(
        default=None,
        allow_null=True,
        help_text="Who is still in the room that begins tonight, though they were to leave; null: nobody, as far as "
        "is known.",
    )
    steps = serializers.SerializerMethodField(
        help_text="What may come next in its life, today: each is an address beneath this one, such as check-in/."
    )

    def get_steps(self, reservation) -> list[str]:
        return steps_of(reservation)


class ReservationAndOthersSerializer(ReservationSerializer):
    also_changed = serializers.ListField(
        child=serializers.CharField(), help_text="References of others that the same act has changed."
    )


class ReservationRowSerializer(ReservationSerializer):
    event = None  # nobody has changed it here
    not_left = None


class ReservationsQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("arrival", "departure", "created_at", "id")
    fields = fields_of(ReservationRowSerializer)
    property = Key(required=False)
    unit = Key(required=False, help_text="Who sleeps there on any of their nights.")
    guest = Whole(required=False, min_value=1, max_value=2**62)
    status = Choice(choices=Status.choices, required=False)
    q = Text(
        required=False, max_length=200, help_text="Part of a guest's or property's name, or of a reference; no accents."
    )
    since = Day(required=False, help_text="Who is there on this night or later.")
    until = Day(required=False, help_text="Who is there before this night.")


class BookingSerializer(RequestSerializer):
    """The unit is chosen when none is named: the free one that fits best, of `room_type` if that is named."""

    property = OneOf(Property.objects.all())
    unit = OneOf(Unit.objects.select_related("property", "room_type"), required=False, allow_null=True)
    room_type = OneOf(RoomType.objects.all(), required=False, allow_null=True)
    arrival = Day(help_text="Local date; the first night.")
    departure = Day(help_text="Local date; not a night any more.")
    guest = OneOf(Guest.objects.all(), required=False, allow_null=True, help_text="A known guest; or say guest_name.")
    guest_name = Text(required=False, max_length=200, help_text="Makes a new guest.")
    guest_phone = Phone()
    guest_email = Email(required=False, max_length=254, allow_blank=True)
    party_size = Whole(min_value=1, max_value=MAX_PARTY, default=DEFAULT_PARTY)
    hold_until = Moment(required=False, allow_null=True, help_text="Makes it a hold, which lapses then.")
    origin = Choice(choices=Origin.choices, required=False)
    is_locked = YesNo(default=False, help_text="Promise the room.")
    overbook_reason = Text(required=False, max_length=200, help_text="Of a manager: book it without a room.")

    def validate(self, data):
        refuse_elsewhere(data, data["property"])
        return whom(stay_of(data))


def steps_of(reservation):
    """As the addresses call them."""
    return [name.removeprefix("mark_").replace("_", "-") for name in lifecycle.steps_today(reservation)]


def whom(data, who="guest"):
    """What was sent, with who stays, or books for others, as the verbs take it: a known guest, or a new one."""
    known, name = data.pop(who, None), data.pop(f"{who}_name", "")
    reached = {field: data.pop(f"{who}_{field}", "") for field in ("phone", "email")}
    if bool(known) == bool(name):
        words = f"Say who it is: {who}_name for a new guest, or {who} with the id of a known one."
        raise serializers.ValidationError({f"{who}_name": words}, code="who_stays")
    if known and any(reached.values()):
        words = "A known guest has a telephone number and an e-mail address already: change them at guests/."
        wrong = next(field for field, value in reached.items() if value)
        raise serializers.ValidationError({f"{who}_{wrong}": words}, code="known_guest")
    guest = known or (Guest(name=name, **reached) if any(reached.values()) else None)
    return data | {who: guest, f"{who}_name": known.name if known else name}
