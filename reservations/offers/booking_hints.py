"""The hints beside the booking form while it is being filled in: free or not, the price, and a calendar of months."""

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from properties import limits
from properties.models import Property, Unit
from properties.money import Money, total
from reservations import availability
from reservations.availability import reallocation
from reservations.booking import terms
from reservations.booking.prices import NightsAtRate, grouped_by_rate, kept_price, quoted
from reservations.models import Reservation
from reservations.stay import FIRST_DAY, LAST_DAY, Stay

MONTHS_SHOWN = 2


@dataclass(frozen=True)
class CalendarDay:
    """A cell of the month calendar."""

    date: dt.date
    free: int | None  # units that are free in the night that begins on this day; None where rooms are not counted
    is_past: bool
    is_edge: bool  # arrival or departure of the stay in the form
    is_picked: bool  # between them

    @property
    def is_taken(self):
        return self.free == 0

    @property
    def state(self):
        """The words for screen readers."""
        if self.is_taken:
            return "taken"
        return "free" if self.free in (None, 1) else f"{self.free} rooms free"


@dataclass(frozen=True)
class CalendarMonth:
    first: dt.date
    weeks: list[list[CalendarDay | None]]


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
    needs_reason: bool = False  # whether a manager may do it nevertheless, with a reason
    months: tuple[CalendarMonth, ...] = ()
    previous: dt.date | None = None
    following: dt.date | None = None
    is_in_the_past: bool = False
    plan: reallocation.Plan | None = None  # moves that make room, or two rooms, when no room is free for all nights


def hints_for(
    criteria: dict, *, changing: Reservation | None = None, refused: availability.Availability | None = None
) -> Hints:
    """Hints for the valid criteria in a form, `CriteriaForm.cleaned_data`, of which each key may be missing.

    Its `problems` are words for criteria that are not valid. `changing` is the reservation that is being changed, whose
    own nights count as free. `refused` is the answer of a DatesTaken; if it is about the same nights, it is shown and
    not computed again. At most twelve queries, and five more when nothing is free.
    """
    property, unit, stay = criteria.get("property"), criteria.get("unit"), criteria.get("stay")
    problems = tuple(criteria.get("problems", ()))
    if property is None:
        return Hints(problems=problems)
    today = property.today()
    first = _first_month(criteria, today)
    room_type, party_size = criteria.get("room_type"), criteria.get("party_size")
    answer: availability.Availability | None
    if refused and (refused.property, refused.unit, refused.stay) == (property, unit, stay):
        answer = refused if changing is None else replace(refused, other_properties=())
    else:
        answer = stay and availability.answer(
            property=property,
            unit=unit,
            room_type=room_type,
            party_size=party_size,
            length=None if changing and stay.nights == changing.stay.nights else stay.nights,
            stay=stay,
            ignoring=changing,
            elsewhere=changing is None,
        )
    plan = None if changing else _plan(answer, party_size)
    room = unit or (answer and answer.room) or (plan and plan.room)
    sold = room.room_type if room else room_type
    rates = _rates(property, sold, stay, changing) if stay else []
    outside = terms.refused(changing, sold, stay, party_size or 1) if stay and changing else None
    return Hints(
        property=property,
        unit=unit,
        stay=stay,
        answer=answer,
        rates=tuple(grouped_by_rate(rates)),
        total=total(rates) if stay else None,
        problems=problems,
        outside=_outside(property, sold, stay, party_size, changing, outside) if stay else "",
        larger_rooms=tuple(_larger_rooms(property, sold, stay, party_size, changing)),
        needs_reason=outside is not None and outside.needs_reason,
        months=tuple(_months(property, unit, first, criteria, today, changing)),
        previous=_months_later(first, -1),
        following=_months_later(first, 1),
        is_in_the_past=stay is not None and stay.arrival < today and not _keeps_its_arrival(changing, stay),
        plan=plan,
    )


def _plan(answer, party_size):
    """The plan for a hotel stay for which no room is free: others move, or the party changes rooms once; or None."""
    if answer is None or answer.is_free or not answer.property.is_hotel:
        return None
    asked = {"unit": answer.unit, "room_type": answer.room_type, "party_size": party_size or 1}
    plan = reallocation.plan(property=answer.property, stay=answer.stay, **asked)
    return plan if plan and (plan.moves or plan.is_split) else None


def _keeps_its_arrival(changing, stay):
    """Whether the reservation has this arrival already, so that no hint says that it is in the past."""
    return changing is not None and stay.arrival == changing.arrival


def _rates(property, room_type, stay, changing):
    """The rate of each night: as agreed for the reservation that is changed, else by today's rate table."""
    if changing:
        return kept_price(changing, stay).rates
    return quoted(property, room_type, stay)


def _outside(property, room_type, stay, party_size, changing, refused):
    if changing:
        return refused.message if refused else ""
    return limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=party_size or 1)


def _larger_rooms(property, room_type, stay, party_size, changing):
    """Free rooms of the hotel that sleep the party, if it is too large for `room_type`; else []."""
    asked = {"property": property, "party_size": party_size or 1}
    if not stay or not property.is_hotel or not limits.too_large_a_party(room_type=room_type, **asked):
        return []
    length = None if changing and stay.nights == changing.stay.nights else stay.nights
    return availability.other_rooms(stay=stay, length=length, ignoring=changing, **asked)


def _first_month(criteria, today):
    """The first of the first month to show.

    That is the month that was turned to; else the one that is shown, if it or the next one has the arrival; else that
    of the arrival; else the present one.
    """
    arrival, shown = criteria.get("arrival"), criteria.get("shown")
    if shown and arrival and not shown <= arrival < (_months_later(shown.replace(day=1), MONTHS_SHOWN) or LAST_DAY):
        shown = None
    for day in (criteria.get("month"), shown, arrival):
        if day and FIRST_DAY <= day < LAST_DAY:
            return day.replace(day=1)
    return today.replace(day=1)


def _months(property, unit, first, criteria, today, changing):
    shown = [month for n in range(MONTHS_SHOWN) if (month := _months_later(first, n))]
    days = (_last_of(shown[-1]) - shown[0]).days + 1
    free = availability.free_by_night(property=property, unit=unit, first=shown[0], days=days, ignoring=changing)
    arrival, departure = criteria.get("arrival"), criteria.get("departure")

    def cell(date):
        return CalendarDay(
            date=date,
            free=free[(date - shown[0]).days],
            is_past=date < today,
            is_edge=date in (arrival, departure),
            is_picked=bool(arrival and departure) and arrival < date < departure,
        )

    for month in shown:
        weeks = calendar.Calendar().monthdayscalendar(month.year, month.month)
        yield CalendarMonth(
            month, [[cell(month.replace(day=number)) if number else None for number in week] for week in weeks]
        )


def _last_of(month):
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _months_later(first, count):
    """The first of the month `count` months later, or None outside the years of the calendar."""
    years, month = divmod(first.month - 1 + count, 12)
    year = first.year + years
    return dt.date(year, month + 1, 1) if FIRST_DAY.year <= year < LAST_DAY.year else None
