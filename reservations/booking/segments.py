"""Nights in units, before they are written: pure arithmetic on the segments of a stay."""

from dataclasses import dataclass, replace

from properties.models import Unit
from reservations.booking.refusals import NotMovable
from reservations.models import Reservation, Status
from reservations.stay import Stay


@dataclass(frozen=True)
class StaySegment:
    """Nights in one unit."""

    unit: Unit
    stay: Stay


def tidy(segments) -> list[StaySegment]:
    """In order of nights; neighbours in the same unit are one segment."""
    tidied: list[StaySegment] = []
    for segment in sorted(segments, key=lambda segment: segment.stay.arrival):
        if tidied and tidied[-1].unit == segment.unit and tidied[-1].stay.departure == segment.stay.arrival:
            tidied[-1] = replace(tidied[-1], stay=Stay(tidied[-1].stay.arrival, segment.stay.departure))
        else:
            tidied.append(segment)
    return tidied


def until(segments, night) -> list[StaySegment]:
    """What of `segments` lies before `night`."""
    return [ending(segment, min(night, segment.stay.departure)) for segment in segments if segment.stay.arrival < night]


def ending(segment, departure) -> StaySegment:
    return replace(segment, stay=_some_nights(segment, segment.stay.arrival, departure))


def beginning(segment, arrival) -> StaySegment:
    return replace(segment, stay=_some_nights(segment, arrival, segment.stay.departure))


def segment_now(segments, today) -> StaySegment | None:
    """Where a party in the house is: the latest segment that has begun by `today`."""
    return max(
        (segment for segment in segments if segment.stay.arrival <= today),
        key=lambda segment: segment.stay,
        default=None,
    )


def still_to_sleep(reservation: Reservation, segments, stay: Stay) -> Stay | None:
    """The nights of `stay` that may be in another unit than planned: of a party in the house those from today on, and
    those after the last of its `segments`, in which it has overstayed. None when all are over.
    """
    if reservation.status != Status.IN_HOUSE:
        return stay
    since = min(reservation.property.today(), segments[-1].stay.departure) if segments else stay.arrival
    if stay.arrival >= since:
        return stay
    return Stay(since, stay.departure) if since < stay.departure else None


def relocated(reservation: Reservation, segments, unit, stay: Stay) -> list[StaySegment]:
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


def _some_nights(segment, arrival, departure):
    if arrival >= departure:
        raise NotMovable(f"No night would be left in room {segment.unit}. Join the stay instead.")
    return Stay(arrival, departure)
