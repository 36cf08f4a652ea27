"""Windows: nights in a row for which one and the same unit is free. Pure arithmetic, no database.

Windows are as long as possible, and none lies inside another. So a stay finds a unit for all of its nights if, and only
if, it lies inside a window, and a night is free if it lies in any. In a hotel windows may overlap: room 101 is free
from Monday to Thursday, room 102 from Wednesday to Saturday.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[dt.date, dt.date]  # [first, until)


class Window(NamedTuple):
    arrival: dt.date
    until: dt.date | None  # not a night any more; None: free up to the end of the Outlook
    nights: int  # up to `until`, or to the end of the Outlook
    units: int | None  # how many are free for all of it; None where rooms are not counted


@dataclass(frozen=True)
class Outlook:
    """The windows and the number of free units on the nights `[first, until)`."""

    first: dt.date
    until: dt.date
    windows: Sequence[Window]
    free: Sequence[int] | None  # units on each night; None where rooms are not counted


def widest(gaps: Iterable[Span], until: dt.date) -> list[Window]:
    """The windows among the units' gaps: those that lie in no other gap, by arrival. No gap ends after `until`."""
    units = Counter(gaps)
    found, reached = [], dt.date.min
    for arrival, end in sorted(units, key=lambda gap: (gap[0], -gap[1].toordinal())):
        if end > reached:
            reached = end
            is_open = end == until
            found.append(Window(arrival, None if is_open else end, (end - arrival).days, units[arrival, end]))
    return found


def left_between(stays: Iterable[Span], first: dt.date, until: dt.date) -> Iterator[Span]:
    """The gaps in `[first, until)` between `stays`, which do not overlap each other."""
    for arrival, departure in sorted(stays):
        if arrival > first:
            yield first, min(arrival, until)
        first = max(first, departure)
    if first < until:
        yield first, until
