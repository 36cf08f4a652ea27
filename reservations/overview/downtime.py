"""The downtime pack: lists for paper, and for a copy in the browser, for when the server cannot be reached.

It has a sheet for each hotel, and one for all apartments of a time zone. Five queries, however many properties and
stays.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.access import Action
from config import clock
from config.computed import computed
from properties.models import Property, Unit
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import LAST_DAY, Stay

DAYS_SHOWN = (7, 14)
# Days after its departure for which a party that was not checked out is listed.
LATE_DAYS = 7
SHOWN_IN_RACK = (
    "property_id", "unit__name", "nights", "expires_at", "closure__kind", "closure__note", "reservation__guest__name",
)  # fmt: skip


@dataclass(frozen=True)
class StayLine:
    """A stay on a certain day. `room` is its room on that day, or "101 → 204" when it changes rooms on that day."""

    reservation: Reservation
    room: str


@dataclass(frozen=True)
class DayLists:
    """Stays that arrive, depart and stay over on `date`, each in one list only. Today's lists also have late ones."""

    date: dt.date
    arrivals: list[StayLine]
    departures: list[StayLine]
    in_house: list[StayLine]


@dataclass(frozen=True)
class RackCell:
    """The nights of one stay or closure in a row of the rack, or one free night (`taken` None)."""

    nights: int
    taken: Occupancy | None = None
    began_before: bool = False  # it has nights before the first day shown
    goes_on: bool = False  # it has nights after the last day shown


@dataclass(frozen=True)
class RackRow:
    unit: Unit
    cells: list[RackCell]


@dataclass(frozen=True)
class Sheet:
    name: str
    property: Property  # the first of several apartments, whose time zone they share
    printed_at: dt.datetime  # local
    stay: Stay  # the range of days shown
    days: list[DayLists]  # today and tomorrow
    holds: list[StayLine]  # that end today or tomorrow, by their end
    unassigned: list[StayLine]
    closures: list[Occupancy]
    rack: list[RackRow]

    @computed
    def clock(self):
        """The local time of printing, such as 14:05. A template's date filter would turn the instant into UTC."""
        return f"{self.printed_at:%H:%M}"

    @computed
    def dates(self):
        return [self.stay.arrival + dt.timedelta(days=n) for n in range(self.stay.nights)]


def pack(actor, *, property=None, days=DAYS_SHOWN[0]) -> list[Sheet]:
    """The sheets of `property`, or of all active ones, of which `actor` may take lists away.

    Their racks have `days` nights from each property's today.
    """
    properties = list(Property.objects.visible_to(actor, Action.EXPORT).active().by_name())
    if property:
        properties = [each for each in properties if each.pk == property.pk]
    if not properties:
        return []
    todays = [each.today() for each in properties]
    return _Data(properties, Stay(min(todays), _last(max(todays), days))).sheets(days)


def _last(today, days):
    return min(today + dt.timedelta(days=days), LAST_DAY)


class _Data:
    """All rows that the sheets need, by property. `window` is the range of days over all time zones."""

    def __init__(self, properties, window):
        self._properties = properties
        self._now = clock.now()
        self._units = _by_property(Unit.objects.filter(property__in=properties).order_by("position", "name", "pk"))
        self._stays = _by_property(_stays(properties, window, self._now))
        self._taken = _by_property(_taken(properties, window))

    def sheets(self, days):
        hotels = [([property], property.name) for property in self._properties if property.is_hotel]
        return [self._sheet(properties, name, days) for properties, name in hotels + self._apartments()]

    def _apartments(self):
        """[(apartments of a time zone, name of their sheet)]"""
        by_zone = defaultdict(list)
        for property in self._properties:
            if not property.is_hotel:
                by_zone[property.time_zone].append(property)
        return [
            (properties, properties[0].name if len(properties) == 1 else "Apartments")
            for properties in by_zone.values()
        ]

    def _sheet(self, properties, name, days):
        first = properties[0]
        shown = Stay(first.today(), _last(first.today(), days))
        stays = [stay for property in properties for stay in self._stays[property.pk]]
        taken = [occupancy for property in properties for occupancy in self._taken[property.pk]]
        return Sheet(
            name=name,
            property=first,
            printed_at=self._now.astimezone(first.zone),
            stay=shown,
            days=[_day(shown.arrival, stays, is_today=True), _day(shown.arrival + dt.timedelta(days=1), stays)],
            holds=_holds(stays, shown.arrival, first.zone),
            unassigned=[line for property in properties for line in self._unassigned(property, shown)],
            closures=[occupancy for occupancy in taken if occupancy.closure and occupancy.stay.overlaps(shown)],
            rack=_rack([unit for property in properties for unit in self._units[property.pk]], taken, shown),
        )

    def _unassigned(self, property, shown):
        """The property's stays without a room on the days shown; [] for a hotel that never listed a room."""
        if property.is_hotel and not self._units[property.pk]:
            return []
        return [
            StayLine(stay, "") for stay in self._stays[property.pk] if not stay.segments and stay.stay.overlaps(shown)
        ]


