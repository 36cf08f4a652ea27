"""Who has to move when a room is closed, and which free rooms each of them could get, the best one first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from properties import limits
from properties.models import Property, Unit
from reservations import booking
from reservations.availability import presence
from reservations.booking.drafts import StaySegment
from reservations.models import OPEN, Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.wording import not_left

# How many free rooms a guest is offered: the best ones.
MOST_ROOMS = 12


@dataclass(frozen=True)
class FreeRoom:
    """A room that is free for all nights of a guest who has to move."""

    unit: Unit
    is_better: bool = False  # another type that costs at least as much and sleeps at least as many
    is_smaller: bool = False  # any other type
    not_left: Occupancy | None = None  # of a party that should have left the room and is still there

    def __str__(self) -> str:
        """Such as "205 · Double" or "301 · Suite, better"."""
        words = f"{self.unit} · {self.unit.room_type}" if self.unit.room_type else str(self.unit)
        if self.is_better or self.is_smaller:
            words += ", better" if self.is_better else ", simpler"
        return f"{words} ({not_left(self.not_left)})" if self.not_left else words


@dataclass(frozen=True)
class GuestToMove:
    reservation: Reservation
    nights: Stay  # from the first to the last that cannot stay in the room
    rooms: list[FreeRoom]  # the best one first

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


def guests_to_move(unit: Unit, closed: Stay) -> list[GuestToMove]:
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
            nights=Stay(segments[0].stay.arrival, segments[-1].stay.departure),
            rooms=_free_rooms(each, segments, unit, rooms, taken),
        )
        for each, segments in moving.items()
    ]


def placements(guests: Iterable[GuestToMove], chosen: Mapping[str, int | None]) -> list[Placement]:
    """A room for each of the guests: the one in `chosen`, {reference: key of a unit or None}, else the best one."""
    return [_placement(each, chosen) for each in guests]


def _placement(guest: GuestToMove, chosen: Mapping[str, int | None]) -> Placement:
    best, key = next(iter(guest.rooms), None), chosen.get(guest.reservation.reference)
    room = next((room for room in guest.rooms if room.unit.pk == key), None)
    if key is None:
        return Placement(guest, None if guest.reservation.reference in chosen else best)
    return Placement(guest, room or best, is_lost=room is None)


def kept_for_nobody(unit: Unit, closed: Stay) -> list[Reservation]:
    """Stays that were checked out and keep nights of `closed` in `unit`, which are given back when it is closed."""
    return [each for each in _stays_in(unit, closed) if each.status == Status.CHECKED_OUT]


def _stays_in(unit: Unit, closed: Stay) -> Iterable[Reservation]:
    rows = Occupancy.objects.in_force().filter(unit=unit, reservation__isnull=False).overlapping(closed)
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
