"""The rate table: what a night costs, and the verbs that change its lines.

The agreed rates of a stay are stored with the stay. A changed line affects only what is quoted from then on.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from http import HTTPStatus
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from django.db import connection

from accounts.access import Action, require
from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction
from properties.edit_conflicts import refuse_stale, values_of
from properties.inventory import lock_property, refuse_foreign_price, refuse_foreign_type
from properties.models import Property, Rate, RoomType
from properties.money import Money, total

# Cached, because quotes have few different prices, and a cached Money is faster than a new one.
_money = functools.lru_cache(10_000)(Money)

# Lengths in nights for sorting: a season without one of its ends is longer than any other, but shorter than all year.
_OPEN_ENDED, _ALL_YEAR = 10_000_000, 20_000_000
# Sorts a line that is not saved yet as the newest.
_NEWEST = 2**63

# A line is compared with today's prices on the nights of a year, in which each season and weekday comes.
COMPARED_NIGHTS = 366
# What is asked about before it is saved: nights for less than this share of today's price, or for more than so many
# times as much. Discounts and seasons are usually within that, and a line for the wrong room types is not.
CHEAP, DEAR = Decimal("0.8"), 2


class Night(NamedTuple):
    date: dt.date  # local date of the evening
    rate: Money
    name: str  # of the line that applies; "" for the ordinary nightly rate


class Line(NamedTuple):
    """A line of the rate table with the columns of `Rate` that quotes need, or an ordinary rate."""

    pk: int | None  # None: the ordinary rate of a room type, or of rooms without one
    property_id: int
    room_type_id: int | None
    name: str
    first_night: dt.date | None
    last_night: dt.date | None
    weekdays: list[int]
    amount: Decimal
    currency: str

    @property
    def price(self) -> Money:
        return _money(self.amount, self.currency)


Priced: TypeAlias = Line | RoomType | Property


class Stretch(NamedTuple):
    """Nights in a row at one rate. `name` is that of the rate table's line, "" for the ordinary nightly rate."""

    first: dt.date
    nights: int
    rate: Money
    name: str


class Jump(NamedTuple):
    """A night that costs much more or less by a new line of the rate table: the first one in rooms of this type."""

    room_type: RoomType | None  # None: rooms without a type, or an apartment
    date: dt.date
    before: Money
    after: Money


class Quote(NamedTuple):
    """The price of each night of a stay, all in one currency."""

    nights: tuple[Night, ...]

    @property
    def total(self) -> Money:
        return total(self.rates)

    @property
    def rates(self) -> list[Money]:
        return [night.rate for night in self.nights]

    @property
    def lines(self) -> list[Stretch]:
        """The nights as Stretches, in order."""
        runs = groupby(self.nights, key=lambda night: (night.rate, night.name))
        return [_stretch(list(nights)) for _, nights in runs]


def _stretch(nights: list[Night]) -> Stretch:
    return Stretch(nights[0].date, len(nights), nights[0].rate, nights[0].name)


class SeasonRunsBackwards(DomainError):
    """The last night of the season is before the first. `field` is the form's field to change."""

    code = "season_runs_backwards"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The season ends before it begins."
    then = "Check the first and the last night."
    field = "last_night"

    def __init__(self) -> None:
        super().__init__("This season ends before it begins. Check its first and its last night.")


class LineGone(DomainError):
    """The line was removed meanwhile."""

    code = "line_gone"
    when = "Somebody removed this line of the rate table."
    then = "Add it again if it is still needed."

    def __init__(self, line: Rate) -> None:
        super().__init__(f"The line “{line}” was removed meanwhile. Add it again if it is still needed.")


def quote(*, property: Property, room_type: RoomType | None, arrival: dt.date, departure: dt.date) -> Quote:
    """The Quote for the nights in [arrival, departure), by the present rate table. One query.

    `room_type` is None for an apartment or a room without a type. If several lines fit a night, the most specific one
    applies: a line for the room type before one for all types, then the one with the shorter season, then one for some
    weekdays before one for every day, then the newest. If none fits, the room type's nightly rate applies, or else the
    property's.
    """
    tables = tables_of([property], arrival=arrival, departure=departure)
    return tables.quote(property=property, room_type=room_type, arrival=arrival, departure=departure)


def preview(
    *, property: Property, lines: Iterable[Rate], room_types: Iterable[RoomType | None], first: dt.date, nights: int
) -> list[tuple[RoomType | None, Quote]]:
    """[(room type or None, Quote for `nights` nights from `first` on)] for `room_types`. No query."""
    types = list(room_types)
    table = RateTables(lines, {(property.pk, each.pk if each else None): each or property for each in types})
    departure = first + dt.timedelta(days=nights)
    return [
        (each, table.quote(property=property, room_type=each, arrival=first, departure=departure)) for each in types
    ]


