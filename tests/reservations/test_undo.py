"""Every step can be taken back while the nights are free; if not, the desk is told why."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations import booking, lifecycle
from reservations.models import Closure, Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def undo_last(reservation, actor=None):
    return booking.undo(event=reservation.events.order_by("-pk").first(), actor=actor)


def arrived(property, status=Status.CONFIRMED, nights=3):
    return make_reservation(property, arrival=property.today(), nights=nights, status=status)


STEPS = {
    "check_in": (Status.CONFIRMED, lifecycle.check_in),
    "check_out": (Status.IN_HOUSE, lifecycle.check_out),
    "cancel": (Status.CONFIRMED, lifecycle.cancel),
    "mark_no_show": (Status.CONFIRMED, lifecycle.mark_no_show),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_back_with_its_nights_and_its_price(name):
    status, step = STEPS[name]
    reservation = arrived(make_apartment(), status)

    step(reservation=reservation, actor=None)
    undo_last(reservation)

    back = fresh(reservation)
    assert (back.status, back.stay, back.price) == (status, reservation.stay, reservation.price)
    assert Occupancy.objects.get().stay == reservation.stay


def test_a_confirmation_is_taken_back_to_the_hold_it_was():
    flat, until = make_apartment(), timezone.now() + dt.timedelta(hours=2)
    held = booking.book(
        property=flat, stay=Stay.of_nights(ARRIVAL, 2), guest_name="I", party_size=1, actor=None, hold_until=until
    )
    lifecycle.confirm(reservation=held, actor=None)

    undo_last(held)

    assert (fresh(held).status, fresh(held).hold_expires_at) == (Status.HELD, until)
    assert Occupancy.objects.get().expires_at == until


def test_a_move_is_taken_back():
    hotel = make_hotel(["101", "102"])
    reservation = make_reservation(unit=hotel.units.get(name="101"))
    booking.move(reservation=reservation, unit=hotel.units.get(name="102"), actor=None)

    undo_last(reservation)

    assert fresh(reservation).rooms == "101"


def test_a_swap_is_taken_back_on_both_sides():
    hotel = make_hotel(["101", "102"])
    first, second = (make_reservation(unit=unit) for unit in hotel.units.all())
    booking.swap(first=first, second=second, actor=None)

    undo_last(first)

    assert (fresh(first).rooms, fresh(second).rooms) == ("101", "102")


def test_a_booking_is_taken_back_by_cancelling_it():
    made = booking.book(
        property=make_apartment(), stay=Stay.of_nights(ARRIVAL, 2), guest_name="I", party_size=1, actor=None
    )

    undo_last(made)

    assert fresh(made).status == Status.CANCELLED
    assert not Occupancy.objects.exists()


def test_an_undoing_can_be_undone():
    reservation = arrived(make_apartment())
    lifecycle.cancel(reservation=reservation, actor=None)
    undo_last(reservation)

    undo_last(reservation)

    assert fresh(reservation).status == Status.CANCELLED


def test_it_is_refused_with_the_reason_when_the_nights_are_gone():
    flat = make_apartment()
    reservation = make_reservation(flat)
    lifecycle.cancel(reservation=reservation, actor=None)
    make_reservation(flat, guest="Amara Okafor")

    with pytest.raises(booking.DatesTaken, match="Amara Okafor is there"):
        undo_last(reservation)

    assert fresh(reservation).status == Status.CANCELLED


def test_it_is_refused_when_something_has_happened_since():
    alice, reservation = make_user(), arrived(make_apartment())
    lifecycle.check_in(reservation=reservation, actor=None)
    checked_in = reservation.events.get()
    booking.set_lock(reservation=reservation, is_locked=True, actor=alice)

    with pytest.raises(booking.CannotUndo, match=r"has changed since: locked to its room by Alice"):
        booking.undo(event=checked_in, actor=None)


def test_a_hold_whose_time_is_over_does_not_come_back():
    held = booking.book(
        property=make_apartment(),
        stay=Stay.of_nights(ARRIVAL, 2),
        guest_name="I",
        party_size=1,
        actor=None,
        hold_until=timezone.now() + dt.timedelta(hours=1),
    )
    past = timezone.now() - dt.timedelta(hours=1)
    Reservation.objects.filter(pk=held.pk).update(hold_expires_at=past)
    Occupancy.objects.update(expires_at=past)
    lifecycle.expire_lapsed()

    with pytest.raises(booking.CannotUndo, match="The hold is over"):
        undo_last(held)


def test_the_undoing_is_in_the_history_with_what_it_took_back():
    alice, reservation = make_user(), arrived(make_apartment())
    lifecycle.check_in(reservation=reservation, actor=None)

    undo_last(reservation, actor=alice)

    event = reservation.events.order_by("-pk").first()
    assert (event.action, event.reason, event.actor) == (Event.Action.UNDONE, "Checked in", alice)


def test_a_closure_is_taken_back_and_so_is_its_reopening():
    unit = make_apartment().units.get()
    closure = booking.close(unit=unit, stay=Stay.of_nights(ARRIVAL, 2), kind=Closure.Kind.MAINTENANCE, actor=None)

    undo_last(closure)
    assert not Occupancy.objects.exists()

    undo_last(closure)
    assert Occupancy.objects.get().closure == closure


def test_a_closure_does_not_come_back_over_a_stay():
    unit = make_apartment().units.get()
    closure = booking.close(unit=unit, stay=Stay.of_nights(ARRIVAL, 2), kind=Closure.Kind.MAINTENANCE, actor=None)
    booking.reopen(closure=closure, actor=None)
    make_reservation(unit=unit)

    with pytest.raises(booking.DatesTaken):
        undo_last(closure)
