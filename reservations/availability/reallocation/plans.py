"""Plans for when no room is free for all nights: other stays move, or the party changes rooms one time."""

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

# How far before and after the request is searched first: the stays that have to move are seldom further away.
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
    """The rooms of the party, in one or two segments, and the moves of others that it takes."""

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
    """A plan with the keys of its rooms and reservations, as `parse` reads it from a form."""

    segments: tuple[tuple[int, Stay], ...]
    moves: tuple[AgreedMove, ...] = ()

    @property
    def rooms(self) -> list[int]:
        """The keys of the rooms that the new stay gets, in the order of its nights."""
        return [unit for unit, _ in self.segments]

    @property
    def units(self) -> set[int]:
        """The keys of all rooms of the segments and moves."""
        return {*self.rooms, *(unit for each in self.moves for unit in (each.from_unit, each.to_unit))}

    @property
    def stay(self) -> Stay | None:
        """The whole stay that the segments make; None when they do not adjoin."""
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
    except ValueError as error:  # a date that does not exist, or dates that are no Stay
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
    """Whether the stay may be moved to make room for others.

    It must be held or confirmed, not promised, arrive after today, and be in one room for all its nights.
    """
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
    """The plan with the fewest moves after which `unit`, or else any suitable room, is free for `stay`.

    Suitable are rooms of `room_type`, if that is given, whose limits allow the stay and the party. Stays move only
    between rooms of one type. If no moves make room and no `unit` is given, the plan has two rooms with one change
    between them. None if there is no plan. At most six queries.
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
    """The ranges of days to search: first those near the stay, then all from today or the arrival on."""
    yield max(FIRST_DAY, stay.arrival - NEAR), min(LAST_DAY, stay.departure + NEAR)
    yield min(stay.arrival, property.today()), LAST_DAY


class _RoomRack:
    """The active rooms of a property, and the stays in them."""

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
        """The keys of the rooms that the party could have: `unit` or those of the type, if the limits allow it."""
        types = {each.room_type for each in self.units.values()}
        of_type = {each for each in types if room_type is None or each == room_type}
        good = {each for each in of_type if not self._refuses(each, stay, party_size)}
        wanted = self.units if unit is None else {unit.pk} & self.units.keys()
        return tuple(key for key in wanted if self.units[key].room_type in good)

    def _refuses(self, room_type, stay, party_size):
        return limits.refusal(property=self.property, room_type=room_type, nights=stay.nights, party_size=party_size)

    def taken(self, first, last):
        """PlacedStays for all occupancies on the nights `[first, last)`, and for parties that should have left.

        One query, and another one on the first call.
        """
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
        """A fixed stay for tonight in each room that a party should have left, so that nobody is moved there."""
        tonight = Stay.of_nights(self.property.today(), 1)
        if not first <= tonight.arrival < last:
            return []
        if self._not_empty is None:
            late = presence.overstays_of(self.property, tonight).keys() & self.units.keys()
            self._not_empty = [PlacedStay(f"not left {unit}", unit, tonight, is_fixed=True) for unit in sorted(late)]
        return self._not_empty

    def _may_move(self):
        """`is_movable` as a Q object. A segment covers all nights if it has the reservation's two dates."""
        return Q(
            reservation__status__in=MOVABLE_STATUS,
            reservation__is_locked=False,
            reservation__arrival__gt=self.property.today(),
            reservation__arrival=F("arrival"),
            reservation__departure=F("departure"),
        )

    def fitted(self, taken, first, last, stay, suitable):
        """The plan with the fewest moves of stays that lie within `[first, last)`, or None.

        Other stays are fixed, because `taken` does not have all that overlaps them.
        """
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
        """The plan with two rooms, or None: the one that is free longest from the arrival on, then one for the rest.

        A second room of the same type is preferred.
        """
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
