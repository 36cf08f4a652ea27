"""The bars of the tape chart: segments of stays, closures, and stays that have no room.

Days are integers, counted from the chart's first column: 0 is that day, -1 the day before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import BooleanField, DateField, F, Field, Func, Q, Value
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Property
from reservations import wording
from reservations.models import Closure, Occupancy, Reservation, Status
from reservations.stay import Stay

# The choices of the chart's status filter. The last two are no states of a reservation.
DELAYED, CLOSED = "delayed", "closed"
SHOWN = {
    Status.HELD.value: "Held",
    Status.CONFIRMED.value: "Confirmed",
    Status.IN_HOUSE.value: "In house",
    Status.CHECKED_OUT.value: "Checked out",
    DELAYED: "Delayed",
    CLOSED: "Closed",
}
# The most days ahead for which a weekday's name is used in place of a date.
SOON = 6
CLOSED_FOR = dict(Closure.Kind.choices)


class Bar(NamedTuple):
    """A segment of a stay, a closure, or a stay without a room, with the words that are shown."""

    id: int  # key of the occupancy, or of the reservation when it has no room
    unit_id: int | None  # None: it has no room
    property_id: int
    arrival: int  # day; of the segment
    departure: int  # day; of the segment
    reservation_id: int | None  # None: a closure
    reference: str
    status: str
    version: int
    is_locked: bool
    hold_expires_at: dt.datetime | None
    whole_arrival: int  # day; of the whole stay
    whole_departure: int  # day; of the whole stay
    guest: str
    closure_id: int | None
    kind: str
    note: str
    word: str  # such as Held, Arrival delayed, Maintenance
    is_delayed: bool
    until: str  # for a hold, such as until 18:00, in the property's time zone; else ""
    passes_filter: bool  # whether it passes the status filter
    level: int = 0  # in the unassigned lane, the line of the bar, from the top


class DayColumns:
    """The days of the chart's columns, and texts for them, which are made once however many bars use them."""

    def __init__(self, stay: Stay):
        self.first = stay.arrival
        self.count = stay.nights
        self._isos: dict[int, str] = {}
        self._spans: dict[tuple[int, int], str] = {}

    def __getitem__(self, day: int) -> dt.date:
        return self.first + dt.timedelta(days=day)

    def iso(self, day: int) -> str:
        if day not in self._isos:
            self._isos[day] = self[day].isoformat()
        return self._isos[day]

    def span(self, arrival: int, departure: int) -> str:
        """The dates such as 20–23 Nov."""
        key = arrival, departure
        if key not in self._spans:
            self._spans[key] = wording.short_span(Stay(self[arrival], self[departure]))
        return self._spans[key]

    def closed(self, arrival: int, departure: int) -> str:
        """The dates of a closure, such as 20–23 Nov, or "from 20 Nov until further notice"."""
        return wording.closed_span(Stay(self[arrival], self[departure]))


def in_properties(properties: dict[int, Property], days: DayColumns, status: str = "") -> dict[int, list[Bar]]:
    """{key of the unit: bars by arrival} for these properties, {key: property}. One query.

    Of a Property only its time zone and check-out time are used. Lapsed holds have no bars. `status` is one of SHOWN,
    or "" for all.
    """
    return _bars_by_unit(Occupancy.objects.filter(property__in=properties), properties, days, status)


def in_units(
    units: Collection[int], properties: dict[int, Property], days: DayColumns, status: str = ""
) -> dict[int, list[Bar]]:
    """{key of the unit: bars by arrival} for these units alone; `properties` has each of their properties by key."""
    return _bars_by_unit(Occupancy.objects.filter(unit__in=units), properties, days, status)


def _bars_by_unit(occupancies, properties, days, status):
    rows = (
        _on_page(occupancies.in_force(), days)
        .order_by("arrival")
        .values_list(
            *("id", "unit_id", "property_id", _day("arrival", days), _day("departure", days), "reservation_id"),
            *(f"reservation__{name}" for name in ("reference", "status", "version", "is_locked", "hold_expires_at")),
            *(_day("reservation__arrival", days), _day("reservation__departure", days), "reservation__guest__name"),
            *("closure_id", "closure__kind", "closure__note"),
        )
    )
    maker = BarMaker(properties, days, status)
    by_unit = defaultdict(list)
    for row in rows:
        by_unit[row[1]].append(maker.bar(row))
    return by_unit


