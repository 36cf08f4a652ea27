"""What is drawn on the tape chart, and what a test puts there."""

import datetime as dt
import re
from html import unescape

from psycopg2.extras import DateRange

from reservations.models import Closure, Occupancy, Reservation, Status
from tests.factories import make_reservation

MAY = {"first": "2027-05-01", "days": 14}
BAR = re.compile(r'<a class="bar (?P<css>[^"]*)" id="(?P<id>[^"]*)"(?P<rest>[^>]*)>')


def bars(response):
    """The bars of a page by the words that a screen reader says, each as its class and the rest of its tag."""
    drawn = [match.groupdict() for match in BAR.finditer(response.content.decode())]
    return {unescape(re.search(r'aria-label="([^"]*)"', bar["rest"])[1]): bar for bar in drawn}


def close(unit, arrival, nights, **fields):
    nights = DateRange(arrival, arrival + dt.timedelta(days=nights))
    closure = Closure.objects.create(unit=unit, property=unit.property, nights=nights, **fields)
    Occupancy.objects.create(unit=unit, property=unit.property, closure=closure, nights=nights)
    return closure


def unassigned(hotel, arrival, nights, **fields):
    stay = make_reservation(hotel, arrival=arrival, nights=nights, status=Status.CANCELLED)
    Reservation.objects.filter(pk=stay.pk).update(**{"status": Status.CONFIRMED} | fields)
    return stay
