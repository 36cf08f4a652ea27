"""What the rules for selling say about a stay that exists: only what a change touches is asked again."""

from properties import limits
from reservations.booking.refusals import NotAllowed, OutsideLimits

A_MANAGER_MAY = "A manager may do it, with a reason."


def refused(reservation, room_type, stay, party_size):
    """The OutsideLimits that a change would meet, or None."""
    try:
        Terms(reservation, stay, party_size, actor=None).refuse([room_type])
    except OutsideLimits as refusal:
        return refusal
    return None


class Terms:
    """The rules for a change of a locked reservation to `stay` and `party_size`, for all rooms it could get.

    `reason` is a manager's, who changes the length of the stay past the rules. Raises NotAllowed when somebody else
    gives one.
    """

    def __init__(self, reservation, stay, party_size, *, actor, reason=""):
        if reason and not (actor and actor.may_overrule):
            raise NotAllowed
        self.reservation, self.stay, self.party_size = reservation, stay, party_size
        self.had = {segment.unit.room_type_id for segment in reservation.segments} or {reservation.room_type_id}
        self.asks_length = stay.nights != reservation.stay.nights and not reason
        self.is_larger = party_size > reservation.party_size

    @property
    def length(self):
        """The nights that rooms must be sold for, or None."""
        return self.stay.nights if self.asks_length else None

    def suiting(self, units):
        """Those of locked `units` that it may have. Raises OutsideLimits where there are units and none suits."""
        suitable = [unit for unit in units if not self.too_large_a_party(unit.room_type)]
        if units and not suitable:
            self.refuse([self._nearest(units)])
        sold = [unit for unit in suitable if not self.wrong_length(unit.room_type)]
        if suitable and not sold:
            self.refuse([self._nearest(suitable)])
        return sold

    def _nearest(self, units):
        types = [unit.room_type for unit in units]
        return limits.nearest(property=self.reservation.property, room_types=types, party_size=self.party_size)

    def refuse(self, room_types):
        """Raises OutsideLimits when one of the types is not for such a stay."""
        for room_type in room_types:
            if words := self.too_large_a_party(room_type):
                raise OutsideLimits(words, field="party_size" if self.is_larger else "unit")
            if words := self.wrong_length(room_type):
                moved = self.stay.departure == self.reservation.departure
                field = "arrival" if moved else "departure"
                raise OutsideLimits(f"{words} {A_MANAGER_MAY}", field=field, needs_reason=True)

    def too_large_a_party(self, room_type):
        """Words, or "": asked where the party grows or comes into another type of room."""
        if not self.is_larger and (room_type and room_type.pk) in self.had:
            return ""
        asked = {"property": self.reservation.property, "room_type": room_type}
        return limits.too_large_a_party(**asked, party_size=self.party_size)

    def wrong_length(self, room_type):
        """Words, or "": asked where the number of nights changes."""
        if not self.asks_length:
            return ""
        asked = {"property": self.reservation.property, "room_type": room_type}
        return limits.wrong_length(**asked, nights=self.stay.nights)
