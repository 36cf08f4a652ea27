"""Booking a stay and changing one."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from config.transactions import giving_up_on
from properties.models import RoomType, Unit
from properties.money import Money
from reservations import guests
from reservations.booking.agreed_plan import make_room
from reservations.booking.drafts import (
    ALL_NIGHTS_OVER,
    Draft,
    StaySegment,
    refuse_moved_arrival,
    relocated,
    snapshot,
    still_to_sleep,
    until,
)
from reservations.booking.nights import (
    ReferenceInUse,
    allocate_room,
    in_booking_transaction,
    lock_reservations,
    lock_units,
    occupy,
    refuse_occupied,
    write,
)
from reservations.booking.prices import quoted, settle
from reservations.booking.refusals import NotAllowed, NotMovable, NotOpen
from reservations.booking.requests import BookingRequest, hold_end, made_before, refuse_party_size
from reservations.booking.terms import Terms
from reservations.models import Event, Guest, Reservation, Status, make_reference, price_columns
from reservations.stay import Stay

REFERENCES_DIFFER = "reservations_reservation_reference_key"


@in_booking_transaction
def book(*, request: BookingRequest, guest: Guest | None = None, guest_name: str = "", actor: User) -> Reservation:
    """Book what `request` asks for, in the best-fitting free room if it names none. Returns the Reservation.

    `guest` is a known guest's profile, or a new one that is not saved yet; with None one is made for `guest_name`. The
    moves of an agreed plan in the request are made as well. A hotel without listed rooms takes every booking, without
    a unit. The same request sent again returns the reservation that it made, if that is in force.
    Raises DatesTaken, NotBookable, OutsideLimits, BrokenRule, NotAllowed, PlanChanged, Busy.
    """
    guest = guests.lock_profile(guest)
    candidates = lock_units(request.property, units=[request.unit] if request.unit and not request.moves else None)
    made, key = made_before(request.request_key)
    if made:
        return made
    hold_until = hold_end(request.property, is_hold=request.is_hold, until=request.hold_until)
    request.refuse_broken_rules()
    if request.overbook_reason and not actor.may_overrule:
        raise NotAllowed
    reference, act = make_reference(), uuid.uuid4()
    segments = _segments_for(request, candidates, reference=reference, actor=actor, act=act)
    sold = segments[0].unit.room_type if segments else request.room_type
    reservation = new_reservation(
        request,
        room_type=sold,
        rates=quoted(request.property, sold, request.stay),
        hold_until=hold_until,
        reference=reference,
        guest=guests.get_or_create_profile(guest, guest_name),
        created_by=actor,
        request_key=key,
    )
    with giving_up_on(REFERENCES_DIFFER, ReferenceInUse):
        reservation.save(force_insert=True)
    occupy([Draft(reservation, {}, segments)])
    reservation.new_event = first_event(reservation, segments, actor=actor, act=act, reason=request.overbook_reason)
    reservation.new_event.save(force_insert=True)
    return reservation


@in_booking_transaction
def change(
    *,
    reservation: Reservation,
    unit: Unit | None = None,
    stay: Stay,
    guest_name: str,
    guest: Guest | None = None,
    party_size: int,
    actor: User | None,
    version: int | None = None,
    pricing: str | None = None,
    overrule_reason: str = "",
) -> Reservation:
    """Change dates, room, guest and party size together. Returns the Reservation.

    With `unit` None the stay keeps its room if that is free, and else gets the best-fitting one; a stay without a room
    whose dates are unchanged remains without one. A stay in several segments gets a single room when its dates or its
    room change. `guest` is another known guest. Without one, a new `guest_name` renames the guest's profile, or makes a
    new profile if the guest has other stays. `version` is the one that the form was opened with; `pricing` is as in
    `prices.settle`. `overrule_reason`, for managers, allows a length that the limits exclude, see `terms`.
    Raises DatesTaken, NotBookable, NotMovable, NotYet, OutsideLimits, NotOpen, NotAllowed, ChangedMeanwhile,
    PriceWouldChange, Busy; then nothing has changed.
    """
    person = guests.lock_profile(guest or reservation.guest)
    candidates = lock_units(reservation.property, units=[unit] if unit else None)
    [reservation] = lock_reservations(reservation, version=version)
    if not reservation.is_open:
        raise NotOpen(reservation)
    refuse_party_size(party_size)
    draft, terms = Draft.of(reservation), Terms(reservation, stay, party_size, actor=actor, reason=overrule_reason)
    stays_put = stay == reservation.stay and (unit is None or [segment.unit for segment in draft.segments] == [unit])
    if not stays_put:
        refuse_moved_arrival(reservation, stay)
        draft.segments = _in_one_room(draft, terms, candidates, unit)
    segments = draft.segments if stays_put else draft.segments[-1:]
    terms.refuse([segment.unit.room_type for segment in segments] or [reservation.room_type])
    refuse_occupied([draft])
    rates, sold = settle(
        reservation, stay=stay, room_type=_type_of(draft.segments) or reservation.room_type, pricing=pricing
    )
    draft.set_stay(stay, rates)
    draft.set(room_type=sold, party_size=party_size)
    _set_guest(draft, guest and person, guest_name)
    is_overruled = bool(overrule_reason)
    [changed] = write(
        [draft], action=Event.Action.CHANGED, actor=actor, reason=overrule_reason, needs_manager=is_overruled
    )
    return changed


def new_reservation(
    request: BookingRequest,
    *,
    room_type: RoomType | None,
    rates: Sequence[Money],
    hold_until: dt.datetime | None,
    **fields: Any,
) -> Reservation:
    """An unsaved Reservation: held until `hold_until` (UTC), or confirmed with None.

    `room_type` is what is sold, `rates` has a Money for each night, `fields` are other fields of the model.
    """
    return Reservation(
        property=request.property,
        room_type=room_type,
        arrival=request.stay.arrival,
        departure=request.stay.departure,
        party_size=request.party_size,
        status=Status.HELD if hold_until else Status.CONFIRMED,
        hold_expires_at=hold_until,
        origin=request.origin,
        is_locked=request.is_locked,
        **price_columns(rates),
        **fields,
    )


def first_event(
    reservation: Reservation,
    segments: Iterable[StaySegment],
    *,
    actor: User | None,
    act: uuid.UUID,
    reason: str = "",
) -> Event:
    """The unsaved first Event of a reservation's history. `reason` is that of a manager who overbooks, else ""."""
    return Event(
        reservation=reservation,
        action=Event.Action.BOOKED,
        to_status=reservation.status,
        actor=actor,
        reason=reason,
        needs_manager=reason != "",
        data={name: [None, value] for name, value in snapshot(reservation, segments).items()},
        act=act,
    )


