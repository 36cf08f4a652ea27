"""Demo stays for six weeks around today, with special cases such as holds, closures and an overbooking."""

import datetime as dt
import random

from django.utils import timezone
from psycopg2.extras import DateRange

from config import clock
from config.demo.data import CANCELLATIONS, FIRST_NAMES, LAST_NAMES
from properties import rates
from properties.models import Property
from reservations import availability, booking
from reservations.booking.drafts import StaySegment, difference, snapshot
from reservations.models import Closure, Event, Guest, Occupancy, Origin, Reservation, Status, price_columns
from reservations.stay import Stay

# Days before and after today that have stays; nights between two stays, and nights of a stay, to choose from.
DAYS_BACK, DAYS_AHEAD = 21, 21
GAPS = (0, 0, 0, 1, 1, 2, 4)
NIGHTS = (1, 2, 2, 3, 3, 4, 5, 7)
# Guests with several stays.
REGULARS = 24


class Book:
    """Makes the demo stays, with a seeded random generator, so that they are the same every time."""

    def __init__(self, staff):
        self.staff = staff
        self.chance = random.Random(7)  # noqa: S311 (made-up stays, no secret)
        self.regulars = [self._guest() for _ in range(REGULARS)]

    def fill(self, property):
        for unit in property.units.select_related("property", "room_type"):
            self._fill(unit)

    def _fill(self, unit):
        today = unit.property.today()
        arrival = today - dt.timedelta(days=DAYS_BACK + self.chance.randrange(4))
        while arrival < today + dt.timedelta(days=DAYS_AHEAD):
            stay = Stay.of_nights(arrival, self.chance.choice(NIGHTS))
            self._reserve(unit, stay, today)
            arrival = stay.departure + dt.timedelta(days=self.chance.choice(GAPS))

    def _reserve(self, unit, stay, today):
        """Create a reservation directly, because verbs do not book in the past. The database's constraints apply."""
        quote = rates.quote(
            property=unit.property, room_type=unit.room_type, arrival=stay.arrival, departure=stay.departure
        )
        reservation = Reservation.objects.create(
            property=unit.property,
            room_type=unit.room_type,
            guest=self.chance.choice(self.regulars) if self.chance.random() < 0.3 else self._guest(),
            party_size=min(self.chance.choice((1, 2, 2, 2, 3, 4)), (unit.room_type or unit.property).sleeps),
            arrival=stay.arrival,
            departure=stay.departure,
            **price_columns(quote.rates),
            origin=self.chance.choice(Origin.values),
            is_locked=self.chance.random() < 0.05,
            created_by=self.chance.choice(self.staff),
            created_at=self._booked_at(stay.arrival),
        )
        Occupancy.objects.create(
            unit=unit,
            property=unit.property,
            reservation=reservation,
            nights=DateRange(stay.arrival, stay.departure),
        )
        segments = [StaySegment(unit, stay)]
        before = self._record(reservation, segments, {}, Event.Action.BOOKED, reservation.created_at)
        self._take_steps(reservation, segments, before, today)

    def _take_steps(self, reservation, segments, before, today):
        """Take the steps of the reservation that are due by today. `before` is its snapshot."""
        zone, arrival, departure = reservation.property.zone, reservation.arrival, reservation.departure
        if arrival >= today:
            if self.chance.random() < 0.06:
                self._cancel(reservation, before)
            return
        if arrival == today - dt.timedelta(days=1) and self.chance.random() < 0.15:
            return  # a delayed arrival
        reservation.status = Status.IN_HOUSE
        came = dt.datetime.combine(arrival, dt.time(16, self.chance.randrange(60)), zone)
        before = self._record(reservation, segments, before, Event.Action.CHECKED_IN, came)
        checks_out_at = dt.datetime.combine(departure, reservation.property.check_out_time, zone)
        if checks_out_at < timezone.now() and self.chance.random() > (0.2 if departure == today else 0):
            reservation.status = Status.CHECKED_OUT
            left = dt.datetime.combine(departure, dt.time(10, self.chance.randrange(60)), zone)
            self._record(reservation, segments, before, Event.Action.CHECKED_OUT, left)
        reservation.save(update_fields=["status"])

    def _cancel(self, reservation, before):
        reservation.occupancies.all().delete()
        reservation.status = Status.CANCELLED
        reservation.save(update_fields=["status"])
        (code, words), at = self.chance.choice(CANCELLATIONS), reservation.created_at + dt.timedelta(hours=5)
        self._record(reservation, [], before, Event.Action.CANCELLED, at, reason_code=code, reason=words)

    def _record(self, reservation, segments, before, action, at, **why):
        """Record an event, and return the snapshot after it. `before` is the one before it."""
        after = snapshot(reservation, segments)
        Event.objects.create(
            reservation=reservation,
            action=action,
            actor=reservation.created_by,
            from_status=before.get("status", ""),
            to_status=after["status"],
            at=at,
            data=difference(before, after),
            **why,
        )
        return after

    def _guest(self):
        name = f"{self.chance.choice(FIRST_NAMES.split())} {self.chance.choice(LAST_NAMES.split())}"
        phone = f"+351 912 555 {self.chance.randrange(1000):03}" if self.chance.random() < 0.6 else ""
        return Guest.objects.create(name=name, phone=phone)

    def _booked_at(self, arrival):
        days, hours, minutes = (self.chance.randrange(*span) for span in ((22, 60), (8, 20), (0, 60)))
        ahead = dt.timedelta(days=days, hours=hours, minutes=minutes)
        return dt.datetime.combine(arrival, dt.time(), dt.UTC) - ahead


