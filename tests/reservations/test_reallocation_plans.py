import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from properties.models import Unit
from reservations.availability.reallocation import NotAPlan, parse, plan
from reservations.models import Occupancy, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db
TODAY = ARRIVAL - dt.timedelta(days=10)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(12), dt.UTC))


def nights(first, last):
    return Stay(ARRIVAL + dt.timedelta(days=first), ARRIVAL + dt.timedelta(days=last))


def make_stay(hotel, room, first, last, **fields):
    unit = hotel.units.get(name=room)
    return make_reservation(unit=unit, arrival=ARRIVAL + dt.timedelta(days=first), nights=last - first, **fields)


def make_brickwork(**fields):
    """Two rooms, each taken for half of four nights: one of the two parties must move."""
    hotel = make_hotel(rooms=("101", "102"))
    make_stay(hotel, "101", 0, 2, guest="Early")
    make_stay(hotel, "102", 2, 4, guest="Late", **fields)
    return hotel


def in_words(found):
    rooms = " then ".join(unit.name for unit, _ in found.segments)
    moves = (f"{each.reservation.guest} {each.from_unit}→{each.to_unit}" for each in found.moves)
    return ", ".join([rooms, *moves])


class TestPlan:
    def test_it_moves_who_arrives_later(self):
        hotel = make_brickwork()

        found = plan(property=hotel, stay=nights(0, 4))

        assert in_words(found) == "102, Late 102→101"

    def test_a_promised_room_is_kept(self):
        hotel = make_brickwork(is_locked=True)

        found = plan(property=hotel, stay=nights(0, 4))

        assert in_words(found) == "101, Early 101→102"

    @pytest.mark.parametrize("status", [Status.IN_HOUSE, Status.CHECKED_OUT])
    def test_nobody_who_is_there_already_moves(self, status):
        hotel = make_brickwork(status=status)

        assert in_words(plan(property=hotel, stay=nights(0, 4))) == "101, Early 101→102"

    def test_who_arrives_today_stays_put(self, time_machine):
        time_machine.move_to(dt.datetime.combine(ARRIVAL, dt.time(12), dt.UTC))
        hotel = make_brickwork(is_locked=True)

        assert plan(property=hotel, stay=nights(0, 4)).is_split

    def test_a_stay_in_two_rooms_stays_put(self):
        hotel = make_brickwork(is_locked=True)
        early = hotel.reservations.get(guest__name="Early")
        segment = early.occupancies.get()
        one, two = nights(0, 1), nights(1, 2)
        segment.delete()
        rooms = hotel.units.get(name="101"), Unit.objects.create(property=hotel, name="103")
        for room, stay in zip(rooms, (one, two), strict=True):
            Occupancy.objects.create(
                unit=room, property=hotel, reservation=early, nights=(stay.arrival, stay.departure)
            )
        make_stay(hotel, "103", 2, 4, is_locked=True)

        assert in_words(plan(property=hotel, stay=nights(0, 4))) == "102 then 101"

    def test_a_hold_that_has_lapsed_is_not_in_the_way(self):
        hotel = make_hotel(rooms=("101",))
        make_stay(hotel, "101", 0, 2, status=Status.HELD, hold_expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

        assert in_words(plan(property=hotel, stay=nights(0, 4))) == "101"

    def test_one_room_can_be_asked_for(self):
        hotel = make_brickwork()

        found = plan(property=hotel, stay=nights(0, 4), unit=hotel.units.get(name="101"))

        assert in_words(found) == "101, Early 101→102"

    def test_stays_move_between_rooms_of_one_type_only(self):
        hotel = make_hotel(rooms=("101", "102", "201"))
        double, suite = make_room_type(hotel), make_room_type(hotel, "Suite", sleeps=4)
        hotel.units.filter(name__startswith="1").update(room_type=double)
        hotel.units.filter(name="201").update(room_type=suite)
        make_stay(hotel, "201", 1, 2)

        assert plan(property=hotel, stay=nights(0, 4), room_type=suite) is None
        assert plan(property=hotel, stay=nights(0, 4), party_size=4) is None

    def test_a_party_that_sleeps_nowhere_gets_no_plan(self):
        hotel = make_brickwork()
        hotel.units.update(room_type=make_room_type(hotel, sleeps=2))

        assert plan(property=hotel, stay=nights(0, 4), party_size=3) is None

    def test_stays_far_from_the_request_are_moved_when_nothing_nearer_helps(self):
        hotel = make_hotel(rooms=("101", "102"))
        make_stay(hotel, "101", 0, 2, is_locked=True)
        make_stay(hotel, "102", 2, 100, guest="Long")

        assert in_words(plan(property=hotel, stay=nights(0, 4))) == "102, Long 102→101"

    def test_the_number_of_queries_does_not_grow(self):
        hotel = make_brickwork()
        with CaptureQueriesContext(connection) as few:
            plan(property=hotel, stay=nights(0, 4))
        for room in range(200, 220):
            Unit.objects.create(property=hotel, name=str(room))
            make_stay(hotel, str(room), 0, 2)
            make_stay(hotel, str(room), 2, 4)

        with CaptureQueriesContext(connection) as many:
            found = plan(property=hotel, stay=nights(0, 4))

        assert found.moves
        assert len(many) == len(few) <= 5


class TestSplit:
    def test_two_rooms_are_offered_when_nobody_can_make_room(self):
        hotel = make_hotel(rooms=("101", "102"))
        make_stay(hotel, "101", 2, 4, is_locked=True)
        make_stay(hotel, "102", 0, 2, is_locked=True)

        found = plan(property=hotel, stay=nights(0, 4))

        assert in_words(found) == "101 then 102"
        assert [stay for _, stay in found.segments] == [nights(0, 2), nights(2, 4)]

    def test_two_changes_are_not(self):
        hotel = make_hotel(rooms=("101", "102"))
        make_stay(hotel, "101", 1, 2, is_locked=True)
        make_stay(hotel, "102", 0, 1, is_locked=True)
        make_stay(hotel, "102", 2, 3, is_locked=True)

        assert plan(property=hotel, stay=nights(0, 3)) is None

    def test_a_full_night_leaves_neither(self):
        hotel = make_hotel(rooms=("101", "102"))
        for room in ("101", "102"):
            make_stay(hotel, room, 1, 2)

        assert plan(property=hotel, stay=nights(0, 3)) is None


class TestText:
    def test_a_plan_comes_back_as_it_was_shown(self):
        hotel = make_brickwork()
        found = plan(property=hotel, stay=nights(0, 4))

        agreed = parse(found.as_text())

        [move] = found.moves
        assert agreed.segments == ((found.room.pk, nights(0, 4)),)
        assert [(each.reservation, each.from_unit, each.to_unit, each.stay) for each in agreed.moves] == [
            (move.reservation.pk, move.from_unit.pk, move.to_unit.pk, nights(2, 4))
        ]
        assert agreed.units == set(hotel.units.values_list("pk", flat=True))

    @pytest.mark.parametrize(
        "text", ["", "12", "12@2027-05-03", "12@2027-05-09/2027-05-03", "1@2027-05-03/2027-02-30", "x;y", "1" * 5000]
    )
    def test_anything_else_is_refused(self, text):
        with pytest.raises(NotAPlan):
            parse(text)
