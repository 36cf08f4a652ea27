"""Hits of a room's name: who is in it now, and who comes next. With a guest's name beside it: their stays in it."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlencode

from django.db.models import Case, Q, Value, When, Window
from django.db.models.functions import Length, RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from properties.models import Unit
from reservations import wording
from reservations.availability import presence
from reservations.models import OPEN, Closure, Guest, Occupancy, Reservation, Status
from reservations.search import stays
from reservations.search.hits import Group, Hit, address_of

# Words before a room's number, which are not a part of its name.
_ROOM = re.compile(r"(?:room|rm|zimmer|zi\.?|habitaci[oó]n|hab\.?|quarto|chambre|ch\.?|camera)\s+(?=\S)", re.IGNORECASE)
# Rows of the calendar that are read for each room: who should be there tonight, and the next one, and one of a party
# that has not left.
_ROWS = 3
# In a search for a room and a guest: the most words of the room's name, rooms that it may mean, and their segments.
_WORDS_OF_A_ROOM = 3
_MOST_ROOMS = 25
_MOST_SEGMENTS = 500


def is_likely(text: str) -> bool:
    """Whether a room is meant before anything else."""
    return any(letter.isdigit() for letter in text) or bool(_ROOM.match(text))


def by_name(text: str, actor: User | None, most: int) -> Group:
    """The parties of rooms and apartments whose name begins with `text`, those with exactly this name first."""
    name = _without_room(text)
    seen = Unit.objects.visible_to(actor).active()
    units = seen.filter(property__archived_at=None, name__istartswith=name).select_related("property")
    found = list(units.order_by(Length("name"), "name", "property__name")[:most])
    exact = [unit for unit in found if unit.name.casefold() == name.casefold()]
    shown = exact or found
    inside, calendar = _parties(shown)
    hits = (hit for unit in shown for hit in _hits(unit, inside.get(unit.pk), calendar[unit.pk]))
    return Group("Rooms", tuple(hits), more=address_of("reservations:list", name) if exact else "", page="Reservations")


def with_guest(text: str, actor: User | None, most: int) -> Group:
    """The stays of guests, now or to come, in the rooms that `text` names beside them: "muller 106" or "106 muller".

    Rooms with exactly this name count, or else those whose name begins like this.
    """
    pairs = list(_rooms_and_guests(text))
    units = _units_named((room for room, _ in pairs), actor)
    wanted = [(unit, guest) for room, guest in pairs for unit in _named(units, room)]
    segments = _segments_to_come([unit.pk for unit, _ in wanted])
    theirs = _matching({stay.guest_id for _, stay in segments}, {guest for _, guest in wanted})
    hits = {
        stay.pk: _stay(stay, _where(row, stay, unit), unit)
        for row, stay in segments
        for unit, guest in wanted
        if row.unit_id == unit.pk and (guest, stay.guest_id) in theirs
    }
    return Group("Rooms", tuple(hits.values())[:most])


def _rooms_and_guests(text: str) -> Iterator[tuple[str, str]]:
    """(what may be a room, what may be a guest), of the last words and of the first words of `text`."""
    words = text.split()
    for count in range(1, min(_WORDS_OF_A_ROOM, len(words) - 1) + 1):
        for room, guest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            if stays.may_find(" ".join(guest)):
                yield _without_room(" ".join(room)), " ".join(guest)


def _without_room(text: str) -> str:
    beginning = _ROOM.match(text)
    return text[beginning.end() :] if beginning else text


def _units_named(names: Iterable[str], actor: User | None) -> list[Unit]:
    """Units whose name is one of `names` or begins with one of them, the former first."""
    begins, same = Q(pk=None), Q(pk=None)
    for name in names:
        begins |= Q(name__istartswith=name)
        same |= Q(name__iexact=name)
    seen = Unit.objects.visible_to(actor).active()
    units = seen.filter(begins, property__archived_at=None).select_related("property")
    return list(units.order_by(Case(When(same, then=0), default=1), Length("name"), "name", "pk")[:_MOST_ROOMS])


def _named(units: Iterable[Unit], name: str) -> list[Unit]:
    """Those of `units` with exactly this name, or else those whose name begins with it."""
    name = name.casefold()
    begins = [unit for unit in units if unit.name.casefold().startswith(name)]
    return [unit for unit in begins if unit.name.casefold() == name] or begins


def _segments_to_come(units: Collection[int]) -> list[tuple[Occupancy, Reservation]]:
    """The segments of the parties that are in one of `units` (keys) now, then those to come, by arrival."""
    if not units:
        return []
    inside = presence.in_any_of(units)
    coming = Occupancy.objects.in_force().filter(
        unit__in=units, reservation__status__in=OPEN, departure__gt=_yesterday()
    )
    keys = {row.pk for row in inside}
    rows = coming.select_related("reservation__guest").order_by("arrival", "pk")[:_MOST_SEGMENTS]
    segments = [*inside, *(row for row in rows if row.pk not in keys)]
    return [(row, row.reservation) for row in segments if row.reservation]


def _matching(guests: Collection[int], texts: Collection[str]) -> set[tuple[str, int]]:
    """(text, key) of each of `guests` (keys) whom one of `texts` finds. At most one query."""
    if not guests or not texts:
        return set()
    first, *others = (
        Guest.objects.filter(pk__in=guests).matching(text).values_list(Value(text), "pk") for text in texts
    )
    return set(first.union(*others))


def _where(row: Occupancy, reservation: Reservation, unit: Unit) -> str:
    """Such as "room 106 now, until Fri 4 Dec", or "room 106, 4–6 Dec"."""
    today, room = unit.property.today(), wording.place(unit, unit.property)
    is_there = reservation.is_there and row.arrival <= today
    return f"{room} now, {_until(row, today)}" if is_there else f"{room}, {wording.short_span(row.stay)}"


def _yesterday() -> dt.date:
    """The day before today in the zone where that is the earliest."""
    return timezone.now().date() - dt.timedelta(days=1)


def _parties(units: list[Unit]) -> tuple[dict[int, Occupancy], dict[int, list[Occupancy]]]:
    """({key of the unit: the segment of the party in it}, {key of the unit: rows of the calendar from tonight on})."""
    if not units:
        return {}, defaultdict(list)
    keys = [unit.pk for unit in units]
    inside = {segment.unit_id: segment for segment in presence.in_any_of(keys)}
    number = Window(RowNumber(), partition_by="unit", order_by="departure")
    coming = Occupancy.objects.in_force().filter(unit__in=keys, departure__gt=_yesterday()).annotate(number=number)
    rows = defaultdict(list)
    for row in coming.filter(number__lte=_ROWS).select_related("reservation__guest", "closure").order_by("arrival"):
        rows[row.unit_id].append(row)
    return inside, rows


def _hits(unit: Unit, inside: Occupancy | None, rows: list[Occupancy]) -> Iterator[Hit]:
    """Who or what is in the room tonight, then the next party."""
    today = unit.property.today()
    party = inside and inside.reservation_id
    others = [row for row in rows if row.departure > today and (row.closure or row.reservation_id != party)]
    room = wording.place(unit, unit.property)
    if inside and inside.reservation:
        yield _stay(inside.reservation, f"{room} now, {_until(inside, today)}", unit)
    elif not others or others[0].arrival > today:
        yield _empty(unit, room, others, today)
    for row in others:
        if row.closure:
            yield _closed(row.closure, room, unit)
        elif row.reservation:
            yield _stay(row.reservation, f"{room} {_when(row, row.reservation, today)}", unit)
            return


def _until(segment: Occupancy, today: dt.date) -> str:
    if segment.departure <= today:
        return f"has not left: {wording.short_span(segment.stay)}"
    return f"until {wording.short_day(segment.departure)}"


def _when(row: Occupancy, reservation: Reservation, today: dt.date) -> str:
    if reservation.status == Status.CHECKED_OUT:
        return f"kept until {wording.short_day(row.departure)}, has checked out"
    if row.arrival <= today:
        return f"from today, {wording.short_span(row.stay)}"
    return f"next, {wording.short_span(row.stay)}"


def _stay(reservation: Reservation, words: str, unit: Unit) -> Hit:
    return Hit(reservation.get_absolute_url(), reservation.guest.name, words, str(unit.property), reservation)


def _closed(closure: Closure, room: str, unit: Unit) -> Hit:
    address = reverse("reservations:closure", args=[closure.pk])
    words = f"{wording.CLOSED[closure.kind]}, {wording.closed_when(closure)}. {closure.note}"
    return Hit(address, room.capitalize() if unit.property.is_hotel else room, words.strip(" ."), _place(unit))


def _empty(unit: Unit, room: str, others: list[Occupancy], today: dt.date) -> Hit:
    """The booking form for tonight."""
    fields = {
        "property": unit.property_id,
        "unit": unit.pk,
        "arrival": today,
        "departure": today + dt.timedelta(days=1),
    }
    until = f" until {wording.short_day(others[0].arrival)}" if others else ""
    title = room.capitalize() if unit.property.is_hotel else room
    address = f"{reverse('reservations:new')}?{urlencode(fields)}"
    return Hit(address, title, f"nobody is there, free{until}: book it for tonight", _place(unit))


def _place(unit: Unit) -> str:
    return str(unit.property) if unit.property.is_hotel else unit.property.location
