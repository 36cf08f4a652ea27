"""Rules of a booking that forms and programs share: limits, defaults, and what does not go together."""

import datetime as dt

from config import clock

# Guests in one reservation.
MAX_PARTY = 99
DEFAULT_PARTY = 2
# Rooms that are booked at once.
MOST_ROOMS = 100


def type_mismatch(unit, room_type) -> str:
    """Words when the room is not of the type, else ""."""
    if unit.room_type_id == room_type.pk:
        return ""
    return f"Room {unit} is no {room_type}. Choose another room, or any type."


def group_size_error(count) -> str:
    """Words when so many rooms are too few or too many for a group, else ""."""
    if count < 2:
        return "Choose two rooms at least. A single room is an ordinary reservation."
    return f"Book at most {MOST_ROOMS} rooms at once." if count > MOST_ROOMS else ""


def default_hold_end(property) -> dt.datetime:
    """The instant (UTC) at which a hold of the property ends that begins now and was given no end."""
    return clock.now() + dt.timedelta(hours=property.hold_hours)
