"""The frequent queries read few pages of the database, however many stays a unit has."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.availability import answer, free_everywhere, is_free, next_free, priced_everywhere
from reservations.models import Occupancy
from reservations.stay import Stay
from tests.factories import make_hotel

pytestmark = pytest.mark.django_db

UNITS, STAYS = 40, 200
FIRST = dt.date(2027, 1, 1)
MIDDLE = FIRST + dt.timedelta(days=4 * STAYS // 2)
# Three nights taken and one free, room after room, for two years: enough that the planner has a choice.
FILL = """
    WITH closed AS (
        INSERT INTO reservations_closure (unit_id, property_id, nights, kind, note, created_at, version)
        SELECT id, property_id, daterange(night, night + 3), 'maintenance', '', now(), 1
        FROM properties_unit, LATERAL (SELECT date %s + 4 * n AS night FROM generate_series(0, %s) AS n) AS nights
        ORDER BY id, night RETURNING id, unit_id, property_id, nights
    )
    INSERT INTO reservations_occupancy (unit_id, property_id, closure_id, nights)
    SELECT unit_id, property_id, id, nights FROM closed
"""


@pytest.fixture
def hotel():
    hotel = make_hotel([str(number) for number in range(UNITS)])
    with connection.cursor() as cursor:
        cursor.execute(FILL, [FIRST, STAYS - 1])
        cursor.execute("ANALYZE reservations_occupancy, properties_unit, properties_property")
    return hotel


def plans_of(ask):
    """Of each query that `ask` asks, as it was carried out."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        for query in asked:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            yield cursor.fetchone()[0][0]["Plan"]


def buffers_of(ask):
    """Of the database, in each query that `ask` asks."""
    return [plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans_of(ask)]


def rows_read(plan, table):
    """How many rows of the table were looked at, also those that did not fit.

    Not its pages: those of rows that are gone count, too, and tests that ran before leave many.
    """
    here = 0
    if plan.get("Relation Name") == table:
        removed = [plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck")]
        here = (plan["Actual Rows"] + sum(removed)) * plan["Actual Loops"]
    return here + sum(rows_read(inner, table) for inner in plan.get("Plans", ()))


@pytest.mark.parametrize("taken", [True, False])
def test_whether_a_unit_is_free_is_one_query_of_eight_buffers(hotel, taken):
    unit = hotel.units.first()
    stay = Stay.of_nights(MIDDLE if taken else MIDDLE + dt.timedelta(days=3), 1)

    [buffers] = buffers_of(lambda: is_free(unit=unit, stay=stay))

    assert buffers <= 8
    assert is_free(unit=unit, stay=stay) is not taken


def test_when_a_unit_is_free_next_is_one_query_of_eight_buffers(hotel):
    unit = hotel.units.first()

    [buffers] = buffers_of(lambda: next_free(property=hotel, unit=unit, nights=1, since=MIDDLE, limit=1))

    assert buffers <= 8


def test_who_is_free_anywhere_reads_few_of_the_stays(hotel):
    stay = Stay.of_nights(MIDDLE + dt.timedelta(days=3), 1)

    [plan] = plans_of(lambda: free_everywhere(stay=stay))

    assert rows_read(plan, "reservations_occupancy") < UNITS * STAYS / 100
    assert len(free_everywhere(stay=stay)) == UNITS


def test_the_number_of_queries_does_not_grow(hotel, django_assert_num_queries):
    requested = Stay.of_nights(MIDDLE, 3)

    with django_assert_num_queries(1):
        free_everywhere(stay=requested)
    with django_assert_num_queries(2):
        priced_everywhere(stay=requested)
    with django_assert_num_queries(4):
        answer(property=hotel, unit=None, stay=requested)


def test_a_units_nights_are_looked_up_by_the_wall_that_keeps_them_apart(hotel):
    """An inlined literal against a wider key reads the whole index; Unit has a 32-bit key for that reason."""
    plan = Occupancy.objects.filter(unit=hotel.units.first()).overlapping(Stay.of_nights(MIDDLE, 3)).explain()

    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "unit_id" in condition
    assert "&&" in condition
