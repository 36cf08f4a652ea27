"""Verbs apply the rules themselves, whatever the form or serializer before them has let through."""

import datetime as dt

import pytest

from config import clock
from reservations import booking
from reservations.booking.requests import MAX_PARTY, MOST_ROOMS
from reservations.models import Group, Reservation, Status
from reservations.offers import room_search
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    make_apartment,
    make_booking,
    make_change,
    make_hotel,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db

STAY = Stay.of_nights(ARRIVAL, 3)


def book(property, **wanted):
    wanted = {"stay": STAY, "guest_name": "Amara Okafor", "party_size": 2, "actor": None} | wanted
    return make_booking(property=property, **wanted)


def book_group(property, *rooms, **wanted):
    wanted = {"stay": STAY, "booker_name": "Amara Okafor", "actor": None} | wanted
    return booking.book_group(property=property, rooms=rooms, **wanted)


def test_a_room_of_another_type_than_the_one_asked_for_is_not_booked():
    hotel = make_hotel(["101"])

    with pytest.raises(booking.BrokenRule, match="Room 101 is no Double") as refused:
        book(hotel, unit=hotel.units.get(), room_type=make_room_type(hotel, "Double"))

    assert (refused.value.field, refused.value.rule) == ("unit", "other_room_type")
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("party_size", [0, MAX_PARTY + 1])
def test_a_party_has_at_least_one_guest_and_at_most_as_many_as_a_reservation_may_have(party_size):
    flat = make_apartment()

    with pytest.raises(booking.OutsideLimits) as refused:
        book(flat, party_size=party_size)

    assert refused.value.field == "party_size"


def test_no_change_makes_a_party_larger_than_a_reservation_may_have():
    stay = make_reservation()

    with pytest.raises(booking.OutsideLimits) as refused:
        make_change(reservation=stay, stay=stay.stay, guest_name="", party_size=MAX_PARTY + 1, actor=None)

    assert refused.value.field == "party_size"


@pytest.mark.parametrize("count", [0, 1, MOST_ROOMS + 1])
def test_a_group_has_at_least_two_rooms_and_at_most_as_many_as_are_booked_at_once(count):
    with pytest.raises(booking.BrokenRule) as refused:
        book_group(make_hotel(["101"]), (None, count, 1))

    assert (refused.value.field, refused.value.rule) == ("rooms", "group_size_error")
    assert not Group.objects.exists()


def test_no_room_of_a_group_has_a_larger_party_than_a_reservation_may_have():
    with pytest.raises(booking.OutsideLimits):
        book_group(make_hotel(["101", "102"]), (None, 2, MAX_PARTY + 1))


def test_a_hold_without_an_end_ends_after_the_propertys_usual_hours():
    flat, hotel = make_apartment(hold_hours=5), make_hotel(["101", "102"], hold_hours=7)

    held = book(flat, is_hold=True)
    group = book_group(hotel, (None, 2, 1), is_hold=True)

    assert held.status == Status.HELD
    assert [hours_of(stay) for stay in (held, *group.reservations.all())] == [5, 7, 7]


def hours_of(held):
    return round((held.hold_expires_at - clock.now()) / dt.timedelta(hours=1))


@pytest.mark.parametrize("wanted", [{"flexible_days": 4}, {"flexible_days": -1}, {"party_size": 0}])
def test_a_search_is_no_wider_than_the_form_offers(wanted):
    question = room_search.Question(**{"stay": STAY, "party_size": 2} | wanted)

    with pytest.raises(booking.OutsideLimits):
        room_search.find(actor=None, question=question)


def test_a_manager_says_why_a_room_is_taken_away():
    stay = make_reservation()

    with pytest.raises(booking.ReasonNeeded, match="Why"):
        booking.unassign(reservation=stay, reason="", actor=make_user(role="manager"))
