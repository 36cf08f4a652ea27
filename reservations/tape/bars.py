"""What stands on the tape chart: the segments of stays and closures that take nights, and stays that have no room.

Days are counted from the chart's first column: 0 is that day, -1 the day before.
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

# What the chart can be asked for. The last two are no states of a reservation, but looked for just as well.
DELAYED, CLOSED = "delayed", "closed"
SHOWN = {
    Status.HELD.value: "Held",
    Status.CONFIRMED.value: "Confirmed",
    Status.IN_HOUSE.value: "In house",
    Status.CHECKED_OUT.value: "Checked out",
    DELAYED: "Delayed",
    CLOSED: "Closed",
}
# Days in which a weekday's name says which day is meant.
SOON = 6
CLOSED_FOR = dict(Closure.Kind.choices)


class Bar(NamedTuple):
    """A segment of a stay, a closure, or a stay without a room, with the words that the desk is told."""

    id: int
    unit_id: int | None  # None: it has no room, and `id` is the reservation's
    property_id: int
    arrival: int  # day; of the segment, when the stay has several
    departure: int
    reservation_id: int | None  # None: a closure
    reference: str
    status: str
    version: int
    is_locked: bool
    hold_expires_at: dt.datetime | None
    whole_arrival: int  # day; of the whole stay
    whole_departure: int
    guest: str
    closure_id: int | None
    kind: str
    note: str
    word: str  # Held, Arrival delayed, Maintenance
    is_delayed: bool
    until: str  # of a hold: until 18:00, where the property stands
    is_kept: bool  # False: the status filter asks for others
    level: int = 0  # in the unassigned lane: how many lie above


class DayColumns:
    """The columns of a page, and how their days are written. Each text is made once, however many bars use it."""

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
        """The dates in words, such as 20–23 Nov."""
        key = arrival, departure
        if key not in self._spans:
            self._spans[key] = wording.short_span(Stay(self[arrival], self[departure]))
        return self._spans[key]


def in_properties(properties: dict[int, Property], days: DayColumns, status: str = "") -> dict[int, list[Bar]]:
    """{key of the unit: bars in order of arrival} of these properties. One query.

    Of the properties only the clock is needed. Holds that have lapsed take no nights.
    """
    return _drawn(Occupancy.objects.filter(property__in=properties), properties, days, status)


def in_units(
    units: Collection[int], properties: dict[int, Property], days: DayColumns, status: str = ""
) -> dict[int, list[Bar]]:
    """{key of the unit: bars} of these units alone. `properties` are all their properties by key."""
    return _drawn(Occupancy.objects.filter(unit__in=units), properties, days, status)


def _drawn(occupancies, properties, days, status):
    facts = (
        _on_page(occupancies.in_force(), days)
        .order_by("arrival")
        .values_list(
            *("id", "unit_id", "property_id", _day("arrival", days), _day("departure", days), "reservation_id"),
            *(f"reservation__{name}" for name in ("reference", "status", "version", "is_locked", "hold_expires_at")),
            *(_day("reservation__arrival", days), _day("reservation__departure", days), "reservation__guest__name"),
            *("closure_id", "closure__kind", "closure__note"),
        )
    )
    told = Teller(properties, days, status)
    drawn = defaultdict(list)
    for fact in facts:
        drawn[fact[1]].append(told.bar(fact))
    return drawn


def without_unit(
    properties: dict[int, Property], days: DayColumns, status: str = "", room_type: int | None = None
) -> list[Bar]:
    """The bars of open stays in these properties that have no room, in order of arrival. One query.

    The properties must be ones that count their rooms: in others no stay has a room.
    """
    there = _on_page(Reservation.objects.open().filter(property__in=properties), days).order_by().values("pk")
    # A stay that is on the page has a segment there, if it has any: both sides are read from an index alone.
    segments = _on_page(Occupancy.objects.filter(property__in=properties, reservation__isnull=False), days)
    found = Reservation.objects.filter(pk__in=there.difference(segments.values("reservation")))
    if room_type:
        found = found.filter(Q(room_type=room_type) | Q(room_type=None))
    told = Teller(properties, days, status)
    facts = found.order_by("arrival", "pk").values_list(
        *("pk", "property_id", _day("arrival", days), _day("departure", days)),
        *("reference", "status", "version", "is_locked", "hold_expires_at", "guest__name"),
    )
    return [
        told.bar((pk, None, property_id, *stay, pk, *state, *stay, guest, None, None, None))
        for pk, property_id, arrival, departure, *state, guest in facts
        for stay in [(arrival, departure)]
    ]


def nights_taken(properties: Collection[int], days: DayColumns) -> Iterable[tuple[int, int, int, int | None]]:
    """(unit, arrival and departure as days, key of the closure or None) of everything in these properties. One
    query."""
    in_force = _on_page(Occupancy.objects.in_force().filter(property__in=properties), days)
    return in_force.values_list("unit_id", _day("arrival", days), _day("departure", days), "closure_id")


class Teller:
    """Puts what the database says into words, by the clock and the date of each property."""

    def __init__(self, properties: dict[int, Property], days: DayColumns, status: str):
        self._properties = properties
        self._todays = {pk: (property.today() - days.first).days for pk, property in properties.items()}
        self._overdue = {pk: self._todays[pk] - _is_before_check_out(property) for pk, property in properties.items()}
        self._wanted = status

    def bar(self, fact) -> Bar:
        """`fact` holds a Bar's fields up to the first word."""
        property_id, status = fact[2], fact[7]
        if status is None:
            return Bar._make((*fact, CLOSED_FOR[fact[15]], False, "", self._wanted in ("", CLOSED), 0))
        word, is_delayed, until = SHOWN[status], False, ""
        if status == "confirmed" and fact[11] < self._todays[property_id]:
            word, is_delayed = "Arrival delayed", True
        elif status == "in_house" and fact[12] <= self._overdue[property_id]:
            word, is_delayed = "Departure delayed", True
        elif status == "held":
            until = self._until(fact[10], self._properties[property_id])
        is_kept = self._wanted in ("", status) or (is_delayed and self._wanted == DELAYED)
        return Bar._make((*fact, word, is_delayed, until, is_kept, 0))

    @staticmethod
    def _until(instant, property):
        local = instant.astimezone(property.zone)
        ahead = (local.date() - property.today()).days
        if ahead > SOON:
            return f"until {local.day} {local:%b}"
        return f"until {local:%H:%M}" if ahead == 0 else f"until {local:%a %H:%M}"


def _is_before_check_out(property):
    """Whether it is before check-out time there: then whoever is to leave today is not late yet."""
    return timezone.localtime(timezone=property.zone).time() <= property.check_out_time


def _on_page(found, days):
    """What leaves on the first day or later, and comes before the end.

    That its nights overlap says nothing new, but lets the planner know how few there are: of two dates compared one
    by one it expects thirty times as many, and reads all reservations for one hotel's. "IS TRUE" keeps it from
    reading the range index for that, which would find all properties' nights.
    """
    around = Value(DateRange(days[-1], days[days.count]))
    nights = Func("arrival", "departure", function="daterange")
    is_few = Func(nights, around, template="(%(expressions)s) IS TRUE", arg_joiner=" && ", output_field=BooleanField())
    return found.filter(is_few, departure__gte=days.first, arrival__lt=days[days.count])


def _day(field, days):
    """A date as the chart counts days. In the database: thousands of dates need not become objects.

    It is an integer, but a field that says so would have Django convert each of them once more.
    """
    terms = F(field), Value(days.first, DateField())
    return Func(*terms, template="(%(expressions)s)", arg_joiner=" - ", output_field=Field())
