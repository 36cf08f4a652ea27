"""Which of the free rooms a party gets: first one that is empty, then the cheapest, the one with the fewest beds too
many, and at last the one whose gap the stay fills most tightly.

For several parties at once this is a matching: all get a room if there is any way to seat them, at the least cost in
all. Rooms of one kind are alike but for their gaps, so that the work grows with the kinds, not with the rooms.
"""

import datetime as dt
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from properties import rates
from properties.models import Property, RoomType, Unit
from reservations.models import Occupancy, Reservation
from reservations.stay import Stay

# Each weighs more than all before it can add up to: days of gaps, beds, a price in ten-thousandths, who is still there.
GAP, BED, PRICE, PERSON = 1, 10**10, 10**16, 10**40


def best_room(
    property: Property,
    units: list[Unit],
    stay: Stay,
    *,
    avoid: Container[int] = (),
    ignoring: Reservation | None = None,
) -> Unit:
    """Of free `units`, the one that a party is given that asked for none. At most three queries.

    None of `avoid`, keys, while there is another; of the type that `ignoring`, a reservation that moves, was sold; then
    the cheapest, with the fewest beds, in the tightest gap.
    """
    left = [unit for unit in units if unit.pk not in avoid] or units
    if ignoring:
        left = [unit for unit in left if unit.room_type_id == ignoring.room_type_id] or left
    types = {unit.room_type for unit in with_types(left)}
    price = prices(property, types, stay)
    cost = {kind: worth(property, kind, price[kind]) for kind in types}
    least = min(cost.values())
    return best_fit([unit for unit in left if cost[unit.room_type] == least], stay, ignoring=ignoring)


def best_fit(units: list[Unit], stay: Stay, *, ignoring: Reservation | None = None) -> Unit:
    """Of free `units`, the one whose gap the stay fills most tightly; the first of equals. At most one query.

    Small gaps are used up first, so that long stays still find a room.
    """
    if len(units) == 1:
        return units[0]
    gaps_there = gaps_around(units, stay, ignoring=ignoring)
    return min(units, key=lambda unit: gaps_there[unit.pk])


def gaps_around(units: list[Unit], stay: Stay, *, ignoring: Reservation | None = None) -> dict[int, int]:
    """{key of a unit: days between the stays before and after `stay`}, of `units` that are free. One query."""
    taken = Occupancy.objects.in_force().filter(unit=OuterRef("pk"))
    if ignoring:
        taken = taken.exclude(reservation=ignoring)
    until = taken.filter(departure__lte=stay.arrival).order_by("-departure").values("departure")[:1]
    since = taken.filter(departure__gt=stay.departure).order_by("departure").values("arrival")[:1]
    edges = Unit.objects.filter(pk__in=[unit.pk for unit in units]).values_list("pk", Subquery(until), Subquery(since))
    return {pk: ((after or dt.date.max) - (before or dt.date.min)).days for pk, before, after in edges}


def with_types(units: list[Unit]) -> list[Unit]:
    """The same units, with their room types at hand. At most one query."""
    is_known = Unit._meta.get_field("room_type").is_cached
    keys = {unit.room_type_id for unit in units if unit.room_type_id and not is_known(unit)}
    types = RoomType.objects.in_bulk(keys) if keys else {}
    for unit in units:
        if unit.room_type_id in types:
            unit.room_type = types[unit.room_type_id]
    return units


def prices(property, room_types: Iterable[RoomType | None], stay) -> dict[RoomType | None, int]:
    """{room type: what `stay` costs in such a room, in ten-thousandths of the currency's unit}. With a single type no
    rate is looked up and its price counts as the same. At most one query."""
    kinds = set(room_types)
    if len(kinds) < 2:
        return dict.fromkeys(kinds, 0)
    nights = {"arrival": stay.arrival, "departure": stay.departure}
    tables = rates.tables_of([property], **nights)
    return {
        kind: int(tables.quote(property=property, room_type=kind, **nights).total.amount * 10_000) for kind in kinds
    }


