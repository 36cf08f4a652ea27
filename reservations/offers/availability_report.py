"""The API's answer about a property or unit: free or not, when next, at what price, and all windows for stays."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
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
    """The nights of `stay` in `unit`, or in any room (of `room_type`) that sleeps `party_size`; None: not given.

    Other properties are offered where `actor` may book; with None all of them.
    """

    property: Property
    stay: Stay
    unit: Unit | None = None
    room_type: RoomType | None = None
    party_size: int | None = None
    actor: User | None = None


@dataclass(frozen=True)
class AvailabilityReport:
    request: AvailabilityRequest
    answer: availability.Availability
    outlook: availability.Outlook  # from the arrival on
    refusal: DomainError | None = None  # the error with which a booking would be refused now
    quote: rates.Quote | None = None  # None when it depends on the room and no room is free

    @computed
    def is_available(self):
        return self.refusal is None

    @computed
    def next_date(self) -> dt.date | None:
        """The first arrival, on the requested day or later, from which so many nights can be booked; or None."""
        if self.is_available:
            return self.request.stay.arrival
        return next((stay.arrival for stay in self.answer.next_free), None)

    @computed
    def total(self):
        return self.quote and self.quote.total

    @computed
    def currency(self):
        """That of the quote: the property was read earlier, and may have changed its currency since."""
        return self.quote.total.currency if self.quote else self.request.property.currency

    @computed
    def rates(self):
        return self.quote.lines if self.quote else []

    @computed
    def is_in_the_past(self):
        return self.request.stay.arrival < self.request.property.today()


def build(request: AvailabilityRequest, *, days: int) -> AvailabilityReport:
    """The report, with an outlook on `days` nights from the arrival on. At most thirteen queries."""
    try:
        _refuse_archived(request)
    except NotBookable as refused:
        return AvailabilityReport(
            request, _not_available(request), availability.nothing(first=request.stay.arrival, days=days), refused
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
    """The fewest nights that a stay in the unit, or in a room of the type, may have."""
    return limits.shortest(property=property, room_type=unit.room_type if unit else room_type)


def _refuse_archived(request):
    if request.property.archived_at:
        raise NotBookable.of_property(request.property)
    if request.unit and request.unit.archived_at:
        raise NotBookable.of_unit(request.unit)


def _not_available(request):
    """The Availability of nights that cannot be booked whatever is free; it has no alternatives."""
    return availability.Availability(
        request.property, request.unit, request.stay, is_free=False, room_type=request.room_type
    )


def _kinds(request) -> list[RoomType | None]:
    """The types of the rooms in question; None stands for rooms without a type."""
    if request.unit or request.room_type or not request.property.is_hotel:
        return [request.unit.room_type if request.unit else request.room_type]
    rooms = (
        request.property.units.active().select_related("room_type").order_by("room_type_id").distinct("room_type_id")
    )
    return [room.room_type for room in rooms] or [None]


def _answer(request, kinds):
    """(Availability, error with which a booking would be refused or None).

    The calendar is not queried if the limits exclude the stay.
    """
    try:
        _refuse_outside_limits(request, kinds)
    except OutsideLimits as refused:
        return _not_available(request), refused
    answer = availability.answer(
        property=request.property,
        unit=request.unit,
        stay=request.stay,
        room_type=request.room_type,
        party_size=request.party_size,
        length=request.stay.nights,
        actor=request.actor,
    )
    return answer, None if answer.is_free else DatesTaken(answer)


def _refuse_outside_limits(request, kinds):
    """Raises OutsideLimits, as `book` does, when the limits of all `kinds` exclude the stay or the party.

    Its message is about the kind that comes nearest.
    """
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
