"""Find a room: which properties take a party for some nights, at what price, and what is near where none does.

At most ten queries, however many properties there are: four for all of them, six for the page that is shown.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.utils import timezone

from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.availability import presence
from reservations.availability.free_rooms import FreeRoom
from reservations.booking.refusals import OutsideLimits
from reservations.booking.requests import refuse_party_size
from reservations.models import Occupancy
from reservations.stay import LAST_DAY, BadStay, Stay

# Properties on a page of answers.
PER_PAGE = 20
# How many days earlier or later a stay may begin, at most.
MOST_FLEXIBLE_DAYS = 3
# How far ahead the next free nights are looked for: half a year. A desk that hears of later ones asks by date.
HORIZON = dt.timedelta(days=180)


class OfferedRoom(NamedTuple):
    """A unit with what an offer needs to name it."""

    pk: int
    name: str

    def __str__(self):
        return self.name


Rooms = Mapping[RoomType | None, Sequence[OfferedRoom | FreeRoom]]


@dataclass(frozen=True)
class Question:
    stay: Stay
    party_size: int
    flexible_days: int = 0  # the same number of nights may begin so many days earlier or later
    place: str = ""  # words in a property's name, location or description
    kind: str = ""  # of property; "" for both


@dataclass(frozen=True)
class Offer:
    """Rooms of one type, or the apartment, free for all nights of `stay`. Each of them costs `quote`."""

    property: Property
    room_type: RoomType | None
    stay: Stay
    rooms: tuple[OfferedRoom | FreeRoom, ...]  # empty where a hotel lists no rooms and takes every booking
    quote: rates.Quote
    must_name_room: bool = False  # rooms without a type among others with one: "any room" could get one of those


@dataclass(frozen=True)
class NearbyOffer:
    """The cheapest offer for nights near those asked for; `how` says where they differ, such as "2 days later"."""

    how: str
    offer: Offer
    is_cheapest: bool  # of several room types


@dataclass
class PropertyResult:
    """What is found in one property. Everything but `free` is filled in only for the page that is shown."""

    property: Property
    free: Rooms
    offers: list[Offer] = field(default_factory=list)
    full: list[RoomType] = field(default_factory=list)  # room types that would do, but have no room free
    not_left: list[Occupancy] = field(default_factory=list)  # of who was to leave a room that would do, and has not
    refusals: list[str] = field(default_factory=list)  # the limits in the way, in words
    alternatives: list[NearbyOffer] = field(default_factory=list)


@dataclass(frozen=True)
class SearchResult:
    """`page` holds PropertyResults: properties with something free first, then the others, both by name."""

    question: Question
    page: Page
    properties_free: int
    rooms_free: int


def find(*, question: Question, page: int | str = 1) -> SearchResult:
    """Which properties are free for the question, and for those of `page` that are not, what is near.

    Raises OutsideLimits for more than MOST_FLEXIBLE_DAYS, or a party that no reservation may have.
    """
    refuse_party_size(question.party_size)
    if not 0 <= question.flexible_days <= MOST_FLEXIBLE_DAYS:
        raise OutsideLimits(f"Choose up to {MOST_FLEXIBLE_DAYS} days earlier or later.", field="flexible_days")
    late = presence.overstays_anywhere(question.stay.arrival - dt.timedelta(days=question.flexible_days))
    surveyed = _survey(question, late)
    shown = Paginator(surveyed, PER_PAGE).get_page(page)
    shown.object_list = _look_closer(shown.object_list, question, late)
    free = [candidate.free for candidate in surveyed if candidate.free]
    return SearchResult(
        question=question,
        page=shown,
        properties_free=len(free),
        rooms_free=sum(len(rooms) for kinds in free for rooms in kinds.values()),
    )


def earliest_today() -> dt.date:
    """The earliest of the active properties' dates: tonight is not over anywhere. One query."""
    return min(Property.objects.active().zones_by_date(), default=timezone.localdate())


# --- every property: free or not. Keys and limits, no model instances: there are hundreds, and twenty are shown ---


class _Limited(NamedTuple):
    """The facts of a property or a room type that `properties.limits` reads."""

    pk: int
    sleeps: int | None
    min_nights: int | None
    max_nights: int | None


