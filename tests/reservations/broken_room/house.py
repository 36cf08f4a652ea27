"""A house with two guests in the room that is to be closed, and what the tests of closing it look at."""

import datetime as dt

from reservations import booking
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import make_hotel, make_reservation

DAY = dt.timedelta(days=1)


class House:
    """Four rooms. In 101 Sofia sleeps since yesterday for three nights more; Bob comes in a week for three nights."""

    def __init__(self):
        self.property = make_hotel(["101", "102", "103", "104"])
        self.one, self.two, self.three, self.four = self.property.units.order_by("position")
        self.today = self.property.today()
        self.sofia = make_reservation(
            unit=self.one, arrival=self.today - DAY, nights=4, guest="Sofia Marques", status=Status.IN_HOUSE
        )
        self.bob = make_reservation(unit=self.one, arrival=self.today + 7 * DAY, guest="Bob Lindqvist")
        self.forever = Stay.until_further_notice(self.today)

    def close(self, rooms, *, actor, stay=None, **more):
        more = {"kind": "out_of_order", "note": "The boiler"} | more
        rooms = {each.pk: unit for each, unit in rooms.items()}
        return self.close_all(rooms, actor=actor, stay=stay, **more)[0]

    def close_all(self, rooms, *, actor, stay=None, kind="out_of_order", **more):
        stay = stay or self.forever
        return booking.close_and_move(unit=self.one, stay=stay, kind=kind, rooms=rooms, actor=actor, **more)


def nights_of(reservation):
    """[(room, first night, departure)] of each segment, counted in days from today."""
    today = reservation.property.today()
    rows = Reservation.objects.with_unit().get(pk=reservation.pk).segments
    return [(row.unit.name, (row.arrival - today).days, (row.departure - today).days) for row in rows]


def everything():
    """All rows of the calendar, and what is agreed."""
    taken = Occupancy.objects.order_by("unit", "arrival").values_list("unit", "reservation", "arrival", "departure")
    agreed = ("status", "arrival", "departure", "nightly_rates", "room_type")
    return list(taken), list(Reservation.objects.order_by("pk").values_list(*agreed))
