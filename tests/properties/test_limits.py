import pytest

from properties import limits
from properties.models import Property, RoomType

HARBOUR = Property(kind="hotel", name="Harbour Hotel", min_nights=2, max_nights=21)
DOUBLE = RoomType(name="Double", sleeps=2, min_nights=3)
FAMILY = RoomType(name="Family", sleeps=4, max_nights=1)
FLAT = Property(kind="apartment", name="Garden Flat", sleeps=4)
BARN = Property(kind="apartment", name="Barn")


@pytest.mark.parametrize(
    ("property", "room_type", "nights", "party_size", "words"),
    [
        (FLAT, None, 1, 4, ""),
        (FLAT, None, 1, 6, "Garden Flat sleeps 4; this party has 6."),
        (BARN, None, 300, 40, ""),
        (HARBOUR, DOUBLE, 3, 2, ""),
        (HARBOUR, DOUBLE, 3, 3, "Double sleeps 2; this party has 3."),
        (HARBOUR, DOUBLE, 2, 2, "Double takes stays of at least 3 nights."),
        (HARBOUR, DOUBLE, 22, 2, "Harbour Hotel takes stays of at most 21 nights."),
        (HARBOUR, FAMILY, 1, 4, "Harbour Hotel takes stays of at least 2 nights."),
        (HARBOUR, FAMILY, 2, 4, "Family takes stays of at most 1 night."),
        (HARBOUR, None, 2, 99, ""),
        (HARBOUR, None, 1, 2, "Harbour Hotel takes stays of at least 2 nights."),
        (HARBOUR, DOUBLE, 1, 5, "Double sleeps 2; this party has 5. Double takes stays of at least 3 nights."),
    ],
)
def test_a_room_types_own_limit_beats_the_propertys(property, room_type, nights, party_size, words):
    assert limits.refusal(property=property, room_type=room_type, nights=nights, party_size=party_size) == words
