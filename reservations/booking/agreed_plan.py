"""The moves of other stays that staff have agreed to, made with a booking: all as agreed, or none."""

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
    """Make the moves of the plan `request.moves`, and return the segments that are free for the new stay then.

    `candidates` are the property's locked units, `suitable` those that the party may have; `reference` is that of the
    new stay, for the history of the others. Raises PlanChanged when the plan is for another request, a stay is not in
    the room that the plan says or may not be moved, or a room of the plan is not free.
    """
    agreed, units = _read(request.moves), {each.pk: each for each in candidates}
    is_for_this = agreed.stay == request.stay and (request.unit is None or agreed.rooms == [request.unit.pk])
    if not is_for_this or not agreed.units <= units.keys() or not set(agreed.rooms) <= {each.pk for each in suitable}:
        raise PlanChanged
    drafts = [_draft(each, row, units) for each, row in zip(agreed.moves, _lock(agreed), strict=True)]
    segments = [StaySegment(units[key], nights) for key, nights in agreed.segments]
    needed = segments + [segment for draft in drafts for segment in draft.segments]
    in_force, lapsed = overlapping(needed, ignoring=[draft.reservation for draft in drafts])
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


def _lock(agreed: reallocation.plans.Agreed) -> list[Reservation]:
    """The reservations that move, locked, in the order of the moves. Raises PlanChanged."""
    keys = [each.reservation for each in agreed.moves]
    found = Reservation.objects.in_bulk(keys)
    if len(found) != len(keys):  # a key is unknown, or there twice
        raise PlanChanged
    return lock_reservations(*(found[key] for key in keys))


def _draft(agreed: reallocation.plans.AgreedMove, reservation: Reservation, units: Mapping[int, Unit]) -> Draft:
    """A draft of the locked reservation in its new room. Raises PlanChanged."""
    was, to = units[agreed.from_unit], units[agreed.to_unit]
    still_there = reallocation.is_movable(reservation) and reservation.unit == was and reservation.stay == agreed.stay
    if not still_there or to.room_type_id != was.room_type_id:
        raise PlanChanged
    draft = Draft.of(reservation)
    draft.segments = [StaySegment(to, reservation.stay)]
    return draft
