"""Several reservations under one booker, made together or not at all."""

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from accounts.access import Action, require
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

Line: TypeAlias = tuple[RoomType | None, int, int]  # the room type or None for any, how many rooms, guests in each


@dataclass(frozen=True)
class RequestedRooms:
    """A line of a group: `count` rooms, each as `request` asks for it. `suitable` are the rooms that it could be."""

    request: BookingRequest
    count: int
    suitable: list[Unit]


@dataclass(frozen=True)
class ChosenRoom:
    """The room for one reservation. `unit` is None in a hotel that lists no rooms; `room_type` is what is sold."""

    request: BookingRequest
    unit: Unit | None
    room_type: RoomType | None

    @property
    def segments(self) -> list[StaySegment]:
        return [StaySegment(self.unit, self.request.stay)] if self.unit else []


class Shortage(NamedTuple):
    """`wanted` rooms are requested and only `free` are free: of a type, or of any type (None).

    With `party_size` only rooms that sleep at least so many are counted.
    """

    room_type: RoomType | None
    wanted: int
    free: int
    party_size: int | None = None


class TooFewRooms(DatesTaken):
    """The group's rooms are not all free. `short` has a Shortage for each kind of room that is missing."""

    def __init__(self, property: Property, stay: Stay, short: list[Shortage]) -> None:
        missing = "; ".join(_missing(each) for each in short)
        self.why = f"{property} has too few rooms, {span(stay)}: {missing}."
        super(DatesTaken, self).__init__(f"{self.why} Nothing was booked.")
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

    The order of the lines in `rooms` does not matter: `allocation` finds rooms for all lines together. `booker` and
    `booker_name` are as `guest` and `guest_name` of `book`; `is_hold`, `hold_until` and `request_key` are as in
    BookingRequest. The same request sent again returns the group that it made, if that is in force.
    Raises TooFewRooms (a DatesTaken), NotBookable, OutsideLimits, BrokenRule for fewer than two rooms or more than
    MOST_ROOMS, Busy.
    """
    require(actor, Action.BOOK, property)
    guests.require_guest(actor, booker)
    booker = guests.lock_profile(booker)
    candidates = lock_units(property)
    made, request_key = made_before(request_key)
    if made and made.group:
        made.group.new_event = made.new_event
        return made.group
    hold_until = hold_end(property, stay, is_hold=is_hold, until=hold_until)
    refuse_group_size(sum(count for _, count, _ in rooms))
    requests = [
        BookingRequest(property=property, stay=stay, room_type=kind, party_size=party_size)
        for kind, _, party_size in rooms
    ]
    for request in requests:
        request.refuse_broken_rules()
    lines = [
        RequestedRooms(request, line[1], _suitable(request, line, candidates))
        for request, line in zip(requests, rooms, strict=True)
    ]
    chosen = _choose_rooms(property, candidates, stay, lines)
    group = Group.objects.create(booker=guests.get_or_create_profile(booker, booker_name))
    reservations = _reservations_of(
        group, property, stay, chosen, hold_until=hold_until, created_by=actor, request_key=request_key
    )
    with giving_up_on(REFERENCES_DIFFER, ReferenceInUse):  # drawn by somebody else since we looked
        Reservation.objects.bulk_create(reservations)
    with_rooms = list(zip(reservations, chosen, strict=True))
    occupy([Draft(reservation, {}, room.segments) for reservation, room in with_rooms])
    act = uuid.uuid4()  # one act, so that they are undone together
    events = Event.objects.bulk_create(
        first_event(reservation, room.segments, actor=actor, act=act) for reservation, room in with_rooms
    )
    group.new_event = events[0]
    return group


def _suitable(request: BookingRequest, line: Line, candidates: list[Unit]) -> list[Unit]:
    """The rooms among `candidates` that suit the request. Raises OutsideLimits, with the line that it is about."""
    try:
        return request.fitting(candidates)
    except OutsideLimits as refused:
        refused.line = line
        raise


def _choose_rooms(
    property: Property, candidates: list[Unit], stay: Stay, lines: Sequence[RequestedRooms]
) -> list[ChosenRoom]:
    """A room for each reservation, in the order of `lines`. Raises TooFewRooms."""
    if not candidates and not property.tracks_inventory():
        return [ChosenRoom(line.request, None, line.request.room_type) for line in lines for _ in range(line.count)]
    in_force, lapsed = overlapping([StaySegment(unit, stay) for unit in candidates])
    taken = {row.unit_id for row in in_force}
    free = [unit for unit in candidates if unit.pk not in taken]
    chosen = _allocate(property, free, stay, lines)
    keys = {room.unit.pk for room in chosen if room.unit}
    expire([row.reservation_id for row in lapsed if row.unit_id in keys])
    return chosen


def _allocate(property: Property, free: list[Unit], stay: Stay, lines: Sequence[RequestedRooms]) -> list[ChosenRoom]:
    """Choose among the `free` rooms by `allocation.Matching`. Raises TooFewRooms."""
    late = presence.overstays_of(property, stay)
    kinds = allocation.kinds_of(free, key=lambda unit: (unit.room_type, unit.pk in late))
    gaps = availability.gaps_around(free, stay, today=property.today())
    for units in kinds:
        units.sort(key=lambda unit: gaps[unit.pk])
    price = allocation.prices(property, {units[0].room_type for units in kinds}, stay)
    worth = [
        allocation.worth(property, unit.room_type, price[unit.room_type], is_empty=unit.pk not in late)
        for unit, *_ in kinds
    ]
    matching = allocation.Matching(
        wanted=[line.count for line in lines],
        gaps=[[gaps[unit.pk] for unit in units] for units in kinds],
        cost={
            (number, kind): worth[kind]
            for number, line in enumerate(lines)
            for kind, (unit, *_) in enumerate(kinds)
            if unit in line.suitable
        },
    )
    if matching.unseated:
        asked = [(line.request.room_type, line.count, line.request.party_size) for line in lines]
        free_of_kinds = [len(units) for units in kinds]
        short = [
            shortage([asked[number] for number in numbers], free_of_kinds, wanted_kinds)
            for numbers, wanted_kinds in matching.shortages()
        ]
        raise TooFewRooms(property, stay, short)
    left = [iter(units) for units in kinds]
    return [
        ChosenRoom(line.request, unit, unit.room_type)
        for number, line in enumerate(lines)
        for kind, units in enumerate(left)
        for unit in itertools.islice(units, matching.given.get((number, kind), 0))
    ]


def shortage(lines: Sequence[Line], free: Sequence[int], wanted_kinds: set[int]) -> Shortage:
    """What `lines` together are short of, where only rooms of `wanted_kinds` suit them. `free` counts each kind."""
    types = {room_type for room_type, _, _ in lines}
    is_any = wanted_kinds == set(range(len(free)))
    return Shortage(
        room_type=next(iter(types)) if len(types) == 1 else None,
        wanted=sum(count for _, count, _ in lines),
        free=sum(free[kind] for kind in wanted_kinds),
        party_size=None if (is_any and free) or types != {None} else min(party_size for _, _, party_size in lines),
    )


def _reservations_of(
    group: Group,
    property: Property,
    stay: Stay,
    chosen: Sequence[ChosenRoom],
    *,
    hold_until: dt.datetime | None,
    created_by: User,
    request_key: uuid.UUID | None,
) -> list[Reservation]:
    """A reservation for each chosen room, priced by today's rate table and not saved yet."""
    tables, references = rates.tables_of([property]), unused_references(len(chosen))
    return [
        new_reservation(
            room.request,
            room_type=room.room_type,
            rates=_quote(tables, property, room.room_type, stay),
            hold_until=hold_until,
            reference=reference,
            guest=group.booker,
            created_by=created_by,
            group=group,
            # The first one has the key for all of them, because keys are unique.
            request_key=None if number else request_key,
        )
        for number, (reference, room) in enumerate(zip(references, chosen, strict=True))
    ]


def _quote(tables: rates.RateTables, property: Property, room_type: RoomType | None, stay: Stay) -> list[Money]:
    return tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure).rates


def _missing(short: Shortage) -> str:
    what = f"of {short.room_type}" if short.room_type else "in all"
    if short.party_size:
        what = "for 1 guest" if short.party_size == 1 else f"for {short.party_size} guests"
    return f"{short.free or 'none'} {what} free, {short.wanted} wanted"
