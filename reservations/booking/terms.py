"""The limits that apply when a stay is changed.

A change is checked only against the limits of what it changes: a stay that is moved by a day keeps its length, whatever
length is sold today.
"""

from collections.abc import Iterable, Sequence

from accounts.access import Action, require
from accounts.models import User
from properties import limits
from properties.models import RoomType, Unit
from reservations.booking.refusals import OutsideLimits
from reservations.models import Reservation
from reservations.stay import Stay

A_MANAGER_MAY = "A manager may do it, with a reason."


def refused(reservation: Reservation, room_type: RoomType | None, stay: Stay, party_size: int) -> OutsideLimits | None:
    """The OutsideLimits with which a change to `stay` and `party_size` in `room_type` would be refused, or None."""
    try:
        Terms(reservation, stay, party_size, actor=None).refuse([room_type])
    except OutsideLimits as refusal:
        return refusal
    return None


class Terms:
    """The limits for a change of a reservation to `stay` and `party_size`, in whichever room.

    `reason` is that of a manager who allows any length. Raises NotAllowed when `actor` gives one and is no manager.
    """

    def __init__(
        self, reservation: Reservation, stay: Stay, party_size: int, *, actor: User | None, reason: str = ""
    ) -> None:
        if reason:
            require(actor, Action.OVERRULE, reservation)
        self.reservation, self.stay, self.party_size = reservation, stay, party_size
        self.present_types = {segment.unit.room_type_id for segment in reservation.segments} or {
            reservation.room_type_id
        }
        self.checks_length = stay.nights != reservation.stay.nights and not reason
        self.is_larger = party_size > reservation.party_size

    @property
    def length(self) -> int | None:
        """The number of nights that a room's limits must allow; None when the length is not checked."""
        return self.stay.nights if self.checks_length else None

    def suiting(self, units: Sequence[Unit]) -> list[Unit]:
        """Those of `units` whose limits allow the change. Raises OutsideLimits if there are units and none does."""
        suitable = [unit for unit in units if not self.too_large_a_party(unit.room_type)]
        if units and not suitable:
            self.refuse([self._nearest(units)])
        sold = [unit for unit in suitable if not self.wrong_length(unit.room_type)]
        if suitable and not sold:
            self.refuse([self._nearest(suitable)])
        return sold

    def _nearest(self, units: Sequence[Unit]) -> RoomType | None:
        types = [unit.room_type for unit in units]
        return limits.nearest(property=self.reservation.property, room_types=types, party_size=self.party_size)

    def refuse(self, room_types: Iterable[RoomType | None]) -> None:
        """Raises OutsideLimits when the limits of one of the types exclude the change."""
        for room_type in room_types:
            if words := self.too_large_a_party(room_type):
                raise OutsideLimits(words, field="party_size" if self.is_larger else "unit")
            if words := self.wrong_length(room_type):
                moved = self.stay.departure == self.reservation.departure
                field = "arrival" if moved else "departure"
                raise OutsideLimits(f"{words} {A_MANAGER_MAY}", field=field, needs_reason=True)

    def too_large_a_party(self, room_type: RoomType | None) -> str:
        """Why the party is too large for the type, or "". Checked when it grows or gets another type of room."""
        if not self.is_larger and (room_type and room_type.pk) in self.present_types:
            return ""
        property = self.reservation.property
        return limits.too_large_a_party(property=property, room_type=room_type, party_size=self.party_size)

    def wrong_length(self, room_type: RoomType | None) -> str:
        """Why the type is not sold for so many nights, or "". Checked when the number of nights changes."""
        if not self.checks_length:
            return ""
        property = self.reservation.property
        return limits.wrong_length(property=property, room_type=room_type, nights=self.stay.nights)
