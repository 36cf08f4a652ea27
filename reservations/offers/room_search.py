"""Find a room: which properties are free for a party and its nights, at what price, and what is near where none is.

A search takes at most ten queries, however many properties there are: four for all of them, six for the page shown.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from accounts.access import Action
from accounts.models import User
from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.availability import presence
from reservations.availability.free_rooms import FreeRoom
from reservations.booking.refusals import OutsideLimits
from reservations.booking.requests import refuse_party_size
from reservations.models import Occupancy
from reservations.stay import LAST_DAY, BadStay, Stay

# Properties on a page of results.
PER_PAGE = 20
# How many days earlier or later a stay may begin, at most.
MOST_FLEXIBLE_DAYS = 3
# How far ahead the next free nights are looked for: half a year. Whoever wants later ones searches with a date.
HORIZON = dt.timedelta(days=180)


class OfferedRoom(NamedTuple):
    """The key and the name of a unit in an offer."""

    pk: int
    name: str

    def __str__(self):
        return self.name


Rooms = Mapping[RoomType | None, Sequence[OfferedRoom | FreeRoom]]


@dataclass(frozen=True)
class Question:
    """What is searched for."""

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
    must_name_room: bool = False  # rooms without a type, where others have one: a booking of any room might get those


@dataclass(frozen=True)
class NearbyOffer:
    """The cheapest offer for nights near those asked for; `how` says where they differ, such as "2 days later"."""

    how: str
    offer: Offer
    is_cheapest: bool  # of several room types


@dataclass
class PropertyResult:
    """What is found in one property, with the free rooms by their type."""

    property: Property
    free: Rooms
    offers: list[Offer] = field(default_factory=list)
    full: list[RoomType] = field(default_factory=list)  # types that suit the party and have no free room
    not_left: list[Occupancy] = field(default_factory=list)  # parties that should have left a suitable room
    refusals: list[str] = field(default_factory=list)  # limits that exclude the stay, in words
    alternatives: list[NearbyOffer] = field(default_factory=list)


@dataclass(frozen=True)
class SearchResult:
    """`page` is a paginator's page of PropertyResults: properties with a free room first, then the others, by name.

    The two numbers count the properties and rooms that are free on all pages.
    """

    question: Question
    page: Page
    properties_free: int
    rooms_free: int


def find(*, question: Question, actor: User | None, page: int | str = 1) -> SearchResult:
    """The properties where `actor` may book that are free, and what is near for those of `page` that are not.

    Raises OutsideLimits for more than MOST_FLEXIBLE_DAYS days, and for a party larger than a reservation may have.
    """
    refuse_party_size(question.party_size)
    if not 0 <= question.flexible_days <= MOST_FLEXIBLE_DAYS:
        raise OutsideLimits(f"Choose up to {MOST_FLEXIBLE_DAYS} days earlier or later.", field="flexible_days")
    late = presence.overstays_anywhere(question.stay.arrival - dt.timedelta(days=question.flexible_days))
    surveyed = _survey(question, actor, late)
    shown = Paginator(surveyed, PER_PAGE).get_page(page)
    shown.object_list = _results(shown.object_list, question, late)
    free = [candidate.free for candidate in surveyed if candidate.free]
    return SearchResult(
        question=question,
        page=shown,
        properties_free=len(free),
        rooms_free=sum(len(rooms) for kinds in free for rooms in kinds.values()),
    )


def earliest_today(actor: User | None = None) -> dt.date:
    """The earliest date that is today at an active property which `actor` sees, or with None at any. One query."""
    return Property.objects.visible_to(actor).active().earliest_today()


# --- all properties: free or not. Without model instances, because there are hundreds and twenty are shown ---


class _Limited(NamedTuple):
    """The columns of a property or a room type that `properties.limits` reads."""

    pk: int
    sleeps: int | None
    min_nights: int | None
    max_nights: int | None


class _Surveyed(NamedTuple):
    """A property's key, and its free rooms that suit the party, by the key of their type.

    Rooms whose last party has not left yet are among them only where there is no other; `not_left` always has those
    parties.
    """

    pk: int
    free: dict[int | None, list[FreeRoom]]
    not_left: list[Occupancy]


def _survey(question, actor, late) -> list[_Surveyed]:
    asked_for = _properties_asked_for(question, actor)
    candidates = [(_Limited(*limited), is_unlimited) for *limited, is_unlimited in asked_for]
    types = {row[0]: _Limited(*row) for row in RoomType.objects.order_by().values_list(*_Limited._fields)}
    free = _free_rooms(question, actor, [candidate.pk for candidate, _ in candidates])
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


def _properties_asked_for(question, actor):
    """The columns of `_Limited` and `is_unlimited` (see `Property.tracks_inventory`) of each property, by name."""
    seen = Property.objects.visible_to(actor, Action.BOOK)
    found = seen.shown(q=question.place, kind=question.kind, archived=False)
    return found.with_is_unlimited().values_list(*_Limited._fields, "is_unlimited")


def _free_rooms(question, actor, keys):
    is_narrowed = question.place or question.kind or (actor and actor.access.properties(Action.BOOK) is not None)
    free: dict[int, dict[int | None, list[FreeRoom]]] = defaultdict(dict)
    for room in availability.free_everywhere(stay=question.stay, properties=keys if is_narrowed else None):
        free[room.property_id].setdefault(room.room_type_id, []).append(room)
    return free


def _takes(property, room_type, question, stay=None):
    """Whether the limits of the room type allow the party and the length of `stay`, or else of the question's stay."""
    nights = (stay or question.stay).nights
    return not limits.refusal(property=property, room_type=room_type, nights=nights, party_size=question.party_size)


