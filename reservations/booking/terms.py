"""What a stay is sold for: the prices of its nights, and what the rules for selling say about a stay that exists.

Of a stay that is changed, only what the change touches is asked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from accounts.models import User
from properties import limits, rates
from properties.models import Property, RoomType, Unit
from properties.money import Money, total
from reservations.booking.refusals import NotAllowed, OutsideLimits, PriceWouldChange
from reservations.models import Reservation
from reservations.stay import Stay

A_MANAGER_MAY = "A manager may do it, with a reason."


def refused(reservation: Reservation, room_type: RoomType | None, stay: Stay, party_size: int) -> OutsideLimits | None:
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

    def __init__(
        self, reservation: Reservation, stay: Stay, party_size: int, *, actor: User | None, reason: str = ""
    ) -> None:
        if reason and not (actor and actor.may_overrule):
            raise NotAllowed
        self.reservation, self.stay, self.party_size = reservation, stay, party_size
        self.had = {segment.unit.room_type_id for segment in reservation.segments} or {reservation.room_type_id}
        self.asks_length = stay.nights != reservation.stay.nights and not reason
        self.is_larger = party_size > reservation.party_size

    @property
    def length(self) -> int | None:
        """The nights that rooms must be sold for, or None."""
        return self.stay.nights if self.asks_length else None

    def suiting(self, units: Sequence[Unit]) -> list[Unit]:
        """Those of locked `units` that it may have. Raises OutsideLimits where there are units and none suits."""
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
        """Raises OutsideLimits when one of the types is not for such a stay."""
        for room_type in room_types:
            if words := self.too_large_a_party(room_type):
                raise OutsideLimits(words, field="party_size" if self.is_larger else "unit")
            if words := self.wrong_length(room_type):
                moved = self.stay.departure == self.reservation.departure
                field = "arrival" if moved else "departure"
                raise OutsideLimits(f"{words} {A_MANAGER_MAY}", field=field, needs_reason=True)

    def too_large_a_party(self, room_type: RoomType | None) -> str:
        """Words, or "": asked where the party grows or comes into another type of room."""
        if not self.is_larger and (room_type and room_type.pk) in self.had:
            return ""
        property = self.reservation.property
        return limits.too_large_a_party(property=property, room_type=room_type, party_size=self.party_size)

    def wrong_length(self, room_type: RoomType | None) -> str:
        """Words, or "": asked where the number of nights changes."""
        if not self.asks_length:
            return ""
        property = self.reservation.property
        return limits.wrong_length(property=property, room_type=room_type, nights=self.stay.nights)


@dataclass(frozen=True)
class NightsAtRate:
    """So many nights in a row at one rate each, such as 2 × €118.00."""

    nights: int
    rate: Money


def grouped_by_rate(rates: list[Money]) -> list[NightsAtRate]:
    """In order of nights; neighbours of one price are together."""
    return [NightsAtRate(len(list(nights)), rate) for rate, nights in groupby(rates)]


def quoted(property: Property, room_type: RoomType | None, stay: Stay) -> list[Money]:
    """For each night, by today's rate table, in the currency in which the property charges today."""
    quote = rates.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure)
    return quote.rates


def carried(agreed: list[Money], was: Stay, now: Stay) -> list[Money]:
    """What was agreed per night, for other nights: as many nights keep their prices in order; of a longer or shorter
    stay a night keeps its own, and an added one costs what the nearest agreed one does."""
    if was.nights == now.nights:
        return list(agreed)
    last = was.nights - 1
    shift = (now.arrival - was.arrival).days
    return [agreed[min(max(night + shift, 0), last)] for night in range(now.nights)]


def settle(
    reservation: Reservation, *, stay: Stay, room_type: RoomType | None, pricing: str | None
) -> tuple[list[Money], RoomType | None]:
    """The rates of the nights of `stay` in a room of `room_type`, and the type that is then sold.

    `pricing` "keep" keeps what was agreed per night, "requote" takes today's table, None asks: PriceWouldChange is
    raised if it would make a difference. The same nights in the type of room that was sold, or in which the stay begins
    already, cost what was agreed.
    All nights of a stay are in one currency. Where the property has changed its own since, the same number is another
    price: "keep" prices added nights in the old currency, too, and "requote" all nights in the new one.
    """
    kept = carried(reservation.rates, reservation.stay, stay)
    is_settled = stay == reservation.stay and room_type in _types_of(reservation)
    if pricing == "keep" or (is_settled and pricing is None):
        return kept, reservation.room_type
    requoted = quoted(reservation.property, room_type, stay)
    if pricing is None and total(requoted) != total(kept):
        raise PriceWouldChange(kept=total(kept), requoted=total(requoted))
    return requoted, room_type


def _types_of(reservation: Reservation) -> list[RoomType | None]:
    """A room can have been given another type since it was booked, or given away for what was agreed for one."""
    return [reservation.room_type, *(segment.unit.room_type for segment in reservation.segments[:1])]
