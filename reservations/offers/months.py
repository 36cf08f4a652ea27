"""The calendar of months beside the forms for stays: which nights are free."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from properties.models import Property, Unit
from reservations import availability
from reservations.models import Reservation
from reservations.stay import FIRST_DAY, LAST_DAY

MONTHS_SHOWN = 2


@dataclass(frozen=True)
class CalendarDay:
    """A cell of the month calendar."""

    date: dt.date
    free: int | None  # units that are free in the night that begins on this day; None where rooms are not counted
    is_past: bool
    is_edge: bool  # arrival or departure of the stay in the form
    is_picked: bool  # between them

    @property
    def is_taken(self):
        return self.free == 0

    @property
    def state(self):
        """The words for screen readers."""
        if self.is_taken:
            return "taken"
        return "free" if self.free in (None, 1) else f"{self.free} rooms free"


@dataclass(frozen=True)
class CalendarMonth:
    first: dt.date
    weeks: list[list[CalendarDay | None]]


@dataclass(frozen=True)
class Months:
    """The months that are shown, and the first of the months before and after them, None at the calendar's ends."""

    months: tuple[CalendarMonth, ...] = ()
    previous: dt.date | None = None
    following: dt.date | None = None


NO_MONTHS = Months()


def months_around(
    criteria: dict, *, property: Property, unit: Unit | None = None, ignoring: Reservation | None = None
) -> Months:
    """The months for the dates in a form, `CriteriaForm.cleaned_data`, of which each key may be missing. One query.

    `ignoring` is the reservation that is changed, whose own nights count as free.
    """
    first = _first_month(criteria, property.today())
    months = tuple(_months(property, unit, first, criteria, ignoring))
    return Months(months, previous=_months_later(first, -1), following=_months_later(first, 1))


def _first_month(criteria, today):
    """The first of the first month to show.

    That is the month that was turned to; else the one that is shown, if it or the next one has the arrival; else that
    of the arrival; else the present one.
    """
    arrival, shown = criteria.get("arrival"), criteria.get("shown")
    if shown and arrival and not shown <= arrival < (_months_later(shown.replace(day=1), MONTHS_SHOWN) or LAST_DAY):
        shown = None
    for day in (criteria.get("month"), shown, arrival):
        if day and FIRST_DAY <= day < LAST_DAY:
            return day.replace(day=1)
    return today.replace(day=1)


def _months(
    property: Property, unit: Unit | None, first: dt.date, criteria: dict, ignoring: Reservation | None
) -> Iterator[CalendarMonth]:
    shown = [month for n in range(MONTHS_SHOWN) if (month := _months_later(first, n))]
    days = (_last_of(shown[-1]) - shown[0]).days + 1
    free = availability.free_by_night(property=property, unit=unit, first=shown[0], days=days, ignoring=ignoring)
    today = property.today()
    arrival, departure = criteria.get("arrival"), criteria.get("departure")

    def cell(date):
        return CalendarDay(
            date=date,
            free=free[(date - shown[0]).days],
            is_past=date < today,
            is_edge=date in (arrival, departure),
            is_picked=bool(arrival and departure) and arrival < date < departure,
        )

    for month in shown:
        weeks = calendar.Calendar().monthdayscalendar(month.year, month.month)
        yield CalendarMonth(
            month, [[cell(month.replace(day=number)) if number else None for number in week] for week in weeks]
        )


def _last_of(month):
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _months_later(first, count):
    """The first of the month `count` months later, or None outside the years of the calendar."""
    years, month = divmod(first.month - 1 + count, 12)
    year = first.year + years
    return dt.date(year, month + 1, 1) if FIRST_DAY.year <= year < LAST_DAY.year else None
