#!/usr/bin/env bash
# Babel 2.19.0: parse_decimal(strict=True) takes NaN, 1e3 and 1_0, but not the 1 234,50 that a French keyboard types.
#
# The guess: strict reads what the locale writes, digits with its group and decimal signs, and refuses all else; an
# amount that it returns is a finite number.
#
# The behaviour: "strict" looks only at where the group signs stand. All else is left to Python's Decimal, so words for
# what is no number, exponents and underscores are read in each locale: `1_0` is ten. The blank of the keyboard is no
# group sign in French, where CLDR has a narrow no-break space, so the usual way to type thousands is refused; without
# strict it is read.
#
# Seen (2026-11-30), locale, text, strict, not strict:
#   fr '1 234,50'  NumberFormatError  1234.50
#   fr '1,5e1'     15                 15
#   en 'NaN'       NaN                NaN
#   en 'Infinity'  Infinity           Infinity
#   en '1e3'       1E+3               1E+3
#   en '1_0'       10                 10
#   en '1,5'       NumberFormatError  15
#
# What follows: match an amount with a pattern of your own before Babel reads it, and ask `is_finite()` after. A
# check such as `amount < 0` raises InvalidOperation for NaN, and says nothing about Infinity.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check babel==2.19.0

"$tmp/venv/bin/python" - <<'PY'
import sys

import babel
from babel.numbers import NumberFormatError, parse_decimal

SEEN = {
    ("fr", "1 234,50"): ("NumberFormatError", "1234.50"),
    ("fr", "1,5e1"): ("15", "15"),
    ("en", "NaN"): ("NaN", "NaN"),
    ("en", "Infinity"): ("Infinity", "Infinity"),
    ("en", "1e3"): ("1E+3", "1E+3"),
    ("en", "1_0"): ("10", "10"),
    ("en", "1,5"): ("NumberFormatError", "15"),
}


def read(locale, text, *, strict):
    try:
        return str(parse_decimal(text, locale=locale, strict=strict))
    except NumberFormatError as error:
        return type(error).__name__


print("Babel", babel.__version__)
results = {case: (read(*case, strict=True), read(*case, strict=False)) for case in SEEN}
for (locale, text), (strict, loose) in results.items():
    print(f"{locale} {text!r}: strict {strict}, not strict {loose}")
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
