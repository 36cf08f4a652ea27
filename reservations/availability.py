"""Is it free, who is there, when is it free next, what else is free.

Stays are half-open ranges of local dates `[arrival, departure)`. Every function that asks the database does so in a
fixed number of queries, however many units, rooms or stays there are.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from psycopg2.extras import DateRange

from properties.models import Property, Unit
from reservations.models import Occupancy, Reservation
from reservations.stay import LAST_DAY, Stay

# How many ways out an answer offers of each kind: more would not be read at the desk.
SUGGESTIONS = 3


@dataclass(frozen=True)
class Answer:
    """What the desk is told about one wish: these nights in this property, in `unit` or in any room (`unit` None)."""

    property: Property
    unit: Unit | None
    stay: Stay
    is_free: bool
    room: Unit | None = None  # what the party would get; None when taken, or when the hotel lists no rooms
    in_the_way: tuple[Occupancy, ...] = ()  # who is there, earliest first; empty for "any room"
    next_free: tuple[Stay, ...] = ()  # same length, not before the arrival asked for, at most one per gap
    other_rooms: tuple[Unit, ...] = ()  # free for the same nights in the same hotel
    other_properties: tuple[Property, ...] = ()  # with a unit free for the same nights


def answer(
    *, property: Property, unit: Unit | None, stay: Stay, ignoring: Reservation | None = None, elsewhere: bool = True
) -> Answer:
    """Answer a wish, with the way out when it cannot be met. At most six queries.

    `ignoring` is a reservation that would give its nights back, because it is the one that moves.
    `elsewhere` False leaves out other properties.
    """
    units = [unit] if unit else list(property.units.active())
    if not units and not property.counts_rooms():
        return Answer(property, unit, stay, is_free=True)
    taken = _taken_by_unit(units, since=stay.arrival, ignoring=ignoring)
    free = [each for each in units if _is_free(taken[each.pk], stay)]
    if free:
        return Answer(property, unit, stay, is_free=True, room=best_fit(free, stay, ignoring=ignoring))
    return Answer(
        property,
        unit,
        stay,
        is_free=False,
        in_the_way=tuple(_in_the_way(unit or units[0], stay, ignoring)) if len(units) == 1 else (),
        next_free=tuple(first_fits(taken.values(), nights=stay.nights, since=stay.arrival)),
        other_rooms=tuple(_other_rooms(property, unit, stay, ignoring)),
        other_properties=tuple(_other_properties(property, stay)) if elsewhere else (),
    )


def best_fit(units: list[Unit], stay: Stay, *, ignoring: Reservation | None = None) -> Unit:
    """Of free `units`, the one whose gap the stay fills most tightly; the first of equals. One query.

    Small gaps are used up first, so that long stays still find a room.
    """
    edges = dict.fromkeys((unit.pk for unit in units), (dt.date.min, dt.date.max))
    occupancies = _without(Occupancy.objects.filter(unit__in=edges), ignoring)
    for unit_id, nights in occupancies.values_list("unit_id", "nights"):
        before, after = edges[unit_id]
        if nights.upper <= stay.arrival:
            edges[unit_id] = (max(before, nights.upper), after)
        elif nights.lower >= stay.departure:
            edges[unit_id] = (before, min(after, nights.lower))
    return min(units, key=lambda unit: edges[unit.pk][1] - edges[unit.pk][0])


def free_units(*, property: Property, stay: Stay, ignoring: Reservation | None = None) -> list[Unit]:
    """The property's active units with no taken night in `stay`. One query."""
    taken = _without(Occupancy.objects.filter(property=property).overlapping(stay), ignoring)
    return list(property.units.active().exclude(pk__in=taken.values("unit_id")))


def free_by_night(
    *, property: Property, unit: Unit | None, first: dt.date, days: int, ignoring: Reservation | None = None
) -> Sequence[int | None]:
    """How many units are free on each of `days` nights from `first`; None where inventory is not counted.

    With `unit`, 1 or 0 for that one alone. Two queries.
    """
    units = [unit] if unit else list(property.units.active())
    if not units:
        return [0 if property.counts_rooms() else None] * days
    last = first + dt.timedelta(days=days)
    occupancies = Occupancy.objects.filter(unit__in=units, nights__overlap=DateRange(first, last))
    free = [len(units)] * days
    for nights in _without(occupancies, ignoring).values_list("nights", flat=True):
        for offset in range(max(0, (nights.lower - first).days), min(days, (nights.upper - first).days)):
            free[offset] -= 1
    return free


def first_fits(taken: Iterable[Iterable[Stay]], *, nights: int, since: dt.date, limit: int = SUGGESTIONS) -> list[Stay]:
    """The earliest stay of `nights` in each gap of each unit, from `since` on: `limit` distinct ones, earliest first.

    `taken` holds, for each unit, its stays in order of arrival.
    """
    starts: set[dt.date] = set()
    for stays in taken:
        fitting = (start for start, end in gaps(stays, since=since) if (end - start).days >= nights)
        starts.update(start for start, _ in zip(fitting, range(limit), strict=False))
    return [Stay.of_nights(start, nights) for start in sorted(starts)[:limit]]


def gaps(stays: Iterable[Stay], *, since: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The free ranges `[start, end)` between `stays` (in order of arrival) from `since` to the calendar's last day."""
    start = since
    for stay in stays:
        if start < stay.arrival:
            yield start, stay.arrival
        start = max(start, stay.departure)
    if start < LAST_DAY:
        yield start, LAST_DAY


def _is_free(stays, stay):
    return not any(stay.overlaps(other) for other in stays)


def _without(occupancies, reservation):
    return occupancies.exclude(reservation=reservation) if reservation else occupancies


def _taken_by_unit(units, *, since, ignoring=None) -> dict[int, list[Stay]]:
    """For each unit's key, its stays that end after `since`, in order of arrival. One query."""
    occupancies = Occupancy.objects.filter(unit__in=units, nights__overlap=DateRange(since, LAST_DAY))
    taken = defaultdict(list)
    for unit_id, nights in _without(occupancies, ignoring).order_by("nights").values_list("unit_id", "nights"):
        taken[unit_id].append(Stay(nights.lower, nights.upper))
    return {unit.pk: taken[unit.pk] for unit in units}


def _in_the_way(unit, stay, ignoring):
    occupancies = _without(unit.occupancies.overlapping(stay), ignoring)
    return occupancies.order_by("nights").select_related("reservation__guest", "unit")


def _other_rooms(property, unit, stay, ignoring):
    if unit is None or not property.is_hotel:
        return []
    return free_units(property=property, stay=stay, ignoring=ignoring)[:SUGGESTIONS]


def _other_properties(property, stay):
    """Active properties of any kind with a free unit; the same kind and place first. One query."""
    free = Unit.objects.active().exclude(pk__in=Occupancy.objects.overlapping(stay).values("unit_id"))
    others = Property.objects.active().exclude(pk=property.pk).filter(units__in=free).distinct()
    near = sorted(others, key=lambda other: (other.kind != property.kind, other.location != property.location))
    return near[:SUGGESTIONS]
