"""What a stay costs night by night, and what becomes of the agreed price when a stay is changed.

Agreed nights keep their rates, and nights that are added cost what the rate table says. Staff are asked only when an
agreed night would change: another room type, nights that are given up, or another currency.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from properties import rates
from properties.models import Property, RoomType, Unit
from properties.money import Money, total
from reservations.booking.refusals import PriceWouldChange
from reservations.models import Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_day, weekday


class Segment(Protocol):
    """Nights in one unit: a StaySegment of a draft, or an Occupancy."""

    @property
    def unit(self) -> Unit: ...
    @property
    def stay(self) -> Stay: ...


@dataclass(frozen=True)
class NightsAtRate:
    """`nights` nights in a row at the same rate, such as 2 × €118.00."""

    nights: int
    rate: Money


def grouped_by_rate(rates: Sequence[Money]) -> list[NightsAtRate]:
    """The rates of a stay's nights, in order, with equal neighbours joined."""
    return [NightsAtRate(len(list(nights)), rate) for rate, nights in groupby(rates)]


def quoted(property: Property, room_type: RoomType | None, stay: Stay) -> list[Money]:
    """The rate of each night of `stay` by today's rate table, in the property's present currency. One query."""
    quote = rates.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure)
    return quote.rates


@dataclass(frozen=True)
class KeptPrice:
    """The price of a changed stay when the agreed rates are kept. `added` are the nights that were not agreed."""

    stay: Stay
    rates: tuple[Money, ...]  # of each night
    added: tuple[dt.date, ...] = ()

    @property
    def total(self) -> Money:
        return total(self.rates)

    def __str__(self) -> str:
        """Such as €396.00, or €396.00 agreed + €176.00 Sun = €572.00."""
        if not self.added:
            return str(self.total)
        agreed = [rate for date, rate in self._nights() if date not in self.added]
        parts = [f"{total(agreed)} agreed", *map(_in_words, self._runs_of_added())]
        return f"{' + '.join(parts)} = {self.total}"

    def _nights(self) -> list[tuple[dt.date, Money]]:
        return [(self.stay.arrival + dt.timedelta(days=night), rate) for night, rate in enumerate(self.rates)]

    def _runs_of_added(self) -> list[list[tuple[dt.date, Money]]]:
        """The added nights, with neighbours at the same rate together."""
        runs = groupby(self._nights(), key=lambda night: (night[0] in self.added, night[1]))
        return [list(nights) for (is_added, _), nights in runs if is_added]


def _in_words(run: list[tuple[dt.date, Money]]) -> str:
    """Such as €176.00 Sun, or 3 × €176.00 from Sun 6 Dec."""
    (first, rate), count = run[0], len(run)
    return f"{rate} {weekday(first)}" if count == 1 else f"{count} × {rate} from {short_day(first)}"


def kept_price(reservation: Reservation, stay: Stay, other_type: RoomType | None = None) -> KeptPrice:
    """The KeptPrice of the reservation for the nights of `stay`. At most one query.

    A night that was agreed keeps its rate. With the same number of nights, or when no night is the same, the rates keep
    their order instead. Other nights are added, at the rate of `other_type` if the stay gets a room of another type
    now, and else of the room type that was sold. If the property has changed its currency since, they cost what was
    agreed for the nearest night, because all nights are in one currency.
    """
    agreed, was = reservation.rates, reservation.stay
    keeps_order = was.nights == stay.nights or not was.overlaps(stay)
    shift = 0 if keeps_order else (stay.arrival - was.arrival).days
    places = [night + shift for night in range(stay.nights)]
    if all(0 <= place < was.nights for place in places):
        return KeptPrice(stay, tuple(agreed[place] for place in places))
    priced = other_type or reservation.room_type or type_priced(reservation, reservation.segments)
    today = quoted(reservation.property, priced, stay)
    if today[0].currency != reservation.currency:
        today = [agreed[min(max(place, 0), was.nights - 1)] for place in places]
    is_agreed = [0 <= place < was.nights for place in places]
    kept = [agreed[place] if known else rate for place, known, rate in zip(places, is_agreed, today, strict=True)]
    added = [stay.arrival + dt.timedelta(days=night) for night, known in enumerate(is_agreed) if not known]
    return KeptPrice(stay, tuple(kept), tuple(added))


@dataclass(frozen=True)
class PriceOfChange:
    """What a changed stay costs: `kept` if the agreed rates are kept.

    `requoted` has the rate of each night by today's table if an agreed night would change, else None.
    """

    kept: KeptPrice
    requoted: tuple[Money, ...] | None = None

    @property
    def has_to_be_asked(self) -> bool:
        """Whether staff have to say which of two prices they take."""
        return self.requoted is not None and total(self.requoted) != self.kept.total


