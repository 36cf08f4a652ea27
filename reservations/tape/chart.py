"""The tape chart: one row per unit, a bar per segment of a stay or closure, from noon to noon.

A page is drawn from few queries, however many rooms and stays there are: the rooms, the bars, the stays without a
room, and of one property's page the names of the others. Thousands of bars are on one page, so facts travel as tuples,
not as model instances.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce

from config.computed import computed
from config.folding import Searchable
from properties.models import Property, Unit
from reservations.availability import presence
from reservations.stay import LAST_DAY, Stay
from reservations.tape import bars
from reservations.tape.bars import Bar, DayColumns
from reservations.tape.counts import Counts, DayHeader

DAYS_SHOWN = (14, 28, 56)
# Beyond so many rows properties are left out, and the page says so.
MOST_ROWS = 2500
ROWS_IN_BLOCK = 12


class ChartRoom(NamedTuple):
    """A unit and what its row says of it."""

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
        """Key, name and hotel of the group it stands in: its room type's, its hotel's, or that of all apartments."""
        if self.kind == Property.Kind.APARTMENT:
            return "apartments", "Apartments", ""
        if self.type_id and self.type_name:
            return f"type-{self.type_id}", self.type_name, self.property_name
        return f"hotel-{self.property_id}", self.property_name, ""


@dataclass(frozen=True)
class Position:
    """Where the chart stands and what it leaves out. `status` is one of `bars.SHOWN`, or empty."""

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
    """A property's stays that have no room although it counts its rooms."""

    property_id: int
    property_name: str
    bars: list[Bar] = field(default_factory=list)

    @property
    def levels(self) -> int:
        """How many bars lie one above another."""
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
    def blocks(self) -> list[list[ChartRow]]:
        """The rows by the dozen, so that a browser can skip blocks that are off the screen."""
        return [self.rows[n : n + ROWS_IN_BLOCK] for n in range(0, len(self.rows), ROWS_IN_BLOCK)]


@dataclass
class Chart:
    position: Position
    columns: DayColumns
    days: list[DayHeader]
    groups: list[RowGroup]
    occupied: int  # percent, as a day's, over all days
    left_out: int  # rooms for which there was no place

    @property
    def stay(self) -> Stay:
        return self.position.stay

    @property
    def first_saturday(self) -> int:
        """The column of the first Saturday, by which weekends are shaded; -1 when the first column is a Sunday."""
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
    """A property that can be chosen."""

    id: int
    name: str


def all_rooms(property: int | None = None) -> list[ChartRoom]:
    """Every unit of the active properties in the chart's order: hotels by name and type, then apartments. One query.

    Archived units are among them: a hotel whose rooms are all archived counts its rooms, and may have stays without.
    `property` is the key of the one whose units are asked for; there are none if it is unknown.
    """
    units = Unit.objects.filter(property__archived_at=None).order_by(
        F("property__kind").desc(),
        Searchable("property__name"),
        "property_id",
        F("room_type__position").asc(nulls_last=True),
        "room_type__name",
        "position",
        "name",
    )
    facts = units.values_list(
        *("id", "name", "floor", "room_type_id", "room_type__name"),
        Coalesce("room_type__sleeps", "property__sleeps"),
        *("property_id", "property__name", "property__kind", "property__time_zone", "property__check_out_time"),
        ExpressionWrapper(Q(archived_at__isnull=False), BooleanField()),
    )
    return list(map(ChartRoom._make, facts.filter(property=property) if property else facts))


def all_properties() -> list[PropertyChoice]:
    """The active properties that list units, in the order of the chart. One query."""
    properties = Property.objects.active().filter(Exists(Unit.objects.filter(property=OuterRef("pk"))))
    in_order = properties.order_by(F("kind").desc(), Searchable("name"), "pk")
    return list(map(PropertyChoice._make, in_order.values_list("id", "name")))


def local_today(rooms: list[ChartRoom]) -> dt.date:
    """The date at the first property. Properties far away may be a day off, which the marked column allows for."""
    return Property(time_zone=rooms[0].time_zone if rooms else "UTC").today()


