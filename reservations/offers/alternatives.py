"""Buttons under a refusal, each of which sends the request again with some fields changed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from psycopg2.extras import DateRange

from reservations import booking, wording
from reservations.models import Occupancy


@dataclass(frozen=True)
class Alternative:
    label: str  # on the button
    value: str  # of the button `way`: fields of the form that take another value
    is_main: bool = False


def alternatives_to(refused, *, stay=None, reservation=None) -> list[Alternative]:
    """What else can be asked for after a DomainError: other rooms, other nights than `stay`, a swap with `reservation`,
    or one of two prices. At most one query."""
    if isinstance(refused, booking.PriceWouldChange):
        return [
            _way(f"Keep {refused.kept}", is_main=True, pricing="keep"),
            _way(f"Take today’s {refused.requoted}", pricing="requote"),
        ]
    if isinstance(refused, booking.DatesTaken) and refused.answer:
        return [
            *_swaps(refused.answer, reservation),
            *_other_rooms(refused.answer, reservation, stay),
            *_other_nights(refused.answer, stay),
        ]
    return []


def alternatives_to_closing(refused, *, stay) -> list[Alternative]:
    """The same for closing a room: only later nights of this room, which is the one that is broken."""
    answer = refused.answer if isinstance(refused, booking.DatesTaken) else None
    if answer is None or answer.stay != stay:
        return []
    return [_way(f"Close it {wording.short_span(free)}", **_ends(free)) for free in answer.next_free[:1]]


def _way(label, *, is_main=False, **fields):
    return Alternative(label, urlencode(fields), is_main)


def rooms_instead(answer, mine, stay):
    """The other rooms of `answer`, without those in which `mine` already sleeps for just these nights."""
    stands_in = [segment.unit for segment in mine.segments if segment.stay == stay] if mine else []
    return [room for room in answer.other_rooms if room not in stands_in]


def _other_rooms(answer, mine, stay):
    span = wording.short_span(answer.stay)
    return [_way(f"Room {room}, {span}", unit=room.pk) for room in rooms_instead(answer, mine, stay)]


def _other_nights(answer, stay):
    if answer.unit is None or answer.stay != stay:  # only some of the nights were asked for
        return []
    place = f"Room {answer.unit}" if answer.property.is_hotel else str(answer.property)
    return [_way(f"{place}, {wording.short_span(free)}", **_ends(free)) for free in answer.next_free[:1]]


def _ends(stay):
    return {"arrival": stay.arrival, "departure": stay.departure}


def swap_partner(answer, mine):
    """The one stay that is in the way of `mine`, when both can take the other's room for their own nights, or None.
    At most one query."""
    if mine is None or not mine.is_open or len(mine.segments) != 1 or len(answer.in_the_way) != 1:
        return None
    [room], [in_the_way] = mine.segments, answer.in_the_way
    other = in_the_way.reservation
    alone = other and other.is_open and in_the_way.stay == other.stay and in_the_way.unit_id != room.unit_id
    if not alone or _is_taken(((in_the_way.unit_id, mine.stay), (room.unit_id, other.stay)), mine, other):
        return None
    return other


def _swaps(answer, mine):
    other = swap_partner(answer, mine)
    return [_way(f"Swap rooms with {other.guest}", swap_with=other.reference)] if other else []


def _is_taken(places, *ignoring):
    [first, second] = (Q(unit=unit, nights__overlap=DateRange(stay.arrival, stay.departure)) for unit, stay in places)
    return Occupancy.objects.in_force().filter(first | second).exclude(reservation__in=ignoring).exists()
