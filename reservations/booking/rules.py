"""Rules of a booking that ask nothing of the calendar: limits, defaults, and what does not go together.

Forms and programs take their limits and defaults from here; the verbs refuse what breaks a rule.
"""

import datetime as dt

from config import clock
from reservations.booking.refusals import BrokenRule, NotBookable, OutsideLimits

# Guests in one reservation.
MAX_PARTY = 99
DEFAULT_PARTY = 2
# Rooms that are booked at once.
MOST_ROOMS = 100


def default_hold_end(property) -> dt.datetime:
    """The instant (UTC) at which a hold of the property ends that begins now and was given no end."""
    return clock.now() + dt.timedelta(hours=property.hold_hours)


def refuse_other_type(unit, room_type) -> None:
    """Raises BrokenRule when a room and a room type are asked for and the room is of another type."""
    if unit and room_type and unit.room_type_id != room_type.pk:
        words = f"Room {unit} is no {room_type}. Choose another room, or any type."
        raise BrokenRule(words, field="unit", rule="other_room_type")


def refuse_foreign_type(property, room_type):
    """What is sold is the property's own. Raises NotBookable."""
    if room_type and room_type.property_id != property.pk:
        raise NotBookable(f"{property} has no rooms of the type {room_type}. Choose one of its own.")


def refuse_party_size(party_size) -> None:
    """Raises OutsideLimits unless so many may be in one reservation. What a room sleeps is asked elsewhere."""
    if party_size < 1:
        raise OutsideLimits("At least one guest stays.", field="party_size")
    if party_size > MAX_PARTY:
        raise OutsideLimits(f"At most {MAX_PARTY} guests in one reservation.", field="party_size")


def refuse_group_size(rooms: int) -> None:
    """Raises BrokenRule when so many rooms are too few or too many for a group."""
    words = ""
    if rooms < 2:
        words = "Choose two rooms at least. A single room is an ordinary reservation."
    elif rooms > MOST_ROOMS:
        words = f"Book at most {MOST_ROOMS} rooms at once."
    if words:
        raise BrokenRule(words, field="rooms", rule="no_group")


def refuse_ended(instant):
    """A hold must end later than now. Raises NotBookable."""
    if instant <= clock.now():
        raise NotBookable("This hold would end before it begins. Choose a later time.")
