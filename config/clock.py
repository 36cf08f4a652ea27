"""The database's clock, which all processes use.

Web servers and workers may run on machines whose clocks differ, by seconds or sometimes minutes. So an instant that one
process stores and another one compares comes from the database: the end of a hold or of a lease, the age of a
recording, of a stored response, of a note. In queries that is `Now()`, for which Django writes PostgreSQL's
statement_timestamp(). Unlike the start of the transaction it includes the time of waiting for locks. In Python it is
`now()`.

`Property.today()` is a local date that is not stored; it is computed with the machine's own clock. Durations inside one
process are measured with `time.monotonic()`.
"""

import datetime as dt
import time
from typing import NamedTuple

import psycopg2
from django.db import connection

# How long a reading of the database's clock is used, with this machine's monotonic clock added. The two clocks drift
# apart by some milliseconds in that time.
READ_EACH_SECONDS = 60
# A reading that took no longer is exact enough. Otherwise, as on a busy machine, the quickest of ATTEMPTS is used.
QUICK_SECONDS = 0.001
ATTEMPTS = 5


class _Reading(NamedTuple):
    instant: dt.datetime
    at: float  # time.monotonic() at that instant, with an error of at most half of `took`
    took: float  # seconds


_reading: _Reading | None = None


def now() -> dt.datetime:
    """The present instant (UTC) by the database's clock, to a few milliseconds. One query in a minute."""
    reading = _current()
    return reading.instant + dt.timedelta(seconds=time.monotonic() - reading.at)


def read() -> dt.datetime:
    """The same, always by a query, so that it is not earlier than an instant that was stored before."""
    return _read().instant


def forget() -> None:
    """Discard the stored reading. For tests, which change the clock."""
    global _reading
    _reading = None


def _current() -> _Reading:
    global _reading
    if _reading is None or time.monotonic() - _reading.at > READ_EACH_SECONDS:
        try:
            _reading = _quickest()
        except psycopg2.Error:  # in a transaction that has failed, or on a lost connection
            if _reading is None:
                raise
    return _reading


def _quickest() -> _Reading:
    best = _read()
    for _ in range(ATTEMPTS - 1):
        if best.took <= QUICK_SECONDS:
            break
        best = min(best, _read(), key=lambda reading: reading.took)
    return best


def _read() -> _Reading:
    """Read the database's clock, not by Django's cursor, so that tests which count queries do not count this one."""
    connection.ensure_connection()
    before = time.monotonic()
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [instant] = cursor.fetchone()
    took = time.monotonic() - before
    return _Reading(instant.astimezone(dt.UTC), before + took / 2, took)
