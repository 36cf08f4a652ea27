"""Rooms that do not take a stay of that length are not offered as alternatives, nor counted as free for it."""

import datetime as dt

import pytest

from reservations import availability, booking
from reservations.stay import Stay
from reservations.wording import why_taken
from tests.factories import ARRIVAL, make_booking, make_change, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

NIGHT = Stay.of_nights(ARRIVAL, 1)


@pytest.fixture
def hotel():
    """Room 101 is taken for three nights; the suite is free, but not for a single night."""
    hotel = make_hotel(["101", "201"])
    double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite", min_nights=3)
    hotel.units.filter(name="101").update(room_type=double)
    hotel.units.filter(name="201").update(room_type=suite)
    make_reservation(unit=hotel.units.get(name="101"), nights=3)
    return hotel


def test_a_single_night_is_refused_with_nights_that_are_really_free(hotel, alice):
    with pytest.raises(booking.DatesTaken) as refused:
        make_booking(property=hotel, stay=NIGHT, guest_name="Bo Li", party_size=2, actor=alice)

    assert [stay.arrival for stay in refused.value.answer.next_free] == [ARRIVAL + dt.timedelta(days=3)]


def test_the_answer_offers_only_rooms_that_take_so_many_nights(hotel):
    def is_free(nights):
        stay = Stay.of_nights(ARRIVAL, nights)
        return availability.answer(property=hotel, unit=None, stay=stay, length=nights).is_free

    assert [is_free(nights) for nights in (1, 2, 3, 4)] == [False, False, True, True]


def test_where_no_room_takes_so_few_nights_the_screen_says_so(hotel):
    found = availability.answer(
        property=hotel, unit=None, stay=NIGHT, length=1, room_type=hotel.room_types.get(name="Suite")
    )

    assert why_taken(found) == f"No Suite of {hotel} takes stays of 1 night."


def test_another_hotel_that_takes_only_longer_stays_is_no_alternative(hotel):
    make_hotel(["1"], name="Long Stays", min_nights=7)
    shorter = make_hotel(["1"], name="Any Stays")

    found = availability.answer(property=hotel, unit=None, stay=NIGHT, length=1)

    assert found.other_properties == (shorter,)


def test_other_dates_at_which_only_too_small_a_room_is_free_are_refused_with_an_alternative(hotel, alice):
    hotel.room_types.filter(name="Suite").update(min_nights=None, sleeps=1)
    staying, later = hotel.reservations.get(), Stay.of_nights(ARRIVAL + dt.timedelta(days=10), 3)
    make_reservation(unit=staying.unit, arrival=later.arrival, nights=3)

    with pytest.raises(booking.DatesTaken) as refused:
        make_change(reservation=staying, stay=later, guest_name="Amara Okafor", party_size=2, actor=alice)

    assert refused.value.answer.next_free[0].arrival == later.departure
