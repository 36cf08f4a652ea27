"""What has changed on the tape chart since a page last queried it, so that only those rows are sent again.

Each change records an event in its transaction, and the event has the number of that transaction (`Event.written_in`).
The keys and instants of events are assigned before the commit, so a query may see an event and miss one with a smaller
key that is committed later. Therefore a cursor has the PostgreSQL snapshot of its query: the oldest transaction that
was running, the next one to begin, and those between that were running. The next query returns the events of
transactions that were not visible in that snapshot. So no event is missed, however late it is committed, and none is
returned twice.

Nothing is written at the instant at which a hold lapses. Therefore the cursor has the time of its query as well, and
holds that lapsed between two queries are among the changes.
"""

import datetime as dt
import json
import re
from dataclasses import dataclass
from http import HTTPStatus

from django.db import DataError, connection

from config.errors import DomainError
from config.statements import composed
from reservations.models import Closure, Occupancy, Reservation, Status

# A snapshot as PostgreSQL writes it, "@", and microseconds since 1970 (UTC).
CURSOR = re.compile(r"(\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19})*)?)@(\d{1,17})")
NOW = "pg_current_snapshot()::text || '@' || (extract(epoch FROM statement_timestamp()) * 1000000)::bigint"
# One statement, so that the changes and the new cursor are of the same snapshot.
LOOK = composed(
    """
    SELECT {now},
      (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_array(reservation_id, closure_id, data -> 'segments')), '[]')
       FROM reservations_event
       WHERE written_in >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint
         AND NOT pg_visible_in_snapshot(written_in::text::xid8, %(snapshot)s::pg_snapshot)),
      ARRAY(SELECT id FROM reservations_reservation
            WHERE status = %(held)s AND hold_expires_at > %(since)s AND hold_expires_at <= statement_timestamp())
    """,
    now=NOW,
)


class UnreadableCursor(DomainError):
    """The cursor was not made by `cursor` or `since`."""

    code = "unreadable_cursor"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self):
        super().__init__("This page does not know any more what it has shown. Reload it.")


@dataclass(frozen=True)
class Changes:
    cursor: str  # for the next query
    units: frozenset[int] = frozenset()  # keys of units whose rows have changed
    lanes: frozenset[int] = frozenset()  # keys of properties whose stays without a room may have changed

    def __bool__(self):
        return bool(self.units or self.lanes)


def cursor() -> str:
    """The cursor of this moment. Take it before the chart is read, so that no change is missed. One query."""
    with connection.cursor() as database:
        database.execute(f"SELECT {NOW}")
        return database.fetchone()[0]


def since(cursor: str) -> Changes:
    """The changes since the query that returned `cursor`. One query if there are none, else four.

    Raises UnreadableCursor.
    """
    read = CURSOR.fullmatch(cursor)
    if not read:
        raise UnreadableCursor
    last_look = dt.datetime.fromtimestamp(int(read[2]) / 1_000_000, dt.UTC)
    now, events, lapsed = _look({"snapshot": read[1], "since": last_look, "held": Status.HELD})
    if not (events or lapsed):
        return Changes(now)
    reservations = {reservation for reservation, _, _ in events if reservation} | set(lapsed)
    closures = {closure for _, closure, _ in events if closure}
    return Changes(now, _units(events, reservations, closures), _lanes(reservations))


def _look(asked):
    try:
        with connection.cursor() as database:
            database.execute(LOOK, asked)
            now, events, lapsed = database.fetchone()
    except DataError:  # of the right form, but no snapshot
        raise UnreadableCursor from None
    return now, json.loads(events), lapsed


def _units(events, reservations, closures):
    """The keys of the units in which the reservations and closures were before the events, or are now."""
    in_events = {
        segment["unit"]
        for _, _, before_and_after in events
        for segments in before_and_after or ()
        for segment in segments or ()
    }
    stays = Occupancy.objects.filter(reservation__in=reservations).values_list("unit_id", flat=True)
    closed = Closure.objects.filter(pk__in=closures).values_list("unit_id", flat=True)
    return frozenset(in_events).union(stays, closed)


def _lanes(reservations):
    return frozenset(Reservation.objects.filter(pk__in=reservations).values_list("property_id", flat=True))
