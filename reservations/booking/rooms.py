"""The rooms of a stay: moving it, splitting and joining it, swapping two stays, locking and unassigning."""

import datetime as dt

from accounts.access import Action, require
from accounts.models import User
from properties.models import Unit
from reservations.booking.drafts import (
    Draft,
    StaySegment,
    relocated,
    tidy,
    until,
    with_segment,
)
from reservations.booking.nights import (
    in_booking_transaction,
    lock_reservations,
    lock_units,
    refuse_occupied,
    refuse_taken,
    write,
)
from reservations.booking.prices import settle
from reservations.booking.refusals import NotMovable, NotOpen, ReasonNeeded
from reservations.booking.terms import Terms
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_span


@in_booking_transaction
def move(
    *,
    reservation: Reservation,
    unit: Unit | None = None,
    stay: Stay | None = None,
    segment: Occupancy | None = None,
    actor: User | None,
    version: int | None = None,
    pricing: str | None = None,
    overrule_reason: str = "",
) -> Reservation:
    """Move a stay to another unit of the property, to other dates, or both; None keeps the unit or the dates.

    A stay without a room may be moved to other dates without one. `segment` is the Occupancy to move of a stay that has
    several; the segments beside it are shortened or extended to adjoin it. If the party is in the house, only the
    nights from today on are moved to another unit. `overrule_reason` is as in `change`.
    Raises DatesTaken, NotBookable, NotMovable, NotOpen, NotYet, NotAllowed, OutsideLimits, ChangedMeanwhile,
    PriceWouldChange, Busy; then nothing has changed.
    """
    require(actor, Action.CHANGE, reservation)
    lock_units(reservation.property, units=[unit] if unit else [segment.unit for segment in reservation.segments])
    [reservation] = lock_reservations(reservation, version=version)
    draft = _open_draft(reservation)
    draft.segments = with_segment(draft, draft.index_of(segment), unit, stay)
    return _save(draft, Event.Action.MOVED, actor, pricing, roomless_stay=stay, overrule_reason=overrule_reason)


@in_booking_transaction
def split(
    *,
    reservation: Reservation,
    night: dt.date,
    unit: Unit,
    actor: User | None,
    version: int | None = None,
    pricing: str | None = None,
) -> Reservation:
    """Let the party sleep in `unit` from the night of the local date `night` on. Raises as `move`."""
    require(actor, Action.CHANGE, reservation)
    lock_units(reservation.property, units=[unit])
    [reservation] = lock_reservations(reservation, version=version)
    draft = _open_draft(reservation)
    if not reservation.arrival < night < reservation.departure:
        raise NotMovable("Choose a night after the first and before the departure to change rooms.")
    draft.segments = tidy([*until(draft.segments, night), StaySegment(unit, Stay(night, reservation.departure))])
    return _save(draft, Event.Action.SPLIT, actor, pricing)


@in_booking_transaction
def join(
    *,
    reservation: Reservation,
    unit: Unit,
    actor: User | None,
    version: int | None = None,
    pricing: str | None = None,
) -> Reservation:
    """Put all nights of a stay into `unit`; if the party is in the house, those from today on. Raises as `move`."""
    require(actor, Action.CHANGE, reservation)
    lock_units(reservation.property, units=[unit])
    [reservation] = lock_reservations(reservation, version=version)
    draft = _open_draft(reservation)
    draft.segments = relocated(reservation, draft.segments, unit, reservation.stay)
    return _save(draft, Event.Action.JOINED, actor, pricing)