def _stays(properties, window, now):
    """Open stays of today and tomorrow, late ones, those without a room, and holds that end within two days."""
    # Up to three days after the earliest today, because tomorrow is later in other time zones.
    near = Q(arrival__lte=window.arrival + dt.timedelta(days=3), departure__gte=window.arrival)
    late_since = window.arrival - dt.timedelta(days=LATE_DAYS)
    late = Q(status=Status.IN_HOUSE, departure__gte=late_since, departure__lt=window.arrival)
    assigned = Exists(Occupancy.objects.filter(reservation=OuterRef("pk")))
    roomless = Q(~assigned, arrival__lt=window.departure, departure__gt=window.arrival)
    ending = Q(status=Status.HELD, hold_expires_at__lte=now + dt.timedelta(days=2))
    ours = Reservation.objects.with_unit().open().filter(near | late | roomless | ending, property__in=properties)
    return ours.order_by("arrival", "guest__name", "pk")


def _taken(properties, window):
    """The occupancies, with only the columns that the rack shows, because a thousand rooms have thousands of rows."""
    taken = Occupancy.objects.in_force().overlapping(window).filter(property__in=properties)
    return (
        taken.select_related("unit", "closure", "reservation__guest")
        .only(*SHOWN_IN_RACK)
        .order_by("unit__position", "arrival", "pk")
    )


def _by_property(rows):
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.property_id].append(row)
    return grouped


def _day(date, stays, *, is_today=False):
    arrivals, departures, in_house = [], [], []
    for stay in stays:
        if stay.arrival == date or (is_today and stay.arrival < date < stay.departure and not stay.is_there):
            arrivals.append(StayLine(stay, _room(stay, date)))  # today also those that should have arrived earlier
        elif stay.departure == date or (is_today and stay.departure < date and stay.status == Status.IN_HOUSE):
            departures.append(StayLine(stay, _room(stay, min(date, stay.departure))))
        elif stay.arrival < date < stay.departure:
            in_house.append(StayLine(stay, _room(stay, date)))
    return DayLists(date, _by_guest(arrivals), _by_room(departures), _by_room(in_house))


def _room(stay, date):
    """The stay's room on that date; both rooms on the day of a change."""
    return " → ".join(
        segment.unit.name for segment in stay.segments if segment.nights.lower <= date <= segment.nights.upper
    )


def _by_guest(lines):
    return sorted(lines, key=lambda line: line.reservation.guest.name.casefold())


def _by_room(lines):
    return sorted(lines, key=lambda line: (_position(line.reservation), line.reservation.guest.name.casefold()))


def _position(stay):
    return (stay.segments[0].unit.position, stay.segments[0].unit.name) if stay.segments else (-1, "")


def _holds(stays, today, zone):
    end = dt.datetime.combine(today + dt.timedelta(days=2), dt.time(), zone)
    ending = [stay for stay in stays if stay.status == Status.HELD and stay.hold_expires_at < end]
    return [StayLine(stay, stay.rooms) for stay in sorted(ending, key=lambda stay: stay.hold_expires_at)]


def _rack(units, taken, shown):
    by_unit = defaultdict(list)
    for occupancy in taken:
        if occupancy.stay.overlaps(shown):
            by_unit[occupancy.unit_id].append(occupancy)
    return [RackRow(unit, _cells(by_unit[unit.pk], shown)) for unit in units if not unit.archived_at]


def _cells(taken, shown):
    cells, date = [], shown.arrival
    for occupancy in taken:
        begins, ends = max(occupancy.stay.arrival, shown.arrival), min(occupancy.stay.departure, shown.departure)
        cells += _free(date, begins)
        cells.append(
            RackCell(
                (ends - begins).days,
                occupancy,
                began_before=occupancy.stay.arrival < begins,
                goes_on=occupancy.stay.departure > ends,
            )
        )
        date = ends
    return cells + _free(date, shown.departure)


def _free(begins, ends):
    return [RackCell(1) for _ in range((ends - begins).days)]