class _Surveyed(NamedTuple):
    """The key of a property, and what is free and allowed there by the key of the room type. Rooms that are not empty
    are among it only where there is no other; they are reported in any case."""

    pk: int
    free: dict[int | None, list[FreeRoom]]
    not_left: list[Occupancy]


def _survey(question, late) -> list[_Surveyed]:
    candidates = [(_Limited(*limited), is_unlimited) for *limited, is_unlimited in _properties_asked_for(question)]
    types = {row[0]: _Limited(*row) for row in RoomType.objects.order_by().values_list(*_Limited._fields)}
    free = _free_rooms(question, [candidate.pk for candidate, _ in candidates])
    surveyed = []
    for candidate, is_unlimited in candidates:
        kinds = free[candidate.pk] | ({None: []} if is_unlimited else {})
        allowed = {key: rooms for key, rooms in kinds.items() if _takes(candidate, key and types.get(key), question)}
        surveyed.append(_surveyed(candidate.pk, allowed, question, late))
    return sorted(surveyed, key=lambda candidate: not candidate.free)


def _surveyed(key, allowed, question, late):
    not_left = [late[room.pk] for rooms in allowed.values() for room in rooms if room.pk in late]
    not_left = [segment for segment in not_left if presence.is_tonight(segment.reservation.property, question.stay)]
    if not not_left:
        return _Surveyed(key, allowed, [])
    keys = {segment.unit_id for segment in not_left}
    empty = {kind: [room for room in rooms if room.pk not in keys] for kind, rooms in allowed.items()}
    return _Surveyed(key, {kind: rooms for kind, rooms in empty.items() if rooms} or allowed, not_left)


def _properties_asked_for(question):
    """By name: the facts of `_Limited`, and whether the property takes every booking (see
    Property.tracks_inventory)."""
    found = Property.objects.shown(q=question.place, kind=question.kind, archived=False)
    return found.with_is_unlimited().values_list(*_Limited._fields, "is_unlimited")


def _free_rooms(question, keys):
    is_narrowed = question.place or question.kind
    free: dict[int, dict[int | None, list[FreeRoom]]] = defaultdict(dict)
    for room in availability.free_everywhere(stay=question.stay, properties=keys if is_narrowed else None):
        free[room.property_id].setdefault(room.room_type_id, []).append(room)
    return free


def _takes(property, room_type, question, stay=None):
    """Whether rooms of the type take the party for so many nights."""
    nights = (stay or question.stay).nights
    return not limits.refusal(property=property, room_type=room_type, nights=nights, party_size=question.party_size)


# --- the properties of one page: prices, limits, what is near ---


def _look_closer(surveyed, question, late):
    keys = [candidate.pk for candidate in surveyed]
    properties = Property.objects.in_bulk(keys)
    tables = rates.tables_of_keys(keys)
    kinds = _kinds_of(keys)
    findings = [
        _finding(properties[candidate.pk], kinds[candidate.pk], candidate, question, tables) for candidate in surveyed
    ]
    if wanting := [finding for finding in findings if question.flexible_days or not finding.free]:
        _look_nearby(wanting, kinds, question, tables, late)
    return findings


def _look_nearby(findings, kinds, question, tables, late):
    keys = [finding.property.pk for finding in findings]
    rooms, taken = _rooms_of(keys), _taken(keys, question, late)
    for finding in findings:
        rooms_by_type = {kind: rooms[finding.property.pk, kind and kind.pk] for kind in kinds[finding.property.pk]}
        finding.alternatives = list(_alternatives(finding, rooms_by_type, question, taken, tables))


def _kinds_of(keys) -> dict[int, list[RoomType | None]]:
    """{key of the property: types of its active rooms in its order}, after None for rooms without a type."""
    active = Unit.objects.active().filter(property__in=keys).order_by()
    found = list(active.values_list("property_id", "room_type_id").distinct())
    types = RoomType.objects.select_related("property").in_bulk({key for _, key in found if key})
    kinds: dict[int, list[RoomType | None]] = defaultdict(list)
    for property_id, key in found:
        kinds[property_id].append(key and types[key])
    for each in kinds.values():
        each.sort(key=lambda kind: (kind.position, kind.name) if kind else (-1, ""))
    return kinds


