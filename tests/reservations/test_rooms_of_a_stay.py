"""A change of a stay's rooms that makes no sense is refused in words, and nothing is changed."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking.drafts import snapshot
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_change, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make_hotel(["101", "102", "103"], name="Hotel Alma")


@pytest.fixture
def boss(db):
    return make_user("boss", role="manager")


@pytest.fixture
def split(hotel):
    """Two nights in 101, then three in 102."""
    stay = make_reservation(unit=room(hotel, "101"), nights=5)
    booking.split(reservation=stay, night=day(2), unit=room(hotel, "102"), actor=None)
    return fresh(stay)


def room(hotel, name):
    return hotel.units.get(name=name)


def day(offset):
    return ARRIVAL + dt.timedelta(days=offset)


def nights(first, until):
    return Stay(day(first), day(until))


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def segments_of(reservation):
    return [(segment.unit.name, segment.stay) for segment in fresh(reservation).segments]


def state_of(*reservations):
    """All that is saved of each, its version and the number of its events too."""
    rows = [fresh(each) for each in reservations]
    return [(snapshot(row, row.segments), row.version, row.events.count()) for row in rows]


def in_house(hotel, since, until):
    """A party in 101, checked in; days are counted from today."""
    arrival = hotel.today() + dt.timedelta(days=since)
    return make_reservation(unit=room(hotel, "101"), arrival=arrival, nights=until - since, status=Status.IN_HOUSE)


class TestMovingOneSegment:
    def test_the_next_segment_begins_where_the_first_one_ends_now(self, split):
        booking.move(reservation=split, segment=split.segments[0], stay=nights(0, 3), actor=None)

        assert segments_of(split) == [("101", nights(0, 3)), ("102", nights(3, 5))]

    def test_the_one_before_ends_where_the_second_one_begins_now(self, split):
        booking.move(reservation=split, segment=split.segments[1], stay=nights(1, 5), actor=None)

        assert segments_of(split) == [("101", nights(0, 1)), ("102", nights(1, 5))]

    @pytest.mark.parametrize(("index", "dates", "left"), [(0, nights(0, 5), "102"), (1, nights(0, 5), "101")])
    def test_it_leaves_the_segment_beside_it_a_night(self, split, index, dates, left):
        before = state_of(split)

        with pytest.raises(booking.NotMovable, match=f"No night would be left in room {left}. Choose one room"):
            booking.move(reservation=split, segment=split.segments[index], stay=dates, actor=None)

        assert state_of(split) == before

    def test_of_several_it_has_to_be_said_which(self, hotel, split):
        before = state_of(split)

        with pytest.raises(booking.NotMovable, match=r"sleeps in several rooms\. Say which part is to move"):
            booking.move(reservation=split, unit=room(hotel, "103"), actor=None)

        assert state_of(split) == before

    def test_one_that_is_not_there_any_more_is_not_moved(self, hotel, split):
        gone = split.segments[1]
        booking.join(reservation=split, unit=room(hotel, "101"), actor=None)
        before = state_of(split)

        with pytest.raises(booking.SegmentGone, match="This part of the stay is not there any more"):
            booking.move(reservation=split, segment=gone, unit=room(hotel, "103"), actor=None)

        assert state_of(split) == before


@pytest.mark.parametrize("verb", [booking.move, booking.join])
def test_a_room_of_another_property_is_not_taken(hotel, verb):
    stay, elsewhere = make_reservation(unit=room(hotel, "101")), make_hotel(["901"]).units.get()
    before = state_of(stay)

    with pytest.raises(booking.NotBookable, match="Room 901 cannot be booked any more"):
        verb(reservation=stay, unit=elsewhere, actor=None)

    assert state_of(stay) == before


class TestAPartyThatIsOverdue:
    """All its nights are over, so that none is left to be moved."""

    @pytest.mark.parametrize("verb", [booking.join, booking.move, make_change])
    def test_it_gets_no_other_room_before_it_gets_another_departure(self, hotel, verb):
        over = in_house(hotel, -3, -1)
        before = state_of(over)

        with pytest.raises(booking.NotMovable, match="All nights of this stay are over"):
            verb(reservation=over, unit=room(hotel, "102"), actor=None)

        assert state_of(over) == before

    def test_an_earlier_departure_takes_nights_from_the_room_it_had(self, hotel):
        party = in_house(hotel, -3, 2)
        shorter = Stay(party.arrival, hotel.today() - dt.timedelta(days=1))

        for unit in (None, room(hotel, "101")):
            make_change(
                reservation=party, unit=unit, stay=shorter, guest_name="", party_size=2, pricing="keep", actor=None
            )

        assert segments_of(party) == [("101", shorter)]
        assert fresh(party).status == Status.IN_HOUSE


class TestSwap:
    def test_a_stay_in_two_rooms_is_not_swapped(self, hotel, split):
        other = make_reservation(unit=room(hotel, "103"), guest="Tom Byrne")
        before = state_of(split, other)

        with pytest.raises(booking.NotMovable, match="One of the two has been moved meanwhile, or sleeps in several"):
            booking.swap(first=split, second=other, actor=None)

        assert state_of(split, other) == before

    def test_a_stay_that_is_over_is_not_swapped(self, hotel):
        first = make_reservation(unit=room(hotel, "101"))
        over = make_reservation(unit=room(hotel, "102"), status=Status.CHECKED_OUT)
        before = state_of(first, over)

        with pytest.raises(booking.NotOpen):
            booking.swap(first=first, second=over, actor=None)

        assert state_of(first, over) == before

    def test_a_stay_that_was_moved_since_it_was_read_is_not_swapped(self, hotel):
        first, second = (make_reservation(unit=room(hotel, name)) for name in ("101", "102"))
        read = fresh(second)
        booking.move(reservation=second, unit=room(hotel, "103"), actor=None)
        before = state_of(first, second)

        with pytest.raises(booking.NotMovable, match="One of the two has been moved meanwhile"):
            booking.swap(first=first, second=read, actor=None)

        assert state_of(first, second) == before


class TestUnassign:
    def test_a_stay_that_has_no_room_keeps_having_none(self, hotel, boss):
        stay = make_reservation(unit=room(hotel, "101"))
        booking.unassign(reservation=stay, reason="Water in the room", actor=boss)
        before = state_of(stay)

        with pytest.raises(booking.NotMovable, match="This stay has no room that could be taken away"):
            booking.unassign(reservation=stay, reason="Water in the room", actor=boss)

        assert state_of(stay) == before

    def test_a_party_in_the_house_is_not_left_without_a_room(self, hotel, boss):
        party = in_house(hotel, -1, 2)
        before = state_of(party)

        with pytest.raises(booking.NotMovable, match="The party is in house and sleeps somewhere"):
            booking.unassign(reservation=party, reason="Water in the room", actor=boss)

        assert state_of(party) == before