def priced_types(property: Property) -> list[RoomType | None]:
    """The room types that have a price; None is among them if there are rooms without a type. Two queries."""
    types: list[RoomType | None] = list(property.room_types.all())
    if not types or property.units.active().filter(room_type=None).exists():
        types.append(None)
    return types


def jumps(line: Rate) -> list[Jump]:
    """What `line`, with values that are not saved, would make much cheaper or dearer from today on. Three queries.

    There is at most one Jump for each room type.
    """
    property = line.property
    today = property.today()
    first = max(today, line.first_night or today)
    nights = COMPARED_NIGHTS if line.last_night is None else (line.last_night - first).days + 1
    saved, types = list(property.rates.all()), priced_types(property)
    compared = [
        preview(property=property, lines=lines, room_types=types, first=first, nights=min(nights, COMPARED_NIGHTS))
        for lines in (saved, [*(each for each in saved if each.pk != line.pk), line])
    ]
    found = (_first_jump(room_type, now, then) for (room_type, now), (_, then) in zip(*compared, strict=True))
    return [jump for jump in found if jump]


def _first_jump(room_type: RoomType | None, now: Quote, then: Quote) -> Jump | None:
    for before, after in zip(now.nights, then.nights, strict=True):
        was, becomes = before.rate.amount, after.rate.amount
        if was and not CHEAP * was <= becomes <= DEAR * was:
            return Jump(room_type, before.date, before.rate, after.rate)
    return None


# SQL without model instances, because every booking runs it, and searches run it for hundreds of properties. It is one
# statement, so that all amounts are from before a change of the property's currency, or all from after it. Rows without
# an id are ordinary rates: of a room type, or of rooms without one.
LINES = """
    WITH asked AS (SELECT id, currency, nightly_rate FROM properties_property WHERE id = ANY(%(properties)s::int[]))
    SELECT line.id, line.property_id, room_type_id, name, first_night, last_night, weekdays,
           line.nightly_rate, asked.currency
    FROM properties_rate AS line JOIN asked ON asked.id = line.property_id
    WHERE (last_night IS NULL OR last_night >= coalesce(%(arrival)s, '-infinity'::date))
      AND (first_night IS NULL OR first_night < coalesce(%(departure)s, 'infinity'::date))
    UNION ALL
    SELECT NULL, asked.id, NULL, '', NULL, NULL, NULL, asked.nightly_rate, asked.currency FROM asked
    UNION ALL
    SELECT NULL, asked.id, kind.id, '', NULL, NULL, NULL, kind.nightly_rate, asked.currency
    FROM properties_roomtype AS kind JOIN asked ON asked.id = kind.property_id
"""


def tables_of(
    properties: Iterable[Property], *, arrival: dt.date | None = None, departure: dt.date | None = None
) -> "RateTables":
    """The rate tables of the properties, for quotes without further queries. One query.

    With `arrival` and `departure` only the nights [arrival, departure) can be quoted, because no other seasons are
    read.
    """
    return tables_of_keys([each.pk for each in properties], arrival=arrival, departure=departure)


def tables_of_keys(
    keys: Iterable[int], *, arrival: dt.date | None = None, departure: dt.date | None = None
) -> "RateTables":
    """The same as `tables_of`, for properties given by their primary keys."""
    asked = {"properties": list(keys), "arrival": arrival, "departure": departure}
    with connection.cursor() as cursor:
        cursor.execute(LINES, asked)
        rows = [Line(*row) for row in cursor]
    ordinary = {(row.property_id, row.room_type_id): row for row in rows if row.pk is None}
    return RateTables([row for row in rows if row.pk is not None], ordinary)


