#!/usr/bin/env bash
# dateparser 1.5.0: "5.12." in German is twelve minutes past five, of a day that may be in the past.
#
# The guess: a language whose dates are written day, dot, month, dot reads `5.12.` as 5 December; and with
# PREFER_DATES_FROM "future" no result is before RELATIVE_BASE.
#
# The behaviour: a day and month of which the day could be an hour and the month minutes with two digits is a time of
# today. With "future" it is that time on the first day of the base's month. From the 24th on the same form is a date, so
# is one with a year, and so is a month with one digit. It is so in German, Danish, Polish, Czech and Finnish.
#
# Seen (2026-11-30), the base is 30 November 2026, 09:00, dates from the future preferred:
#   de '5.12.'   -> 2026-11-01 05:12
#   de '5. 12.'  -> 2026-11-01 05:12
#   de '13.12.'  -> 2026-11-30 13:12
#   de '24.12.'  -> 2026-12-24 00:00
#   de '1.1.'    -> 2027-01-01 00:00
#   de '5.12.26' -> 2026-12-05 00:00
#   fi '5.12.'   -> 2026-11-01 05:12
#
# What follows: a field into which staff type dates of October, November and December without the year does not get its
# dates from dateparser, or matches day and month itself before it asks.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0

"$tmp/venv/bin/python" - <<'PY'
import datetime as dt
import sys

import dateparser

SEEN = {
    ("de", "5.12."): "2026-11-01 05:12",
    ("de", "5. 12."): "2026-11-01 05:12",
    ("de", "13.12."): "2026-11-30 13:12",
    ("de", "24.12."): "2026-12-24 00:00",
    ("de", "1.1."): "2027-01-01 00:00",
    ("de", "5.12.26"): "2026-12-05 00:00",
    ("fi", "5.12."): "2026-11-01 05:12",
}
SETTINGS = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": dt.datetime(2026, 11, 30, 9, 0)}

print("dateparser", dateparser.__version__)
results = {}
for language, text in SEEN:
    read = dateparser.parse(text, languages=[language], settings=SETTINGS)
    results[language, text] = f"{read:%Y-%m-%d %H:%M}" if read else "None"
    print(f"{language} {text!r} -> {results[language, text]}")
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
