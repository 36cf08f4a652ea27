"""The limits of a stay are one rule, although searches ask for it in SQL: both say the same of every room."""

import datetime as dt
import itertools

import pytest

from properties import limits
from reservations.availability import free_rooms
from reservations.stay import Stay
from tests.factories import make_hotel, make_room_type

pytestmark = pytest.mark.django_db

# (sleeps, min_nights, max_nights) of room types, which always say how many they sleep; None: no room type.
TYPES = [None, (1, None, None), (3, 2, None), (3, None, 4), (5, 3, 3)]
# (min_nights, max_nights) of the hotel; only apartments say how many they sleep.
HOTELS = [(None, None), (2, None), (None, 3), (2, 5)]


@pytest.mark.parametrize(("min_nights", "max_nights"), HOTELS)
def test_python_sql_and_the_orm_take_the_same_rooms(min_nights, max_nights):
    hotel = make_hotel([str(number) for number in range(len(TYPES))], min_nights=min_nights, max_nights=max_nights)
    for room, said in zip(hotel.units.order_by("name"), TYPES, strict=True):
        if said:
            sleeps, least, most = said
            room.room_type = make_room_type(hotel, room.name, sleeps=sleeps, min_nights=least, max_nights=most)
            room.save()
    rooms = list(hotel.units.select_related("room_type"))

    for party_size, nights in itertools.product(range(1, 7), range(1, 7)):
        asked = {"party_size": party_size, "nights": nights}
        by_rule = {room.name for room in rooms if not limits.refusal(property=hotel, room_type=room.room_type, **asked)}
        stay = Stay.of_nights(hotel.today() + dt.timedelta(days=9), nights)
        in_sql = free_rooms.in_property(hotel, stay, party_size=party_size, length=nights)
        by_orm = free_rooms.suiting(hotel, party_size=party_size, length=nights)

        assert {room.name for room in in_sql} == {room.name for room in by_orm} == by_rule, asked
