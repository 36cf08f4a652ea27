"""What is said to be available can be booked; what may not be booked is not available."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reservations import booking
from reservations.models import Reservation
from reservations.stay import Stay
from tests.api.availability import HOUR, ask, close, day
from tests.factories import ARRIVAL, make_apartment, make_booking, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db


def test_nights_that_nobody_may_book_are_not_available(program):
    flat = make_apartment("Garden Flat", min_nights=3, max_nights=5, sleeps=2)

    for query in ({"nights": 2}, {"nights": 6}, {"nights": 3, "party_size": 3}):
        found = ask(program, flat, **query)
        assert (found["available"], found["next_available_date"]) == (False, None)
        assert found["refusal"]["code"] == "outside_limits"
    assert found["refusal"]["detail"] == "Garden Flat sleeps 2; this party has 3."
    assert ask(program, flat, nights=2)["windows"]
    assert ask(program, flat, nights=3)["available"]


def test_without_nights_the_shortest_stay_is_meant(program):
    hotel = make_hotel(["101"], min_nights=2)
    week = make_room_type(hotel, min_nights=7)

    assert ask(program, make_apartment())["nights"] == 1
    assert ask(program, make_apartment(min_nights=3))["nights"] == 3
    assert ask(program, hotel)["nights"] == 2
    assert ask(program, hotel, room_type=week.pk)["nights"] == 7


def test_a_room_that_takes_only_longer_stays_does_not_make_a_hotel_free(program):
    hotel = make_hotel(["101", "201"])
    hotel.units.filter(name="201").update(room_type=make_room_type(hotel, "Suite", min_nights=3))
    make_reservation(unit=hotel.units.get(name="101"))

    assert ask(program, hotel, nights=1)["next_available_date"] == day(3)
    assert ask(program, hotel, nights=3)["available"]


def test_what_is_archived_is_not_available_and_has_no_windows(program):
    flat, hotel = make_apartment("Garden Flat", archived_at=timezone.now()), make_hotel(["101", "102"])
    room = hotel.units.get(name="102")
    hotel.units.filter(pk=room.pk).update(archived_at=timezone.now())

    for place in (flat, room, flat.units.get()):
        found = ask(program, place, days=3)
        assert (found["available"], found["next_available_date"], found["windows"]) == (False, None, [])
        assert (found["refusal"]["code"], found["free_by_night"]) == ("not_bookable", [0, 0, 0])
    assert ask(program, hotel, days=1)["free_by_night"] == [1]


@st.composite
def taken_nights(draw):
    """(first night, nights, by what) in a room, one after the other."""
    found, offset = [], draw(st.integers(0, 4))
    while offset < 20 and draw(st.booleans()):
        nights = draw(st.integers(1, 16))
        found.append((offset, nights, draw(st.sampled_from(["stay", "closure", "lapsed"]))))
        offset += nights + draw(st.integers(0, 5))
    return found


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rooms=st.lists(st.tuples(taken_nights(), st.sampled_from([None, 1, 3])), min_size=1, max_size=3),
    nights=st.integers(1, 5),
    offset=st.integers(0, 12),
)
def test_what_is_said_to_be_available_can_be_booked_and_nothing_before_it(program, alice, rooms, nights, offset):
    """`min_nights` of each room's type is drawn, too."""
    hotel = make_hotel([f"{number}" for number in range(len(rooms))])
    for unit, (taken, least) in zip(hotel.units.order_by("position"), rooms, strict=True):
        unit.room_type = make_room_type(hotel, unit.name, min_nights=least)
        unit.save()
        for first, length, by in taken:
            take(unit, first, length, by)

    found = ask(program, hotel, offset, nights=nights, days=80)

    assert found["available"] == can_be_booked(hotel, day(offset), nights, alice)
    following = found["next_available_date"]
    if following is None:
        assert found["refusal"]["code"] == "outside_limits"
        return
    assert can_be_booked(hotel, following, nights, alice)
    for earlier in range(offset, (dt.date.fromisoformat(following) - ARRIVAL).days):
        assert not can_be_booked(hotel, day(earlier), nights, alice)


def take(unit, first, nights, by):
    if by == "closure":
        close(unit, first, nights)
        return
    hold = {"status": "held", "hold_expires_at": timezone.now() - HOUR} if by == "lapsed" else {}
    make_reservation(unit=unit, arrival=ARRIVAL + dt.timedelta(days=first), nights=nights, **hold)


def can_be_booked(hotel, date, nights, actor):
    """Asks `book`, and takes it back."""
    stay = Stay.of_nights(dt.date.fromisoformat(date), nights)
    try:
        with transaction.atomic():
            make_booking(property=hotel, stay=stay, guest_name="Bo Li", party_size=1, actor=actor)
            transaction.set_rollback(True)
    except (booking.DatesTaken, booking.OutsideLimits):
        return False
    assert not Reservation.objects.filter(guest__name="Bo Li").exists()
    return True
