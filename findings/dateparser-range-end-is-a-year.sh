#!/usr/bin/env bash
# dateparser 1.5.0 and python-dateutil 2.9.0: "24-27 dec" is one day of 2027, or of 2024.
#
# The guess: neither knows ranges, so both refuse `24-27 dec`, or read its first day and leave out the rest.
#
# The behaviour: both return one date without complaint. dateparser takes the second number for the year and finds 24
# December 2027; dateutil takes the first for the year and finds 27 December 2024. dateparser's search_dates finds the
# same in a sentence. In words ("24 to 27 dec") both refuse.
#
# Seen (2026-11-30), the base is 30 November 2026:
#   dateparser '24-27 dec'          -> 2027-12-24
#   dateparser '24-29 dec'          -> 2029-12-24
#   dateparser '24.-27.12.' (de)    -> 2027-12-24
#   search_dates 'arrives 24-27 dec' -> 2027-12-24
#   dateutil   '24-27 dec'          -> 2024-12-27
#   dateparser '24 to 27 dec'       -> None
#   dateutil   '24 to 27 dec'       -> ParserError
#
# What follows: text that may hold a range of nights is matched as a range first. A result that is years away from what
# was typed is no proof that a year was typed.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0 python-dateutil==2.9.0.post0

"$tmp/venv/bin/python" - <<'PY'
import datetime as dt
import sys

import dateparser
from dateparser.search import search_dates
from dateutil import parser

BASE = dt.datetime(2026, 11, 30, 9, 0)
SETTINGS = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": BASE}
SEEN = {
    ("dateparser", "en", "24-27 dec"): "2027-12-24",
    ("dateparser", "en", "24-29 dec"): "2029-12-24",
    ("dateparser", "de", "24.-27.12."): "2027-12-24",
    ("search_dates", "en", "arrives 24-27 dec"): "2027-12-24",
    ("dateutil", "en", "24-27 dec"): "2024-12-27",
    ("dateparser", "en", "24 to 27 dec"): "None",
    ("dateutil", "en", "24 to 27 dec"): "ParserError",
}


def read(reader, language, text):
    if reader == "dateutil":
        try:
            return f"{parser.parse(text, default=BASE):%Y-%m-%d}"
        except parser.ParserError:
            return "ParserError"
    if reader == "search_dates":
        return ", ".join(f"{day:%Y-%m-%d}" for _, day in search_dates(text, languages=[language], settings=SETTINGS))
    day = dateparser.parse(text, languages=[language], settings=SETTINGS)
    return f"{day:%Y-%m-%d}" if day else "None"


print("dateparser", dateparser.__version__)
results = {}
for case in SEEN:
    results[case] = read(*case)
    print(*case[:2], repr(case[2]), "->", results[case])
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