def chart(position: Position, rooms: list[ChartRoom]) -> Chart:
    """All that `position` shows of `rooms`. At most three queries."""
    shown, left_out = _fitting([room for room in rooms if position.keeps(room)])
    columns = DayColumns(position.stay)
    drawn = bars.in_properties(_properties(shown), columns, position.status)
    taken = ((unit, bar.arrival, bar.departure, bar.closure_id) for unit in drawn for bar in drawn[unit])
    counts = Counts(_groups_of(shown), _with_overstays(taken, shown, columns), columns)
    groups = _groups(shown, drawn, _lanes(position, rooms, shown, columns), counts)
    if position.status:
        groups = _kept(groups)
    return Chart(position, columns, counts.days(local_today(rooms)), groups, counts.occupied, left_out)


def changed_rows(
    position: Position, rooms: list[ChartRoom], *, units: Collection[int], lanes: Collection[int]
) -> Chart:
    """The same chart with the rows of `units` and the lanes of the properties `lanes` alone. At most four queries.

    The counts are those of the whole chart. Of a row that the status filter hides, nobody knows: it is among them.
    """
    shown, left_out = _fitting([room for room in rooms if position.keeps(room)])
    columns, concerned = DayColumns(position.stay), [room for room in shown if room.id in units]
    drawn = bars.in_units({room.id for room in concerned}, _properties(concerned), columns, position.status)
    taken = bars.nights_taken({room.property_id for room in shown}, columns)
    counts = Counts(_groups_of(shown), _with_overstays(taken, shown, columns), columns)
    groups = _groups(shown, drawn, _lanes(position, rooms, shown, columns, only=lanes), counts, only=units)
    groups = [group for group in groups if group.rows or group.lanes]
    return Chart(position, columns, counts.days(local_today(rooms)), groups, counts.occupied, left_out)


def _fitting(rooms):
    """The rooms of as many whole properties as the page takes, at least the first one; and how many are left out."""
    if len(rooms) <= MOST_ROWS:
        return rooms, 0
    edge = rooms[MOST_ROWS].property_id
    end = next(n for n, room in enumerate(rooms) if room.property_id == edge) or MOST_ROWS
    return rooms[:end], len(rooms) - end


def _with_overstays(taken, rooms, columns):
    """What takes nights, and tonight in rooms of parties that have not left. At most one query."""
    taken = list(taken)
    late = presence.overstays_anywhere(columns.first, properties=[*_properties(rooms)])
    for segment in late.values():
        tonight = (segment.reservation.property.today() - columns.first).days
        if not any(unit == segment.unit_id and start <= tonight < end for unit, start, end, _ in taken):
            taken.append((segment.unit_id, tonight, tonight + 1, None))
    return taken


def _groups_of(rooms):
    return {room.id: room.group[0] for room in rooms}


def _properties(rooms):
    """The properties of the rooms by key, with nothing but their clocks."""
    one_of_each = {room.property_id: room for room in rooms}
    return {
        pk: Property(time_zone=room.time_zone, check_out_time=room.check_out_time) for pk, room in one_of_each.items()
    }


def _lanes(position, rooms, shown, columns, *, only=None):
    """{key of the property: lane} of properties with stays without a room; such a stay has no floor. One query."""
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
    """The rooms of properties in which every room is archived: they have no rows, and may have stays without a room."""
    inhabited = {room.property_id for room in rooms if not room.is_archived}
    hollow = [room for room in rooms if room.property_id not in inhabited]
    return [room for room in hollow if position.keeps(room._replace(is_archived=False))]


def _groups(shown, drawn, lanes, counts, *, only=None):
    """The groups in order. A property's lane stands above the first of its groups."""
    groups: dict[str, RowGroup] = {}
    for room in shown:
        key, name, property_name = room.group
        group = groups.get(key)
        if group is None:
            group = groups[key] = RowGroup(key, name, property_name, free=counts.free[key])
        if room.property_id in lanes:
            group.lanes.append(lanes.pop(room.property_id))
        if only is None or room.id in only:
            group.rows.append(ChartRow(room, drawn.get(room.id, [])))
    return [
        *groups.values(),
        *(RowGroup(f"hotel-{pk}", lane.property_name, lanes=[lane]) for pk, lane in lanes.items() if lane.bars),
    ]


def _kept(groups):
    """The groups without rows in which nothing has the status that was asked for."""
    for group in groups:
        group.rows = [row for row in group.rows if any(bar.is_kept for bar in row.bars)]
        group.lanes = [lane for lane in group.lanes if any(bar.is_kept for bar in lane.bars)]
    return [group for group in groups if group.rows or group.lanes]
