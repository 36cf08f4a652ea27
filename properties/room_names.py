"""Lists of room names in text, one by one or as ranges: "101–118, 201, Garden Suite". No database."""

import re
from collections import Counter

from config.text import UnfitText, tidy

# The most rooms that are added at once.
MOST_AT_ONCE = 500
LONGEST_NAME = 60

_SEPARATORS = re.compile(r"[,;\n]")
# ASCII digits only, because \d matches the digits of all scripts. With all dashes that keyboards and word processors
# produce.
_RANGE = re.compile(r"(?P<start>.*?)(?P<first>[0-9]+) ?[-‐‑‒–—−] ?(?P<again>.*?)(?P<last>[0-9]+)")


class BadRooms(ValueError):
    """The text is no list of rooms. The message is for staff."""


def parse(text):
    """The names in the order of the text, with ranges expanded: "A1-A3, 007–009" is A1, A2, A3, 007, 008, 009.

    Raises BadRooms for hidden characters, ranges that run backwards or between different prefixes, names longer than
    LONGEST_NAME, a name that is repeated whatever its case, and more than MOST_AT_ONCE rooms.
    """
    names = []
    for item in split(text):
        names += _expanded(_tidy(item))
        if len(names) > MOST_AT_ONCE:
            raise BadRooms(f"This is more than {MOST_AT_ONCE} rooms. Add them in smaller lots.")
    _refuse_repeated(names)
    return names


def split(text):
    """The names and ranges of a text, as they were typed."""
    return [item.strip() for item in _SEPARATORS.split(text) if item.strip()]


def in_words(names):
    """Such as "101, 102, 103 and 4 more"."""
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def natural_order(name):
    """A sort key that puts 9 before 10, A2 before A10, and numbers before letters."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _tidy(item):
    try:
        return tidy(item)
    except UnfitText as unfit:
        raise BadRooms(str(unfit)) from None


def _expanded(item):
    if not item:
        return []
    span = _RANGE.fullmatch(item) if len(item) <= 2 * LONGEST_NAME else None
    names = _counted(item, **span.groupdict()) if span else [item]
    if any(len(name) > LONGEST_NAME for name in names):
        raise BadRooms(f"“{names[0][:LONGEST_NAME]}…” is too long for a room: keep it to {LONGEST_NAME} characters.")
    return names


def _counted(item, start, first, again, last):
    if again and again.casefold() != start.casefold():
        raise BadRooms(f"“{item}” is no range: both ends have to begin alike, as in A1–A9. Or write room by room.")
    low, high = int(first), int(last)
    if high < low:
        raise BadRooms(f"“{item}” runs backwards. Write it as {start}{last}–{start}{first}.")
    if high - low >= MOST_AT_ONCE:
        raise BadRooms(f"“{item}” is more than {MOST_AT_ONCE} rooms. Add them in smaller lots.")
    width = len(first) if first.startswith("0") else 0
    return [f"{start}{number:0{width}}" for number in range(low, high + 1)]


def _refuse_repeated(names):
    written = {name.casefold(): name for name in reversed(names)}
    counts = Counter(name.casefold() for name in names)
    repeated = [written[key] for key, count in counts.items() if count > 1]
    if repeated:
        raise BadRooms(f"You wrote {in_words(repeated)} more than once. Write each room once.")
