"""What the desk is offered when no room is free for all nights: others move, or the party changes rooms once."""

import datetime as dt
import itertools
import re
from dataclasses import dataclass, replace

from django.db.models import F, Q

from properties import limits
from properties.models import Property, RoomType, Unit
from reservations.availability import presence
from reservations.availability.reallocation.board import PlacedStay
from reservations.availability.reallocation.search import WORK, can_fit, fit
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

# Nights before and after the request that are looked at first; what a chain of moves touches is seldom further away.
NEAR = dt.timedelta(days=28)
MOVABLE_STATUS = (Status.HELD, Status.CONFIRMED)

KEY, DATES = "[0-9]{1,9}", "[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}"
TEXT = re.compile(rf"{KEY}@{DATES}(\+{KEY}@{DATES})?(;{KEY}:{KEY}>{KEY}@{DATES})*")


@dataclass(frozen=True)
class Move:
    reservation: Reservation
    from_unit: Unit
    to_unit: Unit


@dataclass(frozen=True)
class Plan:
    """Where the party would sleep, in one or two segments, and who has to move for it."""

    segments: tuple[tuple[Unit, Stay], ...]
    moves: tuple[Move, ...] = ()

    @property
    def room(self) -> Unit:
        """The room of the first night."""
        return self.segments[0][0]

    @property
    def is_split(self) -> bool:
        return len(self.segments) > 1

    def as_text(self) -> str:
        """The plan as text for a form field. It holds what staff saw and agreed to, and `parse` reads it back."""
        segments = "+".join(f"{unit.pk}@{_dates(stay)}" for unit, stay in self.segments)
        moves = (
            f"{each.reservation.pk}:{each.from_unit.pk}>{each.to_unit.pk}@{_dates(each.reservation.stay)}"
            for each in self.moves
        )
        return ";".join([segments, *moves])


@dataclass(frozen=True)
class AgreedMove:
    reservation: int
    from_unit: int
    to_unit: int
    stay: Stay


@dataclass(frozen=True)
class Agreed:
    """A plan whose rooms and reservations are keys, as it comes back from the form."""

    segments: tuple[tuple[int, Stay], ...]
    moves: tuple[AgreedMove, ...] = ()

    @property
    def rooms(self) -> list[int]:
        """The keys of the rooms that the new stay gets, in the order of its nights."""
        return [unit for unit, _ in self.segments]

    @property
    def units(self) -> set[int]:
        """The keys of all rooms in which nights are taken or given back."""
        return {*self.rooms, *(unit for each in self.moves for unit in (each.from_unit, each.to_unit))}

    @property
    def stay(self) -> Stay | None:
        """What the segments make together; None when they do not adjoin."""
        stays = [stay for _, stay in self.segments]
        adjoin = all(one.departure == two.arrival for one, two in itertools.pairwise(stays))
        return Stay(stays[0].arrival, stays[-1].departure) if adjoin else None


class NotAPlan(ValueError):
    """The text was not written by `Plan.as_text`."""


def parse(text: str) -> Agreed:
    """The plan of `Plan.as_text`. Raises NotAPlan for anything else."""
    if not TEXT.fullmatch(text):
        raise NotAPlan
    try:
        return _agreed(text)
    except ValueError as error:  # letters of a plan, but no such day or no such stay
        raise NotAPlan from error


def _agreed(text):
    first, *rest = text.split(";")
    segments = (segment.split("@") for segment in first.split("+"))
    moves = (re.split("[:>@]", move) for move in rest)
    return Agreed(
        segments=tuple((int(unit), _stay(dates)) for unit, dates in segments),
        moves=tuple(AgreedMove(int(key), int(was), int(to), _stay(dates)) for key, was, to, dates in moves),
    )


def is_movable(reservation: Reservation) -> bool:
    """Whether it may be moved to make room for others: not promised, not yet due, in one room for all its nights."""
    return (
        reservation.status in MOVABLE_STATUS
        and not reservation.has_lapsed
        and not reservation.is_locked
        and reservation.arrival > reservation.property.today()
        and len(reservation.segments) == 1
    )


def plan(
    *,
    property: Property,
    room_type: RoomType | None = None,
    stay: Stay,
    party_size: int = 1,
    unit: Unit | None = None,
) -> Plan | None:
    """The fewest moves of others that free `unit` (None: a room of `room_type`, of any suitable type) for `stay`.

    When nobody can make room, two rooms with one change between them; None when that does not exist either. Stays
    move between rooms of one type only. At most six queries.
    """
    rack = _RoomRack(property)
    suitable = rack.suitable(room_type, stay, party_size, unit)
    there = rack.taken(stay.arrival, stay.departure)
    if suitable and can_fit(rack.keys, there, stay, request_rooms=suitable):
        for first, last in _windows(property, stay):
            if found := rack.fitted(rack.taken(first, last), first, last, stay, suitable):
                return found
    return rack.split(there, stay, suitable) if suitable and not unit else None


