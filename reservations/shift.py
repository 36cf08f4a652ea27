"""Who comes, who goes and who stays today, by each property's own date."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from properties.models import Property
from reservations.models import Reservation


@dataclass
class Shift:
    """Arriving today, leaving today, and in between: nobody is in two lists.

    `dates` are the local dates of the active properties, at most three; empty while there is no property.
    """

    dates: list[dt.date] = field(default_factory=list)
    due_in: list[Reservation] = field(default_factory=list)
    due_out: list[Reservation] = field(default_factory=list)
    in_house: list[Reservation] = field(default_factory=list)


def shift() -> Shift:
    """Open reservations that touch today, sorted by property and guest. Four queries."""
    properties_by_date = defaultdict(list)
    for property in Property.objects.active():
        properties_by_date[property.today()].append(property.pk)
    found = Shift(dates=sorted(properties_by_date))
    for reservation in _touching(properties_by_date):
        today = reservation.property.today()
        if reservation.arrival == today:
            found.due_in.append(reservation)
        elif reservation.departure == today:
            found.due_out.append(reservation)
        else:
            found.in_house.append(reservation)
    return found


def _touching(properties_by_date):
    """Properties that share a date are asked for together."""
    touching = Q(pk__in=[])
    for today, properties in properties_by_date.items():
        touching |= Q(property__in=properties, arrival__lte=today, departure__gte=today)
    return Reservation.objects.with_unit().open().filter(touching).order_by("property__name", "guest__name", "pk")
