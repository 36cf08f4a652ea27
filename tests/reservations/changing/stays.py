"""What the tests of changes say of a stay: its dates are counted in days from 3 May 2027."""

import datetime as dt

from reservations.models import Reservation
from reservations.stay import Stay
from tests.factories import ARRIVAL


def change_page(browser, reservation, query=""):
    return browser.get(f"/reservations/{reservation.reference}/edit/{query}")


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def rooms_of(reservation):
    """[(room, stay)] of each segment"""
    return [(segment.unit.name, segment.stay) for segment in fresh(reservation).segments]


def room(hotel, name):
    return hotel.units.get(name=name)


def day(offset):
    return ARRIVAL + dt.timedelta(days=offset)


def nights(first, last):
    return Stay(day(first), day(last))
