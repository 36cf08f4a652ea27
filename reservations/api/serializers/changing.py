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
    "Where the nights would cost something else: keep what was agreed for each, or requote them by today’s rates. "
    "Not sent: nothing is done, and price_would_change says both prices."
)


class EmptyRequestSerializer(RequestSerializer):
    pass


class Pricing(Choice):
    def __init__(self):
        super().__init__(choices=["keep", "requote"], required=False, help_text=ASKED_FOR_A_PRICE)


class OverruleReason(Text):
    def __init__(self):
        words = "Of a manager: makes the stay shorter or longer than is sold. It stands in the history."
        super().__init__(required=False, max_length=200, help_text=words)


class ReservationChangeSerializer(RequestSerializer):
    """A stay in several rooms becomes one in a single room when its dates or its unit change."""

    unit = OneOf(
        UNITS, required=False, allow_null=True, help_text="null: the one it has if that is free, else the best fit."
    )
    arrival = Day(required=False, help_text="Local date; the first night.")
    departure = Day(required=False, help_text="Local date; not a night any more.")
    guest = OneOf(Guest.objects.all(), required=False, help_text="Another known guest.")
    guest_name = Text(
        required=False, max_length=200, help_text="Renames the guest; one who has other stays becomes a new guest here."
    )
    party_size = Whole(required=False, min_value=1, max_value=MAX_PARTY)
    pricing = Pricing()
    overrule_reason = OverruleReason()

    def validate(self, data):
        if "guest" in data and "guest_name" in data:
            words = "Say either guest, for another known one, or guest_name."
            raise serializers.ValidationError({"guest_name": words}, code="who_stays")
        refuse_elsewhere(data, self.instance.property)
        changed = {"guest_name": "", "party_size": self.instance.party_size} | stay_of(data, self.instance.stay)
        if "unit" not in changed and changed["stay"] != self.instance.stay and len(self.instance.segments) == 1:
            changed["unit"] = self.instance.unit
        return changed


class CancelSerializer(RequestSerializer):
    why = Choice(choices=CancelReason.choices, required=False, help_text="For the statistics.")
    reason = Text(required=False, max_length=150, allow_blank=True, help_text="For people: who asked, and why.")


class CheckOutSerializer(RequestSerializer):
    free_tonight = YesNo(
        default=False, help_text="Of a party that leaves before its first night is over: nobody will sleep there."
    )


class ExtendHoldSerializer(RequestSerializer):
    until = Moment(help_text="UTC, later than now: from this instant on its nights are free.")


class OverruleSerializer(RequestSerializer):
    status = Choice(choices=Status.choices)
    reason = Text(max_length=200, help_text="It stands in the history.")


class MoveSerializer(RequestSerializer):
    unit = OneOf(UNITS, required=False)
    arrival = Day(required=False)
    departure = Day(required=False)
    segment = Whole(
        required=False, min_value=1, max_value=2**62, help_text="Of a stay in several rooms: the segment's id."
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
    """Of a stay's nights in a room."""

    unit = OneOf(UNITS, help_text="Of the same property.")
    pricing = Pricing()

    def validate(self, data):
        refuse_elsewhere(data, self.instance.property)
        return data


class JoinSerializer(RoomSerializer):
    pass


class SplitSerializer(RoomSerializer):
    night = Day(help_text="The first night in `unit`; local date.")


class SwapSerializer(RequestSerializer):
    other = Reference(source="second", help_text="The reference of the stay whose room to exchange for this one's.")


class UnassignSerializer(RequestSerializer):
    reason = Text(max_length=200, help_text="It stands in the history.")


class UndoSerializer(RequestSerializer):
    event = Whole(
        required=False, min_value=1, max_value=2**62, help_text="The id of one of its events. Not sent: its latest."
    )

    def validate(self, data):
        events = Event.objects.filter(reservation=self.instance).select_related("reservation__property")
        asked = events.filter(pk=data["event"]) if "event" in data else events.order_by("-pk")
        if event := asked.first():
            return {"event": event}
        raise serializers.ValidationError({"event": "This reservation has no such event."}, code="does_not_exist")