def without_unit(
    properties: dict[int, Property], days: DayColumns, status: str = "", room_type: int | None = None
) -> list[Bar]:
    """The bars of open stays in these properties that have no room, by arrival. One query.

    The properties must be ones that list rooms, because in others no stay has a room. `room_type` is a key; stays
    without a type are among those of any type.
    """
    open_stays = _on_page(Reservation.objects.open().filter(property__in=properties), days).order_by().values("pk")
    # A stay on the page that has segments has one on the page, so both queries are answered by an index alone.
    segments = _on_page(Occupancy.objects.filter(property__in=properties, reservation__isnull=False), days)
    found = Reservation.objects.filter(pk__in=open_stays.difference(segments.values("reservation")))
    if room_type:
        found = found.filter(Q(room_type=room_type) | Q(room_type=None))
    maker = BarMaker(properties, days, status)
    rows = found.order_by("arrival", "pk").values_list(
        *("pk", "property_id", _day("arrival", days), _day("departure", days)),
        *("reference", "status", "version", "is_locked", "hold_expires_at", "guest__name"),
    )
    return [
        maker.bar((pk, None, property_id, *stay, pk, *state, *stay, guest, None, None, None))
        for pk, property_id, arrival, departure, *state, guest in rows
        for stay in [(arrival, departure)]
    ]


def nights_taken(properties: Collection[int], days: DayColumns) -> Iterable[tuple[int, int, int, int | None]]:
    """(key of the unit, arrival day, departure day, key of the closure or None) of all occupancies there. One query."""
    in_force = _on_page(Occupancy.objects.in_force().filter(property__in=properties), days)
    return in_force.values_list("unit_id", _day("arrival", days), _day("departure", days), "closure_id")


class BarMaker:
    """Makes Bars from rows of the database, with words that depend on each property's date and time."""

    def __init__(self, properties: dict[int, Property], days: DayColumns, status: str):
        self._properties = properties
        self._todays = {pk: (property.today() - days.first).days for pk, property in properties.items()}
        self._overdue = {pk: self._todays[pk] - _is_before_check_out(property) for pk, property in properties.items()}
        self._wanted = status

    def bar(self, row) -> Bar:
        """`row` has the fields of Bar before `word`, in their order."""
        property_id, status = row[2], row[7]
        if status is None:
            return Bar._make((*row, CLOSED_FOR[row[15]], False, "", self._wanted in ("", CLOSED), 0))
        word, is_delayed, until = SHOWN[status], False, ""
        if status == "confirmed" and row[11] < self._todays[property_id]:
            word, is_delayed = "Arrival delayed", True
        elif status == "in_house" and row[12] <= self._overdue[property_id]:
            word, is_delayed = "Departure delayed", True
        elif status == "held":
            until = self._until(row[10], self._properties[property_id])
        passes_filter = self._wanted in ("", status) or (is_delayed and self._wanted == DELAYED)
        return Bar._make((*row, word, is_delayed, until, passes_filter, 0))

    @staticmethod
    def _until(instant, property):
        local = instant.astimezone(property.zone)
        ahead = (local.date() - property.today()).days
        if ahead > SOON:
            return f"until {local.day} {local:%b}"
        return f"until {local:%H:%M}" if ahead == 0 else f"until {local:%a %H:%M}"


def _is_before_check_out(property):
    """Whether it is not later than check-out time there, so that departures of today are not delayed yet."""
    return timezone.localtime(timezone=property.zone).time() <= property.check_out_time


def _on_page(found, days):
    """Those of a queryset that depart on the first day or later, and arrive before the end of the columns.

    The condition that the date ranges overlap is implied by the two others, but gives the planner a good estimate: from
    two comparisons it expects thirty times as many rows, and reads all reservations for those of one hotel. "IS TRUE"
    keeps the planner from using the range index, which would find the nights of all properties.
    """
    around = Value(DateRange(days[-1], days[days.count]))
    nights = Func("arrival", "departure", function="daterange")
    is_few = Func(nights, around, template="(%(expressions)s) IS TRUE", arg_joiner=" && ", output_field=BooleanField())
    return found.filter(is_few, departure__gte=days.first, arrival__lt=days[days.count])


def _day(field, days):
    """An expression for the day of a date field, computed by the database because there are thousands of them.

    It is an integer. With an IntegerField Django would convert each value again.
    """
    terms = F(field), Value(days.first, DateField())
    return Func(*terms, template="(%(expressions)s)", arg_joiner=" - ", output_field=Field())
