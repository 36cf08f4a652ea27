"""Booking a stay."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.access import Action, require
from accounts.models import User
from config.transactions import giving_up_on
from properties.models import RoomType, Unit
from properties.money import Money
from reservations import guests
from reservations.booking.agreed_plan import make_room
from reservations.booking.drafts import Draft, StaySegment, snapshot
from reservations.booking.nights import ReferenceInUse, allocate_room, in_booking_transaction, lock_units, occupy
from reservations.booking.prices import quoted
from reservations.booking.requests import BookingRequest, hold_end, made_before
from reservations.models import Event, Guest, Reservation, Status, make_reference, price_columns

REFERENCES_DIFFER = "reservations_reservation_reference_key"


@in_booking_transaction
def book(*, request: BookingRequest, guest: Guest | None = None, guest_name: str = "", actor: User) -> Reservation:
    """Book what `request` asks for, in the best-fitting free room if it names none. Returns the Reservation.

    `guest` is a known guest's profile, or a new one that is not saved yet; with None one is made for `guest_name`. The
    moves of an agreed plan in the request are made as well. A hotel without listed rooms takes every booking, without
    a unit. The same request sent again returns the reservation that it made, if that is in force.
    Raises DatesTaken, NotBookable, OutsideLimits, BrokenRule, NotAllowed, PlanChanged, Busy.
    """
    require(actor, Action.BOOK, request.property)
    guests.require_guest(actor, guest)
    guest = guests.lock_profile(guest)
    candidates = lock_units(request.property, units=[request.unit] if request.unit and not request.moves else None)
    made, key = made_before(request.request_key)
    if made:
        return made
    hold_until = hold_end(request.property, request.stay, is_hold=request.is_hold, until=request.hold_until)
    request.refuse_broken_rules()
    if request.overbook_reason:
        require(actor, Action.OVERRULE, request.property)
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
