"""The totals of the tape chart: free rooms of each group, and the occupancy of all rooms, night by night."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from reservations.tape.bars import DayColumns


@dataclass(frozen=True)
class DayHeader:
    date: dt.date
    is_today: bool
    percent: int  # units with a stay that night, of the units that are not closed


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
