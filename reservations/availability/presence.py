"""Who is in which room now: what is, not what was planned.

A party in the house is in the room of its latest segment that has begun, until it is checked out, however long ago it
was to leave. So a room can be free in the calendar and not be empty.
"""

import datetime as dt

from django.db.models import F, Q
from django.utils import timezone

from reservations.models import Occupancy, Status
from reservations.stay import Stay


def others_in(unit, *, today, ignoring=()):
    """The segments in which parties other than the reservations `ignoring` are in `unit` now. One query."""
    is_where_they_are = Q(departure__gt=today) | Q(departure=F("reservation__departure"))
    return list(
        _in_house(reservation__property=unit.property_id)
        .filter(is_where_they_are, unit=unit, arrival__lte=today)
        .exclude(reservation__in=[each.pk for each in ignoring])
    )


def overstays_of(property, stay: Stay, *, ignoring=None):
    """By unit's key, the segment of a party that was to leave and is still there, where `stay` includes tonight.

    `ignoring` is the reservation that asks. At most one query.

    For a party that is in the house itself and would move now, also who leaves later today.
    """
    if not is_tonight(property, stay):
        return {}
    last = _last_parts(property.today(), reservation__property=property)
    if ignoring:
        last = last.exclude(reservation=ignoring)
    moves_now = bool(ignoring) and ignoring.status == Status.IN_HOUSE
    return {segment.unit_id: segment for segment in last if moves_now or segment.reservation.is_departure_delayed}


def overstays_anywhere(since: dt.date, *, properties=None):
    """Of parties that were to leave and are still there, as `overstays_of`, in `properties`, keys (None: in all), by
    each one's own date. At most one query; none when nobody asks for nights before `since`, and tonight is over."""
    tomorrow_somewhere = timezone.now().date() + dt.timedelta(days=1)
    if since > tomorrow_somewhere:
        return {}
    late = _last_parts(tomorrow_somewhere)
    if properties is not None:
        late = late.filter(reservation__property__in=properties)
    return {segment.unit_id: segment for segment in late if segment.reservation.is_departure_delayed}


def still_in_room_of(reservation):
    """The segment of a party that was to leave the room in which a stay that is due begins tonight, or None. At most
    one query."""
    if reservation.status == Status.IN_HOUSE or not reservation.is_open or not reservation.segments:
        return None
    today = reservation.property.today()
    tonight = [
        segment.unit_id for segment in reservation.segments if segment.stay.arrival <= today < segment.stay.departure
    ]
    return overstays_of(reservation.property, reservation.stay).get(tonight[0]) if tonight else None


def still_in(unit, stay: Stay):
    """The segment of a party that was to leave and is still in a unit of which `stay` takes tonight, or None. At most
    one query."""
    return overstays_of(unit.property, stay).get(unit.pk)


def is_tonight(property, stay: Stay) -> bool:
    """Whether tonight, by the property's date, is one of the nights of `stay`."""
    return stay.arrival <= property.today() < stay.departure


def _last_parts(until, **conditions):
    """The last segments of the parties in the house that are to leave by `until`."""
    return _in_house(departure=F("reservation__departure"), reservation__departure__lte=until, **conditions)


def _in_house(**conditions):
    segments = Occupancy.objects.filter(reservation__status=Status.IN_HOUSE, **conditions)
    return segments.select_related("unit", "reservation__guest", "reservation__property").order_by("pk")
