"""A reservation that is being changed and not saved yet: its segments, and its snapshots for the history.

A snapshot has the state of a reservation or a closure in values for JSON. The event of a change stores how the snapshot
after it differs from the one before.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from properties.models import Unit
from properties.money import Money
from reservations.booking.refusals import NotMovable, SegmentGone
from reservations.booking.requests import latest_hold_end
from reservations.models import Closure, Occupancy, Reservation, Status, price_columns
from reservations.stay import Stay

# Fields that belong together: when one of them changes, the event has both.
PRICE = {"nightly_rates", "currency"}
ALL_NIGHTS_OVER = "All nights of this stay are over. Change its departure first."


@dataclass(frozen=True)
class StaySegment:
    """Nights in one unit."""

    unit: Unit
    stay: Stay


@dataclass
class Draft:
    """A locked reservation that is being changed. `nights.write` saves it.

    New values are set on `reservation` itself by `set`; its new nights are `segments`.
    """

    reservation: Reservation
    before: dict[str, Any]  # the snapshot before the change
    segments: list[StaySegment]
    fields: set[str] = field(default_factory=set)  # names of the fields that were set
    keys: list[int] = field(default_factory=list)  # of its occupancies before: a segment keeps its key when it moves

    @classmethod
    def of(cls, reservation: Reservation) -> Self:
        rows = reservation.segments
        segments = [StaySegment(row.unit, row.stay) for row in rows]
        return cls(reservation, snapshot(reservation, segments), segments, keys=[row.pk for row in rows])

    def index_of(self, segment: Occupancy | None) -> int:
        """The index of the occupancy among the segments; 0 for None. Raises SegmentGone, or NotMovable when there are
        several segments and none is named."""
        if segment is None:
            if len(self.segments) > 1:
                raise NotMovable("This stay sleeps in several rooms. Say which part is to move, or join it first.")
            return 0
        if segment.pk not in self.keys:
            raise SegmentGone
        return self.keys.index(segment.pk)

    def set(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.reservation, name, value)
        self.fields |= fields.keys()

    def set_stay(self, stay: Stay, rates: Sequence[Money]) -> None:
        """Set the dates, and the rate of each night. A hold ends with the new day of departure at the latest."""
        self.set(arrival=stay.arrival, departure=stay.departure, **price_columns(rates))
        held_until = self.reservation.hold_expires_at
        if held_until and held_until > (latest := latest_hold_end(self.reservation.property, stay)):
            self.set(hold_expires_at=latest)


def tidy(segments: Iterable[StaySegment]) -> list[StaySegment]:
    """The segments by arrival, with adjoining ones in the same unit joined."""
    tidied: list[StaySegment] = []
    for segment in sorted(segments, key=lambda segment: segment.stay.arrival):
        if tidied and tidied[-1].unit == segment.unit and tidied[-1].stay.departure == segment.stay.arrival:
            tidied[-1] = replace(tidied[-1], stay=Stay(tidied[-1].stay.arrival, segment.stay.departure))
        else:
            tidied.append(segment)
    return tidied


def until(segments: Iterable[StaySegment], night: dt.date) -> list[StaySegment]:
    """The segments up to `night`, without that night: later ones are left out, and one that contains it is cut."""
    return [ending(segment, min(night, segment.stay.departure)) for segment in segments if segment.stay.arrival < night]


def ending(segment: StaySegment, departure: dt.date) -> StaySegment:
    """The segment with another departure. Raises NotMovable when no night is left."""
    return replace(segment, stay=_some_nights(segment, segment.stay.arrival, departure))


def beginning(segment: StaySegment, arrival: dt.date) -> StaySegment:
    """The segment with another arrival. Raises NotMovable when no night is left."""
    return replace(segment, stay=_some_nights(segment, arrival, segment.stay.departure))


def segment_now(segments: Iterable[StaySegment], today: dt.date) -> StaySegment | None:
    """The latest segment that has begun by `today`, in whose room an in-house party is; None if none has begun."""
    return max(
        (segment for segment in segments if segment.stay.arrival <= today),
        key=lambda segment: segment.stay,
        default=None,
    )


def still_to_sleep(reservation: Reservation, segments: Sequence[StaySegment], stay: Stay) -> Stay | None:
    """The nights of `stay` that can still be moved to another unit, or None when all of them are over.

    For a party in the house they begin today, or at the end of its last segment if it has overstayed; for others they
    are all nights.
    """
    if reservation.status != Status.IN_HOUSE:
        return stay
    since = min(reservation.property.today(), segments[-1].stay.departure) if segments else stay.arrival
    if stay.arrival >= since:
        return stay
    return Stay(since, stay.departure) if since < stay.departure else None


def relocated(reservation: Reservation, segments: Sequence[StaySegment], unit: Unit, stay: Stay) -> list[StaySegment]:
    """Segments for `stay` in `unit`; the nights of `segments` that an in-house party has slept keep their unit.

    Raises NotMovable when all nights are over.
    """
    rest = still_to_sleep(reservation, segments, stay)
    if rest is None:
        raise NotMovable(ALL_NIGHTS_OVER)
    slept = until(segments, rest.arrival) if rest != stay else []
    return tidy([*slept, StaySegment(unit, rest)])


def with_segment(draft: Draft, index: int, unit: Unit | None, stay: Stay | None) -> list[StaySegment]:
    """The draft's segments with the one at `index` moved to `unit` and `stay`, and its neighbours adjoining it.

    None keeps the unit or the nights. Raises NotMovable.
    """
    segments = list(draft.segments)
    if not segments:
        refuse_moved_arrival(draft.reservation, stay or draft.reservation.stay)
        return [StaySegment(unit, stay or draft.reservation.stay)] if unit else []
    stay = stay or segments[index].stay
    refuse_moved_arrival(draft.reservation, stay if index == 0 else draft.reservation.stay)
    if index > 0:
        segments[index - 1] = ending(segments[index - 1], stay.arrival)
    if index < len(segments) - 1:
        segments[index + 1] = beginning(segments[index + 1], stay.departure)
    same_room = StaySegment(segments[index].unit, stay)
    moved = [same_room] if unit in (None, same_room.unit) else relocated(draft.reservation, [same_room], unit, stay)
    return tidy([*segments[:index], *moved, *segments[index + 1 :]])


def in_the_same_rooms(draft: Draft, stay: Stay) -> list[StaySegment]:
    """The draft's segments for the nights of `stay`: the first begins with it, the last ends with it.

    Raises NotMovable when no night would be left in one of the rooms.
    """
    refuse_moved_arrival(draft.reservation, stay)
    if len(draft.segments) < 2:
        return [StaySegment(segment.unit, stay) for segment in draft.segments]
    first, *between, last = draft.segments
    return [beginning(first, stay.arrival), *between, ending(last, stay.departure)]


def refuse_moved_arrival(reservation: Reservation, stay: Stay) -> None:
    """Raises NotMovable when the party is in the house and `stay` has another arrival."""
    if reservation.status == Status.IN_HOUSE and stay.arrival != reservation.arrival:
        raise NotMovable("The party is in house: its arrival stays, only the departure can change.")


def _some_nights(segment: StaySegment, arrival: dt.date, departure: dt.date) -> Stay:
    if arrival >= departure:
        raise NotMovable(f"No night would be left in room {segment.unit}. Choose one room for all nights instead.")
    return Stay(arrival, departure)


def snapshot(reservation: Reservation, segments: Iterable[StaySegment]) -> dict[str, Any]:
    """The state of a reservation with these segments, for JSON. The keys are those of `Event.data`."""
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
    """The state of a closure, for JSON. Its `segments` are like those of a reservation, and [] once it is reopened."""
    segments = [] if closure.reopened_at else [_as_json(closure.unit, closure.stay)]
    return {"segments": segments, "kind": closure.kind, "note": closure.note}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} of the fields that differ in two snapshots."""
    changed = {name for name in after if before.get(name) != after[name]}
    if changed & PRICE:
        changed |= PRICE
    return {name: [before.get(name), after[name]] for name in after if name in changed}


def segments_of(rows: Iterable[Mapping[str, Any]], units: Mapping[int, Unit]) -> list[StaySegment]:
    """The segments of a snapshot, read back. `units` has each of their units by its key."""
    return [StaySegment(units[row["unit"]], stay_of(row)) for row in rows]


def stay_of(row: Mapping[str, Any]) -> Stay:
    """The Stay of one segment of a snapshot."""
    return Stay(dt.date.fromisoformat(row["arrival"]), dt.date.fromisoformat(row["departure"]))


def _as_json(unit: Unit, stay: Stay) -> dict[str, Any]:
    return {
        "unit": unit.pk,
        "room": unit.name,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
    }
