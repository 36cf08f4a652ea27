"""Several people undo, or one undoes what another is about to change: one of them wins, and the other is told."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import deadlocks, outcome
from tests.concurrency.waiting import overtaken_by
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def checked_in():
    flat = make_apartment()
    stay = make_reservation(flat, arrival=flat.today())
    return lifecycle.check_in(reservation=stay, actor=None)


def test_of_two_who_undo_the_same_act_one_is_told_that_it_is_done():
    stay = checked_in()
    event = stay.new_event

    def undo():
        return booking.undo(event=event, actor=None)

    with overtaken_by(undo) as late:
        undo()

    assert isinstance(late[0], booking.CannotUndo)
    assert late[0].message == "This was taken back already."
    assert Reservation.objects.get(pk=stay.pk).status == Status.CONFIRMED
    assert Event.objects.filter(reservation=stay, action="undone").count() == 1


def test_an_undo_that_waited_for_a_change_is_refused():
    stay = checked_in()

    with overtaken_by(lambda: booking.undo(event=stay.new_event, actor=None)) as late:
        booking.set_lock(reservation=stay, is_locked=True, actor=None)

    assert isinstance(late[0], booking.CannotUndo)
    assert Reservation.objects.get(pk=stay.pk).status == Status.IN_HOUSE


def test_a_crowd_undoes_a_group_booking_once():
    before = deadlocks()
    for _ in range(ROUNDS):
        group = booking.book_group(
            property=make_hotel(["101", "102", "103"]),
            stay=Stay.of_nights(ARRIVAL, 2),
            booker_name="Choir",
            rooms=[(None, 3, 2)],
            actor=None,
        )
        events = list(Event.objects.filter(act=group.new_event.act))

        answers = at_once(6, lambda number, events=events: booking.undo(event=events[number % 3], actor=None))

        assert sorted(map(outcome, answers)) == ["CannotUndo"] * 5 + ["list"]
        assert Event.objects.filter(reservation__group=group, action="undone").count() == 3
        assert not Occupancy.objects.filter(reservation__group=group).exists()
    assert deadlocks() == before


def test_a_cancellation_is_undone_or_the_nights_are_sold_never_both():
    before = deadlocks()
    for _ in range(ROUNDS):
        flat = make_apartment()
        stay = lifecycle.cancel(reservation=make_reservation(flat), actor=None)

        def act(number, flat=flat, stay=stay):
            if number % 2:
                return booking.undo(event=stay.new_event, actor=None)
            closed = Stay.of_nights(ARRIVAL + dt.timedelta(days=1), 1)
            return booking.close(unit=flat.units.get(), stay=closed, kind="maintenance", actor=None)

        answers = [outcome(answer) for answer in at_once(2, act)]

        assert answers.count("DatesTaken") == 1
        assert Occupancy.objects.filter(unit__property=flat).count() == 1
    assert deadlocks() == before