def _finding(property, kinds, candidate, question, tables):
    free = candidate.free
    rooms = {kind: free[key] for kind in kinds or [None] if (key := kind and kind.pk) in free}
    return PropertyResult(
        property,
        rooms,
        offers=_offers(property, kinds, rooms, question.stay, tables),
        full=[kind for kind in kinds if kind and kind not in rooms and _takes(property, kind, question)],
        not_left=candidate.not_left,
        refusals=_refusals(property, kinds or [None], question),
    )


def _rooms_of(keys) -> dict[tuple[int, int | None], list[OfferedRoom]]:
    """All active rooms in order, by property and room type. One query."""
    units = Unit.objects.active().filter(property__in=keys).order_by("position", "name")
    rooms = defaultdict(list)
    for pk, name, *where in units.values_list("pk", "name", "property_id", "room_type_id"):
        rooms[tuple(where)].append(OfferedRoom(pk, name))
    return rooms


def _offers(property, kinds, rooms, stay, tables):
    return [
        Offer(
            property=property,
            room_type=room_type,
            stay=stay,
            rooms=tuple(units),
            quote=tables.quote(property=property, room_type=room_type, arrival=stay.arrival, departure=stay.departure),
            must_name_room=room_type is None and len(kinds) > 1,
        )
        for room_type, units in rooms.items()
    ]


def _refusals(property, kinds, question):
    """Each refusal once and in order, because several room types may be under the property's own limit."""
    asked = {"property": property, "nights": question.stay.nights, "party_size": question.party_size}
    words = (limits.refusal(room_type=room_type, **asked) for room_type in kinds)
    return list(dict.fromkeys(filter(None, words)))


def _taken(properties, question, late) -> dict[int, list[Stay]]:
    """{key of the unit: taken stays in order} from the earliest alternative to the horizon. A room that is not empty is
    taken tonight. One query."""
    since = question.stay.arrival - dt.timedelta(days=question.flexible_days)
    in_force = Occupancy.objects.in_force().filter(
        property__in=properties, departure__gt=since, arrival__lt=question.stay.departure + HORIZON
    )
    taken = defaultdict(list)
    for unit_id, arrival, departure in in_force.order_by("arrival").values_list("unit_id", "arrival", "departure"):
        taken[unit_id].append(Stay(arrival, departure))
    for unit_id, segment in late.items():
        taken[unit_id] = sorted([*taken[unit_id], Stay.of_nights(segment.reservation.property.today(), 1)])
    return taken


def _allowed(property, rooms_by_type, question, stay=None):
    return {kind: rooms for kind, rooms in rooms_by_type.items() if _takes(property, kind, question, stay)}


def _alternatives(finding, rooms_by_type, question, taken, tables) -> Iterator[NearbyOffer]:
    """The nearest offer first; none before the property's today, and each stay once."""
    today, seen = finding.property.today(), set()
    for how, stay in _near(finding, rooms_by_type, question, taken, today):
        if stay.arrival < today or stay in seen:
            continue
        seen.add(stay)
        rooms = _free_among(_allowed(finding.property, rooms_by_type, question, stay), stay, taken)
        offers = _offers(finding.property, rooms_by_type, rooms, stay, tables)
        if offers:
            yield NearbyOffer(how, min(offers, key=lambda offer: offer.quote.total), is_cheapest=len(offers) > 1)


def _near(finding, rooms_by_type, question, taken, today) -> Iterator[tuple[str, Stay]]:
    asked, day = question.stay, dt.timedelta(days=1)
    for days in range(1, question.flexible_days + 1):
        yield from _stays(f"{_days(days)} earlier", asked.arrival - days * day, asked.departure - days * day)
        yield from _stays(f"{_days(days)} later", asked.arrival + days * day, asked.departure + days * day)
    if finding.free:
        return
    yield from _stays("1 night shorter", asked.arrival, asked.departure - day)
    yield from _stays("1 night shorter", asked.arrival + day, asked.departure)
    units = [unit for rooms in _allowed(finding.property, rooms_by_type, question).values() for unit in rooms]
    since = max(asked.arrival + day, today)
    start = min((_first_fit(taken[unit.pk], asked.nights, since) for unit in units), default=LAST_DAY)
    if start + asked.nights * day <= asked.departure + HORIZON:
        yield from _stays("next free", start, start + asked.nights * day)


def _stays(how, arrival, departure):
    """The one stay, or nothing where the calendar ends or no night is left."""
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
