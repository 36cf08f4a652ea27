"""Buttons under a refusal. Each sends the form again with other values in some of its fields."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from psycopg2.extras import DateRange

from reservations import booking, wording
from reservations.booking.prices import difference, signed
from reservations.models import Occupancy


@dataclass(frozen=True)
class Alternative:
    label: str  # on the button
    value: str  # of the button named `alternative`: the fields with their other values, as in a query string
    is_main: bool = False


def alternatives_to(refused, *, stay=None, reservation=None) -> list[Alternative]:
    """What can be requested instead after the DomainError `refused`. At most one query.

    That is another room, other nights than the requested `stay`, a swap with `reservation`, the one that was to be
    changed or moved, or one of two prices.
    """
    if isinstance(refused, booking.PriceWouldChange):
        return [
            _alternative(f"Keep {refused.kept}{_more(refused.kept, reservation)}", is_main=True, pricing="keep"),
            _alternative(f"Take today’s {refused.requoted}{_more(refused.requoted, reservation)}", pricing="requote"),
        ]
    if isinstance(refused, booking.DatesTaken) and refused.answer:
        return [
            *_swaps(refused.answer, reservation),
            *_other_rooms(refused.answer, reservation, stay),
            *_other_nights(refused.answer, stay),
        ]
    return []


def alternatives_to_closing(refused, *, stay) -> list[Alternative]:
    """The same for closing a room for `stay`: later nights, and no other room, because this one needs the repair."""
    answer = refused.answer if isinstance(refused, booking.DatesTaken) else None
    if answer is None or answer.stay != stay:
        return []
    return [_alternative(f"Close it {wording.short_span(free)}", **_dates(free)) for free in answer.next_free[:1]]


def _more(price, reservation):
    """Such as " (+€88.00)" for a price that is not that of the reservation; "" for one in another currency."""
    was = reservation and reservation.price
    if not was or was == price or was.currency != price.currency:
        return ""
    return f" ({signed(difference(price, was))})"


def _alternative(label, *, is_main=False, **fields):
    return Alternative(label, urlencode(fields), is_main)


def rooms_instead(answer, mine, stay):
    """The other rooms of `answer`, without those in which the reservation `mine` already sleeps for exactly `stay`."""
    own_rooms = [segment.unit for segment in mine.segments if segment.stay == stay] if mine else []
    return [room for room in answer.other_rooms if room not in own_rooms]


def _other_rooms(answer, mine, stay):
    span = wording.short_span(answer.stay)
    return [_alternative(f"Room {room}, {span}", unit=room.pk) for room in rooms_instead(answer, mine, stay)]


def _other_nights(answer, stay):
    if answer.unit is None or answer.stay != stay:  # the answer is about some of the requested nights
        return []
    place = f"Room {answer.unit}" if answer.property.is_hotel else str(answer.property)
    return [_alternative(f"{place}, {wording.short_span(free)}", **_dates(free)) for free in answer.next_free[:1]]


def _dates(stay):
    return {"arrival": stay.arrival, "departure": stay.departure}


def swap_partner(answer, mine):
    """The reservation with which `mine` can swap rooms, each keeping its own nights, or None. At most one query.

    It is the only one that takes a requested night, and both rooms must be free otherwise.
    """
    if mine is None or not mine.is_open or len(mine.segments) != 1 or len(answer.in_the_way) != 1:
        return None
    [room], [in_the_way] = mine.segments, answer.in_the_way
    other = in_the_way.reservation
    is_in_one_other_room = (
        other and other.is_open and in_the_way.stay == other.stay and in_the_way.unit_id != room.unit_id
    )
    after_the_swap = ((in_the_way.unit_id, mine.stay), (room.unit_id, other.stay))
    return other if is_in_one_other_room and not _is_taken(after_the_swap, mine, other) else None


def _swaps(answer, mine):
    other = swap_partner(answer, mine)
    return [_alternative(f"Swap rooms with {other.guest}", swap_with=other.reference)] if other else []


def _is_taken(places, *ignoring):
    [first, second] = (Q(unit=unit, nights__overlap=DateRange(stay.arrival, stay.departure)) for unit, stay in places)
    return Occupancy.objects.in_force().filter(first | second).exclude(reservation__in=ignoring).exists()
