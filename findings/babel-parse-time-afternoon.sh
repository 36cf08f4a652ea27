#!/usr/bin/env bash
# Babel 2.19.0: parse_time reads Babel's own afternoon times as the morning, in many locales.
#
# The guess: what `format_time` writes for a locale, `parse_time` reads for the same locale, or raises ParseError.
#
# The behaviour: the only marks of the afternoon that it knows are the letters "pm" in a row. Locales that write
# "p.m.", or a word of their own, and have a 12-hour clock lose twelve hours without an error; an English example is
# Canada. Midnight is lost the other way: "12:15 a.m." becomes a quarter past noon.
#
# Seen (2026-11-29), of 14:30 and 00:15 written by format_time(..., "short") and read back:
#   en_US: 14:30 -> 14:30, 00:15 -> 00:15
#   en_AU: 14:30 -> 14:30, 00:15 -> 00:15
#   en_CA: 14:30 -> 02:30, 00:15 -> 12:15
#   es_MX: 14:30 -> 02:30, 00:15 -> 12:15
#   el: 14:30 -> 02:30, 00:15 -> 12:15
#   ko: 14:30 -> 02:30, 00:15 -> 12:15
#   ar: 14:30 -> 02:30, 00:15 -> 12:15
#
# What follows: do not read times with it in a locale with a 12-hour clock. Have the browser send a time
# (`<input type="time">` is always 24 hours), or test each locale by reading back all that it writes.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.19.0

"$tmp/venv/bin/python" - <<'PY'
import sys
from datetime import time

import babel
from babel.dates import format_time, parse_time

RIGHT = ("14:30", "00:15")
WRONG = ("02:30", "12:15")
SEEN = {"en_US": RIGHT, "en_AU": RIGHT, "en_CA": WRONG, "es_MX": WRONG, "el": WRONG, "ko": WRONG, "ar": WRONG}


def back(moment, locale):
    written = format_time(moment, "short", locale=locale)
    return f"{parse_time(written, locale=locale, format='short'):%H:%M}"


print("Babel", babel.__version__)
results = {}
for locale in SEEN:
    results[locale] = back(time(14, 30), locale), back(time(0, 15), locale)
    print("{}: 14:30 -> {}, 00:15 -> {}".format(locale, *results[locale]))
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
