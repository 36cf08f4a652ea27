"""What a night costs: the rate table, and the verbs that change its lines.

What is agreed for a stay is stored with the stay; a line changed here changes what is quoted from now on, no more.
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

from config.errors import DomainError
from config.transactions import one_transaction
from properties.edit_conflicts import refuse_stale, values_of
from properties.inventory import lock_property, refuse_foreign_price, refuse_foreign_type
from properties.models import Property, Rate, RoomType
from properties.money import Money, total

# Few prices are met again and again, and making one takes longer than looking it up.
_money = functools.lru_cache(10_000)(Money)

# Nights. A season open at one end is longer than any with two, and still narrower than all year round.
_OPEN_ENDED, _ALL_YEAR = 10_000_000, 20_000_000


class Night(NamedTuple):
    date: dt.date  # local, of the evening
    rate: Money
    name: str  # of the line that counts; "" for the ordinary nightly rate


class Line(NamedTuple):
    """Of the rate table, as read to quote from: the fields of `Rate` that decide."""

    pk: int | None  # None: an ordinary rate, where no line fits
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
    """Nights in a row at one rate; `name` is the rate table's line's, "" for the ordinary nightly rate."""

    first: dt.date
    nights: int
    rate: Money
    name: str


class Quote(NamedTuple):
    """What each night of a stay costs; all nights in one currency."""

    nights: tuple[Night, ...]

    @property
    def total(self) -> Money:
        return total(self.rates)

    @property
    def rates(self) -> list[Money]:
        return [night.rate for night in self.nights]

    @property
    def lines(self) -> list[Stretch]:
        """Stretches, in order."""
        runs = groupby(self.nights, key=lambda night: (night.rate, night.name))
        return [_stretch(list(nights)) for _, nights in runs]


def _stretch(nights: list[Night]) -> Stretch:
    return Stretch(nights[0].date, len(nights), nights[0].rate, nights[0].name)


class SeasonRunsBackwards(DomainError):
    """`field` says where to change it."""

    code = "season_runs_backwards"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The season ends before it begins."
    then = "Check its first and its last night."
    field = "last_night"

    def __init__(self) -> None:
        super().__init__("This season ends before it begins. Check its first and its last night.")


class LineGone(DomainError):
    """Someone removed the line meanwhile."""

    code = "line_gone"
    when = "Somebody removed this line of the rate table."
    then = "Add it again if it is still needed."

    def __init__(self, line: Rate) -> None:
        super().__init__(f"The line “{line}” was removed meanwhile. Add it again if it is still needed.")


def quote(*, property: Property, room_type: RoomType | None, arrival: dt.date, departure: dt.date) -> Quote:
    """What the nights in [arrival, departure) cost today; `room_type` None for an apartment or an untyped room.

    Of several lines that fit a night the most specific one counts: one for the room type beats one for all types, then
    a shorter season a longer one and any season all year round, then some weekdays beat every day, then the newest
    line. Where none fits, the room type's nightly rate counts, else the property's. One query.
    """
    tables = tables_of([property], arrival=arrival, departure=departure)
    return tables.quote(property=property, room_type=room_type, arrival=arrival, departure=departure)


def preview(
    *, property: Property, lines: Iterable[Rate], room_types: Iterable[RoomType | None], first: dt.date, nights: int
) -> list[tuple[RoomType | None, Quote]]:
    """Pairs of a room type (None for rooms without one) and its Quote for the nights from `first` on. No query."""
    types = list(room_types)
    table = RateTables(lines, {(property.pk, each.pk if each else None): each or property for each in types})
    departure = first + dt.timedelta(days=nights)
    return [
        (each, table.quote(property=property, room_type=each, arrival=first, departure=departure)) for each in types
    ]


# In SQL, and no model instances: every booking asks this, and a search for hundreds of properties at once. In one
# statement, so that no amount of it is from before a change of the property's currency and another one from after it.
# Rows without an id are ordinary rates: of a room type, or of rooms without one.
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
    """The rate tables of many properties, to quote from without asking again. One query.

    With `arrival` and `departure` only nights between them can be quoted: other seasons are not read.
    """
    return tables_of_keys([each.pk for each in properties], arrival=arrival, departure=departure)


def tables_of_keys(
    keys: Iterable[int], *, arrival: dt.date | None = None, departure: dt.date | None = None
) -> "RateTables":
    """The same of properties that are known by their keys."""
    asked = {"properties": list(keys), "arrival": arrival, "departure": departure}
    with connection.cursor() as cursor:
        cursor.execute(LINES, asked)
        rows = [Line(*row) for row in cursor]
    ordinary = {(row.property_id, row.room_type_id): row for row in rows if row.pk is None}
    return RateTables([row for row in rows if row.pk is not None], ordinary)


class RateTables:
    """Rate tables as they were when read; equal questions are worked out once.

    `ordinary` is what has the `price` where no line fits, by keys of property and room type (None: of rooms without).
    """

    def __init__(self, lines: Iterable[Line | Rate], ordinary: Mapping[tuple[int, int | None], Priced]) -> None:
        self._ordinary = ordinary
        self._lines: dict[int, list[Line | Rate]] = defaultdict(list)
        for line in sorted(lines, key=_breadth):
            self._lines[line.property_id].append(line)
        self._quotes: dict[tuple[int, int | None, dt.date, dt.date], Quote] = {}

    def quote(self, *, property: Property, room_type: RoomType | None, arrival: dt.date, departure: dt.date) -> Quote:
        """See the function of this name. No query."""
        return self.quote_of(property.pk, room_type.pk if room_type else None, arrival=arrival, departure=departure)

    def quote_of(self, property_id: int, room_type_id: int | None, *, arrival: dt.date, departure: dt.date) -> Quote:
        """The same of what is known by its keys."""
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
    """Sorts the line that counts to the front."""
    is_for_some_days = 0 < len(set(line.weekdays)) < 7
    return (line.room_type_id is None, _season_length(line), not is_for_some_days, -(line.pk or 0))


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
) -> Rate:
    """Add a line; `last_night` is in the season, `weekdays` are ISO (1 Monday), none for every day. `currency` is the
    one that `nightly_rate` was typed for.

    Raises PricedInAnother, SeasonRunsBackwards, ForeignRoomType, Archived, Busy.
    """
    property = lock_property(property)
    refuse_foreign_price(property, currency)
    line = Rate(property=property, name=name, nightly_rate=nightly_rate, room_type=room_type)
    line.first_night, line.last_night, line.weekdays = first_night, last_night, sorted(set(weekdays))
    _refuse_what_cannot_be(line)
    line.save(force_insert=True)
    return line


@one_transaction
def change_rate(*, rate: Rate, currency: str | None = None, seen: str | None = None, **facts: Any) -> Rate:
    """Change Rate's fields, except its property; `currency` as in `add_rate`, `seen` as in `inventory.update_property`.

    Raises LineGone, PricedInAnother, SeasonRunsBackwards, ForeignRoomType, Archived, EditConflict, Busy.
    """
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
def remove_rate(*, rate: Rate) -> Rate:
    """Take the line out of the table; returns it as it was. Raises LineGone, Archived, Busy."""
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
