"""The questions the desk asks most, beside the best SQL we know for each, on a bare connection."""

import datetime as dt
import random

from django.db import connection

from benchmarks.calendar.stopwatch import Figure, in_turn, work_of
from properties.models import Property, Unit
from reservations import availability
from reservations.models import SHORT_NIGHTS
from reservations.offers import room_search
from reservations.stay import Stay

IN_FORCE = "(expires_at IS NULL OR expires_at > statement_timestamp())"
ONE_PROBE = f"""
    SELECT 1 FROM reservations_occupancy
    WHERE unit_id = %(unit)s AND nights && daterange(%(arrival)s, %(departure)s) AND {IN_FORCE} LIMIT 1
"""
# For each room the first gap that is wide enough; of all rooms the earliest.
LATERAL = f"""
    SELECT min(first.start) FROM properties_unit AS unit CROSS JOIN LATERAL (
        SELECT start FROM (
            SELECT lag(departure, 1, %(arrival)s::date) OVER (ORDER BY departure) AS start, arrival AS until
            FROM reservations_occupancy WHERE unit_id = unit.id AND departure > %(arrival)s::date AND {IN_FORCE}
        ) AS gap WHERE until - start >= %(nights)s LIMIT 1
    ) AS first WHERE unit.property_id = %(property)s AND unit.archived_at IS NULL
"""
# As if no stay were longer than SHORT_NIGHTS: the true answer has to look for longer ones too.
ANTI_JOIN = f"""
    SELECT id FROM properties_unit WHERE archived_at IS NULL AND id NOT IN (
        SELECT unit_id FROM reservations_occupancy
        WHERE departure > %(arrival)s AND departure < %(edge)s AND arrival < %(departure)s AND {IN_FORCE})
"""


def measure(folder):
    random.seed(1)
    yield from _one_unit()
    yield _one_hotel()
    yield from _everywhere()


def bare(sql, **asked):
    """The statement alone, by psycopg2, its rows fetched."""
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchall()


def some_stay(nights=3):
    """Within the year to come."""
    return Stay.of_nights(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=random.randrange(330)), nights)


def big_hotels():
    return list(Property.objects.with_room_count().filter(room_count=200))


def lateral(property, stay):
    return bare(LATERAL, property=property.pk, arrival=stay.arrival, nights=stay.nights)


def anti_join(stay):
    edge = stay.departure + dt.timedelta(days=SHORT_NIGHTS)
    return bare(ANTI_JOIN, arrival=stay.arrival, departure=stay.departure, edge=edge)


def one_probe(unit, stay):
    return bare(ONE_PROBE, unit=unit.pk, arrival=stay.arrival, departure=stay.departure)


def _one_unit():
    units = random.sample(list(Unit.objects.select_related("property")), 500)
    draws = [(unit, some_stay()) for unit in units]

    def is_free(unit, stay):
        return availability.is_free(unit=unit, stay=stay)

    def next_free(unit, stay):
        asked = {"nights": stay.nights, "since": stay.arrival, "limit": 1}
        return availability.next_free(property=unit.property, unit=unit, **asked)

    for what, ours in (("is this unit free", is_free), ("next free start of 3 nights", next_free)):
        yield Figure(what, *in_turn(one_probe, ours, draws), 15, *work_of(ours, draws[:100]))


def _one_hotel():
    draws = [(random.choice(big_hotels()), some_stay(nights)) for nights in (3, 7, 14) for _ in range(50)]
    random.shuffle(draws)

    def ours(property, stay):
        return availability.next_free(property=property, nights=stay.nights, since=stay.arrival, limit=1)

    figures = in_turn(lateral, ours, draws)
    return Figure("first date any room of a 200-room hotel is free", *figures, 2, *work_of(ours, draws[:20]))


def _everywhere():
    draws = [(some_stay(nights),) for nights in (1, 2, 3, 5, 7) for _ in range(12)]
    random.shuffle(draws)

    def ours(stay):
        return availability.priced_everywhere(stay=stay)

    def find(stay):
        return room_search.find(actor=None, question=room_search.Question(stay=stay, party_size=1))

    figures = in_turn(anti_join, ours, draws)
    yield Figure("which of 5,000 units are free, each with price", *figures, 5, *work_of(ours, draws[:5]))
    figures = in_turn(anti_join, find, draws)
    yield Figure("the same as *Find a room* asks it", *figures, 5, *work_of(find, draws[:5]))
