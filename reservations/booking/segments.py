"""Nights in units, before they are written: pure arithmetic on the parts of a stay."""

from dataclasses import dataclass, replace

from properties.models import Unit
from reservations.booking.refusals import NotMovable
from reservations.models import Reservation, Status
from reservations.stay import Stay


@dataclass(frozen=True)
class Part:
    """Nights in one unit."""

    unit: Unit
    stay: Stay


def tidy(parts) -> list[Part]:
    """In order of nights; neighbours in the same unit are one part."""
    tidied: list[Part] = []
    for part in sorted(parts, key=lambda part: part.stay.arrival):
        if tidied and tidied[-1].unit == part.unit and tidied[-1].stay.departure == part.stay.arrival:
            tidied[-1] = replace(tidied[-1], stay=Stay(tidied[-1].stay.arrival, part.stay.departure))
        else:
            tidied.append(part)
    return tidied


def until(parts, night) -> list[Part]:
    """What of `parts` lies before `night`."""
    return [ending(part, min(night, part.stay.departure)) for part in parts if part.stay.arrival < night]


def ending(part, departure) -> Part:
    return replace(part, stay=_some_nights(part, part.stay.arrival, departure))


def beginning(part, arrival) -> Part:
    return replace(part, stay=_some_nights(part, arrival, part.stay.departure))


def part_now(parts, today) -> Part | None:
    """Where a party in the house is: the latest part that has begun by `today`."""
    return max((part for part in parts if part.stay.arrival <= today), key=lambda part: part.stay, default=None)


def still_to_sleep(reservation: Reservation, parts, stay: Stay) -> Stay | None:
    """The nights of `stay` that may be in another unit than planned: of a party in the house those from today on, and
    those after the last of its `parts`, in which it has overstayed. None when all are over.
    """
    if reservation.status != Status.IN_HOUSE:
        return stay
    since = min(reservation.property.today(), parts[-1].stay.departure) if parts else stay.arrival
    if stay.arrival >= since:
        return stay
    return Stay(since, stay.departure) if since < stay.departure else None


def relocated(reservation: Reservation, parts, unit, stay: Stay) -> list[Part]:
    """All of `stay` in `unit`, but the nights of `parts` that a party in the house has slept already.

    Raises NotMovable when it has slept all of them.
    """
    rest = still_to_sleep(reservation, parts, stay)
    if rest is None:
        raise NotMovable("All nights of this stay are over. Change its departure first.")
    slept = until(parts, rest.arrival) if rest != stay else []
    return tidy([*slept, Part(unit, rest)])


def refuse_moved_arrival(reservation: Reservation, stay: Stay) -> None:
    """Raises NotMovable: whoever is in the house has arrived."""
    if reservation.status == Status.IN_HOUSE and stay.arrival != reservation.arrival:
        raise NotMovable("The party is in the house: its arrival stays, only the departure can change.")


def _some_nights(part, arrival, departure):
    if arrival >= departure:
        raise NotMovable(f"No night would be left in room {part.unit}. Join the stay instead.")
    return Stay(arrival, departure)
