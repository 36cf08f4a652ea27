"""Queries of the calendar: whether nights are free, who has them, when they are free next, what else is free.

Stays are half-open ranges of local dates `[arrival, departure)`. The number of queries is fixed, however many units,
rooms or stays there are. Nights of a lapsed hold are free, whether or not its state is set to expired; nights of a
closure are taken.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypedDict

from django.db.models import Q, QuerySet
from psycopg2.extras import DateRange

from accounts.access import Action
from accounts.models import User
from properties import rates
from properties.models import Property, RoomType, Unit
from properties.money import Money
from reservations.availability import free_rooms, gaps, presence
from reservations.availability.allocation import best_room
from reservations.availability.free_rooms import FreeRoom
from reservations.availability.windows import Outlook, Window, left_between, widest
from reservations.models import IS_LONG, SHORT_NIGHTS, Closure, Occupancy, Reservation
from reservations.stay import LAST_DAY, Stay

# How many alternatives of each kind an answer has at most.
SUGGESTIONS = 3


class Suiting(TypedDict):
    """The party and the number of nights that a room's limits must allow, see `free_rooms.SUITS`; None: any."""

    party_size: int | None
    length: int | None


@dataclass(frozen=True)
class Availability:
    """Whether the nights of `stay` are free in `unit`, or in any room (of `room_type`) if it is None."""

    property: Property
    unit: Unit | None
    stay: Stay
    is_free: bool
    room: Unit | None = None  # the room for the party; None when taken, or when the hotel lists no rooms
    in_the_way: tuple[Occupancy, ...] = ()  # stays and closures by arrival, where one room alone is in question
    next_free: tuple[Stay, ...] = ()  # of the same length, not before the requested arrival, at most one in each gap
    other_rooms: tuple[Unit, ...] = ()  # free for the same nights in the same hotel
    other_properties: tuple[Property, ...] = ()  # with a unit free for the same nights
    room_type: RoomType | None = None
    has_rooms: bool = True  # False: not free because no room takes bookings
    too_many: int | None = None  # the party size, when no room sleeps so many
    wrong_length: int | None = None  # the number of nights, when no room's limits allow so few or so many
    not_left: Occupancy | None = None  # of a party that should have left `room` and is still there


def answer(
    *,
    property: Property,
    unit: Unit | None,
    stay: Stay,
    room_type: RoomType | None = None,
    party_size: int | None = None,
    length: int | None = None,
    ignoring: Reservation | None = None,
    elsewhere: bool = True,
    actor: User | None = None,
) -> Availability:
    """Whether the nights are free, with alternatives if they are not. At most ten queries.

    `ignoring` is the reservation that moves, whose own nights count as free. Rooms are left out whose limits exclude
    `party_size` or a stay of `length` nights, of which `stay` may be a part; the limits of a given `unit` are not
    checked. With `elsewhere` False other properties are left out; else they are those where `actor` may book, with None
    all.
    """
    suiting: Suiting = {"party_size": party_size, "length": length}
    rooms = [unit] if unit else list(free_rooms.suiting(property, room_type, **suiting)[:2])
    if not rooms and not property.tracks_inventory():
        return Availability(property, unit, stay, is_free=True, room_type=room_type)
    in_the_way = ()
    late = presence.overstays_of(property, stay, ignoring=ignoring)
    if len(rooms) == 1:
        in_the_way = tuple(_in_the_way(rooms[0], stay, ignoring))
        room = None if in_the_way else rooms[0]
    else:
        free = free_units(property=property, stay=stay, room_type=room_type, ignoring=ignoring, **suiting)
        room = best_room(property, free, stay, avoid=late, ignoring=ignoring) if free else None
    if room:
        return Availability(
            property, unit, stay, is_free=True, room=room, room_type=room_type, not_left=late.get(room.pk)
        )
    are_listed = bool(rooms) or free_rooms.suiting(property, room_type).exists()
    sleep_them = bool(rooms) or free_rooms.suiting(property, room_type, party_size=party_size).exists()
    return Availability(
        property,
        unit,
        stay,
        is_free=False,
        in_the_way=in_the_way,
        next_free=tuple(
            next_free(
                property=property,
                unit=unit,
                room_type=room_type,
                nights=stay.nights,
                since=stay.arrival,
                ignoring=ignoring,
                **suiting,
            )
        ),
        other_rooms=tuple(_other_rooms(property, unit, stay, ignoring, late, **suiting)),
        other_properties=tuple(_other_properties(property, stay, actor, **suiting)) if elsewhere else (),
        room_type=room_type,
        has_rooms=are_listed,
        too_many=party_size if are_listed and not sleep_them else None,
        wrong_length=length if sleep_them and not rooms else None,
    )


