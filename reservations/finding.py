"""Find a room: which properties take a party for some nights, at what price, and what is near where none does.

At most seven queries, however many properties there are: four for all of them, three for the page that is shown.
"""

import datetime as dt
import itertools
import zoneinfo
from builtins import property as computed  # three classes have a field of that name
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils import timezone

from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.models import Occupancy
from reservations.stay import LAST_DAY, BadStay, Stay

# Properties on a page of answers.
PER_PAGE = 20
# How far ahead the next free nights are looked for: half a year. A desk that hears of later ones asks by date.
HORIZON = dt.timedelta(days=180)

Rooms = dict[RoomType | None, list[Unit]]


@dataclass(frozen=True)
class Question:
    stay: Stay
    party_size: int
    flexible_days: int = 0  # the same number of nights may begin so many days earlier or later
    place: str = ""  # words in a property's name, location or description
    kind: str = ""  # of property; "" for both


@dataclass(frozen=True)
class Line:
    """Nights in a row at one rate; `name` is the rate table's, "" for the ordinary rate."""

    first: dt.date
    nights: int
    rate: Decimal
    name: str


@dataclass(frozen=True)
class Offer:
    """Rooms of one type, or the apartment, free for all nights of `stay`. Each of them costs `quote`."""

    property: Property
    room_type: RoomType | None
    stay: Stay
    rooms: tuple[Unit, ...]  # empty where a hotel lists no rooms and takes every booking
    quote: rates.Quote
    must_name_room: bool = False  # rooms without a type among others with one: "any room" could get one of those

    @computed
    def lines(self) -> list[Line]:
        runs = itertools.groupby(self.quote.nights, key=lambda night: (night.rate, night.name))
        return [_line(list(nights)) for _, nights in runs]


@dataclass(frozen=True)
class Alternative:
    """The cheapest offer for nights near those asked for; `how` says where they differ, such as "2 days later"."""

    how: str
    offer: Offer
    is_cheapest: bool  # of several room types


@dataclass
class Finding:
    """What is found in one property. All but `free` is filled in for the page that is shown."""

    property: Property
    free: Rooms
    offers: list[Offer] = field(default_factory=list)
    full: list[RoomType] = field(default_factory=list)  # room types that would do, but have no room free
    refusals: list[str] = field(default_factory=list)  # the limits in the way, in words
    alternatives: list[Alternative] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """`page` is of Findings: first where something is free, then where nothing is, both by name."""

    question: Question
    page: Page
    properties_free: int
    rooms_free: int


def find(*, question: Question, page: int | str = 1) -> Answer:
    """Which properties are free for the question, and what is near in those of `page` that are not. Seven queries."""
    findings = _survey(question)
    shown = Paginator(findings, PER_PAGE).get_page(page)
    _look_closer(shown.object_list, question)
    free = [finding for finding in findings if finding.free]
    return Answer(
        question=question,
        page=shown,
        properties_free=len(free),
        rooms_free=sum(len(rooms) for finding in free for rooms in finding.free.values()),
    )


def earliest_today() -> dt.date:
    """The earliest of the active properties' dates: tonight is not over anywhere. One query."""
    zones = Property.objects.active().order_by().values_list("time_zone", flat=True).distinct()
    return min((timezone.localdate(timezone=zoneinfo.ZoneInfo(zone)) for zone in zones), default=timezone.localdate())


# --- every property: free or not ---


def _survey(question):
    properties = _properties_asked_for(question)
    free = _free_rooms(question, properties)
    findings = [Finding(property, _allowed(property, free[property.pk], question)) for property in properties]
    return sorted(findings, key=lambda finding: not finding.free)


def _properties_asked_for(question):
    listed = Exists(Unit.objects.filter(property=OuterRef("pk")))  # archived ones too: see Property.counts_rooms
    found = Property.objects.shown(q=question.place, kind=question.kind, archived=False)
    return list(found.annotate(lists_units=listed))


def _free_rooms(question, properties) -> dict[int, Rooms]:
    """By property and room type; for a hotel that counts no rooms an empty list."""
    is_narrowed = question.place or question.kind
    units = availability.free_everywhere(stay=question.stay, properties=properties if is_narrowed else None)
    free = _by_type(units)
    for property in properties:
        if property.is_hotel and not property.lists_units:
            free[property.pk][None] = []
    return free


def _by_type(units) -> dict[int, Rooms]:
    found: dict[int, Rooms] = defaultdict(dict)
    for unit in sorted(units, key=_place_of_type):
        found[unit.property_id].setdefault(unit.room_type, []).append(unit)
    return found


def _place_of_type(unit):
    """Room types as the property orders them, rooms without one first; `sorted` keeps the order within."""
    return (unit.room_type.position, unit.room_type.name) if unit.room_type else (-1, "")


