"""Several reservations under one booker, made together or not at all."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from accounts.models import User
from config.transactions import giving_up_on
from properties import rates
from properties.models import Property, RoomType, Unit
from properties.money import Money
from reservations import availability, guests
from reservations.availability import allocation, presence
from reservations.booking.drafts import Draft, StaySegment
from reservations.booking.nights import ReferenceInUse, expire, in_booking_transaction, lock_units, occupy, overlapping
from reservations.booking.refusals import DatesTaken, OutsideLimits
from reservations.booking.requests import BookingRequest, hold_end, made_before, refuse_group_size
from reservations.booking.stays import (
    REFERENCES_DIFFER,
    first_event,
    new_reservation,
    unused_references,
)
from reservations.models import Event, Group, Guest, Reservation
from reservations.stay import Stay
from reservations.wording import span

Line: TypeAlias = tuple[RoomType | None, int, int]  # how many rooms of a type, and the guests in each


class Shortage(NamedTuple):
    """So many rooms are wanted and fewer are free: of a type, or (None) of any, for parties of `party_size` or more."""

    room_type: RoomType | None
    wanted: int
    free: int
    party_size: int | None = None


class TooFewRooms(DatesTaken):
    """`short` holds what is missing, as Shortages."""

    def __init__(self, property: Property, stay: Stay, short: list[Shortage]) -> None:
        missing = "; ".join(_missing(each) for each in short)
        super(DatesTaken, self).__init__(f"{property} has too few rooms, {span(stay)}: {missing}. Nothing was booked.")
        self.short = short
        self.answer = self.reservation = None


@in_booking_transaction
def book_group(
    *,
    property: Property,
    stay: Stay,
    booker_name: str = "",
    booker: Guest | None = None,
    rooms: Sequence[Line],
    actor: User,
    is_hold: bool = False,
    hold_until: dt.datetime | None = None,
    request_key: uuid.UUID | None = None,
) -> Group:
    """Reserve several rooms for `stay` under one booker: all of them or none. Returns the Group.

    `rooms` are (room type, how many, guests in each); a room type of None takes any free room. Who gets which is a
    matching, whatever the order of the lines, see `allocation`. `booker` as `guest` of `book`; `is_hold`,
    `hold_until` and `request_key` as there.
    Raises TooFewRooms (a DatesTaken) with how many of which type are free, NotBookable, OutsideLimits, BrokenRule when
    there are fewer than two rooms or more than MOST_ROOMS, Busy.
    """
    booker = guests.lock_profile(booker)
    candidates = lock_units(property)
    made, request_key = made_before(request_key)
    if made and made.group:
        made.group.new_event = made.new_event
        return made.group
    hold_until = hold_end(property, is_hold=is_hold, until=hold_until)
    refuse_group_size(sum(count for _, count, _ in rooms))
    requests = [
        BookingRequest(property=property, stay=stay, room_type=kind, party_size=party_size)
        for kind, _, party_size in rooms
    ]
    for request in requests:
        request.refuse_broken_rules()
    taken = _choose_rooms(property, candidates, stay, rooms, requests)
    group = Group.objects.create(booker=guests.get_or_create_profile(booker, booker_name))
    reservations = _reservations_of(
        group, requests, taken, hold_until=hold_until, created_by=actor, request_key=request_key
    )
    with giving_up_on(REFERENCES_DIFFER, ReferenceInUse):  # drawn by somebody else since we looked
        Reservation.objects.bulk_create(reservations)
    segments = [[StaySegment(unit, stay)] if unit else [] for unit, _, _ in taken]
    occupy([Draft(reservation, {}, own) for reservation, own in zip(reservations, segments, strict=True)])
    act = uuid.uuid4()  # undone together
    events = Event.objects.bulk_create(
        first_event(reservation, own, actor=actor, act=act)
        for reservation, own in zip(reservations, segments, strict=True)
    )
    group.new_event = events[0]
    return group


def _reservations_of(
    group: Group,
    requests: Sequence[BookingRequest],
    taken: Sequence[tuple[Unit | None, RoomType | None, int]],
    *,
    hold_until: dt.datetime | None,
    created_by: User,
    request_key: uuid.UUID | None,
) -> list[Reservation]:
    """One reservation for each room in `taken`, priced by today's rate table and not saved yet."""
    property, stay = requests[0].property, requests[0].stay
    tables, references = rates.tables_of([property]), unused_references(len(taken))
    return [
        new_reservation(
            requests[line],
            room_type=sold,
            rates=_quote(tables, property, sold, stay),
            hold_until=hold_until,
            reference=reference,
            guest=group.booker,
            created_by=created_by,
            group=group,
            # One reservation carries the key for all of them: it is unique.
            request_key=None if number else request_key,
        )
        for number, (reference, (_, sold, line)) in enumerate(zip(references, taken, strict=True))
    ]


