"""The kinds of rooms in the form of a group booking: how many are free, and what one costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from properties import rates
from properties.models import RoomType
from properties.money import Money
from reservations import availability
from reservations.availability import presence
from reservations.models import Occupancy


@dataclass(frozen=True)
class RoomTypeOption:
    """A room type of the property, or with `room_type` None any room."""

    room_type: RoomType | None
    free: int | None  # None without dates, and where rooms are not counted
    price: Money | None  # of one room for the whole stay; None without dates
    not_left: tuple[Occupancy, ...] = ()  # parties that should have left such a room, which is not counted as free
    not_empty: int = 0  # rooms of them that are free in the calendar, and are given to a group that needs them

    @property
    def key(self):
        return str(self.room_type.pk) if self.room_type else "any"

    @property
    def name(self):
        return self.room_type.name if self.room_type else "Any room"

    @property
    def sleeps(self):
        return self.room_type.sleeps if self.room_type else None


def room_type_options(property, stay=None) -> list[RoomTypeOption]:
    """The room types by position, and any room if some rooms have no type. At most five queries."""
    units = list(property.units.active().select_related("room_type"))
    types = sorted({unit.room_type for unit in units if unit.room_type}, key=lambda each: (each.position, each.name))
    if not units or not all(unit.room_type for unit in units):
        types.append(None)
    late = presence.overstays_of(property, stay) if stay else {}
    free, not_empty = _free(property, units, stay, late)
    not_left = _not_left(units, late)
    tables = rates.tables_of([property])
    return [
        RoomTypeOption(
            each,
            None if free is None else free[each],
            stay and _price(tables, property, each, stay),
            not_left=not_left[each],
            not_empty=not_empty[each],
        )
        for each in types
    ]


def _free(property, units, stay, late):
    """({room type: free rooms}, {room type: those in which a party still is}), of all rooms under None.

    (None, {}) without dates and where rooms are not counted.
    """
    if stay is None or (not units and not property.tracks_inventory()):
        return None, Counter()
    free = {unit.pk for unit in availability.free_units(property=property, stay=stay)}
    return _by_type(units, free - late.keys()), _by_type(units, free & late.keys())


def _by_type(units, keys):
    return Counter(unit.room_type for unit in units if unit.pk in keys) | Counter({None: len(keys)})


def _not_left(units, late):
    """{room type: segments of parties that should have left}, of all rooms under None."""
    found: dict[RoomType | None, tuple[Occupancy, ...]] = defaultdict(tuple)
    for unit in units:
        for kind in {unit.room_type, None} if unit.pk in late else ():
            found[kind] += (late[unit.pk],)
    return found


def _price(tables, property, room_type, stay):
    quote = tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure)
    return quote.total
