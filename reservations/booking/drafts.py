"""A reservation that is being changed, before it is written: where it will sleep, and what its event will say.

An event remembers a reservation or a closure as a snapshot, in JSON, and how it differs from the one before.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from properties.models import Unit
from properties.money import Money
from reservations.booking.refusals import NotMovable
from reservations.models import Closure, Reservation, Status, price_columns
from reservations.stay import Stay

# Fields that say nothing without each other: when one changes, an event has both.
PRICE = {"nightly_rates", "currency"}


@dataclass(frozen=True)
class StaySegment:
    """Nights in one unit."""

    unit: Unit
    stay: Stay


@dataclass
class Draft:
    """A locked reservation that is being changed: its fields are set on it, its nights in `segments`; then `write`."""

    reservation: Reservation
    before: dict[str, Any]
    segments: list[StaySegment]
    fields: set[str] = field(default_factory=set)
    keys: list[int] = field(default_factory=list)  # of the rows it had: a segment that moves stays the same row

    @classmethod
    def of(cls, reservation: Reservation) -> Self:
        rows = reservation.segments
        segments = [StaySegment(row.unit, row.stay) for row in rows]
        return cls(reservation, snapshot(reservation, segments), segments, keys=[row.pk for row in rows])

    def set(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.reservation, name, value)
        self.fields |= fields.keys()

    def set_stay(self, stay: Stay, rates: Sequence[Money]) -> None:
        """`rates` are a Money for each night."""
        self.set(arrival=stay.arrival, departure=stay.departure, **price_columns(rates))


def tidy(segments: Iterable[StaySegment]) -> list[StaySegment]:
    """In order of nights; neighbours in the same unit are one segment."""
    tidied: list[StaySegment] = []
    for segment in sorted(segments, key=lambda segment: segment.stay.arrival):
        if tidied and tidied[-1].unit == segment.unit and tidied[-1].stay.departure == segment.stay.arrival:
            tidied[-1] = replace(tidied[-1], stay=Stay(tidied[-1].stay.arrival, segment.stay.departure))
        else:
            tidied.append(segment)
    return tidied


def until(segments: Iterable[StaySegment], night: dt.date) -> list[StaySegment]:
    """What of `segments` lies before `night`."""
    return [ending(segment, min(night, segment.stay.departure)) for segment in segments if segment.stay.arrival < night]


def ending(segment: StaySegment, departure: dt.date) -> StaySegment:
    return replace(segment, stay=_some_nights(segment, segment.stay.arrival, departure))


def beginning(segment: StaySegment, arrival: dt.date) -> StaySegment:
    return replace(segment, stay=_some_nights(segment, arrival, segment.stay.departure))


def segment_now(segments: Iterable[StaySegment], today: dt.date) -> StaySegment | None:
    """Where a party in the house is: the latest segment that has begun by `today`."""
    return max(
        (segment for segment in segments if segment.stay.arrival <= today),
        key=lambda segment: segment.stay,
        default=None,
    )


def still_to_sleep(reservation: Reservation, segments: Sequence[StaySegment], stay: Stay) -> Stay | None:
    """The nights of `stay` that may be in another unit than planned: of a party in the house those from today on, and
    those after the last of its `segments`, in which it has overstayed. None when all are over.
    """
    if reservation.status != Status.IN_HOUSE:
        return stay
    since = min(reservation.property.today(), segments[-1].stay.departure) if segments else stay.arrival
    if stay.arrival >= since:
        return stay
    return Stay(since, stay.departure) if since < stay.departure else None


def relocated(reservation: Reservation, segments: Sequence[StaySegment], unit: Unit, stay: Stay) -> list[StaySegment]:
    """All of `stay` in `unit`, but the nights of `segments` that a party in the house has slept already.

    Raises NotMovable when it has slept all of them.
    """
    rest = still_to_sleep(reservation, segments, stay)
    if rest is None:
        raise NotMovable("All nights of this stay are over. Change its departure first.")
    slept = until(segments, rest.arrival) if rest != stay else []
    return tidy([*slept, StaySegment(unit, rest)])


def refuse_moved_arrival(reservation: Reservation, stay: Stay) -> None:
    """Raises NotMovable: whoever is in the house has arrived."""
    if reservation.status == Status.IN_HOUSE and stay.arrival != reservation.arrival:
        raise NotMovable("The party is in the house: its arrival stays, only the departure can change.")


def _some_nights(segment: StaySegment, arrival: dt.date, departure: dt.date) -> Stay:
    if arrival >= departure:
        raise NotMovable(f"No night would be left in room {segment.unit}. Join the stay instead.")
    return Stay(arrival, departure)


def snapshot(reservation: Reservation, segments: Iterable[StaySegment]) -> dict[str, Any]:
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


def closure_snapshot(closure: Closure) -> dict[str, Any]:
    """A closure; `segments` are as those of a reservation, and empty once it is reopened."""
    segments = [] if closure.reopened_at else [_as_json(closure.unit, closure.stay)]
    return {"segments": segments, "kind": closure.kind, "note": closure.note}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} of what is not the same in two snapshots."""
    changed = {name for name in after if before.get(name) != after[name]}
    told = changed | PRICE if changed & PRICE else changed
    return {name: [before.get(name), after[name]] for name in after if name in told}


def segments_of(rows: Iterable[Mapping[str, Any]], units: Mapping[int, Unit]) -> list[StaySegment]:
    """The segments of a snapshot, read back; `units` has those of their keys."""
    return [StaySegment(units[row["unit"]], stay_of(row)) for row in rows]


def stay_of(row: Mapping[str, Any]) -> Stay:
    """The nights of one segment of a snapshot."""
    return Stay(dt.date.fromisoformat(row["arrival"]), dt.date.fromisoformat(row["departure"]))


def _as_json(unit: Unit, stay: Stay) -> dict[str, Any]:
    return {
        "unit": unit.pk,
        "room": unit.name,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
    }