def _fitting(request: BookingRequest, line: Line, candidates: list[Unit]) -> list[Unit]:
    """Raises OutsideLimits, with the line that it is about."""
    try:
        return request.fitting(candidates)
    except OutsideLimits as refused:
        refused.line = line
        raise


def _choose_rooms(
    property: Property, candidates: list[Unit], stay: Stay, rooms: Sequence[Line], requests: Sequence[BookingRequest]
) -> Sequence[tuple[Unit | None, RoomType | None, int]]:
    """(unit or None, room type that is sold, number of the line) for each reservation. Raises TooFewRooms,
    OutsideLimits."""
    fitting = [_fitting(request, line, candidates) for request, line in zip(requests, rooms, strict=True)]
    if not candidates and not property.tracks_inventory():
        return [(None, kind, line) for line, (kind, count, _) in enumerate(rooms) for _ in range(count)]
    in_force, lapsed = overlapping([StaySegment(unit, stay) for unit in candidates])
    taken = {row.unit_id for row in in_force}
    free = [unit for unit in candidates if unit.pk not in taken]
    chosen = _matched(property, free, stay, rooms, fitting)
    keys = {unit.pk for unit, _, _ in chosen}
    expire([row.reservation_id for row in lapsed if row.unit_id in keys])
    return chosen


def _matched(
    property: Property, free: list[Unit], stay: Stay, rooms: Sequence[Line], fitting: Sequence[list[Unit]]
) -> list[tuple[Unit, RoomType | None, int]]:
    """See `allocation`. Raises TooFewRooms."""
    late = presence.overstays_of(property, stay)
    kinds = allocation.kinds_of(free, key=lambda unit: (unit.room_type, unit.pk in late))
    gaps = availability.gaps_around(free, stay) if len(free) > 1 else dict.fromkeys([unit.pk for unit in free], 0)
    for units in kinds:
        units.sort(key=lambda unit: gaps[unit.pk])
    price = allocation.prices(property, {units[0].room_type for units in kinds}, stay)
    worth = [
        allocation.worth(property, unit.room_type, price[unit.room_type], is_empty=unit.pk not in late)
        for unit, *_ in kinds
    ]
    matching = allocation.Matching(
        wanted=[count for _, count, _ in rooms],
        gaps=[[gaps[unit.pk] for unit in units] for units in kinds],
        cost={
            (line, kind): worth[kind]
            for line, good in enumerate(fitting)
            for kind, (unit, *_) in enumerate(kinds)
            if unit in good
        },
    )
    if matching.unseated:
        raise TooFewRooms(property, stay, [_short(rooms, kinds, *each) for each in matching.shortages()])
    left = [iter(units) for units in kinds]
    return [
        (unit, unit.room_type, line)
        for line in range(len(rooms))
        for kind, units in enumerate(left)
        for unit in itertools.islice(units, matching.given.get((line, kind), 0))
    ]


def _short(
    rooms: Sequence[Line], kinds: Sequence[Sequence[Unit]], lines: Iterable[int], wanted_kinds: set[int]
) -> Shortage:
    """What some lines together are short of."""
    types, parties = {rooms[line][0] for line in lines}, {rooms[line][2] for line in lines}
    is_any = wanted_kinds == set(range(len(kinds)))
    return Shortage(
        room_type=next(iter(types)) if len(types) == 1 else None,
        wanted=sum(rooms[line][1] for line in lines),
        free=sum(len(kinds[kind]) for kind in wanted_kinds),
        party_size=None if (is_any and kinds) or types != {None} else min(parties),
    )


def _quote(tables: rates.RateTables, property: Property, room_type: RoomType | None, stay: Stay) -> list[Money]:
    return tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure).rates


def _missing(short: Shortage) -> str:
    what = f"of {short.room_type}" if short.room_type else "in all"
    if short.party_size:
        what = "for 1 guest" if short.party_size == 1 else f"for {short.party_size} guests"
    return f"{short.free or 'none'} {what} free, {short.wanted} wanted"
