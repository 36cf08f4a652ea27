"""What tests of availability ask, and how they read the answer."""

import datetime as dt

from psycopg2.extras import DateRange

from properties.models import Unit
from reservations.models import Closure, Occupancy
from tests.factories import ARRIVAL

HOUR = dt.timedelta(hours=1)


def day(offset):
    """As it stands in answers, so many days from ARRIVAL."""
    return (ARRIVAL + dt.timedelta(days=offset)).isoformat()


def ask(program, place, offset=0, status=200, **query):
    kind = "units" if isinstance(place, Unit) else "properties"
    answer = program.get(f"/{kind}/{place.pk}/availability/", {"date": day(offset)} | query)
    assert answer.status_code == status, answer.content
    return answer.json()


def windows(found):
    """(arrival, until) each."""
    return [(window["arrival"], window["until"]) for window in found["windows"]]


def close(unit, offset=0, nights=3):
    stay = DateRange(*(ARRIVAL + dt.timedelta(days=n) for n in (offset, offset + nights)))
    closure = Closure.objects.create(unit=unit, property=unit.property, nights=stay, kind="maintenance")
    Occupancy.objects.create(unit=unit, property=unit.property, closure=closure, nights=stay)
    return closure
