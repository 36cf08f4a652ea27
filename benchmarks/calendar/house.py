"""A database of its own, filled with 500 properties, 5,000 units and a million reservations over three years."""

import datetime as dt
import sys
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from config.database import database_settings, embedded_url

SEED = Path(__file__).with_name("seed.sql")
SEEDED = "seeded"  # written beside the database when it is whole
YEARS_BEFORE, YEARS = 1, 3


def open_house(folder):
    """Start the server in `folder`, fill it unless it is full from an earlier run, and make it Django's database."""
    folder.mkdir(parents=True, exist_ok=True)
    url = embedded_url(folder / "postgres")
    connection.settings_dict.update(database_settings(url))
    if not (folder / SEEDED).exists():
        _fill()
        (folder / SEEDED).touch()
    return url


def first_night():
    return dt.datetime.now(dt.UTC).date().replace(month=1, day=1) - dt.timedelta(days=365 * YEARS_BEFORE)


def _fill():
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    first = first_night()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('roomtone.first', %s, false)", [first.isoformat()])
        cursor.execute(SEED.read_text())
        for command in ("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT"):
            cursor.execute(command)
    print(f"  seeded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