def other_rooms(
    *,
    property: Property,
    stay: Stay,
    party_size: int | None = None,
    length: int | None = None,
    ignoring: Reservation | None = None,
) -> list[Unit]:
    """At most SUGGESTIONS rooms of the property that are free for `stay`, without rooms that a party should have left.

    At most two queries.
    """
    late = presence.overstays_of(property, stay, ignoring=ignoring)
    wanted = {"party_size": party_size, "length": length, "ignoring": ignoring, "avoid": list(late)}
    return free_rooms.best_in_property(property, stay, like=None, limit=SUGGESTIONS, **wanted)


def is_free(*, unit: Unit, stay: Stay, ignoring: Reservation | None = None) -> bool:
    """Whether no stay and no closure takes a night of `stay` in the unit. One query."""
    return not _without(unit.occupancies.in_force().overlapping(stay), ignoring).exists()


def closures_of(unit: Unit, *, since: dt.date) -> list[Closure]:
    """The closures of the unit that have nights from `since` on, by date, with who made them. One query."""
    there = Closure.objects.filter(occupancy__unit=unit, occupancy__departure__gt=since)
    return list(there.select_related("unit", "property", "created_by").order_by("occupancy__arrival"))


def free_units(
    *,
    property: Property,
    stay: Stay,
    room_type: RoomType | None = None,
    party_size: int | None = None,
    length: int | None = None,
    ignoring: Reservation | None = None,
) -> list[Unit]:
    """The property's active units that are free for all nights of `stay`, by position. One query."""
    wanted = {"room_type": room_type, "party_size": party_size, "length": length, "ignoring": ignoring}
    return free_rooms.in_property(property, stay, **wanted)


def free_everywhere(
    *,
    stay: Stay,
    party_size: int | None = None,
    text: str = "",
    properties: Iterable[int] | None = None,
) -> list[FreeRoom]:
    """Active units of active properties that are free for all nights of `stay`, property by property. One query.

    `text` is searched for in the properties' names, locations and descriptions, with another query; `properties` are
    keys, None for all. A hotel that lists no rooms is never among them.
    """
    keys = None if properties is None else list(properties)
    if text:
        found = Property.objects.active().matching(text).order_by()
        keys = list((found if keys is None else found.filter(pk__in=keys)).values_list("pk", flat=True))
    return free_rooms.everywhere(stay, party_size=party_size, properties=keys)


def priced_everywhere(*, stay: Stay, **wanted: Any) -> list[tuple[FreeRoom, Money]]:
    """(free room, price of the stay by today's rates) for the rooms of `free_everywhere`, with one query more."""
    rooms = free_everywhere(stay=stay, **wanted)
    properties = {room.property_id for room in rooms}
    tables = rates.tables_of_keys(properties, arrival=stay.arrival, departure=stay.departure)
    kinds = {(room.property_id, room.room_type_id) for room in rooms}
    totals = {kind: tables.quote_of(*kind, arrival=stay.arrival, departure=stay.departure).total for kind in kinds}
    return [(room, totals[room.property_id, room.room_type_id]) for room in rooms]


