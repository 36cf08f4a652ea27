"""What the tape chart counts: rooms that are free in each group, and how full the properties are, night by night."""

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
    percent: int  # of the units that are not closed, those with a stay that night


class Counts:
    """How many rooms are free and how many are slept in, from what takes nights."""

    def __init__(self, groups: dict[int, str], taken: Iterable[tuple[int, int, int, int | None]], columns: DayColumns):
        """`groups` are the keys of the groups that the units stand in.

        `taken` holds unit, arrival and departure day, and the closure's key if it is one.
        """
        self._columns = columns
        rooms_in = Counter(groups.values())
        # What begins and ends on each day; its running sum is what is there.
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
