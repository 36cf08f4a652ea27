"""A stay: nights as a half-open range of local dates. Pure arithmetic, no database."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

# The range of the calendar. PostgreSQL can store dates that Python cannot read (year 10000), so both ends are bounded.
FIRST_DAY = dt.date(2000, 1, 1)
LAST_DAY = dt.date(2100, 1, 1)
# About two years. A longer stay is a typing mistake, and would make the unit look taken in every search.
MAX_NIGHTS = 730


class BadStay(ValueError):
    """The dates cannot be a stay. `field` is "arrival" or "departure"; `message` is for staff."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, order=True)
class Stay:
    """The nights `[arrival, departure)`: the departure day is free for the next arrival.

    Raises BadStay when there is no night, more than MAX_NIGHTS, or a day outside [FIRST_DAY, LAST_DAY].
    """

    arrival: dt.date
    departure: dt.date

    def __post_init__(self) -> None:
        if not FIRST_DAY <= self.arrival < LAST_DAY:
            raise BadStay("arrival", f"Choose an arrival between {FIRST_DAY.year} and {LAST_DAY.year - 1}.")
        if self.departure == self.arrival:
            raise BadStay("departure", "A stay has at least one night: choose a departure after the arrival.")
        if self.departure < self.arrival:
            raise BadStay("departure", "The departure is before the arrival. Swap the two dates.")
        if not self.departure <= LAST_DAY:
            raise BadStay("departure", f"Choose a departure between {FIRST_DAY.year} and {LAST_DAY.year - 1}.")
        if self.nights > MAX_NIGHTS:
            raise BadStay("departure", f"A stay has at most {MAX_NIGHTS} nights; this one has {self.nights}.")

    @classmethod
    def of_nights(cls, arrival: dt.date, nights: int) -> Self:
        return cls(arrival, arrival + dt.timedelta(days=nights))

    @classmethod
    def until_further_notice(cls, arrival: dt.date) -> Self:
        """As many nights as a stay may have, for a room that is closed and nobody knows how long."""
        return cls(arrival, min(arrival + dt.timedelta(days=MAX_NIGHTS), LAST_DAY))

    @property
    def nights(self) -> int:
        return (self.departure - self.arrival).days

    @property
    def is_until_further_notice(self) -> bool:
        return self == Stay.until_further_notice(self.arrival)

    def common(self, other: "Stay") -> "Stay | None":
        """The nights that are in both; None when there are none."""
        if not self.overlaps(other):
            return None
        return Stay(max(self.arrival, other.arrival), min(self.departure, other.departure))

    def overlaps(self, other: "Stay") -> bool:
        return self.arrival < other.departure and other.arrival < self.departure
