"""What availability says, beside a plain set of taken nights that is asked night by night."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from properties.models import RoomType, Unit
from reservations.availability import (
    answer,
    best_fit,
    free_by_night,
    free_by_type,
    free_everywhere,
    free_units,
    is_free,
    next_free,
    outlook,
)
from reservations.models import Closure, Occupancy, Reservation
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_hotel, make_reservation

HORIZON = 45  # days from ARRIVAL in which something may be taken
HOUR = dt.timedelta(hours=1)
# A gap without a stay before or after it goes on to where dates end.
NO_DAY_BEFORE, NO_DAY_AFTER = (dt.date.min - ARRIVAL).days, (dt.date.max - ARRIVAL).days
SLEEPS = {"Single": 1, "Family": 4}

pytestmark = pytest.mark.django_db


def day(offset):
    return ARRIVAL + dt.timedelta(days=offset)


@dataclass
class Room:
    """A unit, and the nights that are taken in it as offsets from ARRIVAL: by each reservation, or by closures."""

    unit: Unit
    taken: dict[Reservation | None, set[int]] = field(default_factory=dict)

    def nights(self, ignoring=None):
        return {night for who, nights in self.taken.items() if who is None or who != ignoring for night in nights}

    def is_free(self, first, nights, ignoring=None):
        return not self.nights(ignoring) & set(range(first, first + nights))

    def begins_a_gap(self, first, nights, since, ignoring):
        """Free for the stay, and taken the night before, or the search begins here."""
        return self.is_free(first, nights, ignoring) and (first == since or first - 1 in self.nights(ignoring))

    def gap_around(self, first, nights, ignoring):
        taken = self.nights(ignoring)
        before = max((night + 1 for night in taken if night < first), default=NO_DAY_BEFORE)
        after = min((night for night in taken if night >= first + nights), default=NO_DAY_AFTER)
        return after - before


@st.composite
def what_takes_a_room(draw):
    """(first night, nights, by what), never two for one night; some too long to be found as short ones."""
    found, offset = [], draw(st.integers(-25, 5))
    while offset < HORIZON and draw(st.booleans()):
        nights = draw(st.one_of(st.integers(1, 6), st.integers(13, 30)))
        found.append((offset, nights, draw(st.sampled_from(["stay", "closure", "hold", "lapsed"]))))
        offset += nights + draw(st.integers(0, 6))
    return found


rooms_of_a_hotel = st.lists(st.tuples(st.sampled_from([None, *SLEEPS]), what_takes_a_room()), min_size=1, max_size=4)


def build(drawn):
    """A hotel with these rooms in the database, and what the oracle knows of them."""
    hotel = make_hotel([f"{number}" for number in range(101, 101 + len(drawn))])
    types = {
        name: RoomType.objects.create(property=hotel, name=name, sleeps=sleeps, nightly_rate=90)
        for name, sleeps in SLEEPS.items()
    }
    rooms = []
    for unit, (type_name, takers) in zip(hotel.units.order_by("position"), drawn, strict=True):
        unit.room_type = types.get(type_name)
        unit.save()
        room = Room(unit)
        for taker in takers:
            take(room, *taker)
        rooms.append(room)
    return hotel, types, rooms


def take(room, first, nights, by):
    taken = set(range(first, first + nights))
    if by == "closure":
        stay = (day(first), day(first + nights))
        closure = Closure.objects.create(unit=room.unit, property=room.unit.property, nights=stay)
        Occupancy.objects.create(unit=room.unit, property=room.unit.property, closure=closure, nights=stay)
        room.taken.setdefault(None, set()).update(taken)
        return
    hold = {"hold": timezone.now() + HOUR, "lapsed": timezone.now() - HOUR}.get(by)
    fields = {"status": "held", "hold_expires_at": hold} if hold else {}
    reservation = make_reservation(unit=room.unit, arrival=day(first), nights=nights, **fields)
    if by != "lapsed":
        room.taken[reservation] = taken


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), rooms_of_a_hotel, st.integers(-3, HORIZON), st.integers(1, 20))
def test_it_agrees_with_looking_at_every_night(data, drawn, first, nights):
    hotel, types, rooms = build(drawn)
    ignoring = data.draw(st.sampled_from([None, *(who for room in rooms for who in room.taken if who)]))
    room_type = data.draw(st.sampled_from([None, *types.values()]))
    party = data.draw(st.sampled_from([None, 1, 2, 5]))
    stay = Stay.of_nights(day(first), nights)
    asked = [
        room
        for room in rooms
        if (room_type is None or room.unit.room_type == room_type)
        and (party is None or room.unit.room_type is None or room.unit.room_type.sleeps >= party)
    ]
    free = [room.unit for room in asked if room.is_free(first, nights, ignoring)]
    starts = range(first, HORIZON + 60)
    which = {"room_type": room_type, "party_size": party, "ignoring": ignoring}

    assert free_units(property=hotel, stay=stay, **which) == free
    if free:
        room_of = {room.unit: room for room in rooms}
        tightest = min(free, key=lambda unit: room_of[unit].gap_around(first, nights, ignoring))
        assert best_fit(free, stay, ignoring=ignoring) == tightest
    found = answer(property=hotel, unit=None, stay=stay, elsewhere=False, **which)
    assert found.is_free == bool(free)
    begin = [n for n in starts if any(room.begins_a_gap(n, nights, first, ignoring) for room in asked)]
    assert next_free(property=hotel, nights=nights, since=day(first), limit=4, **which) == as_stays(begin[:4], nights)
    if not free:
        assert list(found.next_free) == as_stays(begin[:3], nights)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rooms_of_a_hotel, st.integers(-3, HORIZON), st.integers(1, 20))
def test_each_room_agrees_with_looking_at_every_night(drawn, first, nights):
    hotel, types, rooms = build(drawn)
    stay = Stay.of_nights(day(first), nights)

    for room in rooms:
        begin = [n for n in range(first, HORIZON + 60) if room.begins_a_gap(n, nights, first, None)]
        assert is_free(unit=room.unit, stay=stay) == room.is_free(first, nights)
        found = next_free(property=hotel, unit=room.unit, nights=nights, since=day(first), limit=2)
        assert found == as_stays(begin[:2], nights)
        each = free_by_night(property=hotel, unit=room.unit, first=day(first), days=nights)
        assert each == [int(room.is_free(first + n, 1)) for n in range(nights)]
    assert [room.pk for room in free_everywhere(stay=stay, properties=[hotel.pk])] == [
        room.unit.pk for room in rooms if room.is_free(first, nights)
    ]
    counted = free_by_type(property=hotel, first=day(first), days=nights)
    for kind in [None, *types.values()]:
        of_kind = [room for room in rooms if room.unit.room_type == kind]
        expected = [sum(room.is_free(first + n, 1) for room in of_kind) for n in range(nights)]
        assert counted.get(kind and kind.pk, [0] * nights) == expected


def as_stays(offsets, nights):
    return [Stay.of_nights(day(offset), nights) for offset in offsets]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), rooms_of_a_hotel, st.integers(-3, HORIZON), st.integers(1, 40))
def test_a_stay_lies_in_a_window_if_and_only_if_a_room_is_free_for_it(data, drawn, first, days):
    hotel, types, rooms = build(drawn)
    room_type = data.draw(st.sampled_from([None, *types.values()]))
    of_kind = [room for room in rooms if room_type is None or room.unit.room_type == room_type]

    seen = outlook(property=hotel, room_type=room_type, first=day(first), days=days)

    windows = [((each.arrival - ARRIVAL).days, (each.arrival - ARRIVAL).days + each.nights) for each in seen.windows]
    for start in range(first, first + days):
        for end in range(start + 1, first + days + 1):
            fits = any(room.is_free(start, end - start) for room in of_kind)
            assert fits == any(since <= start and end <= until for since, until in windows)
    for window, (since, until) in zip(seen.windows, windows, strict=True):
        assert window.units == sum(room.is_free(since, until - since) for room in of_kind)
        assert window.until == (None if until == first + days else day(until))
    assert windows == sorted(windows)
    assert seen.free == [sum(room.is_free(n, 1) for room in of_kind) for n in range(first, first + days)]
    for room in rooms:
        alone = outlook(property=hotel, unit=room.unit, first=day(first), days=days)
        assert alone.free == [int(room.is_free(n, 1)) for n in range(first, first + days)]
