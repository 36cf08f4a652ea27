"""Several people take steps and move rooms at the same moment: one of them wins, nobody gets stuck."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.test_booking_races import REQUESTED, book, deadlocks, outcome
from tests.concurrency.waiting import overtaken_by
from tests.factories import ARRIVAL, make_apartment, make_booking, make_change, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def test_fifty_clients_and_one_unit_make_one_booking():
    flat, before = make_apartment(), deadlocks()

    answers = Counter(map(outcome, at_once(50, lambda number: book(flat, number))))

    assert answers == {"booked": 1, "DatesTaken": 49}
    assert deadlocks() == before


def test_swaps_against_each_other_lose_nobody_and_never_deadlock():
    hotel, before = make_hotel(["101", "102"]), deadlocks()
    first, second = (make_reservation(unit=unit) for unit in hotel.units.all())

    def act(number):
        pair = (first, second) if number % 2 else (second, first)
        stays = [Reservation.objects.with_unit().get(pk=stay.pk) for stay in pair]
        return booking.swap(first=stays[0], second=stays[1], actor=None)

    for _ in range(ROUNDS):
        answers = at_once(8, act)
        assert {outcome(answer) for answer in answers} <= {"list", "NotMovable"}
        assert any(isinstance(answer, list) for answer in answers)
        assert Occupancy.objects.values("unit").distinct().count() == 2

    assert deadlocks() == before


def test_a_check_out_is_undone_or_the_next_party_checks_in_never_both():
    for _ in range(ROUNDS):
        hotel = make_hotel(["101"])
        today = hotel.today()
        leaving = make_reservation(hotel, arrival=today - dt.timedelta(days=2), nights=2, status=Status.IN_HOUSE)
        arriving = make_reservation(hotel, arrival=today, nights=2)
        event = lifecycle.check_out(reservation=leaving, actor=None).events.order_by("-pk").first()

        def act(number, event=event, arriving=arriving):
            if number % 2:
                return booking.undo(event=event, actor=None)
            return lifecycle.check_in(reservation=Reservation.objects.with_unit().get(pk=arriving.pk), actor=None)

        answers = at_once(2, act)
        assert sorted(outcome(answer) for answer in answers)[0] == "NotYet"
        there = Reservation.objects.filter(pk__in=[leaving.pk, arriving.pk], status=Status.IN_HOUSE)
        assert there.count() == 1


def test_a_lapsed_hold_is_confirmed_or_sold_never_both():
    before = deadlocks()
    seen = Counter()

    for _ in range(ROUNDS):
        flat = make_apartment()
        held = make_booking(
            property=flat,
            stay=REQUESTED,
            guest_name="Ines",
            party_size=1,
            actor=None,
            hold_until=timezone.now() + dt.timedelta(hours=1),
        )
        past = timezone.now() - dt.timedelta(seconds=1)
        with transaction.atomic():
            Reservation.objects.filter(pk=held.pk).update(hold_expires_at=past)
            Occupancy.objects.filter(reservation=held).update(expires_at=past)
        acts = [
            lambda _, held=held: lifecycle.confirm(reservation=held, actor=None),
            lambda number, flat=flat: book(flat, number),
            lambda _: lifecycle.expire_lapsed(),
        ]
        answers = at_once(9, lambda number, acts=acts: acts[number % 3](number))

        won = [answer for answer in answers if isinstance(answer, Reservation)]
        assert len({answer.pk for answer in won}) == 1
        assert Occupancy.objects.get(property=flat).reservation_id == won[0].pk
        assert {outcome(answer) for answer in answers} <= {"booked", "DatesTaken", "NotThisStep", "int"}
        seen[won[0].pk == held.pk] += 1

    assert deadlocks() == before


def test_two_managers_overrule_one_after_the_other_and_the_history_has_both():
    manager, reservation, before = make_user(role="manager"), make_reservation(), deadlocks()
    statuses = [Status.CANCELLED, Status.IN_HOUSE]

    at_once(
        2,
        lambda number: lifecycle.overrule(
            reservation=reservation, status=statuses[number], reason="I say so.", actor=manager
        ),
    )

    events = list(reservation.events.order_by("pk"))
    assert [event.data["status"][0] for event in events] == ["confirmed", events[0].to_status]
    assert Reservation.objects.get().status == events[1].to_status
    assert deadlocks() == before


def test_of_two_who_cancel_one_is_told_that_it_is_done():
    reservation = make_reservation(make_apartment())

    def cancel():
        return lifecycle.cancel(reservation=reservation, actor=None)

    with overtaken_by(cancel) as refused:
        cancel()

    assert refused[0].code == "not_this_step"
    assert [event.action for event in Event.objects.filter(reservation=reservation)] == ["cancelled"]


def test_of_two_stale_forms_one_is_saved_and_the_other_is_shown_both():
    reservation = make_reservation(make_apartment())

    def save(number):
        return make_change(
            reservation=reservation,
            stay=Stay.of_nights(ARRIVAL, 4 + number),
            guest_name="Amara Okafor",
            party_size=2,
            actor=None,
            version=reservation.version,
            pricing="keep",
        )

    answers = Counter(map(outcome, at_once(8, save)))

    assert answers == {"booked": 1, "ChangedMeanwhile": 7}


def test_a_closure_that_moves_to_another_room_meanwhile_is_opened_again_there():
    first, second = make_hotel(["101", "102"]).units.all()
    closure = booking.close(unit=first, stay=REQUESTED, kind="maintenance", actor=None)

    with overtaken_by(lambda: booking.reopen(closure=closure, actor=None)) as reopened:
        booking.change_closure(closure=closure, unit=second, actor=None)

    assert (reopened[0].unit, reopened[0].version) == (second, 3)
    assert not Occupancy.objects.exists()


def test_closing_a_room_and_booking_it_never_both_succeed():
    before = deadlocks()

    for _ in range(ROUNDS):
        flat = make_apartment()
        unit = flat.units.get()

        def act(number, flat=flat, unit=unit):
            if number % 2:
                return book(flat, number)
            return booking.close(unit=unit, stay=REQUESTED, kind="maintenance", actor=None)

        answers = Counter(map(outcome, at_once(8, act)))

        assert answers["DatesTaken"] == 7
        assert Occupancy.objects.filter(unit=unit).count() == 1

    assert deadlocks() == before
