"""Every step can be taken back while the nights are free; if not, the desk is told why."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from reservations import booking, guests
from reservations.booking import lifecycle
from reservations.booking.drafts import snapshot
from reservations.history import replay
from reservations.models import Closure, Guest, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.concurrency.waiting import overtaken_by
from tests.factories import (
    ARRIVAL,
    make_apartment,
    make_booking,
    make_change,
    make_guest,
    make_hotel,
    make_reservation,
    make_user,
)

pytestmark = pytest.mark.django_db


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


MANAGERS_ACTS = {
    "state": lambda manager: lifecycle.overrule(
        reservation=make_reservation(), status="checked_out", reason="Left on Sunday.", actor=manager
    ),
    "room": lambda manager: booking.unassign(
        reservation=make_reservation(unit=make_hotel().units.first()), reason="Burst pipe.", actor=manager
    ),
    "length": lambda manager: booking.move(
        reservation=make_reservation(make_hotel(min_nights=3)),
        stay=Stay.of_nights(ARRIVAL, 1),
        overrule_reason="Called home.",
        pricing="keep",
        actor=manager,
    ),
    "overbooking": lambda manager: make_booking(
        property=make_hotel(["101"]),
        stay=Stay.of_nights(ARRIVAL, 2),
        guest_name="B",
        party_size=1,
        actor=manager,
        overbook_reason="The fair.",
    ),
}


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
    held = make_booking(
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
    made = make_booking(
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

    with pytest.raises(booking.CannotUndo, match=r"has changed since: “Locked to its room” by Alice"):
        booking.undo(event=checked_in, actor=None)


def test_a_stay_that_was_given_to_another_guest_is_the_former_guests_again():
    amara, tom = make_guest("Amara Okafor"), make_guest("Tom Byrne")
    stay = make_reservation(guest=amara)
    make_change(reservation=stay, stay=stay.stay, guest_name="", guest=tom, party_size=2, actor=None)
    assert fresh(stay).guest == tom

    undo_last(stay)

    assert fresh(stay).guest == amara
    assert {guest.name for guest in Guest.objects.all()} == {"Amara Okafor", "Tom Byrne"}
    assert stay.events.latest("pk").data["guest_id"] == [tom.pk, amara.pk]


def test_a_merge_is_not_taken_back_for_one_stay_alone():
    keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
    stays = [make_reservation(guest=duplicate) for _ in range(2)]
    guests.merge(keep=keep, duplicate=duplicate, actor=None)

    with pytest.raises(booking.CannotUndo, match="for all stays of the guest at once, on the guest's page"):
        undo_last(stays[0])

    assert [(fresh(stay).guest, stay.events.count()) for stay in stays] == [(keep, 1), (keep, 1)]


def test_a_hold_whose_time_is_over_does_not_come_back():
    held = make_booking(
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
    assert (event.action, event.reason_code, event.reason, event.actor) == ("undone", "checked_in", "", alice)
    assert event.reason_in_words == "Checked in"


class TestRights:
    """Only who may do an act may take it back, or do it again."""

    @pytest.mark.parametrize("name", MANAGERS_ACTS)
    def test_the_desk_does_not_take_back_what_a_manager_did(self, name):
        reservation, before = overruled(name)

        with pytest.raises(booking.NotAllowed, match="Only a manager may take it back"):
            undo_last(reservation, actor=make_user("desk"))

        assert facts_of(reservation) == before

    @pytest.mark.parametrize("name", MANAGERS_ACTS)
    def test_the_desk_does_not_do_again_what_a_manager_took_back(self, name):
        reservation, _ = overruled(name)
        manager = reservation.events.order_by("-pk").first().actor
        undo_last(reservation, actor=manager)
        undo_last(reservation, actor=manager)
        undo_last(reservation, actor=manager)
        before = facts_of(reservation)

        with pytest.raises(booking.NotAllowed):
            undo_last(reservation, actor=make_user("desk"))

        assert facts_of(reservation) == before

    @pytest.mark.parametrize("name", MANAGERS_ACTS)
    def test_a_manager_takes_it_back_and_does_it_again(self, name):
        reservation, done = overruled(name)
        manager = make_user("another", role="manager")

        undo_last(reservation, actor=manager)
        assert facts_of(reservation) != done
        undo_last(reservation, actor=manager)

        assert facts_of(reservation) == done

    def test_the_page_says_who_may(self, desk):
        reservation, before = overruled("state")
        event = reservation.events.order_by("-pk").first()

        page = desk.post(reverse("reservations:undo", args=[event.pk]), follow=True).content.decode()

        assert "Only a manager may take it back" in page
        assert facts_of(reservation) == before


class TestRenaming:
    """A profile is shared: what its name was is in the history of each of its stays."""

    def test_a_stay_booked_since_is_told_that_its_guest_has_the_former_name_again(self):
        flat, alice = make_apartment(), make_user()
        first = make_booking(
            property=flat, stay=Stay.of_nights(ARRIVAL, 2), guest_name="Old Name", party_size=1, actor=None
        )
        guests.save_guest(guest=first.guest, name="New Name", actor=None)
        later = Stay.of_nights(ARRIVAL + dt.timedelta(days=9), 2)
        second = make_booking(property=flat, stay=later, guest=fresh(first).guest, party_size=1, actor=None)

        undone = undo_last(first, actor=alice)

        assert undone[0] == first
        now, event = fresh(second), second.events.order_by("-pk").first()
        assert (now.guest.name, now.version) == ("Old Name", second.version + 1)
        assert (event.action, event.data, event.actor) == ("undone", {"guest": ["New Name", "Old Name"]}, alice)
        for stay in (first, second):
            assert_history_is_true(stay)

    def test_it_is_done_again_for_all_of_them(self):
        flat = make_apartment()
        first = make_booking(
            property=flat, stay=Stay.of_nights(ARRIVAL, 2), guest_name="Old Name", party_size=1, actor=None
        )
        guests.save_guest(guest=first.guest, name="New Name", actor=None)
        later = Stay.of_nights(ARRIVAL + dt.timedelta(days=9), 2)
        second = make_booking(property=flat, stay=later, guest=fresh(first).guest, party_size=1, actor=None)
        undo_last(first)

        undo_last(second)

        assert {fresh(stay).guest.name for stay in (first, second)} == {"New Name"}
        for stay in (first, second):
            assert_history_is_true(stay)

    def test_forms_that_were_open_meanwhile_are_out_of_date(self):
        stay = make_reservation(guest="Old Name")
        guests.save_guest(guest=stay.guest, name="New Name", actor=None)
        opened = Guest.objects.get().version

        undo_last(stay)

        with pytest.raises(guests.ProfileChanged):
            guests.save_guest(guest=stay.guest, name="Another Name", version=opened, actor=None)

    @pytest.mark.django_db(transaction=True)
    def test_a_stay_that_is_given_to_another_guest_meanwhile_is_not_told_of_it(self):
        guest, tom = make_guest("Old Name"), make_guest("Tom Byrne")
        first = make_reservation(guest=guest)
        guests.save_guest(guest=guest, name="New Name", actor=None)
        later = make_reservation(guest=guest)

        with overtaken_by(lambda: undo_last(first)) as undone:
            make_change(reservation=later, stay=later.stay, guest_name="", guest=tom, party_size=2, actor=None)

        assert undone[0][0] == first
        assert (fresh(first).guest.name, fresh(later).guest.name) == ("Old Name", "Tom Byrne")
        assert [event.action for event in later.events.all()] == ["changed"]


def overruled(name):
    """A stay that a manager has done something to which nobody else may do, and its facts since."""
    manager = make_user("manager", role="manager")
    reservation = MANAGERS_ACTS[name](manager)
    return reservation, facts_of(reservation)


def facts_of(reservation):
    now = fresh(reservation)
    return snapshot(now, now.segments)


def assert_history_is_true(reservation):
    assert replay(reservation.events.order_by("pk")) == facts_of(reservation)


def test_a_closure_is_taken_back_and_so_is_its_reopening():
    unit = make_apartment().units.get()
    closure = booking.close(unit=unit, stay=Stay.of_nights(ARRIVAL, 2), kind=Closure.Kind.MAINTENANCE, actor=None)

    undo_last(closure)
    assert not Occupancy.objects.exists()

    undo_last(closure)
    assert Occupancy.objects.get().closure == closure


def test_of_a_closure_only_the_last_act_is_taken_back():
    unit = make_apartment().units.get()
    closure = booking.close(unit=unit, stay=Stay.of_nights(ARRIVAL, 2), kind=Closure.Kind.MAINTENANCE, actor=None)
    closed, longer = closure.events.get(), Stay.of_nights(ARRIVAL, 4)
    booking.change_closure(closure=closure, stay=longer, actor=None)

    with pytest.raises(booking.CannotUndo, match=r"This closure has changed since\. Look again"):
        booking.undo(event=closed, actor=None)

    assert Occupancy.objects.get().stay == longer
    assert closure.events.count() == 2


def test_a_closure_does_not_come_back_over_a_stay():
    unit = make_apartment().units.get()
    closure = booking.close(unit=unit, stay=Stay.of_nights(ARRIVAL, 2), kind=Closure.Kind.MAINTENANCE, actor=None)
    booking.reopen(closure=closure, actor=None)
    make_reservation(unit=unit)

    with pytest.raises(booking.DatesTaken):
        undo_last(closure)
