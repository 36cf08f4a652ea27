"""Somebody books the room into which a guest is moved, or closes the same room: one is first, the other is told."""

from collections import Counter

import pytest

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Occupancy, Reservation
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import deadlocks
from tests.concurrency.waiting import overtaken_by
from tests.factories import make_booking, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 6
ROUNDS = 6


def taken_room():
    """A hotel of two rooms, with a guest who comes today into the first one."""
    hotel = make_hotel(["101", "102"])
    broken, other = hotel.units.order_by("position")
    return broken, other, make_reservation(unit=broken, arrival=hotel.today(), nights=2, guest="Sofia Marques")


def close(broken, other, stay, actor):
    nights = Stay.of_nights(stay.arrival, 7)
    [closure] = booking.close_and_move(
        unit=broken, stay=nights, kind="out_of_order", rooms={stay.pk: other}, actor=actor
    )
    return closure


def book(unit, stay, name):
    return make_booking(property=unit.property, unit=unit, stay=stay.stay, guest_name=name, party_size=1, actor=None)


def outcome(answer):
    return type(answer).__name__


def room_of(stay):
    return Reservation.objects.with_unit().get(pk=stay.pk).rooms


def test_a_room_that_is_booked_meanwhile_is_refused():
    broken, other, stay = taken_room()
    alice = make_user()

    with overtaken_by(lambda: close(broken, other, stay, alice)) as late:
        book(other, stay, "Newcomer")

    assert isinstance(late[0], booking.DatesTaken)
    assert "Newcomer" in late[0].message
    assert room_of(stay) == "101"
    assert not Closure.objects.exists()


def test_a_guest_who_is_booked_into_the_broken_room_meanwhile_is_named():
    broken, other, stay = taken_room()
    alice = make_user()
    later = Stay.of_nights(stay.departure, 2)

    with overtaken_by(lambda: close(broken, other, stay, alice)) as late:
        make_booking(property=broken.property, unit=broken, stay=later, guest_name="Newcomer", party_size=1, actor=None)

    assert isinstance(late[0], booking.GuestsUnplaced)
    assert "Newcomer" in late[0].message
    assert room_of(stay) == "101"


def test_a_guest_who_cancels_meanwhile_is_not_moved():
    broken, other, stay = taken_room()
    alice = make_user()

    with overtaken_by(lambda: close(broken, other, stay, alice)) as late:
        lifecycle.cancel(reservation=stay, actor=None)

    assert isinstance(late[0], Closure)
    assert room_of(stay) == ""


def test_nights_that_are_closed_meanwhile_stay_and_the_others_are_closed():
    broken, other, stay = taken_room()
    alice = make_user()
    planned = Stay.of_nights(stay.departure, 5)

    with overtaken_by(lambda: close(broken, other, stay, alice)) as late:
        booking.close(unit=broken, stay=planned, kind="maintenance", actor=None)

    assert late[0].stay == stay.stay
    assert room_of(stay) == "102"
    assert broken.occupancies.count() == 2


def test_of_many_who_close_the_same_room_one_does():
    alice, before = make_user(), deadlocks()
    for _ in range(ROUNDS):
        broken, other, stay = taken_room()

        def act(_, broken=broken, other=other, stay=stay):
            return close(broken, other, stay, alice)

        answers = Counter(map(outcome, at_once(CLIENTS, act)))

        assert answers == {"Closure": 1, "ClosedAlready": CLIENTS - 1}
        assert room_of(stay) == "102"
        assert Occupancy.objects.filter(unit=broken).count() == 1
    assert deadlocks() == before


def test_closing_and_booking_the_target_do_not_both_succeed():
    alice, before = make_user(), deadlocks()
    for _ in range(ROUNDS):
        broken, other, stay = taken_room()

        def act(number, broken=broken, other=other, stay=stay):
            return book(other, stay, "Newcomer") if number % 2 else close(broken, other, stay, alice)

        answers = Counter(map(outcome, at_once(2, act)))

        assert answers in ({"Reservation": 1, "DatesTaken": 1}, {"Closure": 1, "DatesTaken": 1})
    assert deadlocks() == before


def test_two_rooms_that_swap_their_guests_do_not_block_each_other():
    """Each closes a room and moves its guest into the other one: the units are locked in one order."""
    alice, before = make_user(), deadlocks()
    for _ in range(ROUNDS):
        hotel = make_hotel(["101", "102"])
        first, second = hotel.units.order_by("position")
        stays = [make_reservation(unit=unit, arrival=hotel.today(), guest="Bo") for unit in (first, second)]

        def act(number, rooms=(first, second), stays=tuple(stays)):
            return close(rooms[number], rooms[1 - number], stays[number], alice)

        assert Counter(map(outcome, at_once(2, act))) == {"DatesTaken": 2}
    assert deadlocks() == before