def next_free(
    *,
    property: Property,
    unit: Unit | None = None,
    room_type: RoomType | None = None,
    party_size: int | None = None,
    length: int | None = None,
    nights: int,
    since: dt.date,
    limit: int = SUGGESTIONS,
    ignoring: Reservation | None = None,
) -> list[Stay]:
    """The first `limit` stays of `nights` nights that are free, `since` or later: at most one in each gap. One query.

    Earliest first. They are in `unit`, or else in any active room of the property, of `room_type` and with limits that
    allow `party_size` and `length` nights.
    """
    asked = {"nights": nights, "since": since, "limit": limit, "ignoring": ignoring}
    if unit:
        starts = gaps.starts_in_unit(unit=unit, **asked)
    else:
        asked |= {"room_type": room_type, "party_size": party_size, "length": length}
        starts = gaps.starts_in_property(property=property, **asked)
    return [Stay.of_nights(start, nights) for start in starts]


def free_by_night(
    *,
    property: Property,
    unit: Unit | None,
    first: dt.date,
    days: int,
    room_type: RoomType | None = None,
    ignoring: Reservation | None = None,
) -> Sequence[int | None]:
    """How many units are free on each of `days` nights from `first` on; None for each where rooms are not counted.

    With `unit` these are 1 or 0 for that unit, with `room_type` the units of that type. A room that a party should have
    left is not free tonight. At most three queries.
    """
    if unit:
        until = first + dt.timedelta(days=days)
        in_force = _without(unit.occupancies.in_force().filter(nights__overlap=DateRange(first, until)), ignoring)
        taken = defaultdict(list, {unit.pk: list(in_force.values_list("arrival", "departure"))})
        _add_overstays(taken, property, first, until, ignoring)
        return _left(1, taken[unit.pk], first, days)
    by_type = free_by_type(property=property, first=first, days=days, ignoring=ignoring)
    if room_type:
        return by_type.get(room_type.pk, [0] * days)
    if not by_type:
        return [0 if property.tracks_inventory() else None] * days
    return [sum(free) for free in zip(*by_type.values(), strict=True)]


def free_by_type(
    *, property: Property, first: dt.date, days: int, ignoring: Reservation | None = None
) -> dict[int | None, list[int]]:
    """{key of a room type, or None for rooms without one: how many active units are free on each night}.

    They are counted as in `free_by_night`. At most three queries.
    """
    until = first + dt.timedelta(days=days)
    type_of = dict(property.units.active().order_by().values_list("pk", "room_type_id"))
    taken: dict[int, list] = defaultdict(list)
    of_type: dict[int | None, list] = defaultdict(list)
    short, long = (_without(each, ignoring) for each in _taken(first, until, property=property))
    for unit_id, arrival, departure in short.union(long, all=True).values_list("unit_id", "arrival", "departure"):
        taken[unit_id].append((arrival, departure))
    _add_overstays(taken, property, first, until, ignoring)
    for unit_id in taken.keys() & type_of.keys():
        of_type[type_of[unit_id]] += taken[unit_id]
    return {key: _left(count, of_type[key], first, days) for key, count in Counter(type_of.values()).items()}


def outlook(
    *,
    property: Property,
    unit: Unit | None = None,
    room_type: RoomType | None = None,
    party_size: int | None = None,
    first: dt.date,
    days: int,
) -> Outlook:
    """The windows and the free units on `days` nights from `first` on, but on none from LAST_DAY on.

    They are those of `unit`, or else of the rooms (of `room_type`) that sleep `party_size`; limits of the length of a
    stay are not checked. A room that a party should have left is not free tonight. At most four queries.
    """
    until = _last(first, days)
    rooms = [unit] if unit else free_rooms.suiting(property, room_type, party_size=party_size)
    keys = [room.pk for room in rooms]
    if not keys and not property.tracks_inventory():
        return Outlook(first, until, [Window(first, None, (until - first).days, units=None)], free=None)
    taken = defaultdict(list)
    for key, *stay in _taken_rows(property, unit, first, until):
        taken[key].append(tuple(stay))
    _add_overstays(taken, property, first, until)
    found = [gap for key in keys for gap in left_between(taken[key], first, until)]
    all_taken = [stay for key in keys for stay in taken[key]]
    return Outlook(first, until, widest(found, until), _left(len(keys), all_taken, first, (until - first).days))


