"""What events remember of a reservation or a closure, as JSON, and how it is read back."""

import datetime as dt

from reservations.booking.segments import StaySegment
from reservations.stay import Stay

# Fields that say nothing without each other: when one changes, an event has both.
PRICE = {"nightly_rates", "currency"}


def snapshot(reservation, segments):
    """A reservation that sleeps in `segments`. The keys are those of `Event.data`."""
    hold = reservation.hold_expires_at
    return {
        "status": str(reservation.status),
        "arrival": reservation.arrival.isoformat(),
        "departure": reservation.departure.isoformat(),
        "segments": [_as_json(segment.unit, segment.stay) for segment in segments],
        "guest": reservation.guest.name,
        "guest_id": reservation.guest_id,
        "party_size": reservation.party_size,
        "nightly_rates": [f"{rate.exact:f}" for rate in reservation.rates],
        "currency": reservation.currency,
        "room_type": reservation.room_type_id,
        "is_locked": reservation.is_locked,
        "hold_expires_at": hold and hold.astimezone(dt.UTC).isoformat(),
    }


def closure_snapshot(closure):
    """A closure; `segments` are as those of a reservation, and empty once it is reopened."""
    segments = [] if closure.reopened_at else [_as_json(closure.unit, closure.stay)]
    return {"segments": segments, "kind": closure.kind, "note": closure.note}


def difference(before, after):
    """{field: [before, after]} of what is not the same in two snapshots."""
    changed = {name for name in after if before.get(name) != after[name]}
    told = changed | PRICE if changed & PRICE else changed
    return {name: [before.get(name), after[name]] for name in after if name in told}


def segments_of(rows, units) -> list[StaySegment]:
    """The segments of a snapshot, read back; `units` has those of their keys."""
    return [StaySegment(units[row["unit"]], stay_of(row)) for row in rows]


def stay_of(row) -> Stay:
    """The nights of one segment of a snapshot."""
    return Stay(dt.date.fromisoformat(row["arrival"]), dt.date.fromisoformat(row["departure"]))


def _as_json(unit, stay):
    return {
        "unit": unit.pk,
        "room": unit.name,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
    }
