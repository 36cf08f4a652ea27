"""Prints how long the search on top of every page takes: `python -m benchmarks.one_box [--folder FOLDER]`.

On the database of `benchmarks.people` (100,000 guests in six scripts, 200,000 notes), with 500 properties, 5,000 rooms,
10,000 stays to come, 200 parties in the house, 5,000 closures and remarks about 20,000 guests beside. Each line is a
whole request of the list below the box, through the test client: middleware, session, queries, template. In turn with
it the list of guests is asked for the same words, which was the quickest of the three searches before.
"""

import datetime as dt
import random
import statistics
import sys
import time

from django.conf import settings
from django.db import connection
from django.test import Client
from psycopg2.extras import DateRange

from accounts.models import User
from benchmarks.people import AUTHOR, filled, print_machine
from properties.models import Property, Unit
from reservations.models import Closure, Guest, Occupancy, Reservation

REPEAT = 15
LIMIT = 150.0  # milliseconds until the list is there
SEEDED = "one-box-seeded"
WORDS = "shower leaks boiler window paint carpet noise allergy nuts quiet cot late key"
SEARCHES = [
    ("a name", "wit"), ("two names", "schu mari"), ("two letters", "zu"), ("a common syllable", "mari"),
    ("one Han letter", "明"), ("Greek, capitals", "ΠΑΠΑΔΌΠΟΥΛΟΣ"), ("a whole number", "+49 170 1234567"),
    ("the end of a number", "4567"), ("a reference", "B00004"), ("a room", "302"), ("the beginning of rooms", "30"),
    ("a name and a room", "mari 302"), ("a common syllable and the beginning of rooms", "mari 3"),
    ("a word of notes", "boiler"), ("two words of notes", "broken window"), ("a word of closures", "carpet"),
    ("dates", "4 dec 2n 3p"), ("a weekday or a name", "mar"), ("nothing", "xqzw"),
]  # fmt: skip


def main():
    with filled(__doc__) as (folder, _):
        if not (folder / SEEDED).exists():
            _fill()
            (folder / SEEDED).touch()
        _print(_signed_in())


def _signed_in():
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["testserver"], False
    client = Client()
    client.force_login(User.objects.get(username=AUTHOR))
    return client


def _print(client):
    print_machine()
    print("| search | median | worst | list of guests | box / list | queries |")
    print("|---|---|---|---|---|---|")
    for name, words in SEARCHES:
        _ask(client, "/search/", "box-found", words), _ask(client, "/guests/", "guest-list", words)
        pairs = [
            (_timed(client, "/search/", "box-found", words), _timed(client, "/guests/", "guest-list", words))
            for _ in range(REPEAT)
        ]
        box, guests = zip(*pairs, strict=True)
        median, before = statistics.median(box), statistics.median(guests)
        verdict = "" if median <= LIMIT else ", too slow"
        figures = f"{median:.0f}{verdict} | {max(box):.0f} | {before:.0f} | {median / before:.1f}"
        print(f"| {name}, {words} | {figures} | {_queries(client, words)} |", flush=True)


def _timed(client, address, target, words):
    started = time.perf_counter()
    _ask(client, address, target, words)
    return 1000 * (time.perf_counter() - started)


def _ask(client, address, target, words):
    response = client.get(address, {"q": words}, headers={"HX-Request": "true", "HX-Target": target})
    if response.status_code != 200:
        sys.exit(f"{address} answered {response.status_code} to {words}")


def _queries(client, words):
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    _ask(client, "/search/", "box-found", words)
    connection.force_debug_cursor = False
    return len(connection.queries)


# --- what there is beside guests and notes ---


def _fill():
    random.seed(2)
    today = dt.datetime.now(dt.UTC).date()
    keys = list(Guest.objects.values_list("pk", flat=True))
    for start in range(0, 20_000, 5000):
        some = list(Guest.objects.filter(pk__in=random.sample(keys, 5000)))
        for guest in some:
            guest.remarks = " ".join(random.choices(WORDS.split(), k=12))
        Guest.objects.bulk_update(some, ["remarks"], batch_size=1000)
        print(f"remarks {start}", file=sys.stderr)
    units = _rooms()
    _stays(units, keys, today)
    _closures(units[1000:], today)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FREEZE, ANALYZE)")


def _rooms():
    hotels = Property.objects.bulk_create(
        Property(kind="hotel", name=f"Hotel {n}", nightly_rate=90, location="Lisboa", description="By the sea, quiet.")
        for n in range(500)
    )
    return Unit.objects.bulk_create(
        Unit(property=hotel, name=str(floor * 100 + number))
        for hotel in hotels
        for floor in (1, 3)
        for number in range(1, 6)
    )


def _stays(units, keys, today):
    """A party in each of 200 rooms; 10,000 stays to come, one in each of 800 rooms, the others in none."""
    made = [
        _stay(unit, random.choice(keys), today - dt.timedelta(days=1), "in_house", f"I{number:07}")
        for number, unit in enumerate(units[:200])
    ]
    made += [
        _stay(units[200 + number % 800], random.choice(keys), today + dt.timedelta(days=3 + number // 800), "confirmed",
              f"C{number:07}")
        for number in range(10_000)
    ]  # fmt: skip
    Reservation.objects.bulk_create(made, batch_size=5000)
    placed = zip(made[:1000], units[:1000], strict=True)
    Occupancy.objects.bulk_create(
        Occupancy(
            unit=unit, property_id=unit.property_id, reservation=stay, nights=DateRange(stay.arrival, stay.departure)
        )
        for stay, unit in placed
    )


def _stay(unit, guest, arrival, status, reference):
    return Reservation(
        property_id=unit.property_id, guest_id=guest, arrival=arrival, departure=arrival + dt.timedelta(days=3),
        status=status, nightly_rates=[90, 90, 90], currency="EUR", reference=reference,
    )  # fmt: skip


def _closures(units, today):
    nights = DateRange(today, today + dt.timedelta(days=9))
    closures = [
        Closure(unit=random.choice(units), nights=nights, note=" ".join(random.choices(WORDS.split(), k=6)))
        for _ in range(5000)
    ]
    for closure in closures:
        closure.property_id = closure.unit.property_id
    Closure.objects.bulk_create(closures, batch_size=5000)


if __name__ == "__main__":
    main()