def unused_references(count: int) -> set[str]:
    """`count` new references that no reservation has. One query, and another whenever one of them was in use."""
    unused: set[str] = set()
    while missing := count - len(unused):
        drawn = {make_reference() for _ in range(missing)}
        unused |= drawn - set(Reservation.objects.filter(reference__in=drawn).values_list("reference", flat=True))
    return unused


def _segments_for(request: BookingRequest, candidates: list[Unit], **agreed: Any) -> list[StaySegment]:
    """The segments of the new stay: those of an agreed plan, or else one in the best-fitting free room.

    [] for an overbooking and in a hotel that lists no rooms. Raises NightsTaken, PlanChanged, OutsideLimits.
    """
    if request.overbook_reason:
        return []
    fitting = request.fitting(candidates)
    if request.moves:
        return make_room(request, candidates, fitting, **agreed)
    room = allocate_room(
        request.property,
        fitting,
        request.stay,
        unit=request.unit,
        room_type=request.room_type,
        party_size=request.party_size,
        length=request.stay.nights,
    )
    return [StaySegment(room, request.stay)] if room else []


def _in_one_room(draft: Draft, terms: Terms, candidates: list[Unit], unit: Unit | None) -> list[StaySegment]:
    """The segments of the stay with all nights that are not over in one room.

    That is `unit`, or else the room of its last segment, or else the best-fitting one. Raises NightsTaken,
    OutsideLimits, and NotMovable when all nights are over and `unit` is another room than those of the segments.
    """
    reservation, stay = draft.reservation, terms.stay
    rest = still_to_sleep(reservation, draft.segments, stay)
    if rest is None:
        slept = until(draft.segments, stay.departure)
        if unit and unit not in [segment.unit for segment in slept]:
            raise NotMovable(ALL_NIGHTS_OVER)
        return slept
    wanted = {"party_size": terms.party_size, "length": terms.length}
    was, suitable = draft.segments[-1].unit if draft.segments else None, terms.suiting(candidates)
    room = allocate_room(
        reservation.property, suitable, rest, unit=unit, ignoring=reservation, staying_in=was, **wanted
    )
    return relocated(reservation, draft.segments, room, stay) if room else []


def _type_of(segments: Sequence[StaySegment]) -> RoomType | None:
    return segments[0].unit.room_type if segments else None


def _set_guest(draft: Draft, guest: Guest | None, guest_name: str) -> None:
    if guest:
        draft.set(guest=guest)
    elif guest_name and guest_name != draft.reservation.guest.name:
        draft.set(guest=guests.rename_or_split(draft.reservation, guest_name))
