"""Doing what a plan said that staff agreed to: exactly that, or nothing."""

import uuid
from collections.abc import Iterable, Mapping

from accounts.models import User
from properties.models import Unit
from reservations.availability import reallocation
from reservations.booking.drafts import Draft, StaySegment
from reservations.booking.nights import expire, lock_reservations, overlapping, write
from reservations.booking.refusals import PlanChanged
from reservations.booking.requests import BookingRequest
from reservations.models import Event, Reservation
from reservations.models.events import TO_MAKE_ROOM


def make_room(
    request: BookingRequest,
    candidates: Iterable[Unit],
    suitable: Iterable[Unit],
    *,
    reference: str,
    actor: User | None,
    act: uuid.UUID,
) -> list[StaySegment]:
    """Move whom the plan in the BookingRequest names, and return the segments that it leaves free for the new stay.

    `candidates` are the property's locked units, `suitable` those that the party may have. Raises PlanChanged when
    the plan is for another request, or someone it names is not where it says, may not be moved, or would meet someone.
    """
    agreed, units = _read(request.moves), {each.pk: each for each in candidates}
    is_for_this = agreed.stay == request.stay and (request.unit is None or agreed.rooms == [request.unit.pk])
    if not is_for_this or not agreed.units <= units.keys() or not set(agreed.rooms) <= {each.pk for each in suitable}:
        raise PlanChanged
    drafts = [_draft(each, row, units) for each, row in zip(agreed.moves, _locked(agreed), strict=True)]
    segments = [StaySegment(units[key], nights) for key, nights in agreed.segments]
    wanted = segments + [segment for draft in drafts for segment in draft.segments]
    in_force, lapsed = overlapping(wanted, ignoring=[draft.reservation for draft in drafts])
    if in_force:
        raise PlanChanged
    expire([row.reservation_id for row in lapsed])
    write(drafts, action=Event.Action.MOVED, actor=actor, reason_code=TO_MAKE_ROOM, reason=reference, act=act)
    return segments


def _read(text: str) -> reallocation.plans.Agreed:
    try:
        return reallocation.parse(text)
    except reallocation.NotAPlan as error:
        raise PlanChanged from error


def _locked(agreed: reallocation.plans.Agreed) -> list[Reservation]:
    keys = [each.reservation for each in agreed.moves]
    found = Reservation.objects.in_bulk(keys)
    if len(found) != len(keys):  # one is gone, or named twice
        raise PlanChanged
    return lock_reservations(*(found[key] for key in keys))


def _draft(agreed: reallocation.plans.AgreedMove, reservation: Reservation, units: Mapping[int, Unit]) -> Draft:
    """The locked reservation in its new room. Raises PlanChanged."""
    was, to = units[agreed.from_unit], units[agreed.to_unit]
    still_there = reallocation.is_movable(reservation) and reservation.unit == was and reservation.stay == agreed.stay
    if not still_there or to.room_type_id != was.room_type_id:
        raise PlanChanged
    draft = Draft.of(reservation)
    draft.segments = [StaySegment(to, reservation.stay)]
    return draft
