"""Tables: `guests` and groups, `stays` (reservations), the `calendar` (occupancies, closures), and `events`."""

from reservations.models.calendar import IS_LONG, SHORT_NIGHTS, Closure, Occupancy
from reservations.models.events import Event
from reservations.models.guests import Group, Guest
from reservations.models.stays import (
    BLOCKING,
    OPEN,
    Origin,
    Reservation,
    ReservationQuerySet,
    Status,
    fetch_units,
    make_reference,
    price_columns,
)

__all__ = [
    "BLOCKING",
    "IS_LONG",
    "OPEN",
    "SHORT_NIGHTS",
    "Closure",
    "Event",
    "Group",
    "Guest",
    "Occupancy",
    "Origin",
    "Reservation",
    "ReservationQuerySet",
    "Status",
    "fetch_units",
    "make_reference",
    "price_columns",
]
