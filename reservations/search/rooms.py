"""Hits of a room's name: who is in it now, and who comes next."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Window
from django.db.models.functions import Length, RowNumber
from django.urls import reverse
from django.utils import timezone

from properties.models import Unit
from reservations import wording
from reservations.availability import presence
from reservations.models import Closure, Occupancy, Reservation, Status
from reservations.search.hits import Group, Hit, address_of

# Words before a room's number, which are not a part of its name.
_ROOM = re.compile(r"(?:room|rm|zimmer|zi\.?|habitaci[oó]n|hab\.?|quarto|chambre|ch\.?|camera)\s+(?=\S)", re.IGNORECASE)
# Rows of the calendar that are read for each room: who should be there tonight, and the next one, and one of a party
# that has not left.
_ROWS = 3


def is_likely(text: str) -> bool:
    """Whether a room is meant before anything else."""
    return any(letter.isdigit() for letter in text) or bool(_ROOM.match(text))


def by_name(text: str, most: int) -> Group:
    """The parties of rooms and apartments whose name begins with `text`, those with exactly this name first."""
    beginning = _ROOM.match(text)
    name = text[beginning.end() :] if beginning else text
    units = Unit.objects.active().filter(property__archived_at=None, name__istartswith=name).select_related("property")
    found = list(units.order_by(Length("name"), "name", "property__name")[:most])
    exact = [unit for unit in found if unit.name.casefold() == name.casefold()]
    shown = exact or found
    inside, calendar = _parties(shown)
    hits = (hit for unit in shown for hit in _hits(unit, inside.get(unit.pk), calendar[unit.pk]))
    return Group("Rooms", tuple(hits), more=address_of("reservations:list", name) if exact else "", page="Reservations")


def _parties(units: list[Unit]) -> tuple[dict[int, Occupancy], dict[int, list[Occupancy]]]:
    """({key of the unit: the segment of the party in it}, {key of the unit: rows of the calendar from tonight on})."""
    if not units:
        return {}, defaultdict(list)
    keys = [unit.pk for unit in units]
    inside = {segment.unit_id: segment for segment in presence.in_any_of(keys)}
    number = Window(RowNumber(), partition_by="unit", order_by="departure")
    yesterday = timezone.now().date() - dt.timedelta(days=1)  # in the zone where it is earliest
    coming = Occupancy.objects.in_force().filter(unit__in=keys, departure__gt=yesterday).annotate(number=number)
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
