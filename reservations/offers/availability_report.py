"""What a program is told about a place: free or not, when next, at what price, and every window that stays fit into."""

import datetime as dt
from builtins import property as computed
from dataclasses import dataclass

from config.errors import DomainError
from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.booking import DatesTaken, NotBookable, OutsideLimits
from reservations.booking.stays import refuse_outside_limits
from reservations.stay import Stay


@dataclass(frozen=True)
class Wish:
    """These nights in `unit`, or in any room (of `room_type`) that sleeps `party_size`; None: not said."""

    property: Property
    stay: Stay
    unit: Unit | None = None
    room_type: RoomType | None = None
    party_size: int | None = None


@dataclass(frozen=True)
class Vacancy:
    wish: Wish
    answer: availability.Answer
    outlook: availability.Outlook  # from the arrival on
    refusal: DomainError | None = None  # what booking it would be refused with now
    quote: rates.Quote | None = None  # None where it depends on the room, and none is free

    @computed
    def is_available(self):
        return self.refusal is None

    @computed
    def next_date(self) -> dt.date | None:
        """The first one, not before the one asked for, from which so many nights can be booked."""
        if self.is_available:
            return self.wish.stay.arrival
        return next((stay.arrival for stay in self.answer.next_free), None)

    @computed
    def total(self):
        return self.quote and self.quote.total

    @computed
    def currency(self):
        """The quote's: the property was read a moment earlier."""
        return self.quote.total.currency if self.quote else self.wish.property.currency

    @computed
    def rates(self):
        return self.quote.lines if self.quote else []

    @computed
    def is_in_the_past(self):
        return self.wish.stay.arrival < self.wish.property.today()


def look(wish: Wish, *, days: int) -> Vacancy:
    """Of `days` nights from the arrival on, and of what comes next however late. At most thirteen queries."""
    try:
        _refuse_archived(wish)
    except NotBookable as refused:
        return Vacancy(wish, _no(wish), availability.nothing(first=wish.stay.arrival, days=days), refused)
    kinds = _kinds(wish)
    answer, refusal = _answer(wish, kinds)
    outlook = availability.outlook(
        property=wish.property,
        unit=wish.unit,
        room_type=wish.room_type,
        party_size=wish.party_size,
        first=wish.stay.arrival,
        days=days,
    )
    return Vacancy(wish, answer, outlook, refusal, _quote(wish, answer, kinds))


def shortest(*, property: Property, unit: Unit | None = None, room_type: RoomType | None = None) -> int:
    """How many nights a stay there has at least."""
    return limits.shortest(property=property, room_type=unit.room_type if unit else room_type)


def _refuse_archived(wish):
    if wish.property.archived_at:
        raise NotBookable.of_property(wish.property)
    if wish.unit and wish.unit.archived_at:
        raise NotBookable.of_unit(wish.unit)


def _no(wish):
    """Nobody is in the way, and there is no way out that keeps the wish."""
    return availability.Answer(wish.property, wish.unit, wish.stay, is_free=False, room_type=wish.room_type)


def _kinds(wish) -> list[RoomType | None]:
    """The types a room could be of that the party gets; None is without one."""
    if wish.unit or wish.room_type or not wish.property.is_hotel:
        return [wish.unit.room_type if wish.unit else wish.room_type]
    rooms = wish.property.units.active().select_related("room_type").order_by("room_type_id").distinct("room_type_id")
    return [room.room_type for room in rooms] or [None]


def _answer(wish, kinds):
    """The calendar's, and what booking would be refused with. The calendar is not asked about what nobody may book."""
    try:
        _refuse_outside_limits(wish, kinds)
    except OutsideLimits as refused:
        return _no(wish), refused
    answer = availability.answer(
        property=wish.property,
        unit=wish.unit,
        stay=wish.stay,
        room_type=wish.room_type,
        party_size=wish.party_size,
        length=wish.stay.nights,
    )
    return answer, None if answer.is_free else DatesTaken(answer)


def _refuse_outside_limits(wish, kinds):
    """As `book`: refused where no kind of room takes it, with the words of the nearest one. Raises OutsideLimits."""
    asked = {"property": wish.property, "nights": wish.stay.nights, "party_size": wish.party_size or 1}
    if all(limits.refusal(room_type=kind, **asked) for kind in kinds):
        nearest = limits.nearest(property=wish.property, room_types=kinds, party_size=wish.party_size or 1)
        refuse_outside_limits(wish.property, nearest, wish.stay, wish.party_size or 1)


def _quote(wish, answer, kinds):
    if answer.room is None and len(kinds) > 1:
        return None
    kind = answer.room.room_type if answer.room else kinds[0]
    nights = {"arrival": wish.stay.arrival, "departure": wish.stay.departure}
    return rates.quote(property=wish.property, room_type=kind, **nights)