@in_booking_transaction
def swap(
    *, first: Reservation, second: Reservation, actor: User | None, version: int | None = None
) -> list[Reservation]:
    """Let two reservations of one property exchange their rooms; dates and prices stay. Raises as `move`.

    `version` is that of `first`. Returns both reservations, `first` first.
    """
    require(actor, Action.CHANGE, first, second)
    for each in (first, second):
        if not each.is_open:
            raise NotOpen(each)
    rooms = [first.unit, second.unit]
    if first == second or first.property_id != second.property_id or None in rooms or rooms[0] == rooms[1]:
        raise NotMovable("Two stays in two rooms of the same property can swap.")
    lock_units(first.property, units=rooms)
    drafts = [_open_draft(each) for each in lock_reservations(first, second, version=version)]
    if [[segment.unit for segment in draft.segments] for draft in drafts] != [[room] for room in rooms]:
        raise NotMovable("One of the two has been moved meanwhile, or sleeps in several rooms. Look again.")
    for draft, room in zip(drafts, reversed(rooms), strict=True):
        draft.segments = relocated(draft.reservation, draft.segments, room, draft.reservation.stay)
        Terms(draft.reservation, draft.reservation.stay, draft.reservation.party_size, actor=actor).refuse(
            [room.room_type]
        )
    _refuse_overlap(*drafts)
    refuse_taken(
        [segment for draft in drafts for segment in draft.segments], ignoring=[draft.reservation for draft in drafts]
    )
    return write(drafts, action=Event.Action.SWAPPED, actor=actor)


@in_booking_transaction
def set_lock(
    *, reservation: Reservation, is_locked: bool, actor: User | None, version: int | None = None
) -> Reservation:
    """Lock the stay in its room, or unlock it. Raises NotOpen, ChangedMeanwhile, Busy."""
    require(actor, Action.CHANGE, reservation)
    [reservation] = lock_reservations(reservation, version=version)
    draft = _open_draft(reservation)
    draft.set(is_locked=is_locked)
    return write([draft], action=Event.Action.LOCKED if is_locked else Event.Action.UNLOCKED, actor=actor)[0]


@in_booking_transaction
def unassign(*, reservation: Reservation, reason: str, actor: User, version: int | None = None) -> Reservation:
    """Take the room away from a stay, as a manager; it keeps its dates and is shown in the unassigned lane.

    Raises NotAllowed, ReasonNeeded, NotOpen, NotMovable for a party that is in the house or has no room,
    ChangedMeanwhile, Busy.
    """
    require(actor, Action.OVERRULE, reservation)
    [reservation] = lock_reservations(reservation, version=version)
    draft = _open_draft(reservation)
    if not draft.segments:
        raise NotMovable("This stay has no room that could be taken away.")
    if reservation.status == Status.IN_HOUSE:
        raise NotMovable("The party is in house and sleeps somewhere. Move it to another room instead.")
    if not reason:
        raise ReasonNeeded(f"{reservation.guest} will be without a room, {short_span(reservation.stay)}. Why?")
    draft.segments = []
    return write([draft], action=Event.Action.OVERRULED, actor=actor, reason=reason, needs_manager=True)[0]


def _save(
    draft: Draft,
    action: str,
    actor: User | None,
    pricing: str | None,
    *,
    roomless_stay: Stay | None = None,
    overrule_reason: str = "",
) -> Reservation:
    """Check limits, nights and price of the draft's segments, then save it. `roomless_stay` are the dates of a stay
    that has no segment. Raises as `move`."""
    reservation, segments = draft.reservation, draft.segments
    stay = (
        Stay(segments[0].stay.arrival, segments[-1].stay.departure) if segments else roomless_stay or reservation.stay
    )
    types = [segment.unit.room_type for segment in segments] or [reservation.room_type]
    Terms(reservation, stay, reservation.party_size, actor=actor, reason=overrule_reason).refuse(types)
    refuse_taken(segments, ignoring=[reservation])
    refuse_occupied([draft])
    rates, sold = settle(reservation, stay=stay, segments=segments, pricing=pricing)
    draft.set_stay(stay, rates)
    draft.set(room_type=sold)
    is_overruled = bool(overrule_reason)
    return write([draft], action=action, actor=actor, reason=overrule_reason, needs_manager=is_overruled)[0]


def _open_draft(reservation: Reservation) -> Draft:
    if not reservation.is_open:
        raise NotOpen(reservation)
    return Draft.of(reservation)


def _refuse_overlap(first: Draft, second: Draft) -> None:
    """Raises NotMovable when both drafts need a unit in the same night.

    The nights that a party in the house has already slept keep their unit.
    """
    for mine in first.segments:
        for theirs in second.segments:
            if mine.unit == theirs.unit and mine.stay.overlaps(theirs.stay):
                raise NotMovable(
                    f"They cannot swap: one of them has slept in room {mine.unit} in those nights already."
                )