# --- the properties of one page: prices, limits, what is near ---


def _results(surveyed, question, late):
    keys = [candidate.pk for candidate in surveyed]
    properties = Property.objects.in_bulk(keys)
    tables = rates.tables_of_keys(keys)
    kinds = _kinds_of(keys)
    results = [
        _result_of(properties[candidate.pk], kinds[candidate.pk], candidate, question, tables) for candidate in surveyed
    ]
    if incomplete := [result for result in results if question.flexible_days or not result.free]:
        _add_alternatives(incomplete, kinds, question, tables, late)
    return results


def _add_alternatives(results, kinds, question, tables, late):
    keys = [result.property.pk for result in results]
    rooms, taken = _rooms_of(keys), _taken(keys, question, late)
    for result in results:
        rooms_by_type = {kind: rooms[result.property.pk, kind and kind.pk] for kind in kinds[result.property.pk]}
        result.alternatives = list(_alternatives(result, rooms_by_type, question, taken, tables))


def _kinds_of(keys) -> dict[int, list[RoomType | None]]:
    """{key of the property: types of its active rooms by position}; None, for rooms without a type, comes first."""
    active = Unit.objects.active().filter(property__in=keys).order_by()
    found = list(active.values_list("property_id", "room_type_id").distinct())
    types = RoomType.objects.select_related("property").in_bulk({key for _, key in found if key})
    kinds: dict[int, list[RoomType | None]] = defaultdict(list)
    for property_id, key in found:
        kinds[property_id].append(key and types[key])
    for each in kinds.values():
        each.sort(key=lambda kind: (kind.position, kind.name) if kind else (-1, ""))
    return kinds


def _result_of(property, kinds, candidate, question, tables):
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
    """{(key of the property, key of the room type or None): active rooms by position}. One query."""
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
    """The refusals in the order of `kinds`, each one time: several room types may have the property's own limit."""
    asked = {"property": property, "nights": question.stay.nights, "party_size": question.party_size}
    words = (limits.refusal(room_type=room_type, **asked) for room_type in kinds)
    return list(dict.fromkeys(filter(None, words)))


def _taken(properties, question, late) -> dict[int, list[Stay]]:
    """{key of the unit: taken stays by arrival}, from the earliest alternative to HORIZON after the departure.

    Tonight of a room whose last party has not left is taken. One query.
    """
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


def _alternatives(result, rooms_by_type, question, taken, tables) -> Iterator[NearbyOffer]:
    """The nearest offers first, none of them before the property's today, and each stay one time."""
    today, seen = result.property.today(), set()
    for how, stay in _near(result, rooms_by_type, question, taken, today):
        if stay.arrival < today or stay in seen:
            continue
        seen.add(stay)
        rooms = _free_among(_allowed(result.property, rooms_by_type, question, stay), stay, taken)
        offers = _offers(result.property, rooms_by_type, rooms, stay, tables)
        if offers:
            yield NearbyOffer(how, min(offers, key=lambda offer: offer.quote.total), is_cheapest=len(offers) > 1)


def _near(result, rooms_by_type, question, taken, today) -> Iterator[tuple[str, Stay]]:
    """Stays near the requested one, each with words for the difference. Whether they are free is not checked here."""
    asked, day = question.stay, dt.timedelta(days=1)
    for days in range(1, question.flexible_days + 1):
        yield from _valid_stay(f"{_days(days)} earlier", asked.arrival - days * day, asked.departure - days * day)
        yield from _valid_stay(f"{_days(days)} later", asked.arrival + days * day, asked.departure + days * day)
    if result.free:
        return
    yield from _valid_stay("1 night shorter", asked.arrival, asked.departure - day)
    yield from _valid_stay("1 night shorter", asked.arrival + day, asked.departure)
    units = [unit for rooms in _allowed(result.property, rooms_by_type, question).values() for unit in rooms]
    since = max(asked.arrival + day, today)
    start = min((_first_fit(taken[unit.pk], asked.nights, since) for unit in units), default=LAST_DAY)
    if start + asked.nights * day <= asked.departure + HORIZON:
        yield from _valid_stay("next free", start, start + asked.nights * day)


def _valid_stay(how, arrival, departure):
    """Yield the stay, or nothing when the dates are no Stay."""
    try:
        yield how, Stay(arrival, departure)
    except BadStay:
        return


def _first_fit(stays, nights, since):
    """The first day, `since` or later, from which `nights` nights are free. `stays` are the taken ones by arrival."""
    for stay in stays:
        if (stay.arrival - since).days >= nights:
            break
        since = max(since, stay.departure)
    return since


def _free_among(rooms, stay, taken):
    """{room type: those of its `rooms` that are free for `stay`}, without types that have none."""
    free = {
        room_type: [unit for unit in units if not any(stay.overlaps(other) for other in taken[unit.pk])]
        for room_type, units in rooms.items()
    }
    return {room_type: units for room_type, units in free.items() if units}


def _days(count):
    return "1 day" if count == 1 else f"{count} days"
