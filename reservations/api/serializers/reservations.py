"""Reservations in requests and responses."""

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
    reference = serializers.CharField(
        help_text="The reference, such as RT-7K3QX. It is part of the reservation's address."
    )
    version = serializers.IntegerField(help_text="It grows with each change. The response's ETag has it, too.")
    status = serializers.ChoiceField(
        Status.choices,
        source="shown_status",
        help_text="A hold is shown as expired from the instant on at which it lapses.",
    )
    property = PropertyNameSerializer()
    room_type = RoomTypeNameSerializer(allow_null=True, help_text="The room type that was sold; null: none was.")
    guest = GuestNameSerializer()
    group = serializers.IntegerField(
        source="group_id", allow_null=True, help_text="The id of the group; null: the reservation was booked alone."
    )
    party_size = serializers.IntegerField()
    arrival = serializers.DateField(help_text="Local date of the first night.")
    departure = serializers.DateField(help_text="Local date of the departure; the night of this date is not included.")
    nights = serializers.IntegerField(source="stay.nights")
    segments = StaySegmentSerializer(
        many=True, help_text="The units of the stay in the order of the nights; empty: it has no room."
    )
    hold_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="UTC, when the hold lapses; only holds have it."
    )
    is_open = serializers.BooleanField(help_text="The stay may be changed and moved.")
    is_unassigned = serializers.BooleanField(
        help_text="An overbooking: it has no room, in a hotel that has listed rooms."
    )
    is_arrival_delayed = serializers.BooleanField(
        help_text="The day of arrival is over, and the party has not been checked in."
    )
    is_departure_delayed = serializers.BooleanField(
        help_text="The party has not been checked out, and the check-out time of its last day is over."
    )
    is_locked = serializers.BooleanField(help_text="The room is locked: the stay is not moved to make room for others.")
    nightly_rates = serializers.ListField(
        source="rates", child=Amount(), help_text="The agreed rate of each night, in `currency`."
    )
    price = Amount(help_text="The price of all nights, in `currency`.")
    currency = serializers.CharField(
        help_text="ISO 4217. The currency that was agreed; the property may charge in another one now."
    )
    origin = serializers.ChoiceField(Origin.choices, allow_blank=True)
    created_at = serializers.DateTimeField(help_text="UTC")
    created_by = serializers.StringRelatedField(allow_null=True)
    event = serializers.IntegerField(
        source="new_event.pk",
        default=None,
        allow_null=True,
        help_text="The id of the event that this request has written, for `undo/`; null: it has written none.",
    )
    not_left: NotLeftSerializer | None = NotLeftSerializer(
        default=None,
        allow_null=True,
        help_text="The party that was due to leave the room in which this stay begins tonight, and has not been "
        "checked out; null: none.",
    )
    steps = serializers.SerializerMethodField(
        help_text="The steps that are possible today. Each is an address below the reservation's, such as check-in/."
    )

    def get_steps(self, reservation) -> list[str]:
        return steps_of(reservation)


class ReservationAndOthersSerializer(ReservationSerializer):
    also_changed = serializers.ListField(
        child=serializers.CharField(), help_text="The references of other reservations that the same act has changed."
    )


class ReservationRowSerializer(ReservationSerializer):
    event = None  # a list records no event
    not_left = None


class ReservationsQuerySerializer(ListQuerySerializer):
    ordering = ordering_by("arrival", "departure", "created_at", "id")
    fields = fields_of(ReservationRowSerializer)
    property = Key(required=False)
    unit = Key(required=False, help_text="The id of a unit: only stays with at least one night in it.")
    guest = Whole(required=False, min_value=1, max_value=2**62)
    status = Choice(choices=Status.choices, required=False)
    q = Text(
        required=False,
        max_length=200,
        help_text="Part of the guest's name, of the property's name or of the reference, or the whole name of a unit, "
        "without regard to accents and case.",
    )
    since = Day(required=False, help_text="Only stays with this night or a later one.")
    until = Day(required=False, help_text="Only stays with a night before this one.")


class BookingSerializer(RequestSerializer):
    """If no `unit` is named, the best free one is chosen, of `room_type` if that is named."""

    property = OneOf(Property.objects.all())
    unit = OneOf(Unit.objects.select_related("property", "room_type"), required=False, allow_null=True)
    room_type = OneOf(RoomType.objects.all(), required=False, allow_null=True)
    arrival = Day(help_text="Local date of the first night.")
    departure = Day(help_text="Local date of the departure; the night of this date is not included.")
    guest = OneOf(
        Guest.objects.all(),
        required=False,
        allow_null=True,
        help_text="The id of a known guest. Send either this or guest_name.",
    )
    guest_name = Text(required=False, max_length=200, help_text="The name of a new guest, whose profile is created.")
    guest_phone = Phone()
    guest_email = Email(required=False, max_length=254, allow_blank=True)
    party_size = Whole(min_value=1, max_value=MAX_PARTY, default=DEFAULT_PARTY)
    hold_until = Moment(
        required=False,
        allow_null=True,
        help_text="The reservation is a hold and lapses at this instant (UTC), which is not after the day of "
        "departure; null or not sent: it is confirmed.",
    )
    origin = Choice(choices=Origin.choices, required=False)
    is_locked = YesNo(default=False, help_text="Lock the room: the stay is not moved to make room for others.")
    overbook_reason = Text(
        required=False,
        max_length=200,
        help_text="For managers only: book although no room is "
        "free. The reservation has no room then; the reason is recorded in the history.",
    )

    def validate(self, data):
        refuse_elsewhere(data, data["property"])
        return whom(stay_of(data))


def steps_of(reservation):
    """The steps that are possible today, by the names in their addresses, such as "check-in"."""
    return [name.removeprefix("mark_").replace("_", "-") for name in lifecycle.steps_today(reservation)]


def whom(data, who="guest"):
    """The request's `data` with the guest, or the booker, as verbs take it: {who} and {who}_name.

    It is a known guest, or a new one with a name and perhaps a telephone number or an e-mail address. Raises
    ValidationError.
    """
    known, name = data.pop(who, None), data.pop(f"{who}_name", "")
    contact = {field: data.pop(f"{who}_{field}", "") for field in ("phone", "email")}
    if bool(known) == bool(name):
        words = f"Say who it is: {who}_name for a new guest, or {who} with the id of a known one."
        raise serializers.ValidationError({f"{who}_name": words}, code="who_stays")
    if known and any(contact.values()):
        words = "A known guest has a telephone number and an e-mail address already: change them at guests/."
        wrong = next(field for field, value in contact.items() if value)
        raise serializers.ValidationError({f"{who}_{wrong}": words}, code="known_guest")
    guest = known or (Guest(name=name, **contact) if any(contact.values()) else None)
    return data | {who: guest, f"{who}_name": known.name if known else name}
