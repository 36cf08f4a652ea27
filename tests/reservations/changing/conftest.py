import pytest

from reservations import booking
from tests.factories import make_hotel, make_reservation, make_room_type
from tests.reservations.changing.stays import day, fresh, room


@pytest.fixture
def hotel():
    """101 and 102 are doubles for €90, 201 and 202 suites for €150."""
    hotel = make_hotel(["101", "102", "201", "202"])
    double, suite = make_room_type(hotel, nightly_rate=90), make_room_type(hotel, "Suite", nightly_rate=150)
    hotel.units.filter(name__startswith="1").update(room_type=double)
    hotel.units.filter(name__startswith="2").update(room_type=suite)
    return hotel


@pytest.fixture
def stay(hotel):
    """In 101 from 3 to 6 May."""
    double = hotel.room_types.get(name="Double")
    return fresh(make_reservation(hotel, room_type=double, guest="Amara Okafor"))


@pytest.fixture
def split(hotel, stay):
    """In 101 on 3 and 4 May, in 102 on 5 May."""
    booking.split(reservation=stay, night=day(2), unit=room(hotel, "102"), actor=None)
    return fresh(stay)
