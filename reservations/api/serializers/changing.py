"""Requests that change a reservation: its stay, its guest, its rooms, its state.

The validated data of each serializer are the arguments of a verb. `instance` is the reservation, which has the values
of members that are not sent.
"""

from rest_framework import serializers

from api.fields import Choice, Day, Moment, Text, Whole, YesNo
from api.serializers import RequestSerializer
from properties.models import Unit
from reservations.api.fields import OneOf, Reference, refuse_elsewhere, stay_of
from reservations.booking import SegmentGone
from reservations.booking.requests import MAX_PARTY
from reservations.models import Event, Guest, Status
from reservations.models.stays import CancelReason

UNITS = Unit.objects.select_related("property", "room_type")
ASKED_FOR_A_PRICE = (
    "What to do if an agreed night would cost something else, because of another room type, other nights or another "
    "currency: keep the agreed rates, or requote all nights by today’s rates. Nights that are added beside the agreed "
    "ones cost today’s rates in either case. If it is not sent and is needed, nothing is changed, and the answer has "
    "the code price_would_change with both prices."
)


class EmptyRequestSerializer(RequestSerializer):
    pass


class Pricing(Choice):
    def __init__(self):
        super().__init__(choices=["keep", "requote"], required=False, help_text=ASKED_FOR_A_PRICE)


class OverruleReason(Text):
    def __init__(self):
        words = (
            "For managers only: why the stay may be shorter or longer than the limits allow. It is recorded in "
            "the history."
        )
        super().__init__(required=False, max_length=200, help_text=words)


class ReservationChangeSerializer(RequestSerializer):
    """If the dates or the unit of a stay in several rooms change, all its nights go to one unit."""

    unit = OneOf(
        UNITS,
        required=False,
        allow_null=True,
        help_text="The id of a unit; null: the present one if it is free, else the best free one.",
    )
    arrival = Day(required=False, help_text="Local date of the first night.")
    departure = Day(required=False, help_text="Local date of the departure; the night of this date is not included.")
    guest = OneOf(Guest.objects.all(), required=False, help_text="The id of another known guest.")
    guest_name = Text(
        required=False,
        max_length=200,
        help_text="The new name of the guest. If the guest has other stays, a new profile is created for this one.",
    )
    party_size = Whole(required=False, min_value=1, max_value=MAX_PARTY)
    pricing = Pricing()
    overrule_reason = OverruleReason()

    def validate(self, data):
        if "guest" in data and "guest_name" in data:
            words = "Say either guest, for another known one, or guest_name."
            raise serializers.ValidationError({"guest_name": words}, code="who_stays")
        refuse_elsewhere(data, self.instance.property)
        changed = stay_of(data, self.instance.stay)
        if "unit" not in changed and changed["stay"] != self.instance.stay and len(self.instance.segments) == 1:
            changed["unit"] = self.instance.unit
        return changed


class CancelSerializer(RequestSerializer):
    why = Choice(choices=CancelReason.choices, required=False, help_text="The kind of reason, for statistics.")
    reason = Text(required=False, max_length=150, allow_blank=True, help_text="In your own words: who asked, and why.")


class CheckOutSerializer(RequestSerializer):
    free_tonight = YesNo(
        default=False,
        help_text="For a party that leaves before its first night is over: true gives the room back for that night.",
    )


class ExtendHoldSerializer(RequestSerializer):
    until = Moment(
        help_text="The new end of the hold (UTC), later than now and not after the day of departure. From this instant "
        "on its nights are free."
    )


class OverruleSerializer(RequestSerializer):
    status = Choice(choices=Status.choices)
    reason = Text(max_length=200, help_text="The reason, which is recorded in the history.")


class MoveSerializer(RequestSerializer):
    unit = OneOf(UNITS, required=False)
    arrival = Day(required=False)
    departure = Day(required=False)
    segment = Whole(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="The id of the segment that moves, for a stay in several rooms.",
    )
    pricing = Pricing()
    overrule_reason = OverruleReason()

    def validate(self, data):
        refuse_elsewhere(data, self.instance.property)
        if "segment" in data:
            data["segment"] = self._segment(data["segment"])
        if "arrival" in data or "departure" in data:
            return stay_of(data, (data.get("segment") or self.instance).stay)
        return data

    def _segment(self, key):
        for segment in self.instance.segments:
            if segment.pk == key:
                return segment
        raise SegmentGone


class RoomSerializer(RequestSerializer):
    """The unit for the nights, and how to price them."""

    unit = OneOf(UNITS, help_text="The id of a unit of the same property.")
    pricing = Pricing()

    def validate(self, data):
        refuse_elsewhere(data, self.instance.property)
        return data


class JoinSerializer(RoomSerializer):
    pass


class SplitSerializer(RoomSerializer):
    night = Day(help_text="Local date of the first night in `unit`.")


class SwapSerializer(RequestSerializer):
    other = Reference(source="second", help_text="The reference of the stay with which to swap rooms.")


class UnassignSerializer(RequestSerializer):
    reason = Text(max_length=200, help_text="The reason, which is recorded in the history.")


class UndoSerializer(RequestSerializer):
    event = Whole(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="The id of one of the reservation's events. The default is the latest.",
    )

    def validate(self, data):
        events = Event.objects.filter(reservation=self.instance).select_related("reservation__property")
        asked = events.filter(pk=data["event"]) if "event" in data else events.order_by("-pk")
        if event := asked.first():
            return {"event": event}
        raise serializers.ValidationError({"event": "This reservation has no such event."}, code="does_not_exist")
