"""The hints beside the booking form while it is being filled in: free or not, the price, and a calendar of months."""

from dataclasses import dataclass

from accounts.models import User
from properties import limits
from properties.models import Property, Unit
from properties.money import Money, total
from reservations import availability
from reservations.availability import reallocation
from reservations.booking.prices import NightsAtRate, grouped_by_rate, quoted
from reservations.offers.months import NO_MONTHS, Months, months_around
from reservations.stay import Stay


@dataclass(frozen=True)
class Hints:
    """The hints. `property` is None until one is chosen; `answer` and `total` are None until the dates make a stay."""

    property: Property | None = None
    unit: Unit | None = None
    stay: Stay | None = None
    answer: availability.Availability | None = None
    rates: tuple[NightsAtRate, ...] = ()
    total: Money | None = None
    problems: tuple[str, ...] = ()  # why what is in the form would be refused, whatever is free
    outside: str = ""  # why the stay is too short or long, or the party too large
    larger_rooms: tuple[Unit, ...] = ()  # free for the same nights, when the party is too large for the room
    calendar: Months = NO_MONTHS
    is_in_the_past: bool = False
    plan: reallocation.Plan | None = None  # moves that make room, or two rooms, when no room is free for all nights


def hints_for(criteria: dict, *, actor: User | None = None, refused: availability.Availability | None = None) -> Hints:
    """Hints to `actor` for the valid criteria in a form, `CriteriaForm.cleaned_data`, of which each key may be missing.

    Its `problems` are words for criteria that are not valid. `refused` is the answer of a DatesTaken; if it is about
    the same nights, it is shown and not computed again. At most twelve queries, and five more when nothing is free.
    """
    property, unit, stay = criteria.get("property"), criteria.get("unit"), criteria.get("stay")
    problems = tuple(criteria.get("problems", ()))
    if property is None:
        return Hints(problems=problems)
    room_type, party_size = criteria.get("room_type"), criteria.get("party_size")
    answer: availability.Availability | None
    if refused and (refused.property, refused.unit, refused.stay) == (property, unit, stay):
        answer = refused
    else:
        answer = stay and availability.answer(
            property=property,
            unit=unit,
            room_type=room_type,
            party_size=party_size,
            length=stay.nights,
            stay=stay,
            actor=actor,
        )
    plan = _plan(answer, party_size)
    room = unit or (answer and answer.room) or (plan and plan.room)
    sold = room.room_type if room else room_type
    rates = quoted(property, sold, stay) if stay else []
    return Hints(
        property=property,
        unit=unit,
        stay=stay,
        answer=answer,
        rates=tuple(grouped_by_rate(rates)),
        total=total(rates) if stay else None,
        problems=problems,
        outside=_outside(property, sold, stay, party_size) if stay else "",
        larger_rooms=tuple(_larger_rooms(property, sold, stay, party_size)),
        calendar=months_around(criteria, property=property, unit=unit),
        is_in_the_past=stay is not None and stay.arrival < property.today(),
        plan=plan,
    )


def _plan(answer, party_size):
    """The plan for a hotel stay for which no room is free: others move, or the party changes rooms once; or None."""
    if answer is None or answer.is_free or not answer.property.is_hotel:
        return None
    asked = {"unit": answer.unit, "room_type": answer.room_type, "party_size": party_size or 1}
    plan = reallocation.plan(property=answer.property, stay=answer.stay, **asked)
    return plan if plan and (plan.moves or plan.is_split) else None


def _outside(property, room_type, stay, party_size):
    return limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=party_size or 1)


def _larger_rooms(property, room_type, stay, party_size):
    """Free rooms of the hotel that sleep the party, if it is too large for `room_type`; else []."""
    asked = {"property": property, "party_size": party_size or 1}
    if not stay or not property.is_hotel or not limits.too_large_a_party(room_type=room_type, **asked):
        return []
    return availability.other_rooms(stay=stay, length=stay.nights, **asked)