def price_of_change(reservation: Reservation, *, stay: Stay, room_type: RoomType | None) -> PriceOfChange:
    """The price of the reservation with the nights of `stay`, priced by `room_type`. At most two queries."""
    keeps_type = room_type in _agreed_types(reservation)
    kept = kept_price(reservation, stay, None if keeps_type else room_type)
    if keeps_type and stay == reservation.stay:
        return PriceOfChange(kept)
    requoted = requote(reservation, kept, quoted(reservation.property, room_type, stay))
    keeps_nights = stay.arrival <= reservation.arrival and reservation.departure <= stay.departure
    if keeps_type and keeps_nights and requoted[0].currency == reservation.currency:
        return PriceOfChange(kept)
    return PriceOfChange(kept, requoted)


def requote(reservation: Reservation, kept: KeptPrice, today: Sequence[Money]) -> tuple[Money, ...]:
    """The rates `today` for the nights of `kept`. The nights that a party in the house has slept keep their rates."""
    if reservation.status != Status.IN_HOUSE or today[0].currency != reservation.currency:
        return tuple(today)
    slept = max((reservation.property.today() - kept.stay.arrival).days, 0)
    return (*kept.rates[:slept], *today[slept:])


def type_priced(reservation: Reservation, segments: Sequence[Segment]) -> RoomType | None:
    """The room type by which a stay in `segments` is priced.

    That is the type of its first room or, of a party in the house, of the room for tonight; that of a stay without a
    room is the one that was sold.
    """
    if not segments:
        return reservation.room_type
    priced = segments[0]
    if reservation.status == Status.IN_HOUSE:
        today = reservation.property.today()
        priced = next((segment for segment in segments if today < segment.stay.departure), segments[-1])
    return priced.unit.room_type


def differences_by_type(
    reservation: Reservation, stay: Stay, room_types: Iterable[RoomType | None]
) -> dict[RoomType | None, Money]:
    """{room type: by how much the stay gets dearer at today's rates in a room of this type}. At most two queries.

    Types at the same price are left out, and all of them if the property has changed its currency.
    """
    kept = kept_price(reservation, stay)
    tables = rates.tables_of([reservation.property], arrival=stay.arrival, departure=stay.departure)
    found = {}
    for room_type in set(room_types) - set(_agreed_types(reservation)):
        quote = tables.quote(
            property=reservation.property, room_type=room_type, arrival=stay.arrival, departure=stay.departure
        )
        new = total(requote(reservation, kept, quote.rates))
        if new.currency == reservation.currency and new != kept.total:
            found[room_type] = difference(new, kept.total)
    return found


def difference(new: Money, old: Money) -> Money:
    """By how much `new` is more than `old`. Raises CurrencyMismatch."""
    return new + old * -1


def signed(amount: Money) -> str:
    """Such as +€88.00 or −€12.00."""
    return f"−{amount * -1}" if amount.amount < 0 else f"+{amount}"


def settle(
    reservation: Reservation,
    *,
    stay: Stay,
    segments: Sequence[Segment],
    pricing: str | None,
    roomless_type: RoomType | None = None,
) -> tuple[Sequence[Money], RoomType | None]:
    """(rate of each night of `stay` in these segments, room type that is sold then).

    `roomless_type` is the type by which a stay without a room is priced; None is the one that was sold.
    `pricing` "keep" keeps the agreed rates, see `kept_price`, and "requote" takes today's, see `requote`.
    With None, PriceWouldChange is raised if an agreed night would change and the two totals differ.
    All nights of a stay are in one currency.
    """
    room_type = type_priced(reservation, segments) if segments else roomless_type or reservation.room_type
    if pricing == "keep":
        other_type = None if room_type in _agreed_types(reservation) else room_type
        return kept_price(reservation, stay, other_type).rates, reservation.room_type
    if pricing == "requote":
        kept = kept_price(reservation, stay)
        return requote(reservation, kept, quoted(reservation.property, room_type, stay)), room_type
    price = price_of_change(reservation, stay=stay, room_type=room_type)
    if price.requoted is None:
        return price.kept.rates, reservation.room_type
    if price.has_to_be_asked:
        raise PriceWouldChange(kept=price.kept.total, requoted=total(price.requoted), how_kept=str(price.kept))
    return price.requoted, room_type


def _agreed_types(reservation: Reservation) -> list[RoomType | None]:
    """The types of room for which the agreed rates hold: the one that was sold, and that of the room.

    They differ after a move at the agreed price, or when the room was given another type since.
    """
    return [reservation.room_type, type_priced(reservation, reservation.segments)]
