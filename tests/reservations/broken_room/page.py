"""The page *This room is broken* of room 101, and the guests who may be in it."""

import datetime as dt
from urllib.parse import urlencode

from reservations.models import Reservation, Status
from tests.factories import make_reservation

DAY = dt.timedelta(days=1)
PAGE = "/closures/broken/"


def room(hotel, name):
    return hotel.units.get(name=name)


def sofia_in(hotel, **fields):
    """In 101 since yesterday, for two nights more."""
    fields = {"party_size": 1, "status": Status.IN_HOUSE} | fields
    return make_reservation(unit=room(hotel, "101"), arrival=hotel.today() - DAY, guest="Sofia Marques", **fields)


def bob_in(hotel, unit="101", days=5, **fields):
    return make_reservation(unit=room(hotel, unit), arrival=hotel.today() + days * DAY, guest="Bob Lindqvist", **fields)


def page_for(browser, hotel, **query):
    return browser.get(f"{PAGE}?{urlencode({'unit': room(hotel, '101').pk} | query)}")


def offered(page, reservation):
    """The rooms in the list for the stay; the chosen one comes first."""
    options = page.document.select(f"[name=room-{reservation.reference}] option")
    return [option.text for option in sorted(options, key=lambda option: not option.has_attr("selected"))]


def rooms_of(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk).rooms
