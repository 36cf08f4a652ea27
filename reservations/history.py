"""A reservation's events in the desk's words."""

import datetime as dt
from dataclasses import dataclass

from reservations import wording
from reservations.models import Event

FIELDS = {"arrival": "Arrival", "departure": "Departure", "unit": "Room", "guest": "Guest", "party_size": "Guests"}


@dataclass(frozen=True)
class Line:
    event: Event
    changes: list[str]  # "Room 101 → 204"


def lines(reservation) -> list[Line]:
    """Newest first. One query."""
    return [Line(event, _changes(event)) for event in reservation.events.select_related("actor")]


def _changes(event):
    if event.action != Event.Action.CHANGED:
        return []
    return [f"{FIELDS[name]} {_read(name, old)} → {_read(name, new)}" for name, (old, new) in event.data.items()]


def _read(name, value):
    if value is None:
        return "none"
    if name in ("arrival", "departure"):
        return wording.short_day(dt.date.fromisoformat(value))
    return str(value)
