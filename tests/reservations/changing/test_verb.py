"""The verb `change`: dates, room, guest and party of a stay in one act."""

import datetime as dt

import pytest

from reservations import booking
from reservations.models import Status
from reservations.stay import Stay
from tests.factories import make_change, make_guest, make_hotel, make_reservation, make_room_type, make_user
from tests.reservations.changing.stays import day, fresh, nights, room, rooms_of

pytestmark = pytest.mark.django_db


class TestOneAct:
    def test_all_is_changed_at_once_and_taken_back_at_once(self, hotel, stay):
        other = make_guest("Noor Haddad")
        wanted = {"stay": nights(0, 4), "unit": room(hotel, "201"), "guest": other, "party_size": 1}

        changed = make_change(reservation=stay, pricing="requote", **wanted)

        [event] = stay.events.all()
        assert changed.new_event == event
        assert rooms_of(stay) == [("201", nights(0, 4))]
        assert (fresh(stay).guest, fresh(stay).party_size, fresh(stay).price.amount) == (other, 1, 600)
        booking.undo(event=event, actor=None)
        assert rooms_of(stay) == [("101", nights(0, 3))]
        assert (fresh(stay).guest, fresh(stay).party_size, fresh(stay).price) == (stay.guest, 2, stay.price)

    def test_what_is_not_said_stays_as_it_is(self, stay):
        make_change(reservation=stay)

        assert not stay.events.exists()
        assert fresh(stay).version == stay.version

    def test_a_stale_version_is_refused(self, stay):
        booking.set_lock(reservation=stay, is_locked=True, actor=make_user("bob"))

        with pytest.raises(booking.ChangedMeanwhile):
            make_change(reservation=stay, version=stay.version, party_size=1)


class TestHolds:
    def held(self, hotel, until):
        return make_reservation(unit=room(hotel, "101"), status=Status.HELD, hold_expires_at=until)

    def test_a_hold_of_a_shorter_stay_ends_with_its_day_of_departure_and_comes_back_with_the_stay(self, hotel):
        until = dt.datetime.combine(day(3), dt.time(9), tzinfo=dt.UTC)
        stay = self.held(hotel, until)

        changed = make_change(reservation=stay, stay=nights(0, 1), pricing="keep")

        departed = dt.datetime.combine(day(2), dt.time(), tzinfo=hotel.zone)
        assert fresh(stay).hold_expires_at == departed
        assert stay.occupancies.get().expires_at == departed
        booking.undo(event=changed.new_event, actor=None)
        assert fresh(stay).hold_expires_at == until

    def test_a_hold_that_ends_before_the_departure_stays_as_it_is(self, hotel):
        until = dt.datetime.combine(day(0), dt.time(9), tzinfo=dt.UTC)
        stay = self.held(hotel, until)

        make_change(reservation=stay, stay=nights(0, 1), pricing="keep")

        assert fresh(stay).hold_expires_at == until


class TestAnyRoomOfAType:
    def suite(self, hotel):
        return hotel.room_types.get(name="Suite")

    def test_the_best_free_one_is_taken(self, hotel, stay):
        make_reservation(unit=room(hotel, "201"))

        make_change(reservation=stay, room_type=self.suite(hotel), pricing="requote")

        assert rooms_of(stay) == [("202", nights(0, 3))]
        assert fresh(stay).room_type == self.suite(hotel)

    def test_who_has_one_keeps_it(self, hotel):
        stay = make_reservation(unit=room(hotel, "202"), room_type=self.suite(hotel))

        make_change(reservation=stay, room_type=self.suite(hotel), stay=nights(0, 2), pricing="keep")
        make_change(reservation=fresh(stay), room_type=self.suite(hotel))

        assert rooms_of(stay) == [("202", nights(0, 2))]
        assert stay.events.count() == 1

    def test_if_none_is_free_the_others_are_not_offered_in_their_place(self, hotel, stay):
        for name in ("201", "202"):
            make_reservation(unit=room(hotel, name))

        with pytest.raises(booking.DatesTaken, match="No Suite of") as refused:
            make_change(reservation=stay, room_type=self.suite(hotel), pricing="requote")

        assert refused.value.answer.room_type == self.suite(hotel)
        assert rooms_of(stay) == [("101", nights(0, 3))]

    def test_in_a_hotel_that_lists_no_rooms_another_type_is_sold(self):
        hotel = make_hotel([])
        double, suite = make_room_type(hotel), make_room_type(hotel, "Suite", nightly_rate=150)
        stay = make_reservation(hotel, room_type=double)

        make_change(reservation=stay, room_type=suite, pricing="requote")

        assert (fresh(stay).room_type, fresh(stay).price.amount) == (suite, 450)

    def test_a_party_whose_nights_are_over_gets_none(self, hotel):
        today = hotel.today()
        over = make_reservation(hotel, arrival=today - dt.timedelta(days=3), nights=2, status=Status.IN_HOUSE)

        with pytest.raises(booking.NotMovable, match="All nights of this stay are over"):
            make_change(reservation=fresh(over), room_type=self.suite(hotel))