def add_oddities(manager):
    """Add holds, closures, an overbooking and a stay in two rooms, by the verbs, where nights are still free."""
    harbour, station = (Property.objects.get(name=name) for name in ("Harbour Hotel", "Station House"))
    garden = Property.objects.get(name="Garden Flat")
    now = clock.now()
    for property, nights, hours in ((garden, 2, 5), (harbour, 3, 30), (station, 2, 72)):
        _book(property, nights, manager, hold_until=now + dt.timedelta(hours=hours), guest_name="Irene Castillo")
    _close(harbour, "204", 2, Closure.Kind.MAINTENANCE, "The shower leaks into 104.", manager)
    _close(station, "3", 1, Closure.Kind.CLEANING, "", manager)
    stay = Stay.of_nights(harbour.today() + dt.timedelta(days=1), 2)
    why = "Promised to the fair; a room comes free."
    request = booking.BookingRequest(property=harbour, stay=stay, party_size=2, overbook_reason=why)
    booking.book(request=request, guest_name="Nadia Petrov", actor=manager)
    _change_rooms_halfway(harbour, manager)


def _book(property, nights, actor, *, hold_until, guest_name):
    asked = {"party_size": 2, "nights": nights, "since": _soon(property), "limit": 1}
    [stay] = availability.next_free(property=property, **asked)
    request = booking.BookingRequest(property=property, stay=stay, party_size=2, hold_until=hold_until)
    return booking.book(request=request, guest_name=guest_name, actor=actor)


def _close(hotel, room, nights, kind, note, actor):
    unit = hotel.units.get(name=room)
    [stay] = availability.next_free(property=hotel, unit=unit, nights=nights, since=_soon(hotel), limit=1)
    booking.close(unit=unit, stay=stay, kind=kind, note=note, actor=actor)


def _change_rooms_halfway(hotel, actor):
    """Split the first coming stay of four nights or more for whose second half another room of its type is free."""
    coming = Reservation.objects.with_unit().filter(property=hotel, status=Status.CONFIRMED, arrival__gt=hotel.today())
    for reservation in coming.order_by("arrival", "pk"):
        half = Stay(reservation.arrival + dt.timedelta(days=reservation.stay.nights // 2), reservation.departure)
        free = availability.free_units(property=hotel, stay=half, room_type=reservation.room_type)
        if reservation.stay.nights >= 4 and reservation.segments and free:
            booking.split(reservation=reservation, night=half.arrival, unit=free[0], actor=actor)
            return


def _soon(property):
    return property.today() + dt.timedelta(days=2)
