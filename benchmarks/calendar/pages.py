"""The tape chart's page through the whole of Django, beside bare formatting of the same bars."""

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.html import escape

from benchmarks.calendar.queries import IN_FORCE, bare, big_hotels
from benchmarks.calendar.stopwatch import Figure, in_turn
from reservations.tape import chart

DAYS, REPEAT = 28, 15
PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# One element a row, one link a bar: less cannot be a tape chart. Plain formatting is quicker than Django's templates.
PAGE = "<!doctype html><title>Calendar</title><main>{}</main>"
ROW = '<div class="tape-row" id="row-{}" data-unit="{}"><b>{}</b>{}</div>'
BAR = (
    '<a class="bar is-{3}" id="bar-{1}" href="/reservations/{2}/" data-reference="{2}" style="--from: {5}; --to: {6}">'
    "<b>{4}</b> <small>{3}</small></a>"
)
UNITS = """
    SELECT unit.id, unit.name FROM properties_unit AS unit
    WHERE unit.archived_at IS NULL AND unit.property_id = ANY(%(properties)s) ORDER BY property_id, position
"""
# As if no stay were longer than two weeks: no quicker way is known to us. What is TRUE anyway tells the planner how few
# they are; without it the bars of all properties took three times as long.
BARS = f"""
    SELECT unit_id, occupancy.id, reference, coalesce(status, 'closed'), guest.name,
           2 * (occupancy.arrival - %(first)s) + 1, 2 * (occupancy.departure - %(first)s) + 1
    FROM reservations_occupancy AS occupancy
    LEFT JOIN reservations_reservation AS reservation ON reservation.id = occupancy.reservation_id
    LEFT JOIN reservations_guest AS guest ON guest.id = reservation.guest_id
    WHERE occupancy.property_id = ANY(%(properties)s) AND occupancy.departure > %(first)s
      AND occupancy.departure < %(last)s + 14 AND occupancy.arrival < %(last)s AND {IN_FORCE}
      AND (nights && daterange(%(first)s, %(last)s)) IS TRUE
    ORDER BY occupancy.arrival
"""


def measure(folder):
    with override_settings(STORAGES=settings.STORAGES | PLAIN_FILES, ALLOWED_HOSTS=["testserver"]):
        desk = Client()
        clerk, _ = get_user_model().objects.get_or_create(username="clerk")
        desk.force_login(clerk)
        yield _page(desk, {"property": big_hotels()[0].pk})
        yield _page(desk, {})


def _page(desk, asked):
    first = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=60)
    asked = asked | {"first": first.isoformat(), "days": DAYS}

    def ours():
        response = desk.get(reverse("reservations:calendar"), asked, secure=True)
        if response.status_code != 200:
            raise RuntimeError(f"{response.status_code} instead of the calendar")
        return response

    with CaptureQueriesContext(connection) as asked_for:
        ours()
    queries = len(asked_for)  # now: the next request begins a new list
    drawn = chart.chart(chart.Position(first, DAYS, asked.get("property")), chart.all_rooms(None))
    rows = [row for group in drawn.groups for row in group.rows]
    properties = list({row.room.property_id for row in rows})

    def limit():
        bars = defaultdict(list)
        for unit, *facts in bare(BARS, properties=properties, first=first, last=first + dt.timedelta(days=DAYS)):
            bars[unit].append(BAR.format(unit, *map(escape, facts)))
        units = bare(UNITS, properties=properties)
        return PAGE.format("".join(ROW.format(unit, unit, name, "".join(bars[unit])) for unit, name in units))

    what = f"tape chart page, {len(rows):,} units × {DAYS} days, {sum(len(row.bars) for row in rows):,} bars"
    return Figure(what, *in_turn(limit, ours, [()] * REPEAT), 4, queries=queries)
