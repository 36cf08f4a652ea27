"""The tape chart: a row for each unit, with a bar for each segment of a stay or closure, from noon to noon.

A page takes few queries, however many rooms and stays there are: the rooms, the bars, the stays without a room, and
for the page of one property the names of the others. Rows of the database are read as tuples and not as model
instances, because a page has thousands of bars.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from config.computed import computed
from config.folding import Searchable
from properties.models import Property, Unit
from reservations.availability import presence
from reservations.stay import LAST_DAY, Stay
from reservations.tape import bars
from reservations.tape.bars import Bar, DayColumns
from reservations.tape.counts import Counts, DayHeader, Month, months

DAYS_SHOWN = (14, 28, 56)
# The most rows on a page. Further properties are left out, and the page says so.
MOST_ROWS = 2500
# Rows that are rendered together, so that a browser can skip blocks outside its window.
ROWS_IN_BLOCK = 12


class ChartRoom(NamedTuple):
    """A unit, with the columns that its row shows."""

    id: int
    name: str
    floor: str
    type_id: int | None
    type_name: str | None
    sleeps: int | None
    property_id: int
    property_name: str
    kind: str
    time_zone: str
    check_out_time: dt.time
    is_archived: bool

    @property
    def group(self) -> tuple[str, str, str]:
        """(key, name, hotel's name or "") of its group of rows: its room type's, its hotel's, or all apartments'."""
        if self.kind == Property.Kind.APARTMENT:
            return "apartments", "Apartments", ""
        if self.type_id and self.type_name:
            return f"type-{self.type_id}", self.type_name, self.property_name
        return f"hotel-{self.property_id}", self.property_name, ""


@dataclass(frozen=True)
class Position:
    """The days and the filters of a chart. `status` is one of `bars.SHOWN`, or "" for all."""

    first: dt.date
    days: int
    property: int | None = None
    room_type: int | None = None
    floor: str = ""
    status: str = ""

    @computed
    def stay(self) -> Stay:
        return Stay(self.first, min(self.first + dt.timedelta(days=self.days), LAST_DAY))

    @computed
    def is_filtered(self) -> bool:
        return bool(self.property or self.room_type or self.floor or self.status)

    @computed
    def status_word(self) -> str:
        return bars.SHOWN.get(self.status, "")

    def keeps(self, room: ChartRoom) -> bool:
        """Whether the room is active and passes the filters of property, room type and floor."""
        return (
            not room.is_archived
            and self.property in (None, room.property_id)
            and self.room_type in (None, room.type_id)
            and self.floor in ("", room.floor)
        )


@dataclass
class ChartRow:
    room: ChartRoom
    bars: list[Bar]


@dataclass
class Lane:
    """The unassigned lane: a property's stays that have no room although it lists rooms."""

    property_id: int
    property_name: str
    bars: list[Bar] = field(default_factory=list)

    @property
    def levels(self) -> int:
        """How many lines the bars need."""
        return 1 + max((bar.level for bar in self.bars), default=0)


@dataclass
class RowGroup:
    key: str
    name: str
    property_name: str = ""  # the hotel's name, where `name` is its room type's
    lanes: list[Lane] = field(default_factory=list)
    rows: list[ChartRow] = field(default_factory=list)
    free: list[int] = field(default_factory=list)  # rooms that can still be sold, per night

    @property
    def has_hundreds(self) -> bool:
        """Whether a night has a hundred free rooms, which take small digits in narrow columns."""
        return max(self.free, default=0) > 99

    @property
    def blocks(self) -> list[list[ChartRow]]:
        """The rows in lists of ROWS_IN_BLOCK."""
        return [self.rows[n : n + ROWS_IN_BLOCK] for n in range(0, len(self.rows), ROWS_IN_BLOCK)]


@dataclass
class Chart:
    position: Position
    columns: DayColumns
    days: list[DayHeader]
    groups: list[RowGroup]
    occupied: int  # percent over all days, see DayHeader.percent
    left_out: int  # rooms beyond MOST_ROWS

    @property
    def stay(self) -> Stay:
        return self.position.stay

    @property
    def months(self) -> list[Month]:
        return months(day.date for day in self.days)

    @property
    def first_saturday(self) -> int:
        """The column of the first Saturday, for shading weekends; -1 when the first column is a Sunday."""
        return 5 - self.position.first.weekday()

    @property
    def today_column(self) -> int:
        """The column of today; -1 when it is not on the page."""
        return next((n for n, day in enumerate(self.days) if day.is_today), -1)

    @property
    def reservation_ids(self) -> list[int]:
        lanes = (bar for group in self.groups for lane in group.lanes for bar in lane.bars)
        rows = (bar for group in self.groups for row in group.rows for bar in row.bars)
        return [bar.reservation_id for bar in (*lanes, *rows) if bar.reservation_id]

    @property
    def is_empty(self) -> bool:
        return not any(group.rows or any(lane.bars for lane in group.lanes) for group in self.groups)


class PropertyChoice(NamedTuple):
    """A property in the chart's filter."""

    id: int
    name: str


def all_rooms(actor: User | None, property: int | None = None) -> list[ChartRoom]:
    """The units of all active properties that `actor` sees, or of the one with the key `property`. One query.

    [] if there is no such property.

    Hotels by name and room type come first, then apartments. Archived units are among them, because a hotel whose rooms
    are all archived may have stays without a room.
    """
    units = (
        Unit.objects.visible_to(actor)
        .filter(property__archived_at=None)
        .order_by(
            F("property__kind").desc(),
            Searchable("property__name"),
            "property_id",
            F("room_type__position").asc(nulls_last=True),
            "room_type__name",
            "position",
            "name",
        )
    )
    columns = units.values_list(
        *("id", "name", "floor", "room_type_id", "room_type__name"),
        Coalesce("room_type__sleeps", "property__sleeps"),
        *("property_id", "property__name", "property__kind", "property__time_zone", "property__check_out_time"),
        ExpressionWrapper(Q(archived_at__isnull=False), BooleanField()),
    )
    return list(map(ChartRoom._make, columns.filter(property=property) if property else columns))


def all_properties(actor: User | None) -> list[PropertyChoice]:
    """The active properties that list units and that `actor` sees, in the order of the chart. One query."""
    seen = Property.objects.visible_to(actor).active()
    properties = seen.filter(Exists(Unit.objects.filter(property=OuterRef("pk"))))
    in_order = properties.order_by(F("kind").desc(), Searchable("name"), "pk")
    return list(map(PropertyChoice._make, in_order.values_list("id", "name")))


def local_today(rooms: list[ChartRoom]) -> dt.date:
    """The date at the first room's property, which the chart marks as today; some properties may have another date."""
    return Property(time_zone=rooms[0].time_zone if rooms else "UTC").today()


def chart(position: Position, rooms: list[ChartRoom]) -> Chart:
    """The chart of those of `rooms` that `position` keeps. At most three queries."""
    shown, left_out = _limited([room for room in rooms if position.keeps(room)])
    columns = DayColumns(position.stay)
    by_unit = bars.in_properties(_properties(shown), columns, position.status)
    taken = ((unit, bar.arrival, bar.departure, bar.closure_id) for unit in by_unit for bar in by_unit[unit])
    counts = Counts(_group_keys(shown), _with_overstays(taken, shown, columns), columns)
    groups = _groups(shown, by_unit, _lanes(position, rooms, shown, columns), counts)
    if position.status:
        groups = _filtered(groups)
    return Chart(position, columns, counts.days(local_today(rooms)), groups, counts.occupied, left_out)


def changed_rows(
    position: Position, rooms: list[ChartRoom], *, units: Collection[int], lanes: Collection[int]
) -> Chart:
    """The same chart with only the rows of `units` and the lanes of the properties `lanes`, keys. At most four queries.

    The counts are those of the whole chart. Rows are there whether or not the page shows them under its status filter.
    """
    shown, left_out = _limited([room for room in rooms if position.keeps(room)])
    columns, changed = DayColumns(position.stay), [room for room in shown if room.id in units]
    by_unit = bars.in_units({room.id for room in changed}, _properties(changed), columns, position.status)
    taken = bars.nights_taken({room.property_id for room in shown}, columns)
    counts = Counts(_group_keys(shown), _with_overstays(taken, shown, columns), columns)
    groups = _groups(shown, by_unit, _lanes(position, rooms, shown, columns, only=lanes), counts, only=units)
    groups = [group for group in groups if group.rows or group.lanes]
    return Chart(position, columns, counts.days(local_today(rooms)), groups, counts.occupied, left_out)


def _limited(rooms):
    """(rooms of the first properties, whole ones as far as MOST_ROWS allows; number of rooms that are left out)."""
    if len(rooms) <= MOST_ROWS:
        return rooms, 0
    edge = rooms[MOST_ROWS].property_id
    end = next(n for n, room in enumerate(rooms) if room.property_id == edge) or MOST_ROWS
    return rooms[:end], len(rooms) - end


def _with_overstays(taken, rooms, columns):
    """The tuples `taken` of `bars.nights_taken`, and one for tonight in each room that a party should have left.

    At most one query.
    """
    taken = list(taken)
    late = presence.overstays_anywhere(columns.first, properties=[*_properties(rooms)])
    for segment in late.values():
        tonight = (segment.reservation.property.today() - columns.first).days
        if not any(unit == segment.unit_id and start <= tonight < end for unit, start, end, _ in taken):
            taken.append((segment.unit_id, tonight, tonight + 1, None))
    return taken


def _group_keys(rooms):
    return {room.id: room.group[0] for room in rooms}


def _properties(rooms):
    """{key: property} of the rooms' properties, unsaved and with only the fields that tell the time there."""
    by_property = {room.property_id: room for room in rooms}
    return {
        pk: Property(time_zone=room.time_zone, check_out_time=room.check_out_time) for pk, room in by_property.items()
    }


def _lanes(position, rooms, shown, columns, *, only=None):
    """{key of the property: Lane} of the shown properties, or of those in `only`; {} under a filter by floor.

    At most one query.
    """
    if position.floor or (only is not None and not only):
        return {}
    names = {room.property_id: room.property_name for room in (*shown, *_of_properties_without_rows(position, rooms))}
    lanes = {pk: Lane(pk, name) for pk, name in names.items() if only is None or pk in only}
    properties = _properties(room for room in rooms if room.property_id in lanes)
    ends: dict[int, list[int]] = defaultdict(list)
    for bar in bars.without_unit(properties, columns, position.status, position.room_type) if properties else ():
        taken = ends[bar.property_id]
        level = next((n for n, end in enumerate(taken) if end <= bar.arrival), len(taken))
        taken[level : level + 1] = [bar.departure]
        lanes[bar.property_id].bars.append(bar._replace(level=level))
    return lanes


def _of_properties_without_rows(position, rooms):
    """The rooms of kept properties in which all rooms are archived. They have no rows, but perhaps a lane."""
    with_rows = {room.property_id for room in rooms if not room.is_archived}
    archived = [room for room in rooms if room.property_id not in with_rows]
    return [room for room in archived if position.keeps(room._replace(is_archived=False))]


def _groups(shown, by_unit, lanes, counts, *, only=None):
    """The groups in order. A property's lane is in the first of its groups."""
    groups: dict[str, RowGroup] = {}
    for room in shown:
        key, name, property_name = room.group
        group = groups.get(key)
        if group is None:
            group = groups[key] = RowGroup(key, name, property_name, free=counts.free[key])
        if room.property_id in lanes:
            group.lanes.append(lanes.pop(room.property_id))
        if only is None or room.id in only:
            group.rows.append(ChartRow(room, by_unit.get(room.id, [])))
    return [
        *groups.values(),
        *(RowGroup(f"hotel-{pk}", lane.property_name, lanes=[lane]) for pk, lane in lanes.items() if lane.bars),
    ]


def _filtered(groups):
    """The groups, rows and lanes that have at least one bar that passes the status filter."""
    for group in groups:
        group.rows = [row for row in group.rows if any(bar.passes_filter for bar in row.bars)]
        group.lanes = [lane for lane in group.lanes if any(bar.passes_filter for bar in lane.bars)]
    return [group for group in groups if group.rows or group.lanes]
