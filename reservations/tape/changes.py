"""What has changed on the tape chart since somebody last looked, so that only those rows are drawn again.

Every change leaves an event in its own transaction, and the event knows that transaction (`Event.written_in`). Neither
keys nor instants would do to remember what was seen: both are drawn before the commit, so of two transactions the
slower one may come to light after a look that has already seen the quicker one's larger key. So a look remembers the
snapshot it was taken in, which is PostgreSQL's own account of what could be seen: the oldest transaction that still
ran, the next one to begin, and those between that were still running. The next look asks for the events of all others.
No event is ever missed, however late it is committed, and none is told twice.

A hold that lapses writes nothing at that instant: the look's time is remembered too, and holds that ended between two
looks are among what has changed.
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

# A snapshot as PostgreSQL writes it, and microseconds since 1970 (UTC).
CURSOR = re.compile(r"(\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19})*)?)@(\d{1,17})")
NOW = "pg_current_snapshot()::text || '@' || (extract(epoch FROM statement_timestamp()) * 1000000)::bigint"
# One statement, so that what it tells and what it remembers are of the same snapshot.
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
    cursor: str  # to look from the next time
    units: frozenset[int] = frozenset()  # whose rows look different
    lanes: frozenset[int] = frozenset()  # properties whose stays without a room may be others

    def __bool__(self):
        return bool(self.units or self.lanes)


def cursor() -> str:
    """A cursor to ask for changes from. It is taken before the chart is read, so that no change is missed. One
    query."""
    with connection.cursor() as database:
        database.execute(f"SELECT {NOW}")
        return database.fetchone()[0]


def since(cursor: str) -> Changes:
    """What has changed since the look that left `cursor`. One query when nothing has, four otherwise.

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
    except DataError:  # numbers, but no snapshot
        raise UnreadableCursor from None
    return now, json.loads(events), lapsed


def _units(events, reservations, closures):
    """The keys of units in which they were or are: by the segments of the events, before and after, and by the
    calendar."""
    told = {segment["unit"] for _, _, segments in events for side in segments or () for segment in side or ()}
    stays = Occupancy.objects.filter(reservation__in=reservations).values_list("unit_id", flat=True)
    closed = Closure.objects.filter(pk__in=closures).values_list("unit_id", flat=True)
    return frozenset(told).union(stays, closed)


def _lanes(reservations):
    return frozenset(Reservation.objects.filter(pk__in=reservations).values_list("property_id", flat=True))
