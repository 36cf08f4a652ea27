#!/usr/bin/env bash
# phonenumberslite 9.0.42: a name or a note behind a telephone number is dialled as part of it, and is "valid".
#
# The guess: `parse("030 1234567 Anna", "DE")` raises NumberParseException, or reads the number and leaves the rest.
#
# The behaviour: as soon as three letters stand in the text (behind the first digit), all letters are turned into the
# digits of a telephone's keys, as in 1-800-FLOWERS, in every country. Two letters are left out, and letters in front
# of the number as well. Where a country's numbers may have several lengths, as in Germany and Austria,
# `is_valid_number` is still True for what comes out.
#
# Seen (2026-11-29), all read for DE:
#   '030 1234567' -> +49301234567, valid: True
#   'Anna 030 1234567' -> +49301234567, valid: True
#   '030 1234567 Mo' -> +49301234567, valid: True
#   '030 1234567 Anna' -> +493012345672662, valid: True
#   '030 1234567 (mobile)' -> +49301234567662453, valid: True
#   '030 1234567 room 12' -> +49301234567766612, valid: True
#   '+43 660 1234567 Eva' -> +436601234567382, valid: True
#
# What follows: refuse letters in a number before it is parsed (but for a known mark of an extension), or cut it off
# and keep it as a note. A check with `is_valid_number` alone stores numbers that reach nobody.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check phonenumberslite==9.0.42

"$tmp/venv/bin/python" - <<'PY'
import sys

import phonenumbers

SEEN = {
    "030 1234567": ("+49301234567", True),
    "Anna 030 1234567": ("+49301234567", True),
    "030 1234567 Mo": ("+49301234567", True),
    "030 1234567 Anna": ("+493012345672662", True),
    "030 1234567 (mobile)": ("+49301234567662453", True),
    "030 1234567 room 12": ("+49301234567766612", True),
    "+43 660 1234567 Eva": ("+436601234567382", True),
}

print("phonenumberslite", phonenumbers.__version__)
results = {}
for text in SEEN:
    number = phonenumbers.parse(text, "DE")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    results[text] = written, phonenumbers.is_valid_number(number)
    print("{!r} -> {}, valid: {}".format(text, *results[text]))
if results != SEEN:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
