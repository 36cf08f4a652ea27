"""Who is in which room now, whatever the calendar says.

A party in the house is in the room of its latest segment that has begun, until it is checked out, also after its
departure. So a room can be free in the calendar and not be empty.
"""

import datetime as dt

from django.db.models import F
from django.utils import timezone

from reservations.models import Occupancy, Status
from reservations.stay import Stay


def others_in(unit, *, today, ignoring=()):
    """The segments of in-house parties that are in `unit` now, without the reservations `ignoring`. One query."""
    segments = _in_house(reservation__property=unit.property_id, unit=unit)
    others = segments.exclude(reservation__in=[each.pk for each in ignoring])
    return [segment for segment in others if _is_latest(segment, today)]


def in_any_of(units):
    """The segments of in-house parties that are in one of `units` (keys) now, by the property’s date. One query."""
    segments = _in_house(unit__in=units)
    return [segment for segment in segments if _is_latest(segment, segment.reservation.property.today())]


def _is_latest(segment, today):
    """Whether of its reservation's segments this is the latest that has begun by `today`."""
    is_followed = segment.departure <= today and segment.departure != segment.reservation.departure
    return segment.arrival <= today and not is_followed


def overstays_of(property, stay: Stay, *, ignoring=None):
    """{key of a unit: segment of a party that should have left and is still there}; {} unless `stay` includes tonight.

    `ignoring` is the reservation that wants a room. If its party is in the house, and so would move now, parties that
    leave later today are there as well. At most one query.
    """
    if not is_tonight(property, stay):
        return {}
    last = _last_segments(property.today(), reservation__property=property)
    if ignoring:
        last = last.exclude(reservation=ignoring)
    moves_now = bool(ignoring) and ignoring.status == Status.IN_HOUSE
    return {segment.unit_id: segment for segment in last if moves_now or segment.reservation.is_departure_delayed}


def overstays_anywhere(since: dt.date, *, properties=None):
    """The same for `properties` (keys; None for all), by the date of each one. At most one query.

    {} without a query when `since`, the first night that is of interest, is after tonight in every time zone.
    """
    tomorrow_somewhere = timezone.now().date() + dt.timedelta(days=1)
    if since > tomorrow_somewhere:
        return {}
    late = _last_segments(tomorrow_somewhere)
    if properties is not None:
        late = late.filter(reservation__property__in=properties)
    return {segment.unit_id: segment for segment in late if segment.reservation.is_departure_delayed}


def still_in_room_of(reservation):
    """The segment of a party that should have left the room of a stay that has not arrived yet, or None.

    The room is that of the stay's segment for tonight; without one the result is None. At most one query.
    """
    if reservation.status == Status.IN_HOUSE or not reservation.is_open or not reservation.segments:
        return None
    today = reservation.property.today()
    tonight = [
        segment.unit_id for segment in reservation.segments if segment.stay.arrival <= today < segment.stay.departure
    ]
    return overstays_of(reservation.property, reservation.stay).get(tonight[0]) if tonight else None


def still_in(unit, stay: Stay):
    """The segment of a party that should have left the unit and is still there, or None. At most one query.

    None unless `stay` includes tonight.
    """
    return overstays_of(unit.property, stay).get(unit.pk)


def is_tonight(property, stay: Stay) -> bool:
    """Whether tonight, by the property's date, is one of the nights of `stay`."""
    return stay.arrival <= property.today() < stay.departure


def _last_segments(until, **conditions):
    """The last segments of in-house parties whose departure is on `until` or earlier."""
    return _in_house(departure=F("reservation__departure"), reservation__departure__lte=until, **conditions)


def _in_house(**conditions):
    segments = Occupancy.objects.filter(reservation__status=Status.IN_HOUSE, **conditions)
    return segments.select_related("unit", "reservation__guest", "reservation__property").order_by("pk")
