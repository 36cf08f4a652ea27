"""A group checked in, out and named by several people at once, beside others who act on its stays and rooms."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking import lifecycle
from reservations.booking.group_lifecycle import GroupCheckIn, check_in_group, check_out_group
from reservations.booking.rooming_list import RoomName, name_guests
from reservations.models import Event, Reservation, Status
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import deadlocks, outcome
from tests.factories import make_hotel, make_reservation
from tests.reservations.test_groups import book_group

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def group_of_today(rooms=6):
    hotel = make_hotel([str(100 + number) for number in range(rooms)])
    return book_group(hotel, [(None, rooms, 2)], stay=Stay.of_nights(hotel.today(), 2))


def test_each_party_is_checked_in_one_time_and_nobody_gets_stuck():
    before = deadlocks()
    for _ in range(ROUNDS):
        group = group_of_today()
        stays = list(Reservation.objects.with_unit().filter(group=group).order_by("-pk"))
        acts = [
            lambda group=group: check_in_group(group=group, actor=None),
            lambda stays=stays: lifecycle.check_in(reservation=stays[0], actor=None),
            lambda stays=stays: lifecycle.check_in(reservation=stays[-1], actor=None),
            lambda stays=stays: booking.swap(first=stays[0], second=stays[-1], actor=None),
        ]

        answers = at_once(8, lambda number, acts=acts: acts[number % 4]())

        allowed = {"GroupCheckIn", "Reservation", "booked", "list", "NothingToDo", "NotThisStep", "NotMovable"}
        assert {outcome(answer) for answer in answers} <= allowed
        assert sum(isinstance(answer, GroupCheckIn) for answer in answers) >= 1
        assert {stay.status for stay in group.reservations.all()} == {Status.IN_HOUSE}
        assert Event.objects.filter(reservation__group=group, action="checked_in").count() == len(stays)
    assert deadlocks() == before


def test_a_room_is_entered_by_the_group_or_by_another_party_never_by_both():
    before = deadlocks()
    for _ in range(ROUNDS):
        group = group_of_today(rooms=2)
        stay = group.reservations.with_unit().order_by("pk").first()
        yesterday = stay.arrival - dt.timedelta(days=1)
        other = make_reservation(unit=stay.unit, arrival=yesterday, nights=1)
        acts = [
            lambda group=group: check_in_group(group=group, actor=None),
            lambda other=other: lifecycle.check_in(
                reservation=Reservation.objects.with_unit().get(pk=other.pk), actor=None
            ),
        ]

        at_once(2, lambda number, acts=acts: acts[number]())

        there = Reservation.objects.filter(pk__in=[stay.pk, other.pk], status=Status.IN_HOUSE)
        assert there.count() == 1
    assert deadlocks() == before


def test_a_group_is_checked_out_one_time():
    before = deadlocks()
    group = group_of_today()
    today = group.reservations.first().property.today()
    group.reservations.update(status=Status.IN_HOUSE)
    for stay in group.reservations.with_unit():
        stay.occupancies.all().delete()
    group.reservations.update(arrival=today - dt.timedelta(days=2), departure=today)

    answers = at_once(4, lambda _: check_out_group(group=group, actor=None))

    assert sorted(outcome(answer) for answer in answers) == ["NothingToDo"] * 3 + ["list"]
    assert Event.objects.filter(reservation__group=group, action="checked_out").count() == 6
    assert deadlocks() == before


def test_of_two_rooming_lists_one_is_saved_and_the_other_told():
    before = deadlocks()
    group = group_of_today()
    keys = list(group.reservations.order_by("pk").values_list("pk", flat=True))

    def name(number):
        order = keys if number else keys[::-1]
        names = {key: RoomName(shown="Moreau Travel", name=f"Guest {number} {key}") for key in order}
        return name_guests(group=group, names=names, actor=None)

    answers = at_once(2, name)

    assert sorted(outcome(answer) for answer in answers) == ["ChangedMeanwhile", "list"]
    assert len({stay.guest.name.split(" ")[1] for stay in group.reservations.select_related("guest")}) == 1
    assert deadlocks() == before
