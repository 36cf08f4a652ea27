"""A database of its own, filled with 500 properties, 5,000 units and a million reservations over three years."""

import datetime as dt
import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from config import embedded_database
from config.database import database_settings

SEED = Path(__file__).with_name("seed.sql")
# Written beside the database when it is whole: the last keys of the seed, by table.
SEEDED = "seeded.json"
DAYS_BEFORE = 365
# What the measurements add, in an order that foreign keys allow.
GROWING = ("event", "occupancy", "reservation", "closure", "guest")


@contextmanager
def open_dataset(folder):
    """Start PostgreSQL in `folder`, fill it unless it is full from an earlier run, and make it Django's database.

    What is written inside is taken away at the end, so that the next run finds the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection.settings_dict.update(database_settings(embedded_database.start(folder / "postgres")))
    call_command("migrate", verbosity=0)
    if not (folder / SEEDED).exists():
        (folder / SEEDED).write_text(json.dumps(_fill()))
    connection.ensure_connection()
    last = json.loads((folder / SEEDED).read_text())
    sweep(last)
    try:
        yield
    finally:
        sweep(last)
        connection.close()


def sweep(last):
    """Take away what is newer than the seed. Events are append-only for everyone who does not ask as a replica."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in GROWING:
            cursor.execute(f"DELETE FROM reservations_{table} WHERE id > %s", [last[table]])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE)")


def _fill():
    started = time.perf_counter()
    first = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=DAYS_BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('roomtone.first', %s, false)", [first.isoformat()])
        cursor.execute(SEED.read_text())
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT count(*), sum(departure - arrival) / (5000 * 1095.0) FROM reservations_occupancy")
        count, full = cursor.fetchone()
        last = {table: _last_key(cursor, table) for table in GROWING}
    seconds = time.perf_counter() - started
    print(f"{count:,} stays and closures, {full:.0%} of all nights, seeded in {seconds:.0f} s", file=sys.stderr)
    return last


def _last_key(cursor, table):
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM reservations_{table}")
    return cursor.fetchone()[0]
