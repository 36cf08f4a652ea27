"""The Today page: arrivals, departures, in-house stays, holds that end, stays without a room, closed rooms."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from config import clock
from properties.models import Property, Unit
from reservations.models import Closure, Occupancy, Reservation, Status, fetch_units

# Hours ahead in which the end of a hold is shown on this page.
HOLDS_ENDING_HOURS = 24
# Days ahead in which a stay without a room is shown on this page.
UNASSIGNED_DAYS = 7


@dataclass
class DailyOverview:
    """Stays that are still to arrive (`due_in`), to depart (`due_out`), and that stay over, each in one of the lists.

    Late ones come first.
    """

    dates: list[dt.date] = field(default_factory=list)  # local dates of the active properties, at most three
    due_in: list[Reservation] = field(default_factory=list)
    due_out: list[Reservation] = field(default_factory=list)
    in_house: list[Reservation] = field(default_factory=list)
    holds: list[Reservation] = field(default_factory=list)
    unassigned: list[Reservation] = field(default_factory=list)
    closed: list[Closure] = field(default_factory=list)  # of rooms that are closed tonight


def daily_overview(actor: User | None) -> DailyOverview:
    """The overview of all active properties that `actor` sees. Six queries, however many there are."""
    properties_by_date = defaultdict(list)
    for property in Property.objects.visible_to(actor).active().only("time_zone"):
        properties_by_date[property.today()].append(property.pk)
    found = DailyOverview(
        dates=sorted(properties_by_date),
        holds=_holds_ending(actor),
        unassigned=_unassigned(actor, properties_by_date),
        closed=_closed(properties_by_date),
    )
    due = list(_due(actor, properties_by_date))
    fetch_units([*due, *found.holds, *found.unassigned])
    for reservation in due:
        if reservation.status != Status.IN_HOUSE:
            found.due_in.append(reservation)
        elif reservation.departure <= reservation.property.today():
            found.due_out.append(reservation)
        else:
            found.in_house.append(reservation)
    found.due_out.sort(key=lambda reservation: reservation.departure)  # a stable sort: equal ones keep their order
    return found


def closed_tonight(property: Property) -> list[Closure]:
    """The closures of rooms of the property that are closed tonight, by room. One query."""
    return _closed({property.today(): [property.pk]})


def _closed(properties_by_date):
    """The closures of tonight, without nights that an external calendar has sold."""
    tonight = Q(pk__in=[])
    for today, properties in properties_by_date.items():
        there = {"occupancy__arrival__lte": today, "occupancy__departure__gt": today}
        tonight |= Q(occupancy__property__in=properties, **there)
    closures = Closure.objects.filter(tonight).exclude(kind=Closure.Kind.CALENDAR)
    return list(
        closures.select_related("unit", "property").order_by("property__name", "property", "unit__position", "unit")
    )


def _due(actor, properties_by_date):
    """Parties in the house, and stays that should arrive by today. One condition for properties of the same date."""
    due = Q(status=Status.IN_HOUSE, property__archived_at=None)
    for today, properties in properties_by_date.items():
        due |= Q(status__in=[Status.HELD, Status.CONFIRMED], property__in=properties, arrival__lte=today)
    return (
        Reservation.objects.visible_to(actor)
        .with_guest()
        .open()
        .filter(due)
        .order_by("arrival", "property__name", "guest__name", "pk")
    )


def _holds_ending(actor):
    soon = clock.now() + dt.timedelta(hours=HOLDS_ENDING_HOURS)
    holds = (
        Reservation.objects.visible_to(actor)
        .with_guest()
        .blocking()
        .filter(status=Status.HELD, hold_expires_at__lte=soon)
    )
    return list(holds.order_by("hold_expires_at"))


def _unassigned(actor, properties_by_date):
    """Open stays without a room at properties that count their rooms."""
    if not properties_by_date:
        return []
    until = max(properties_by_date) + dt.timedelta(days=UNASSIGNED_DAYS)
    counting = Exists(Unit.objects.filter(property=OuterRef("property")))
    placed = Exists(Occupancy.objects.filter(reservation=OuterRef("pk")))
    stays = Reservation.objects.visible_to(actor).with_guest().open().filter(counting, ~placed, arrival__lte=until)
    return list(stays.order_by("arrival", "pk"))