class RateTables:
    """Rate tables in memory, which also cache their quotes.

    `ordinary` is {(key of the property, key of the room type or None): object with the ordinary `price`}.
    """

    def __init__(self, lines: Iterable[Line | Rate], ordinary: Mapping[tuple[int, int | None], Priced]) -> None:
        self._ordinary = ordinary
        self._lines: dict[int, list[Line | Rate]] = defaultdict(list)
        for line in sorted(lines, key=_breadth):
            self._lines[line.property_id].append(line)
        self._quotes: dict[tuple[int, int | None, dt.date, dt.date], Quote] = {}

    def quote(self, *, property: Property, room_type: RoomType | None, arrival: dt.date, departure: dt.date) -> Quote:
        """See the function `quote`. No query."""
        return self.quote_of(property.pk, room_type.pk if room_type else None, arrival=arrival, departure=departure)

    def quote_of(self, property_id: int, room_type_id: int | None, *, arrival: dt.date, departure: dt.date) -> Quote:
        """The same as `quote`, for a property and a room type given by their primary keys."""
        asked = (property_id, room_type_id, arrival, departure)
        if asked not in self._quotes:
            self._quotes[asked] = Quote(tuple(self._nights(*asked)))
        return self._quotes[asked]

    def _nights(
        self, property_id: int, room_type_id: int | None, arrival: dt.date, departure: dt.date
    ) -> Iterator[Night]:
        ordinary = self._ordinary.get((property_id, room_type_id)) or self._ordinary[property_id, None]
        lines = [line for line in self._lines.get(property_id, ()) if line.room_type_id in (None, room_type_id)]
        for number in range((departure - arrival).days):
            date = arrival + dt.timedelta(days=number)
            line = next((line for line in lines if _fits(line, date)), None)  # the most specific first
            yield Night(date, line.price, line.name) if line else Night(date, ordinary.price, "")


def _fits(line: Line | Rate, date: dt.date) -> bool:
    return (
        (line.first_night is None or line.first_night <= date)
        and (line.last_night is None or date <= line.last_night)
        and (not line.weekdays or date.isoweekday() in line.weekdays)
    )


def _breadth(line: Line | Rate) -> tuple[bool, int, bool, int]:
    """A sort key: more specific lines come first."""
    is_for_some_days = 0 < len(set(line.weekdays)) < 7
    return (line.room_type_id is None, _season_length(line), not is_for_some_days, -(line.pk or _NEWEST))


def _season_length(line: Line | Rate) -> int:
    if line.first_night and line.last_night:
        return (line.last_night - line.first_night).days
    return _OPEN_ENDED if line.first_night or line.last_night else _ALL_YEAR


@one_transaction
def add_rate(
    *,
    property: Property,
    name: str,
    nightly_rate: Decimal,
    currency: str | None = None,
    room_type: RoomType | None = None,
    first_night: dt.date | None = None,
    last_night: dt.date | None = None,
    weekdays: Iterable[int] = (),
    actor: User | None,
) -> Rate:
    """Add a line to the rate table; returns the Rate.

    The season includes `last_night`. `weekdays` are ISO (1 Monday to 7 Sunday), none for every day. `currency` is the
    one that `nightly_rate` was typed for; None is the property's. Raises PricedInAnother, SeasonRunsBackwards,
    ForeignRoomType, Archived, Busy.
    """
    require(actor, Action.RATES, property)
    property = lock_property(property)
    refuse_foreign_price(property, currency)
    line = Rate(property=property, name=name, nightly_rate=nightly_rate, room_type=room_type)
    line.first_night, line.last_night, line.weekdays = first_night, last_night, sorted(set(weekdays))
    _refuse_what_cannot_be(line)
    line.save(force_insert=True)
    return line


@one_transaction
def change_rate(
    *, rate: Rate, actor: User | None, currency: str | None = None, seen: str | None = None, **facts: Any
) -> Rate:
    """Change fields of a line, except its property; returns the Rate.

    `currency` is as in `add_rate`, `seen` as in `inventory.update_property`.
    Raises LineGone, PricedInAnother, SeasonRunsBackwards, ForeignRoomType, Archived, EditConflict, Busy.
    """
    require(actor, Action.RATES, rate)
    line = _lock_line(rate)
    refuse_foreign_price(line.property, currency)
    refuse_stale(f"The line “{line}”", values_of(line, facts), seen)
    for field, value in facts.items():
        setattr(line, field, value)
    line.weekdays = sorted(set(line.weekdays))
    _refuse_what_cannot_be(line)
    line.save(update_fields=facts)
    return line


@one_transaction
def remove_rate(*, rate: Rate, actor: User | None) -> Rate:
    """Delete the line; returns it as it was. Raises LineGone, Archived, Busy."""
    require(actor, Action.RATES, rate)
    line = _lock_line(rate)
    Rate.objects.filter(pk=line.pk).delete()
    return line


def _lock_line(rate: Rate) -> Rate:
    property = lock_property(rate.property)
    line = Rate.objects.filter(pk=rate.pk).first()
    if line is None:
        raise LineGone(rate)
    line.property = property
    return line


def _refuse_what_cannot_be(line: Rate) -> None:
    refuse_foreign_type(line.property_id, line.room_type)
    if line.first_night and line.last_night and line.last_night < line.first_night:
        raise SeasonRunsBackwards
