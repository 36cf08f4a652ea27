#!/usr/bin/env bash
# django-environ 0.14.0: env.float() leaves out what it does not know, so 1e3 is 13 and 1/2 is 12.
#
# The guess: `env.float("RATE")` is `float()` of the text: it reads what Python reads and raises for anything else, as
# `env.int` does.
#
# The behaviour: all but digits, comma, dot and minus is removed first, and the last comma or dot is the decimal one.
# So numbers with an exponent lose their "e", units and slashes vanish, and 1,234 is a little more than one.
#
# Seen (2026-11-29):
#   '0.5' -> 0.5
#   '1e3' -> 13.0
#   '5e-1' -> ValueError
#   '1/2' -> 12.0
#   '1:30' -> 130.0
#   '500ms' -> 500.0
#   '1,234' -> 1.234
#   env.int of '500ms' -> ValueError
#
# What follows: read numbers in settings with `env("RATE", cast=...)` and a function of your own around `float`, and
# check their range where they are read. A limit of 1e9 that became 19 starts without an error.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check django-environ==0.14.0

"$tmp/venv/bin/python" - <<'PY'
import os
import sys

import environ

SEEN = {
    "0.5": "0.5",
    "1e3": "13.0",
    "5e-1": "ValueError",
    "1/2": "12.0",
    "1:30": "130.0",
    "500ms": "500.0",
    "1,234": "1.234",
}
env = environ.Env()


def read(kind, text):
    os.environ["FINDING_NUMBER"] = text
    try:
        return str(getattr(env, kind)("FINDING_NUMBER"))
    except ValueError:
        return "ValueError"


print("django-environ", environ.__version__)
results = {text: read("float", text) for text in SEEN}
for text, result in results.items():
    print(f"{text!r} -> {result}")
integer = read("int", "500ms")
print("env.int of '500ms' ->", integer)
own = env("FINDING_NUMBER", cast=lambda text: float(text.removesuffix("ms")))
if results != SEEN or integer != "ValueError" or own != 500.0:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
