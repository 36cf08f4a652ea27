"""Requests with an `Idempotency-Key` wait for each other, never for long, and hold nobody else up."""

import datetime as dt
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from api import idempotency, throttling
from api.models import IdempotentResponse
from reservations import booking
from reservations.models import Reservation
from reservations.stay import Stay
from tests.api.programs import Program
from tests.api.test_booking import booking_request
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import ARRIVAL, make_apartment, make_booking, make_reservation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def program(alice):
    return Program.of(alice)


@pytest.fixture
def impatient():
    """No lock is waited for longer than a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        yield
        cursor.execute("RESET lock_timeout")


@contextmanager
def elsewhere():
    """A cursor of somebody else, whose transaction is open as long as the block runs."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.rollback()
        other.close()


def post(program, flat, key="one"):
    return program.post("/reservations/", booking_request(flat), idempotency_key=key)


def book(flat, arrival):
    stay = Stay.of_nights(arrival, 3)
    return make_booking(property=flat, stay=stay, guest_name="Bo Li", party_size=1, actor=None)


def test_who_comes_second_waits_for_the_first_and_gets_its_answer(program, alice):
    flat = make_apartment()

    with overtaken_by(lambda: post(program, flat)) as outcome:
        idempotency._lock_key(alice, "one")
        first = post(program, flat)

    [second] = outcome
    assert (second.status_code, second.content) == (201, first.content)
    assert Reservation.objects.count() == 1


def test_who_would_wait_too_long_is_told_to_come_back_and_may(program, alice, impatient):
    flat = make_apartment()

    with elsewhere() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [idempotency._lock_id(alice, "one")])
        answer = post(program, flat)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "still under way" in answer.json()["detail"]
    assert post(program, flat).status_code == 201


def test_a_busy_calendar_keeps_no_answer_and_the_same_key_books_afterwards(program, impatient):
    flat = make_apartment()

    with elsewhere() as cursor:
        cursor.execute("SELECT 1 FROM properties_unit WHERE property_id = %s FOR UPDATE", [flat.pk])
        answer = post(program, flat)

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert not IdempotentResponse.objects.exists()
    assert post(program, flat).status_code == 201


def test_a_request_that_cannot_be_counted_in_time_is_told_to_come_back(program, impatient):
    program.get("/properties/")

    with elsewhere() as cursor:
        cursor.execute("SELECT 1 FROM api_usage FOR UPDATE")
        answer = program.get("/properties/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert program.get("/properties/").status_code == 200


def test_who_was_refused_inside_a_longer_transaction_lets_go_of_the_unit():
    """As a request with a key is: it looks for alternatives while others book the same unit."""
    flat = make_apartment()
    make_reservation(flat)

    with transaction.atomic():
        with pytest.raises(booking.DatesTaken):
            book(flat, ARRIVAL)
        [booked] = at_once(1, lambda _: book(flat, ARRIVAL + dt.timedelta(days=7)))

    assert isinstance(booked, Reservation)


def test_bookings_under_different_keys_neither_deadlock_nor_fail():
    """Twenty programs want the same three flats in different orders."""
    flats = [make_apartment() for _ in range(3)]
    programs = [Program.of(make_user(f"user-{number}")) for number in range(20)]

    def act(number):
        wanted = [flats[(number + step) % 3] for step in range(3)]
        return [post(programs[number], flat, key=str(flat.pk)).status_code for flat in wanted]

    found = Counter(status for statuses in at_once(len(programs), act) for status in statuses)

    assert found == {201: 3, 409: 57}


def test_two_hundred_requests_of_one_token_at_once_are_all_counted(program, settings, monkeypatch):
    settings.API_REQUESTS_PER_MINUTE = 10_000
    in_one_minute = throttling.COUNT.replace("statement_timestamp()", "timestamptz '2027-05-03 12:00:30Z'")
    monkeypatch.setattr(throttling, "COUNT", in_one_minute)

    found = at_once(20, lambda _: [program.get("/properties/").status_code for _ in range(10)])

    assert found == [[200] * 10] * 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(count) FROM api_usage")
        assert cursor.fetchone() == (200,)
