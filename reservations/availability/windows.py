"""The windows that stays fit into: nights in a row for which one and the same unit is free. Pure arithmetic.

Windows are as long as they can be: none lies inside another. So a stay finds a unit for all of its nights if, and only
if, it lies inside one of them, and a night is free if it is in any. In a hotel they may overlap: room 101 is free from
Monday to Thursday, room 102 from Wednesday to Saturday.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[dt.date, dt.date]  # [first, until)


class Window(NamedTuple):
    arrival: dt.date
    until: dt.date | None  # not a night any more; None: free for as long as was looked
    nights: int  # up to `until`, or to the end of what was looked at
    units: int | None  # free for all of it; None where inventory is not counted


@dataclass(frozen=True)
class Outlook:
    """The windows and the number of free units on the nights `[first, until)`."""

    first: dt.date
    until: dt.date
    windows: Sequence[Window]
    free: Sequence[int] | None  # units on each night; None where inventory is not counted


def widest(gaps: Iterable[Span], until: dt.date) -> list[Window]:
    """Of the units' gaps those that lie in no other one, earliest first. They end by `until`, where looking ended."""
    units = Counter(gaps)
    found, reached = [], dt.date.min
    for arrival, end in sorted(units, key=lambda gap: (gap[0], -gap[1].toordinal())):
        if end > reached:
            reached = end
            is_open = end == until
            found.append(Window(arrival, None if is_open else end, (end - arrival).days, units[arrival, end]))
    return found


def left_between(stays: Iterable[Span], first: dt.date, until: dt.date) -> Iterator[Span]:
    """What is left of `[first, until)` between stays that do not overlap each other."""
    for arrival, departure in sorted(stays):
        if arrival > first:
            yield first, min(arrival, until)
        first = max(first, departure)
    if first < until:
        yield first, until