def _allowed(property, rooms, question, stay=None):
    """The room types that take the party for so many nights."""
    nights = (stay or question.stay).nights
    return {
        room_type: units
        for room_type, units in rooms.items()
        if not limits.refusal(property=property, room_type=room_type, nights=nights, party_size=question.party_size)
    }


# --- the properties of one page: prices, limits, what is near ---


def _look_closer(findings, question):
    properties = [finding.property for finding in findings]
    tables = rates.tables_of(properties)
    units = Unit.objects.active().filter(property__in=properties).select_related("room_type")
    rooms = _by_type(units.order_by("position", "name"))
    taken = _taken([finding.property for finding in findings if _wants_alternatives(finding, question)], question)
    for finding in findings:
        house = rooms[finding.property.pk]
        finding.offers = _offers(finding.property, house, finding.free, question.stay, tables)
        finding.full = [
            kind for kind in _allowed(finding.property, house, question) if kind and kind not in finding.free
        ]
        finding.refusals = _refusals(finding.property, house or {None: []}, question)
        if _wants_alternatives(finding, question):
            finding.alternatives = list(_alternatives(finding, house, question, taken, tables))


def _wants_alternatives(finding, question):
    return bool(question.flexible_days) or not finding.free


def _offers(property, house, rooms, stay, tables):
    return [
        Offer(
            property=property,
            room_type=room_type,
            stay=stay,
            rooms=tuple(units),
            quote=tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure),
            must_name_room=room_type is None and len(house) > 1,
        )
        for room_type, units in rooms.items()
    ]


def _refusals(property, rooms, question):
    """Each once, in order: several room types may be under the property's own limit."""
    asked = {"property": property, "nights": question.stay.nights, "party_size": question.party_size}
    words = (limits.refusal(room_type=room_type, **asked) for room_type in rooms)
    return list(dict.fromkeys(filter(None, words)))


def _taken(properties, question) -> dict[int, list[Stay]]:
    """By unit, what is taken from the earliest alternative to the horizon, in order. One query, or none."""
    since = question.stay.arrival - dt.timedelta(days=question.flexible_days)
    standing = Occupancy.objects.standing().filter(
        property__in=properties, departure__gt=since, arrival__lt=question.stay.departure + HORIZON
    )
    taken = defaultdict(list)
    for unit_id, arrival, departure in standing.order_by("arrival").values_list("unit_id", "arrival", "departure"):
        taken[unit_id].append(Stay(arrival, departure))
    return taken


def _alternatives(finding, house, question, taken, tables) -> Iterator[Alternative]:
    """Nearest first; nothing before the property's today, and each stay once."""
    today, seen = finding.property.today(), set()
    for how, stay in _near(finding, house, question, taken, today):
        if stay.arrival < today or stay in seen:
            continue
        seen.add(stay)
        rooms = _free_among(_allowed(finding.property, house, question, stay), stay, taken)
        offers = _offers(finding.property, house, rooms, stay, tables)
        if offers:
            yield Alternative(how, min(offers, key=lambda offer: offer.quote.total), is_cheapest=len(offers) > 1)


def _near(finding, house, question, taken, today) -> Iterator[tuple[str, Stay]]:
    asked, day = question.stay, dt.timedelta(days=1)
    for days in range(1, question.flexible_days + 1):
        yield from _stays(f"{_days(days)} earlier", asked.arrival - days * day, asked.departure - days * day)
        yield from _stays(f"{_days(days)} later", asked.arrival + days * day, asked.departure + days * day)
    if finding.free:
        return
    yield from _stays("1 night shorter", asked.arrival, asked.departure - day)
    yield from _stays("1 night shorter", asked.arrival + day, asked.departure)
    units = [unit for rooms in _allowed(finding.property, house, question).values() for unit in rooms]
    since = max(asked.arrival + day, today)
    start = min((_first_fit(taken[unit.pk], asked.nights, since) for unit in units), default=LAST_DAY)
    if start + asked.nights * day <= asked.departure + HORIZON:
        yield from _stays("next free", start, start + asked.nights * day)


def _stays(how, arrival, departure):
    """One, or none where the calendar ends or no night is left."""
    try:
        yield how, Stay(arrival, departure)
    except BadStay:
        return


def _first_fit(stays, nights, since):
    """The first day from `since` on that has so many nights between two stays, or after the last."""
    for stay in stays:
        if (stay.arrival - since).days >= nights:
            break
        since = max(since, stay.departure)
    return since


def _free_among(rooms, stay, taken):
    free = {
        room_type: [unit for unit in units if not any(stay.overlaps(other) for other in taken[unit.pk])]
        for room_type, units in rooms.items()
    }
    return {room_type: units for room_type, units in free.items() if units}


def _days(count):
    return "1 day" if count == 1 else f"{count} days"


def _line(nights):
    return Line(nights[0].date, len(nights), nights[0].rate, nights[0].name)
