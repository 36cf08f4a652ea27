"""One clock for all processes: the database's.

Web servers and workers run on machines whose clocks differ, by seconds as a rule and sometimes by minutes. So an
instant that one process writes and another one judges comes from the database: the end of a hold or of a lease, the age
of a recording, of a stored answer, of a note. In queries that is `Now()`, which Django writes as PostgreSQL's
statement_timestamp(): not the start of the transaction, in which locks may have been waited for. In Python it is
`now()`.

`Property.today()` is a local date, which nobody writes down; it goes by the machine's own clock. Durations inside one
process are measured by `time.monotonic()`.
"""

import datetime as dt
import time
from typing import NamedTuple

import psycopg2
from django.db import connection

# How long the database's clock is continued by this machine's monotonic one, which nobody sets. Two of them drift apart
# by some milliseconds in that time.
READ_EACH_SECONDS = 60
# An answer that came that quickly is exact enough. On a busy machine some are late, and the quickest of a few counts.
QUICK_SECONDS = 0.001
ATTEMPTS = 5


class _Reading(NamedTuple):
    instant: dt.datetime
    at: float  # time.monotonic()
    took: float  # seconds: the instant is that of `at`, to half of it


_reading: _Reading | None = None


def now() -> dt.datetime:
    """The database's instant (UTC), to a few milliseconds. No query but once a minute."""
    reading = _current()
    return reading.instant + dt.timedelta(seconds=time.monotonic() - reading.at)


def read() -> dt.datetime:
    """The same by a query: not a moment before anything that has been written."""
    return _read().instant


def forget() -> None:
    """Ask the database anew at the next look: for tests, which set its clock."""
    global _reading
    _reading = None


def _current() -> _Reading:
    global _reading
    if _reading is None or time.monotonic() - _reading.at > READ_EACH_SECONDS:
        try:
            _reading = _quickest()
        except psycopg2.Error:  # a transaction that has failed already, or a connection that is gone
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
    """Past Django's cursor: whatever a page or a test counts, this question does not depend on it."""
    connection.ensure_connection()
    before = time.monotonic()
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [instant] = cursor.fetchone()
    took = time.monotonic() - before
    return _Reading(instant.astimezone(dt.UTC), before + took / 2, took)
