"""What a program is told about a place: free or not, when next, at what price, and every window that stays fit into."""

import datetime as dt
from dataclasses import dataclass

from config.computed import computed
from config.errors import DomainError
from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.booking import DatesTaken, NotBookable, OutsideLimits
from reservations.booking.requests import refuse_outside_limits
from reservations.stay import Stay


@dataclass(frozen=True)
class AvailabilityRequest:
    """What is asked: these nights in `unit`, or in any room (of `room_type`) that sleeps `party_size`. None was not
    said."""

    property: Property
    stay: Stay
    unit: Unit | None = None
    room_type: RoomType | None = None
    party_size: int | None = None


@dataclass(frozen=True)
class AvailabilityReport:
    request: AvailabilityRequest
    answer: availability.Availability
    outlook: availability.Outlook  # from the arrival on
    refusal: DomainError | None = None  # what booking it would be refused with now
    quote: rates.Quote | None = None  # None where it depends on the room, and none is free

    @computed
    def is_available(self):
        return self.refusal is None

    @computed
    def next_date(self) -> dt.date | None:
        """The first day, not before the requested arrival, from which so many nights can be booked; or None."""
        if self.is_available:
            return self.request.stay.arrival
        return next((stay.arrival for stay in self.answer.next_free), None)

    @computed
    def total(self):
        return self.quote and self.quote.total

    @computed
    def currency(self):
        """The quote's currency, because the property was read a moment earlier."""
        return self.quote.total.currency if self.quote else self.request.property.currency

    @computed
    def rates(self):
        return self.quote.lines if self.quote else []

    @computed
    def is_in_the_past(self):
        return self.request.stay.arrival < self.request.property.today()


def build(request: AvailabilityRequest, *, days: int) -> AvailabilityReport:
    """The report on the requested nights, on `days` nights from the arrival on, and on what is free next, however late.
    At most thirteen queries."""
    try:
        _refuse_archived(request)
    except NotBookable as refused:
        return AvailabilityReport(
            request, _no(request), availability.nothing(first=request.stay.arrival, days=days), refused
        )
    kinds = _kinds(request)
    answer, refusal = _answer(request, kinds)
    outlook = availability.outlook(
        property=request.property,
        unit=request.unit,
        room_type=request.room_type,
        party_size=request.party_size,
        first=request.stay.arrival,
        days=days,
    )
    return AvailabilityReport(request, answer, outlook, refusal, _quote(request, answer, kinds))


def shortest(*, property: Property, unit: Unit | None = None, room_type: RoomType | None = None) -> int:
    """The fewest nights that a stay there may have."""
    return limits.shortest(property=property, room_type=unit.room_type if unit else room_type)


def _refuse_archived(request):
    if request.property.archived_at:
        raise NotBookable.of_property(request.property)
    if request.unit and request.unit.archived_at:
        raise NotBookable.of_unit(request.unit)


def _no(request):
    """The availability of nights that nobody may book: nobody is in the way, and nothing is offered instead."""
    return availability.Availability(
        request.property, request.unit, request.stay, is_free=False, room_type=request.room_type
    )


def _kinds(request) -> list[RoomType | None]:
    """The room types that the party's room could have; None stands for rooms without a type."""
    if request.unit or request.room_type or not request.property.is_hotel:
        return [request.unit.room_type if request.unit else request.room_type]
    rooms = (
        request.property.units.active().select_related("room_type").order_by("room_type_id").distinct("room_type_id")
    )
    return [room.room_type for room in rooms] or [None]


def _answer(request, kinds):
    """The availability, and the error with which a booking would be refused, or None. The calendar is not asked about
    what nobody may book."""
    try:
        _refuse_outside_limits(request, kinds)
    except OutsideLimits as refused:
        return _no(request), refused
    answer = availability.answer(
        property=request.property,
        unit=request.unit,
        stay=request.stay,
        room_type=request.room_type,
        party_size=request.party_size,
        length=request.stay.nights,
    )
    return answer, None if answer.is_free else DatesTaken(answer)


def _refuse_outside_limits(request, kinds):
    """Refuse as `book` does where no kind of room takes the stay. Raises OutsideLimits with the words of the nearest
    kind."""
    asked = {"property": request.property, "nights": request.stay.nights, "party_size": request.party_size or 1}
    if all(limits.refusal(room_type=kind, **asked) for kind in kinds):
        nearest = limits.nearest(property=request.property, room_types=kinds, party_size=request.party_size or 1)
        refuse_outside_limits(request.property, nearest, request.stay, request.party_size or 1)


def _quote(request, answer, kinds):
    if answer.room is None and len(kinds) > 1:
        return None
    kind = answer.room.room_type if answer.room else kinds[0]
    nights = {"arrival": request.stay.arrival, "departure": request.stay.departure}
    return rates.quote(property=request.property, room_type=kind, **nights)
