import pytest

from tests.factories import make_hotel, make_room_type
from tests.reservations.broken_room.house import House


@pytest.fixture
def hotel(db):
    """101 and 201 are doubles, 102 is a single, and 103 a suite."""
    hotel = make_hotel(["101", "102", "103", "201"], name="Harbour Hotel")
    double = make_room_type(hotel)
    suite = make_room_type(hotel, "Suite", nightly_rate=300, sleeps=4)
    single = make_room_type(hotel, "Single", nightly_rate=60, sleeps=1)
    for room, kind in {"101": double, "102": single, "103": suite, "201": double}.items():
        hotel.units.filter(name=room).update(room_type=kind)
    return hotel


@pytest.fixture
def house(db):
    return House()