def beds(property, room_type) -> int:
    """How many people a room of the type sleeps; 0 where neither the type nor the property says so."""
    own = getattr(room_type, "sleeps", None)
    return own if own is not None else property.sleeps or 0


def worth(property, room_type, price, *, is_empty=True) -> int:
    """The cost of giving away a room of this type, apart from the gap that the stay leaves in it."""
    return (0 if is_empty else PERSON) + price * PRICE + beds(property, room_type) * BED


@dataclass
class Matching:
    """`wanted` parties of each line, rooms of each kind as `gaps` (days, least first), and the cost of seating a party
    of a line in a room of a kind: `cost`, without those that do not fit."""

    wanted: Sequence[int]
    gaps: Sequence[Sequence[int]]
    cost: Mapping[tuple[int, int], int]
    given: dict[tuple[int, int], int] = field(default_factory=dict)  # parties of a line in rooms of a kind
    unseated: list[int] = field(default_factory=list)  # lines, once for each of their parties

    def __post_init__(self):
        for line, count in enumerate(self.wanted):
            for _ in range(count):
                if not self._seat(line):
                    self.unseated.append(line)

    def used(self, kind: int) -> int:
        return sum(count for (_, of), count in self.given.items() if of == kind)

    def shortages(self) -> list[tuple[set[int], set[int]]]:
        """(lines, kinds): these lines together want more rooms than there are of the kinds that they could have."""
        found: list[tuple[set[int], set[int]]] = []
        for line in dict.fromkeys(self.unseated):
            lines, kinds = self._reached(line)
            for other in [each for each in found if each[0] & lines]:
                found.remove(other)
                lines, kinds = lines | other[0], kinds | other[1]
            found.append((lines, kinds))
        return found

    def _seat(self, line):
        """One more party of the line, the others reseated where that costs least: a shortest augmenting path."""
        paths = self._paths(line)
        ends = [
            (cost + self.gaps[kind][self.used(kind)] * GAP, kind)
            for kind, (cost, _) in paths.items()
            if self.used(kind) < len(self.gaps[kind])
        ]
        if not ends:
            return False
        _, kind = min(ends)
        for mine, taken in paths[kind][1]:
            self.given[mine, taken] = self.given.get((mine, taken), 0) + 1
        for (_, left), (mine, _) in zip(paths[kind][1], paths[kind][1][1:], strict=False):
            self.given[mine, left] -= 1
        return True

    def _paths(self, line):
        """To each kind that the line can reach, (the least cost, [(line, the kind it takes), ...]) of a path: the line
        takes a room, whoever had it takes another, and so on."""
        at: dict[int, tuple[int, list]] = {line: (0, [])}
        paths: dict[int, tuple[int, list]] = {}
        is_better = True
        while is_better:
            is_better = False
            for mine, (cost, path) in list(at.items()):
                for kind in self._kinds_for(mine):
                    longer = cost + self.cost[mine, kind]
                    if kind in paths and paths[kind][0] <= longer:
                        continue
                    paths[kind], is_better = (longer, [*path, (mine, kind)]), True
            for kind, (cost, path) in paths.items():
                for other in self._lines_in(kind):
                    shorter = cost - self.cost[other, kind]
                    if other not in at or shorter < at[other][0]:
                        at[other], is_better = (shorter, path), True
        return paths

    def _reached(self, line):
        lines = {line}
        while True:
            kinds = {kind for each in lines for kind in self._kinds_for(each)}
            more = {other for kind in kinds for other in self._lines_in(kind)}
            if more <= lines:
                return lines, kinds
            lines |= more

    def _kinds_for(self, line):
        return [kind for kind in range(len(self.gaps)) if (line, kind) in self.cost]

    def _lines_in(self, kind):
        return [line for (line, of), count in self.given.items() if of == kind and count]


def kinds_of(units, *, key: Callable[..., Hashable]):
    """The units in lists of those that have the same `key`, in the order of the first unit of each list."""
    kinds: dict[Hashable, list] = {}
    for unit in units:
        kinds.setdefault(key(unit), []).append(unit)
    return list(kinds.values())
