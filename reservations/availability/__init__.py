"""Queries about the calendar, which change nothing: what is free, who has the nights, which room a party would get.

`queries` has the functions that others call, `free_rooms`, `gaps` and `windows` what they are made of. `presence` says
who is in a room now, `allocation` which room a party gets, `reallocation` which stays could move to make room.
"""

from reservations.availability.allocation import best_fit, best_room, gaps_around
from reservations.availability.queries import (
    Availability,
    answer,
    closures_of,
    free_by_night,
    free_by_type,
    free_everywhere,
    free_units,
    is_free,
    next_free,
    nothing,
    other_rooms,
    outlook,
    priced_everywhere,
)
from reservations.availability.windows import Outlook, Window

__all__ = [
    "Availability",
    "Outlook",
    "Window",
    "answer",
    "best_fit",
    "best_room",
    "closures_of",
    "free_by_night",
    "free_by_type",
    "free_everywhere",
    "free_units",
    "gaps_around",
    "is_free",
    "next_free",
    "nothing",
    "other_rooms",
    "outlook",
    "priced_everywhere",
]
