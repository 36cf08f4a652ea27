#!/usr/bin/env bash
# Babel 2.19.0: parse_date exchanges day and month, without an error, where the month would be above twelve.
#
# The guess: `parse_date("13/05/2026", locale="en_US")` raises ParseError, as there is no thirteenth month: the order
# of a locale, or a `format` that is given, is what the text must have.
#
# The behaviour: a month above twelve is taken for the day and the day for the month, with an explicit format too.
# So in one locale 12/05 is in December and 13/05 in May. Only numbers are read, and those left over are ignored.
# A date of which neither reading exists does raise ParseError.
#
# Seen (2026-11-29):
#   12/05/2026 en_US medium -> 2026-12-05
#   13/05/2026 en_US medium -> 2026-05-13
#   05/13/2026 en_GB medium -> 2026-05-13
#   5.13.2026 de medium -> 2026-05-13
#   13/05/2026 en_GB MM/dd/yyyy -> 2026-05-13
#   1.2.2026 bis 3.2.2026 de medium -> 2026-02-01
#   31.2.2026 de medium -> ParseError
#
# What follows: an arrival typed in another country's order is accepted on most days and wrong on the first twelve of
# each month. Where a date decides about a booking, format the result again and compare it with what was typed, or
# read it with `datetime.strptime` or a date field of the browser, which send one order only.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.19.0

"$tmp/venv/bin/python" - <<'PY'
import sys

import babel
from babel.dates import ParseError, parse_date

SEEN = {
    ("12/05/2026", "en_US", "medium"): "2026-12-05",
    ("13/05/2026", "en_US", "medium"): "2026-05-13",
    ("05/13/2026", "en_GB", "medium"): "2026-05-13",
    ("5.13.2026", "de", "medium"): "2026-05-13",
    ("13/05/2026", "en_GB", "MM/dd/yyyy"): "2026-05-13",
    ("1.2.2026 bis 3.2.2026", "de", "medium"): "2026-02-01",
    ("31.2.2026", "de", "medium"): "ParseError",
}


def parse(text, locale, format):
    try:
        return str(parse_date(text, locale=locale, format=format))
    except ParseError:
        return "ParseError"


print("Babel", babel.__version__)
results = {}
for case in SEEN:
    results[case] = parse(*case)
    print(*case, "->", results[case])
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
