"""Who is in a room tonight follows from who is checked in, not from the plan."""

import datetime as dt

import pytest
import time_machine

from reservations import booking
from reservations.booking import NotYet, lifecycle
from reservations.models import Reservation, Status
from tests.factories import make_change, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db

TODAY = dt.date(2027, 5, 10)
NOON = dt.datetime(2027, 5, 10, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def hotel():
    return make_hotel(["101", "102", "103"])


def day(offset):
    return TODAY + dt.timedelta(days=offset)


def room(hotel, name):
    return hotel.units.get(name=name)


def stay(hotel, name, first, until, status=Status.CONFIRMED, guest="Anna One"):
    nights = until - first
    return fresh(
        make_reservation(hotel, unit=room(hotel, name), arrival=day(first), nights=nights, status=status, guest=guest)
    )


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def check_in(reservation):
    return lifecycle.check_in(reservation=reservation, actor=None)


def is_in_house(reservation):
    return fresh(reservation).status == Status.IN_HOUSE


class TestCheckingIn:
    def test_a_party_that_will_move_in_on_a_later_night_is_not_in_the_way(self, hotel):
        anna = stay(hotel, "101", 0, 4, Status.IN_HOUSE)
        booking.split(reservation=anna, night=day(2), unit=room(hotel, "102"), actor=None)
        ben = stay(hotel, "102", 0, 2, guest="Ben Two")

        check_in(ben)

        assert is_in_house(ben)

    def test_a_party_that_slept_there_yesterday_and_moved_is_not_in_the_way(self, hotel):
        ana = stay(hotel, "101", -1, 3, Status.IN_HOUSE, guest="Ana Moves")
        booking.move(reservation=ana, unit=room(hotel, "102"), actor=None)
        ben = stay(hotel, "101", 0, 2, guest="Ben Two")

        check_in(ben)

        assert is_in_house(ben)

    def test_a_later_stay_in_a_room_that_its_guest_left_for_another_is_checked_in(self, hotel):
        anna = stay(hotel, "101", 0, 4, Status.IN_HOUSE)
        booking.split(reservation=anna, night=day(2), unit=room(hotel, "102"), actor=None)
        carl = stay(hotel, "101", 2, 4, guest="Carl Three")

        with time_machine.travel(NOON + dt.timedelta(days=2), tick=False):
            check_in(carl)

        assert is_in_house(carl)

    def test_tonights_room_counts_of_a_stay_that_begins_elsewhere(self, hotel):
        """Delayed by a day: it would have slept in 101 and sleeps in 102."""
        late = stay(hotel, "101", -1, 3, guest="Lea Late")
        booking.split(reservation=late, night=day(0), unit=room(hotel, "102"), actor=None)
        stay(hotel, "102", -2, 0, Status.IN_HOUSE, guest="Anna Over")

        with pytest.raises(NotYet, match="Anna Over has not been checked out of room 102 yet"):
            check_in(fresh(late))

    def test_the_words_name_the_nights_of_the_part_and_advise_no_harm(self, hotel):
        over = stay(hotel, "101", -4, -1, Status.IN_HOUSE, guest="Anna Over")
        ben = stay(hotel, "101", 0, 2, guest="Ben Two")

        with pytest.raises(NotYet) as refused:
            check_in(ben)

        assert refused.value.message == (
            f"{over.guest} has not been checked out of room 101 yet (6–9 May). "
            "If they have left, check them out; if not, give this party another room."
        )

    def test_a_stay_whose_departure_is_past_is_not_checked_in(self, hotel):
        missed = stay(hotel, "101", -5, -1)

        with pytest.raises(NotYet, match="ended on Sun 9 May"):
            check_in(missed)

        assert "check_in" not in lifecycle.steps_today(missed)

    def test_a_party_that_arrives_after_midnight_is_checked_in_for_the_night_that_has_begun(self, hotel):
        late = stay(hotel, "101", -1, 0)

        check_in(late)

        assert is_in_house(late)


class TestEveryOtherWayIntoARoom:
    """Whoever comes into a room while in the house, by whatever verb, meets who is there."""

    def test_an_undone_check_out_does_not_put_two_parties_into_one_room(self, hotel):
        anna = stay(hotel, "101", -2, 0, Status.IN_HOUSE)
        left = lifecycle.check_out(reservation=anna, actor=None)
        check_in(stay(hotel, "101", 0, 2, guest="Ben Two"))

        with pytest.raises(NotYet, match="Ben Two is in room 101, 10–12 May"):
            booking.undo(event=left.events.order_by("-pk").first(), actor=None)

        assert not is_in_house(anna)

    @pytest.mark.parametrize("verb", ["move", "change", "join"])
    def test_nobody_moves_in_beside_a_guest_who_has_not_left(self, hotel, verb):
        stay(hotel, "102", -3, -1, Status.IN_HOUSE, guest="Anna Over")
        ben = stay(hotel, "101", -1, 2, Status.IN_HOUSE, guest="Ben Two")
        act = make_change if verb == "change" else getattr(booking, verb)

        with pytest.raises(NotYet, match="Anna Over has not been checked out of room 102"):
            act(reservation=ben, unit=room(hotel, "102"), actor=None)

    def test_two_parties_in_the_house_swap(self, hotel):
        anna, ben = (
            stay(hotel, "101", -1, 2, Status.IN_HOUSE),
            stay(hotel, "102", -1, 2, Status.IN_HOUSE, guest="Ben Two"),
        )

        booking.swap(first=anna, second=ben, actor=None)

        assert [segment.unit.name for segment in fresh(anna).segments] == ["101", "102"]

    def test_a_manager_who_overrules_the_state_is_not_contradicted(self, hotel):
        stay(hotel, "101", -3, -1, Status.IN_HOUSE, guest="Anna Over")
        ben, manager = stay(hotel, "101", 0, 2, guest="Ben Two"), make_user("boss", role="manager")

        lifecycle.overrule(reservation=ben, status=Status.IN_HOUSE, reason="They share.", actor=manager)

        assert is_in_house(ben)
