"""The tape chart: one row per unit, a bar per stay from noon to noon. Three queries per page."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from psycopg2.extras import DateRange

from properties.models import Property, Unit
from reservations.models import Occupancy, Reservation
from reservations.stay import LAST_DAY, Stay

DAYS_SHOWN = (14, 28, 56)


@dataclass(frozen=True)
class Bar:
    """`from_line` and `to_line` are grid lines: two columns a day, so that noon is a line."""

    reservation: Reservation
    from_line: int
    to_line: int


@dataclass
class Row:
    unit: Unit
    bars: list[Bar] = field(default_factory=list)


@dataclass
class Group:
    property: Property
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Chart:
    days: list[dt.date]
    groups: list[Group]
    occupied: int  # percent of the unit nights shown
    stay: Stay  # the days shown, as a range


def chart(*, first: dt.date, days: int) -> Chart:
    """All active units from `first` on, `days` columns wide."""
    shown = Stay(first, min(first + dt.timedelta(days=days), LAST_DAY))
    bars = _bars(shown)
    groups = _groups(bars)
    units = sum(len(group.rows) for group in groups)
    return Chart(
        days=[first + dt.timedelta(days=n) for n in range(shown.nights)],
        groups=groups,
        occupied=round(100 * _nights_taken(groups, shown) / (units * shown.nights)) if units else 0,
        stay=shown,
    )


def _groups(bars):
    groups = {}
    units = Unit.objects.active().filter(property__archived_at=None).select_related("property")
    for unit in units.order_by("property__kind", "property__name", "position", "name"):
        group = groups.setdefault(unit.property_id, Group(unit.property))
        group.rows.append(Row(unit, bars[unit.pk]))
    return list(groups.values())


def _bars(shown):
    """Bars by unit key; a stay that begins before or ends after the page is cut at its edge."""
    bars = defaultdict(list)
    occupancies = Occupancy.objects.filter(nights__overlap=DateRange(shown.arrival, shown.departure))
    for occupancy in occupancies.select_related("reservation__guest").order_by("nights"):
        starts, ends = (occupancy.nights.lower - shown.arrival).days, (occupancy.nights.upper - shown.arrival).days
        from_line = max(1, 2 * starts + 2)
        to_line = min(2 * shown.nights + 1, 2 * ends + 2)
        bars[occupancy.unit_id].append(Bar(occupancy.reservation, from_line, to_line))
    return bars


def _nights_taken(groups, shown):
    stays = (bar.reservation.stay for group in groups for row in group.rows for bar in row.bars)
    return sum((min(stay.departure, shown.departure) - max(stay.arrival, shown.arrival)).days for stay in stays)
