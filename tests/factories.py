"""Valid things, made with as few words as a test needs. They go around the verbs, so that tests of verbs are honest;
`make_booking` and `make_change` alone are verbs, for tests of them."""

import datetime as dt
import secrets
from decimal import Decimal

from django.contrib.auth import get_user_model
from psycopg2.extras import DateRange

from accounts.access import Role
from properties.models import Property, Rate, RoomType, Unit
from properties.money import Money
from reservations.booking import BookingRequest, ChangeRequest, book, change
from reservations.models import BLOCKING, Group, Guest, Occupancy, Reservation, Status

ARRIVAL = dt.date(2027, 5, 3)  # a Monday, far from today and from any change of the clocks


def eur(amount):
    return Money(Decimal(amount), "EUR")


def make_user(username="alice", *, role=Role.RECEPTION, at=None, **fields):
    """A member of staff with `role` at the property `at`, or at all; with None as their role they have none."""
    fields.setdefault("first_name", username.title())
    user = get_user_model().objects.create_user(username=username, **fields)
    if role:
        user.memberships.create(role=role, property=at)
    return user


def give_role(user, role=Role.MANAGER, at=None):
    """Make `role` the only one that `user` has, at the property `at` or at all."""
    user.memberships.all().delete()
    user.memberships.create(role=role, property=at)
    user.__dict__.pop("access", None)


def tom_byrne():
    """The colleague whose notes others hear, made once for all tests that share a database."""
    names = {"first_name": "Tom", "last_name": "Byrne"}
    return get_user_model().objects.filter(username="tom").first() or make_user("tom", **names)


def make_apartment(name=None, **fields):
    fields = {"nightly_rate": Decimal("140.00"), "time_zone": "Europe/Lisbon", "currency": "EUR"} | fields
    name = name or _unused("Flat")
    apartment = Property.objects.create(kind=Property.Kind.APARTMENT, name=name, **fields)
    Unit.objects.create(property=apartment, name=name)
    return apartment


def make_hotel(rooms=("101", "102"), name=None, **fields):
    fields = {"nightly_rate": Decimal("90.00"), "time_zone": "Europe/Lisbon", "currency": "EUR"} | fields
    hotel = Property.objects.create(kind=Property.Kind.HOTEL, name=name or _unused("Hotel"), **fields)
    Unit.objects.bulk_create(Unit(property=hotel, name=room, position=n) for n, room in enumerate(rooms))
    return hotel


def make_room_type(hotel, name="Double", **fields):
    return RoomType.objects.create(property=hotel, name=name, **{"nightly_rate": Decimal("118.00")} | fields)


def make_rate(property, name="Weekend", **fields):
    """A line of the rate table: every day, all year, for all types, unless `fields` say otherwise."""
    return Rate.objects.create(property=property, name=name, **{"nightly_rate": Decimal("150.00")} | fields)


def make_guest(name="Amara Okafor", **fields):
    return Guest.objects.create(name=name, **fields)


def make_group(booker=None):
    return Group.objects.create(booker=booker or make_guest())


def make_booking(*, guest_name="", guest=None, actor, **wanted):
    """By the verb itself; `wanted` are the fields of a BookingRequest."""
    return book(request=BookingRequest(**wanted), guest_name=guest_name, guest=guest, actor=actor)


def make_change(*, reservation, actor=None, version=None, **wanted):
    """By the verb itself; `wanted` are the fields of a ChangeRequest."""
    return change(reservation=reservation, request=ChangeRequest(**wanted), actor=actor, version=version)


def make_reservation(property=None, unit=None, arrival=ARRIVAL, nights=3, guest="Amara Okafor", **fields):
    """In `unit`, else in the property's first one, else (a hotel without rooms) in none; cancelled ones in none.

    `guest` is a profile, or the name of a new one.
    """
    guest = guest if isinstance(guest, Guest) else make_guest(guest)
    property = property or (unit and unit.property) or make_apartment()
    unit = unit or property.units.first()
    departure = arrival + dt.timedelta(days=nights)
    fields = {"nightly_rates": [property.nightly_rate] * nights, "currency": property.currency} | fields
    reservation = Reservation.objects.create(
        property=property, guest=guest, arrival=arrival, departure=departure, **fields
    )
    if unit and reservation.status in BLOCKING:
        Occupancy.objects.create(
            unit=unit,
            property=property,
            reservation=reservation,
            nights=DateRange(arrival, departure),
            expires_at=reservation.hold_expires_at if reservation.status == Status.HELD else None,
        )
    return reservation


def _unused(word):
    """No other process that fills the same database has it either."""
    return f"{word} {secrets.token_hex(3)}"