def _windows(property, stay):
    """The ranges of days to look at: first what is near, then all nights on which somebody who may move sleeps."""
    yield max(FIRST_DAY, stay.arrival - NEAR), min(LAST_DAY, stay.departure + NEAR)
    yield min(stay.arrival, property.today()), LAST_DAY


class _RoomRack:
    """The rooms of a property, and who has them on which nights."""

    def __init__(self, property):
        self.property = property
        self.units = {unit.pk: unit for unit in property.units.active().select_related("room_type")}
        self.keys = tuple(self.units)
        of_type: dict[int | None, list[int]] = {}
        for unit in self.units.values():
            of_type.setdefault(unit.room_type_id, []).append(unit.pk)
        self._like = {unit.pk: of_type[unit.room_type_id] for unit in self.units.values()}
        self._not_empty: list[PlacedStay] | None = None

    def suitable(self, room_type, stay, party_size, unit):
        """The keys of the rooms that the party could have: of the type, large enough, and sold for so many nights."""
        types = {each.room_type for each in self.units.values()}
        of_type = {each for each in types if room_type is None or each == room_type}
        good = {each for each in of_type if not self._refuses(each, stay, party_size)}
        wanted = self.units if unit is None else {unit.pk} & self.units.keys()
        return tuple(key for key in wanted if self.units[key].room_type in good)

    def _refuses(self, room_type, stay, party_size):
        return limits.refusal(property=self.property, room_type=room_type, nights=stay.nights, party_size=party_size)

    def taken(self, first, last):
        """Everything that takes a night of `[first, last)`, and parties that have not left though they were to. One
        query, and another one the first time."""
        rows = Occupancy.objects.in_force().filter(
            property=self.property, departure__gt=first, arrival__lt=last, unit__in=self.keys
        )
        columns = rows.annotate(may_move=self._may_move()).values_list(
            "pk", "reservation_id", "unit_id", "arrival", "departure", "may_move"
        )
        return [
            PlacedStay(
                reservation if may_move else f"fixed {pk}",
                unit,
                Stay(arrival, departure),
                is_fixed=not may_move,
                rooms=self._like[unit],
            )
            for pk, reservation, unit, arrival, departure, may_move in columns
        ] + self._not_left(first, last)

    def _not_left(self, first, last):
        """Tonight in rooms that are not empty, as fixed stays: nobody is sent there."""
        tonight = Stay.of_nights(self.property.today(), 1)
        if not first <= tonight.arrival < last:
            return []
        if self._not_empty is None:
            late = presence.overstays_of(self.property, tonight).keys() & self.units.keys()
            self._not_empty = [PlacedStay(f"not left {unit}", unit, tonight, is_fixed=True) for unit in sorted(late)]
        return self._not_empty

    def _may_move(self):
        """`is_movable` as a condition for the database. One segment covers all nights exactly when it has both ends."""
        return Q(
            reservation__status__in=MOVABLE_STATUS,
            reservation__is_locked=False,
            reservation__arrival__gt=self.property.today(),
            reservation__arrival=F("arrival"),
            reservation__departure=F("departure"),
        )

    def fitted(self, taken, first, last, stay, suitable):
        """The plan with the fewest moves of stays that lie within `[first, last)`. Others stay where they are, because
        who else has their nights is not known."""
        taken = [
            each if first <= each.stay.arrival and each.stay.departure <= last else replace(each, is_fixed=True)
            for each in taken
        ]
        found = fit(self.keys, taken, stay, request_rooms=suitable, work=WORK // 2)
        if found.room is None:
            return None
        reservations = Reservation.objects.select_related("guest").in_bulk([key for key, _ in found.moves])
        was = {each.key: each.room for each in taken}
        moves = (Move(reservations[key], self.units[was[key]], self.units[room]) for key, room in found.moves)
        return Plan(segments=((self.units[found.room], stay),), moves=tuple(moves))

    def split(self, taken, stay, suitable):
        """A plan with two rooms: the first for as long as it is free, then one of its type that is free for the
        rest."""
        until, since = dict.fromkeys(suitable, stay.departure), dict.fromkeys(suitable, stay.arrival)
        for each in taken:
            if each.room in until:
                until[each.room] = min(until[each.room], each.stay.arrival)
                since[each.room] = max(since[each.room], each.stay.departure)
        first = max(suitable, key=until.__getitem__)
        change = until[first]
        seconds = [key for key in suitable if since[key] <= change]
        if not seconds or not stay.arrival < change < stay.departure:
            return None
        second = min(seconds, key=lambda key: (key not in self._like[first], -since[key].toordinal()))
        rest = Stay(change, stay.departure)
        return Plan(segments=((self.units[first], Stay(stay.arrival, change)), (self.units[second], rest)))


def _dates(stay):
    return f"{stay.arrival.isoformat()}/{stay.departure.isoformat()}"


def _stay(dates):
    return Stay(*map(dt.date.fromisoformat, dates.split("/")))
