"""What a stay's nights cost: as agreed, or as the rate table says today."""

from dataclasses import dataclass
from itertools import groupby

from properties import rates
from properties.money import Money, total
from reservations.booking.refusals import PriceWouldChange
from reservations.stay import Stay


@dataclass(frozen=True)
class NightsAtRate:
    """So many nights in a row at one rate each, such as 2 × €118.00."""

    nights: int
    rate: Money


def grouped_by_rate(rates: list[Money]) -> list[NightsAtRate]:
    """In order of nights; neighbours of one price are together."""
    return [NightsAtRate(len(list(nights)), rate) for rate, nights in groupby(rates)]


def quoted(property, room_type, stay) -> list[Money]:
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


def settle(reservation, *, stay, room_type, pricing):
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


def _types_of(reservation):
    """A room can have been given another type since it was booked, or given away for what was agreed for one."""
    return [reservation.room_type, *(segment.unit.room_type for segment in reservation.segments[:1])]
