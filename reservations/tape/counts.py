"""The head and totals of the tape chart: months, free rooms of each group, and the occupancy of all rooms by night."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import NamedTuple

from reservations.tape.bars import DayColumns

# The fewest columns of a month whose name is written out, and of one that has the year beside its name.
DAYS_FOR_NAME = 7
DAYS_FOR_YEAR = 4


@dataclass(frozen=True)
class DayHeader:
    date: dt.date
    is_today: bool
    percent: int  # units with a stay that night, of the units that are not closed


class Month(NamedTuple):
    """The columns of one month in the head of the chart."""

    name: str  # such as December 2026, Dec 2026, Dec
    days: int  # how many of its days have columns


def months(days: Iterable[dt.date]) -> list[Month]:
    """The months of these successive days. The first one with room for it has the year, and each January.

    Names are short where a month has few columns; what has no room all the same is hidden by the style sheet.
    """
    found: list[Month] = []
    has_year = False
    for first, count in _first_days(days):
        name = f"{first:%B}" if count >= DAYS_FOR_NAME else f"{first:%b}"
        if count >= DAYS_FOR_YEAR and (first.month == 1 or not has_year):
            name, has_year = f"{name} {first.year}", True
        found.append(Month(name, count))
    return found


def _first_days(days):
    """(first of the days, number of days) of each month."""
    for _, of_month in groupby(days, lambda day: (day.year, day.month)):
        first, *others = of_month
        yield first, 1 + len(others)


class Counts:
    """The numbers of free and occupied rooms on each night. `free` is {key of a group: rooms free on each night}."""

    def __init__(self, groups: dict[int, str], taken: Iterable[tuple[int, int, int, int | None]], columns: DayColumns):
        """`groups` is {key of a unit: key of its group}; `taken` has tuples of `bars.nights_taken`."""
        self._columns = columns
        rooms_in = Counter(groups.values())
        # How many more are taken from each day on than before; the running sums are how many are taken.
        steps = {key: [0] * (columns.count + 1) for key in rooms_in}
        closures = [0] * (columns.count + 1)
        for unit, arrival, departure, closure in taken:
            start, end = max(0, arrival), min(columns.count, departure)
            if start < end and unit in groups:
                for step in (steps[groups[unit]], closures) if closure else (steps[groups[unit]],):
                    step[start] += 1
                    step[end] -= 1
        self.free = {key: [rooms_in[key] - n for n in accumulate(step[:-1])] for key, step in steps.items()}
        self._closed = list(accumulate(closures[:-1]))
        self._sellable = [len(groups) - closed for closed in self._closed]
        self._slept_in = [n - sum(night) for n, *night in zip(self._sellable, *self.free.values(), strict=True)]

    def days(self, today: dt.date) -> list[DayHeader]:
        dates = (self._columns[day] for day in range(self._columns.count))
        figures = zip(dates, self._slept_in, self._sellable, strict=True)
        return [DayHeader(date, date == today, _percent(slept_in, sellable)) for date, slept_in, sellable in figures]

    @property
    def occupied(self) -> int:
        return _percent(sum(self._slept_in), sum(self._sellable))


def _percent(part, whole):
    return round(100 * part / whole) if whole else 0
