"""What a program is told about a place: free or not, when next, at what price, and every window that stays fit into."""

import datetime as dt
from dataclasses import dataclass

from config.computed import computed
from config.errors import DomainError
from properties import limits, rates
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.booking import DatesTaken, NotBookable, OutsideLimits
from reservations.booking.stays import refuse_outside_limits
from reservations.stay import Stay


@dataclass(frozen=True)
class AvailabilityRequest:
    """These nights in `unit`, or in any room (of `room_type`) that sleeps `party_size`; None: not said."""

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
        """The first one, not before the one asked for, from which so many nights can be booked."""
        if self.is_available:
            return self.request.stay.arrival
        return next((stay.arrival for stay in self.answer.next_free), None)

    @computed
    def total(self):
        return self.quote and self.quote.total

    @computed
    def currency(self):
        """The quote's: the property was read a moment earlier."""
        return self.quote.total.currency if self.quote else self.request.property.currency

    @computed
    def rates(self):
        return self.quote.lines if self.quote else []

    @computed
    def is_in_the_past(self):
        return self.request.stay.arrival < self.request.property.today()


def build(request: AvailabilityRequest, *, days: int) -> AvailabilityReport:
    """Of `days` nights from the arrival on, and of what comes next however late. At most thirteen queries."""
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
    """How many nights a stay there has at least."""
    return limits.shortest(property=property, room_type=unit.room_type if unit else room_type)


def _refuse_archived(request):
    if request.property.archived_at:
        raise NotBookable.of_property(request.property)
    if request.unit and request.unit.archived_at:
        raise NotBookable.of_unit(request.unit)


def _no(request):
    """Nobody is in the way, and there is no way out that keeps the request."""
    return availability.Availability(
        request.property, request.unit, request.stay, is_free=False, room_type=request.room_type
    )


def _kinds(request) -> list[RoomType | None]:
    """The types a room could be of that the party gets; None is without one."""
    if request.unit or request.room_type or not request.property.is_hotel:
        return [request.unit.room_type if request.unit else request.room_type]
    rooms = (
        request.property.units.active().select_related("room_type").order_by("room_type_id").distinct("room_type_id")
    )
    return [room.room_type for room in rooms] or [None]


def _answer(request, kinds):
    """The calendar's, and what booking would be refused with. The calendar is not asked about what nobody may book."""
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
    """As `book`: refused where no kind of room takes it, with the words of the nearest one. Raises OutsideLimits."""
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
