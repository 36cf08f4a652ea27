"""Who has to move when a room is closed, and which free rooms each of them could get, the best one first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from properties import limits
from properties.models import Property, Unit
from reservations import availability, booking
from reservations.availability import presence
from reservations.booking.drafts import StaySegment
from reservations.models import OPEN, Closure, Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.wording import not_left, short_span

# How many free rooms a guest is offered: the best ones.
MOST_ROOMS = 12
# Ends the value of a room that a guest gets for the closed nights alone.
ONLY_WHILE_CLOSED = "-closed"


@dataclass(frozen=True)
class FreeRoom:
    """A room that is free for all nights of a guest who has to move, or at least for the closed ones."""

    unit: Unit
    is_better: bool = False  # another type that costs at least as much and sleeps at least as many
    is_smaller: bool = False  # any other type
    not_left: Occupancy | None = None  # of a party that should have left the room and is still there
    while_closed: str = ""  # the nights in words, if they are the closed ones alone

    @property
    def value(self) -> str:
        """The room in the field of the form: its key, and whether it is for the closed nights alone."""
        return f"{self.unit.pk}{ONLY_WHILE_CLOSED if self.while_closed else ''}"

    def __str__(self) -> str:
        """Such as "205 · Double", "301 · Suite, better", or "205 · Double, tonight only, then back in 204"."""
        words = f"{self.unit} · {self.unit.room_type}" if self.unit.room_type else str(self.unit)
        if self.is_better or self.is_smaller:
            words += ", better" if self.is_better else ", simpler"
        words += f", {self.while_closed}" if self.while_closed else ""
        return f"{words} ({not_left(self.not_left)})" if self.not_left else words


@dataclass(frozen=True)
class GuestToMove:
    reservation: Reservation
    nights: Stay  # from the first to the last that cannot stay in the room
    rooms: list[FreeRoom]  # the best one first

    @property
    def has_one_room(self) -> bool:
        """Whether a room is free for all the nights."""
        return any(not room.while_closed for room in self.rooms)

    @property
    def is_stuck(self) -> bool:
        """Whether the party is in the house and no room is free, so that its room cannot be closed yet."""
        return self.reservation.is_there and not self.rooms


@dataclass(frozen=True)
class Placement:
    """The room that the page proposes for a guest, or that was chosen there; None: none, the stay has no room then."""

    guest: GuestToMove
    room: FreeRoom | None
    is_lost: bool = False  # the room that was chosen is not free any more, and this is another one

    @property
    def is_without_room(self) -> bool:
        """Whether the stay is left without a room; a party in the house keeps the one that it has."""
        return self.room is None and not self.guest.is_stuck


@dataclass(frozen=True)
class Closing:
    """The nights on which a room would be closed, and its closures at that time, which stay as they are."""

    nights: list[Stay]
    already: list[Closure]


def closing_of(unit: Unit, stay: Stay) -> Closing:
    """What closing `unit` for `stay` would do. One query."""
    closures = availability.closures_of(unit, since=stay.arrival)
    nights = booking.nights_not_closed(stay, [each.stay for each in closures])
    last = max([stay.departure, *(each.departure for each in nights)])
    return Closing(nights, [each for each in closures if each.stay.arrival < last])


def guests_to_move(unit: Unit, closed: Sequence[Stay]) -> list[GuestToMove]:
    """The guests with nights in `unit` that have to move when it is closed for `closed`, by arrival.

    The number of queries does not depend on that of guests and rooms.
    """
    stays = [each for each in _stays_in(unit, closed) if each.status in OPEN]
    moving = {each: booking.nights_to_move(each, unit, closed) for each in stays}
    moving = {each: segments for each, segments in moving.items() if segments}
    if not moving:
        return []
    rooms = list(unit.property.units.active().exclude(pk=unit.pk).select_related("room_type").order_by("position"))
    taken = _taken(unit.property, [segment.stay for segments in moving.values() for segment in segments])
    return [
        GuestToMove(
            reservation=each,
            nights=_from_first_to_last(segments),
            rooms=_free_rooms(each, segments, unit, rooms, taken)
            or _free_while_closed(each, segments, unit, closed, rooms, taken),
        )
        for each, segments in moving.items()
    ]


def _from_first_to_last(segments: Sequence[StaySegment]) -> Stay:
    return Stay(segments[0].stay.arrival, segments[-1].stay.departure)


def placements(guests: Iterable[GuestToMove], chosen: Mapping[str, str | None]) -> list[Placement]:
    """A room for each of the guests: the one in `chosen`, {reference: value of a room or None}, else the best one."""
    return [_placement(each, chosen) for each in guests]


def _placement(guest: GuestToMove, chosen: Mapping[str, str | None]) -> Placement:
    best, value = next(iter(guest.rooms), None), chosen.get(guest.reservation.reference)
    room = next((room for room in guest.rooms if room.value == value), None)
    if value is None:
        return Placement(guest, None if guest.reservation.reference in chosen else best)
    return Placement(guest, room or best, is_lost=room is None)


def kept_for_nobody(unit: Unit, closed: Sequence[Stay]) -> list[Reservation]:
    """Stays that were checked out and keep nights of `closed` in `unit`, which are given back when it is closed."""
    return [each for each in _stays_in(unit, closed) if each.status == Status.CHECKED_OUT]


def _stays_in(unit: Unit, closed: Sequence[Stay]) -> Iterable[Reservation]:
    if not closed:
        return []
    rows = Occupancy.objects.in_force().filter(unit=unit, reservation__isnull=False).overlapping_any(closed)
    return Reservation.objects.with_unit().filter(pk__in=rows.values("reservation")).order_by("arrival", "pk")


def _taken(property: Property, stays: list[Stay]) -> Mapping[int, list[tuple[int, Stay]]]:
    """{key of a unit: [(key of the reservation, nights)]} in the time from the first to the last of `stays`."""
    first, last = min(each.arrival for each in stays), max(each.departure for each in stays)
    rows = Occupancy.objects.in_force().filter(property=property, arrival__lt=last, departure__gt=first)
    taken = defaultdict(list)
    for key, reservation, arrival, departure in rows.values_list("unit", "reservation", "arrival", "departure"):
        taken[key].append((reservation, Stay(arrival, departure)))
    return taken


def _free_rooms(
    reservation: Reservation,
    segments: list[StaySegment],
    unit: Unit,
    rooms: list[Unit],
    taken: Mapping[int, list[tuple[int, Stay]]],
) -> list[FreeRoom]:
    """The best of `rooms` that are free for all `segments` and sleep the party."""
    late = presence.overstays_of(unit.property, segments[0].stay, ignoring=reservation)
    found = [
        _free_room(room, unit, late.get(room.pk))
        for room in rooms
        if _is_free(reservation, segments, taken[room.pk]) and _sleeps(reservation, room, unit)
    ]
    if reservation.is_there:  # they would enter the room now
        found = [room for room in found if not room.not_left]
    return sorted(found, key=lambda room: _order(room, unit))[:MOST_ROOMS]


def _free_while_closed(
    reservation: Reservation,
    whole: list[StaySegment],
    unit: Unit,
    closed: Sequence[Stay],
    rooms: list[Unit],
    taken: Mapping[int, list[tuple[int, Stay]]],
) -> list[FreeRoom]:
    """The best of `rooms` that are free for the closed nights, where these are not all nights of `whole`."""
    segments = booking.nights_to_move(reservation, unit, closed, only_while_closed=True)
    if segments == whole:
        return []
    words = _while_closed(reservation, _from_first_to_last(segments), _from_first_to_last(whole), unit)
    return [replace(room, while_closed=words) for room in _free_rooms(reservation, segments, unit, rooms, taken)]


def _while_closed(reservation: Reservation, nights: Stay, whole: Stay, unit: Unit) -> str:
    """Such as "tonight only, then back in 204", "3–5 Dec only, then in 204" or "4–6 Dec only, before in 204"."""
    is_tonight = nights == Stay.of_nights(unit.property.today(), 1)
    only = "tonight only" if is_tonight else f"{short_span(nights)} only"
    is_before = reservation.is_there or whole.arrival < nights.arrival
    if nights.departure < whole.departure:
        return f"{only}, then {'back in' if is_before else 'in'} {unit}"
    return f"{only}, before in {unit}"


def _is_free(reservation: Reservation, segments: list[StaySegment], taken: list[tuple[int, Stay]]) -> bool:
    return not any(
        key != reservation.pk and nights.overlaps(segment.stay) for key, nights in taken for segment in segments
    )


def _sleeps(reservation: Reservation, room: Unit, unit: Unit) -> bool:
    """Whether the room is large enough; one of the type that the party has is, as `booking.terms` has it."""
    return room.room_type_id == unit.room_type_id or not limits.too_large_a_party(
        property=unit.property, room_type=room.room_type, party_size=reservation.party_size
    )


def _free_room(room: Unit, unit: Unit, not_left: Occupancy | None) -> FreeRoom:
    is_other = room.room_type_id != unit.room_type_id
    is_better = is_other and _price(room) >= _price(unit) and _beds(room) >= _beds(unit)
    return FreeRoom(room, is_better=is_better, is_smaller=is_other and not is_better, not_left=not_left)


def _order(room: FreeRoom, unit: Unit) -> tuple:
    """Empty rooms first, then those of the same type, better ones, others; then a near price, the floor, the list."""
    price = abs(_price(room.unit) - _price(unit))
    return bool(room.not_left), room.is_smaller, room.is_better, price, room.unit.floor != unit.floor


def _price(unit: Unit) -> Decimal:
    """What a night costs without the lines of the rate table, which is enough to say which type is the better one."""
    return unit.room_type.nightly_rate if unit.room_type else unit.property.nightly_rate


def _beds(unit: Unit) -> int:
    return (unit.room_type.sleeps if unit.room_type else unit.property.sleeps) or 0
