"""Twenty people want the same nights. Real threads, real connections, the real database."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from config.errors import Busy
from properties.models import Unit
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Occupancy, Reservation
from reservations.stay import Stay
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import ARRIVAL, make_apartment, make_booking, make_change, make_hotel

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 20
ROUNDS = 20
REQUESTED = Stay.of_nights(ARRIVAL, 3)


def book(property, number, stay=REQUESTED):
    return make_booking(property=property, stay=stay, guest_name=f"Guest {number}", party_size=1, actor=None)


def outcome(answer):
    return "booked" if isinstance(answer, Reservation) else type(answer).__name__


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_twenty_clients_and_one_apartment_make_one_booking_every_time():
    before = deadlocks()

    for _ in range(ROUNDS):
        flat = make_apartment()
        answers = Counter(map(outcome, at_once(CLIENTS, lambda number, flat=flat: book(flat, number))))
        assert answers == {"booked": 1, "DatesTaken": CLIENTS - 1}
        assert Occupancy.objects.filter(property=flat).count() == 1

    assert deadlocks() == before


def test_bookings_of_one_room_queue_whatever_their_nights():
    """Else they deadlock, on two cores now and then."""
    flat, booked = make_apartment(), []

    def book_later():
        booked.append(book(flat, 2, Stay.of_nights(ARRIVAL + dt.timedelta(days=9), 2)))

    with overtaken_by(book_later, after=lambda: book(flat, 1)):
        assert booked == []

    assert Reservation.objects.count() == 2


def test_overlapping_but_different_nights_never_collide_nor_deadlock():
    flat, before = make_apartment(), deadlocks()

    def act(number):
        return book(flat, number, Stay.of_nights(ARRIVAL + dt.timedelta(days=number % 5), 1 + number % 4))

    answers = Counter(map(outcome, at_once(CLIENTS, act)))

    assert answers.keys() == {"booked", "DatesTaken"}
    assert deadlocks() == before


def test_a_hotel_sells_each_room_once():
    hotel = make_hotel([str(n) for n in range(7)])

    answers = Counter(map(outcome, at_once(CLIENTS, lambda number: book(hotel, number))))

    assert answers == {"booked": 7, "DatesTaken": CLIENTS - 7}
    assert Occupancy.objects.values("unit").distinct().count() == 7


def test_a_hotel_without_listed_rooms_takes_everyone():
    hotel = make_hotel([])

    answers = Counter(map(outcome, at_once(CLIENTS, lambda number: book(hotel, number))))

    assert answers == {"booked": CLIENTS}


def test_two_stays_that_want_each_others_rooms_do_not_deadlock():
    hotel, before = make_hotel(["101", "102"]), deadlocks()
    stays = [book(hotel, 0), book(hotel, 1)]
    rooms = [stay.unit for stay in stays]

    def swap(number):
        facts = {"stay": REQUESTED, "guest_name": "Guest", "party_size": 1, "actor": None}
        return make_change(reservation=stays[number % 2], unit=rooms[1 - number % 2], **facts)

    answers = at_once(8, swap)

    assert {outcome(answer) for answer in answers} <= {"booked", "DatesTaken"}
    assert deadlocks() == before


def test_a_cancelled_stay_is_taken_back_once_however_many_ask():
    flat = make_apartment()
    reservation = book(flat, 0)
    lifecycle.cancel(reservation=reservation, actor=None)

    answers = Counter(
        outcome(answer) for answer in at_once(8, lambda _: lifecycle.reinstate(reservation=reservation, actor=None))
    )

    assert answers == {"booked": 1, "NotThisStep": 7}


class TestTheRaceIsReal:
    """With lock and constraint taken away the double booking must appear, or the tests above prove nothing."""

    @pytest.fixture(autouse=True)
    def without_the_wall(self):
        constraint = next(c for c in Occupancy._meta.constraints if c.name == booking.NO_SHARED_NIGHT)
        with connection.schema_editor() as editor:
            editor.remove_constraint(Occupancy, constraint)
        yield
        Occupancy.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Occupancy, constraint)

    def test_without_lock_and_constraint_an_apartment_is_sold_twice(self, monkeypatch):
        monkeypatch.setattr(booking.stays, "lock_units", self.look_without_locking)

        sold = [self.sold_to(CLIENTS) for _ in range(5)]

        assert max(sold) > 1

    def test_with_the_lock_alone_it_is_sold_once(self):
        assert [self.sold_to(CLIENTS) for _ in range(5)] == [1] * 5

    def sold_to(self, clients):
        flat = make_apartment()
        answers = at_once(clients, lambda number: book(flat, number))
        return [outcome(answer) for answer in answers].count("booked")

    @staticmethod
    def look_without_locking(property, units=None):
        return list(Unit.objects.filter(property=property))


def test_with_the_constraint_alone_it_is_sold_once_too(monkeypatch):
    """The wall holds when the lock is forgotten; losers may then be deadlock victims, which is why there is a lock."""
    monkeypatch.setattr(booking.stays, "lock_units", TestTheRaceIsReal.look_without_locking)
    flat = make_apartment()

    answers = Counter(map(outcome, at_once(8, lambda number: book(flat, number))))

    assert answers["booked"] == 1
    assert set(answers) <= {"booked", "DatesTaken", "Busy"}


def test_a_lock_that_is_held_too_long_answers_busy_and_writes_nothing():
    flat = make_apartment()
    locked, answered = threading.Event(), threading.Event()

    def act(number):
        if number == 0:
            with transaction.atomic():
                Unit.objects.select_for_update().get(property=flat)
                locked.set()
                return answered.wait(10)
        locked.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            return book(flat, number)
        finally:
            answered.set()

    answers = at_once(2, act)

    assert isinstance(answers[1], Busy)
    assert Reservation.objects.count() == 0
