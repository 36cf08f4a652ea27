"""Which of the free rooms a party gets.

Rooms that no party should have left come first, then the cheapest ones, then those with the fewest beds, then those
that are empty already rather than left later today, and last the one in which the stay fills a gap between two others
most tightly.

For several parties at once this is a minimum-cost bipartite matching: all get rooms if that is possible, at the lowest
total cost. Rooms of one kind differ only in their gaps, so the work grows with the number of kinds, not of rooms.
"""

import datetime as dt
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Subquery

from properties import rates
from properties.models import Property, RoomType, Unit
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import Stay

# Weights in a cost: of a day of gap, a party that leaves later today, a bed, a ten-thousandth of the currency's unit,
# and a party that should have left. Each is larger than all that the ones before it can add up to.
GAP, LEAVING, BED, PRICE, PERSON = 1, 10**9, 10**12, 10**18, 10**42


def best_room(
    property: Property,
    units: list[Unit],
    stay: Stay,
    *,
    avoid: Container[int] = (),
    ignoring: Reservation | None = None,
) -> Unit:
    """The unit among the free `units` for a party that named none. At most three queries.

    Units whose keys are in `avoid` are taken only if there is no other. `ignoring` is the reservation that moves: units
    of the type that it was sold come first. Among the rest see the module's docstring.
    """
    left = [unit for unit in units if unit.pk not in avoid] or units
    if ignoring:
        left = [unit for unit in left if unit.room_type_id == ignoring.room_type_id] or left
    types = {unit.room_type for unit in with_types(left)}
    price = prices(property, types, stay)
    cost = {kind: worth(property, kind, price[kind]) for kind in types}
    least = min(cost.values())
    alike = [unit for unit in left if cost[unit.room_type] == least]
    return best_fit(alike, stay, ignoring=ignoring, today=property.today())


def best_fit(
    units: list[Unit], stay: Stay, *, ignoring: Reservation | None = None, today: dt.date | None = None
) -> Unit:
    """The unit among the free `units` in which the stay leaves the fewest nights between its neighbours.

    The first of equals. So small gaps are filled first, and long stays still find a room. For `today` see
    `gaps_around`. At most one query.
    """
    if len(units) == 1:
        return units[0]
    gaps_there = gaps_around(units, stay, ignoring=ignoring, today=today)
    return min(units, key=lambda unit: gaps_there[unit.pk])


def gaps_around(
    units: list[Unit], stay: Stay, *, ignoring: Reservation | None = None, today: dt.date | None = None
) -> dict[int, int]:
    """{key of a unit: days from the last departure before `stay` to the first arrival after it}. One query.

    The `units` must be free for `stay`. If it arrives on `today`, the property's date, a unit in which a party still is
    that leaves today counts for LEAVING days more, so that empty ones come first.
    """
    taken = Occupancy.objects.in_force().filter(unit=OuterRef("pk"))
    if ignoring:
        taken = taken.exclude(reservation=ignoring)
    until = taken.filter(departure__lte=stay.arrival).order_by("-departure").values("departure")[:1]
    since = taken.filter(departure__gt=stay.departure).order_by("departure").values("arrival")[:1]
    leaving = taken.filter(departure=stay.arrival, reservation__status=Status.IN_HOUSE)
    if stay.arrival != today:
        leaving = leaving.none()
    edges = Unit.objects.filter(pk__in=[unit.pk for unit in units]).values_list(
        "pk", Subquery(until), Subquery(since), Exists(leaving)
    )
    return {
        pk: ((after or dt.date.max) - (before or dt.date.min)).days + LEAVING * is_there
        for pk, before, after, is_there in edges
    }


def with_types(units: list[Unit]) -> list[Unit]:
    """The same units, with their room types fetched. At most one query."""
    is_known = Unit._meta.get_field("room_type").is_cached
    keys = {unit.room_type_id for unit in units if unit.room_type_id and not is_known(unit)}
    types = RoomType.objects.in_bulk(keys) if keys else {}
    for unit in units:
        if unit.room_type_id in types:
            unit.room_type = types[unit.room_type_id]
    return units


def prices(property, room_types: Iterable[RoomType | None], stay) -> dict[RoomType | None, int]:
    """{room type: price of `stay` in ten-thousandths of the currency's unit}. At most one query.

    A single type gets 0 and no rate is read, because there is nothing to compare.
    """
    kinds = set(room_types)
    if len(kinds) < 2:
        return dict.fromkeys(kinds, 0)
    nights = {"arrival": stay.arrival, "departure": stay.departure}
    tables = rates.tables_of([property], **nights)
    return {
        kind: int(tables.quote(property=property, room_type=kind, **nights).total.amount * 10_000) for kind in kinds
    }


def beds(property, room_type) -> int:
    """How many people a room of the type sleeps; 0 if neither the type nor the property has a limit."""
    own = getattr(room_type, "sleeps", None)
    return own if own is not None else property.sleeps or 0


def worth(property, room_type, price, *, is_empty=True) -> int:
    """The cost of a room of this type in a matching, without that of its gap. `price` is one of `prices`."""
    return (0 if is_empty else PERSON) + price * PRICE + beds(property, room_type) * BED


@dataclass
class Matching:
    """A minimum-cost matching of parties and rooms. Lines and kinds are numbered from 0.

    A line is several equal parties of a group, a kind several equal rooms. The fields `given` and `unseated` are the
    result.
    """

    wanted: Sequence[int]  # parties in each line
    gaps: Sequence[Sequence[int]]  # of each kind the gaps of its rooms, in days, ascending
    cost: Mapping[tuple[int, int], int]  # (line, kind): cost of such a room for such a party; left out if it cannot be
    given: dict[tuple[int, int], int] = field(default_factory=dict)  # (line, kind): parties that have such a room
    unseated: list[int] = field(default_factory=list)  # the line of each party without a room

    def __post_init__(self):
        for line, count in enumerate(self.wanted):
            for _ in range(count):
                if not self._seat(line):
                    self.unseated.append(line)

    def used(self, kind: int) -> int:
        """How many rooms of the kind are given."""
        return sum(count for (_, of), count in self.given.items() if of == kind)

    def shortages(self) -> list[tuple[set[int], set[int]]]:
        """(lines, kinds) where these lines together want more rooms than there are of the kinds that suit them."""
        found: list[tuple[set[int], set[int]]] = []
        for line in dict.fromkeys(self.unseated):
            lines, kinds = self._reached(line)
            for other in [each for each in found if each[0] & lines]:
                found.remove(other)
                lines, kinds = lines | other[0], kinds | other[1]
            found.append((lines, kinds))
        return found

    def _seat(self, line):
        """Give a room to one more party of the line, by a shortest augmenting path. Whether there was one.

        Others may get a room of another kind for that, if it costs least in all.
        """
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
        """{kind: (cost, [(line, kind that it takes), ...])}: the cheapest path to each kind that the line can reach.

        On a path the line takes a room of a kind, a line that has one of that kind takes another, and so on.
        """
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
        """(lines, kinds) that paths from the line can reach."""
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
    """Lists of the units with equal `key`, in the order of the first unit of each list."""
    kinds: dict[Hashable, list] = {}
    for unit in units:
        kinds.setdefault(key(unit), []).append(unit)
    return list(kinds.values())
