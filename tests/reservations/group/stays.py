"""What the tests of a group say of its stays."""

import datetime as dt

from psycopg2.extras import DateRange

from reservations.models import Occupancy, Reservation


def states(group):
    return sorted(stay.status for stay in group.reservations.all())


def put(stays, **fields):
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(**fields)


def days_ago(stays, days):
    """As if they had been booked so many days earlier; occupancies too."""
    for stay in stays:
        delta = dt.timedelta(days=days)
        stay.occupancies.all().delete()
        put([stay], arrival=stay.arrival - delta, departure=stay.departure - delta)
        put_in_room(stay)


def put_in_room(stay):
    stay.refresh_from_db()
    room = stay.property.units.exclude(occupancies__arrival__lt=stay.departure, occupancies__departure__gt=stay.arrival)
    Occupancy.objects.create(
        unit=room.first(), property=stay.property, reservation=stay, nights=DateRange(stay.arrival, stay.departure)
    )
