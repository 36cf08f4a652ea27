#!/usr/bin/env bash
# whisper-normalizer 0.1.15, English: two numbers that stand side by side become one, even over a comma.
#
# The guess: Whisper's English normalizer turns number words into digits so that "twelve" and "12" count as the same
# word when a transcript is compared with the words that were spoken; a comma keeps two numbers apart.
#
# The behaviour: number words in a row are joined digit by digit, as in "nineteen ninety". Commas are gone before that
# is looked at, and a number in digits takes a number word behind it as well. Numbers that both stand in digits are
# left alone. So the same sentence gives other words depending on how each number was written.
#
# Seen (2026-11-29):
#   'room twelve, two towels' -> 'room 122 towels'
#   'room 12, two towels' -> 'room 122 towels'
#   'room 12, 2 towels' -> 'room 12 2 towels'
#   'at ten thirty' -> 'at 1030'
#   'at 10:30' -> 'at 10 30'
#   'room two oh five' -> 'room 205'
#   'room 2 oh 5' -> 'room 20 5'
#   word errors of a right transcript in digits, of 'room twelve, two towels': 2 of 3 words
#
# What follows: an error rate over sentences with rooms, times and amounts counts spelling as mistakes, and may hide
# a number that was truly heard wrong (room 122). Write the numbers of the reference as the recogniser writes them, or
# compare numbers on their own, and read the worst sentences before a figure is believed.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check whisper-normalizer==0.1.15

"$tmp/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from whisper_normalizer.english import EnglishTextNormalizer

SEEN = {
    "room twelve, two towels": "room 122 towels",
    "room 12, two towels": "room 122 towels",
    "room 12, 2 towels": "room 12 2 towels",
    "at ten thirty": "at 1030",
    "at 10:30": "at 10 30",
    "room two oh five": "room 205",
    "room 2 oh 5": "room 20 5",
}


def distance(first, second):
    """How many words must be changed, added or removed to make one list of words the other."""
    row = list(range(len(second) + 1))
    for i, word in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


normalize = EnglishTextNormalizer()
print("whisper-normalizer", version("whisper-normalizer"))
results = {text: normalize(text) for text in SEEN}
for text, result in results.items():
    print(f"{text!r} -> {result!r}")
reference, transcript = results["room twelve, two towels"].split(), results["room 12, 2 towels"].split()
errors = distance(reference, transcript)
print(
    "word errors of a right transcript in digits, of 'room twelve, two towels':",
    f"{errors} of {len(reference)} words",
)
if results != SEEN or (errors, len(reference)) != (2, 3):
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