class TestKeepingTheRooms:
    def test_the_first_and_the_last_follow_the_dates(self, split):
        make_change(reservation=split, stay=nights(-1, 5), keeps_rooms=True)

        assert rooms_of(split) == [("101", nights(-1, 2)), ("102", nights(2, 5))]

    def test_a_room_without_a_night_left_is_refused_and_not_lost(self, split):
        for dates in (nights(0, 2), nights(2, 4)):
            with pytest.raises(booking.NotMovable, match="No night would be left in room"):
                make_change(reservation=split, stay=dates, keeps_rooms=True)

        assert rooms_of(split) == [("101", nights(0, 2)), ("102", nights(2, 3))]

    def test_its_own_room_may_be_taken_by_then(self, hotel, split):
        make_reservation(unit=room(hotel, "102"), arrival=day(3), guest="Tom Byrne")

        with pytest.raises(booking.DatesTaken, match="Tom Byrne is there"):
            make_change(reservation=split, stay=nights(0, 4), keeps_rooms=True)

    def test_whoever_is_in_the_house_has_arrived(self, hotel):
        there = make_reservation(hotel, arrival=hotel.today(), status=Status.IN_HOUSE)

        with pytest.raises(booking.NotMovable, match="its arrival stays"):
            make_change(
                reservation=there, stay=Stay.of_nights(hotel.today() + dt.timedelta(days=1), 2), keeps_rooms=True
            )

    def test_a_stay_without_a_room_remains_without_one(self, stay):
        booking.unassign(reservation=stay, reason="Water", actor=make_user(role="manager"))

        make_change(reservation=fresh(stay), stay=nights(0, 4), keeps_rooms=True)

        assert rooms_of(stay) == []
        assert fresh(stay).stay == nights(0, 4)

    def test_without_it_the_stay_gets_the_best_room(self, stay):
        booking.unassign(reservation=stay, reason="Water", actor=make_user(role="manager"))

        make_change(reservation=fresh(stay), stay=nights(0, 4))

        assert rooms_of(stay) == [("101", nights(0, 4))]


class TestOnePartOfAStay:
    def test_it_gets_another_room_and_the_other_part_stays(self, hotel, split):
        make_change(reservation=split, segment=split.segments[1], unit=room(hotel, "201"), party_size=1)

        assert rooms_of(split) == [("101", nights(0, 2)), ("201", nights(2, 3))]
        assert (fresh(split).party_size, split.events.latest("pk").action) == (1, "changed")

    def test_the_part_beside_it_follows_its_dates(self, split):
        make_change(reservation=split, segment=split.segments[1], stay=nights(1, 4))

        assert rooms_of(split) == [("101", nights(0, 1)), ("102", nights(1, 4))]
        assert fresh(split).stay == nights(0, 4)

    def test_one_that_is_gone_is_refused(self, hotel, split):
        gone = split.segments[1]
        booking.join(reservation=split, unit=room(hotel, "201"), pricing="keep", actor=None)

        with pytest.raises(booking.SegmentGone):
            make_change(reservation=split, segment=gone, unit=room(hotel, "202"))