def nothing(*, first: dt.date, days: int) -> Outlook:
    """The outlook of a property or unit that takes no bookings: no window, and no free unit on any night."""
    until = _last(first, days)
    return Outlook(first, until, windows=[], free=[0] * (until - first).days)


def _last(first, days):
    return min(first + dt.timedelta(days=days), LAST_DAY)


def _taken_rows(property, unit, first, until):
    """(key of the unit, arrival, departure) of each occupancy that takes one of the nights `[first, until)`.

    In `unit`, or else in any unit of the property.
    """
    columns = ("unit_id", "arrival", "departure")
    if unit:
        return unit.occupancies.in_force().filter(nights__overlap=DateRange(first, until)).values_list(*columns)
    short, long = _taken(first, until, property=property)
    return short.union(long, all=True).values_list(*columns)


def _taken(first, last, *, property=None) -> tuple[QuerySet, QuerySet]:
    """Occupancies in force on the nights `[first, last)`, in `property` or anywhere: (short ones, long ones).

    An index on both dates would read every later stay, or every earlier one. But a short stay departs at most
    SHORT_NIGHTS days after `last`, which bounds the first query; long stays are few, and have an index of their own.
    """
    taken = Occupancy.objects.in_force().filter(departure__gt=first, arrival__lt=last)
    if property:
        taken = taken.filter(property=property)
    edge = last + dt.timedelta(days=SHORT_NIGHTS)
    return taken.filter(departure__lt=edge), taken.filter(Q(IS_LONG), departure__gte=edge)


def _add_overstays(taken, property, first, until, ignoring=None):
    """Add tonight to `taken`, {key of a unit: [(arrival, departure)]}, for rooms that a party should have left."""
    tonight = property.today()
    if not first <= tonight < until:
        return
    night = Stay.of_nights(tonight, 1)
    for key in presence.overstays_of(property, night, ignoring=ignoring):
        if not any(arrival <= tonight < departure for arrival, departure in taken[key]):
            taken[key].append((night.arrival, night.departure))


def _left(count, taken, first, days):
    """How many of `count` units are left on each of `days` nights from `first`; each (arrival, departure) takes one."""
    changes = [count] + [0] * days
    for arrival, departure in taken:
        changes[max(0, (arrival - first).days)] -= 1
        changes[min(days, (departure - first).days)] += 1
    return list(accumulate(changes[:days]))


def _without(occupancies, reservation):
    return occupancies.exclude(reservation=reservation) if reservation else occupancies


def _in_the_way(unit, stay, ignoring):
    taken = _without(unit.occupancies.in_force().overlapping(stay), ignoring)
    return taken.order_by("nights").select_related("reservation__guest", "closure", "unit")


def _other_rooms(property, unit, stay, ignoring, late, **suiting):
    """Free rooms of the hotel, those of the unit's type first, without those of `late`, keys."""
    if unit is None or not property.is_hotel:
        return []
    wanted = {"like": unit.room_type_id, "limit": SUGGESTIONS, "ignoring": ignoring, "avoid": list(late)}
    return free_rooms.best_in_property(property, stay, **wanted, **suiting)


def _other_properties(property, stay, actor, **suiting):
    keys = None if actor is None else actor.access.properties(Action.BOOK)
    anywhere = presence.overstays_anywhere(stay.arrival).items()
    late = [unit for unit, segment in anywhere if presence.is_tonight(segment.reservation.property, stay)]
    return free_rooms.other_properties(
        property, stay, limit=SUGGESTIONS, avoid=late, properties=None if keys is None else list(keys), **suiting
    )
