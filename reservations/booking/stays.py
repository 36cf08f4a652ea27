"""Booking a stay and changing one."""

import uuid

from config.transactions import giving_up_on
from properties import limits
from reservations import guests
from reservations.booking.agreed_plan import make_room
from reservations.booking.nights import (
    Draft,
    ReferenceInUse,
    StaySegment,
    allocate_room,
    in_booking_transaction,
    lock_reservations,
    lock_units,
    occupy,
    refuse_occupied,
    write,
)
from reservations.booking.pricing import quoted, settle
from reservations.booking.refusals import NotAllowed, NotOpen, OutsideLimits
from reservations.booking.repeats import earlier_press
from reservations.booking.rules import (
    default_hold_end,
    refuse_ended,
    refuse_foreign_type,
    refuse_other_type,
    refuse_party_size,
)
from reservations.booking.segments import refuse_moved_arrival, relocated, still_to_sleep, until
from reservations.booking.snapshots import snapshot
from reservations.booking.terms import Terms
from reservations.models import Event, Reservation, Status, make_reference, price_columns

REFERENCES_DIFFER = "reservations_reservation_reference_key"


@in_booking_transaction
def book(
    *,
    property,
    unit=None,
    room_type=None,
    stay,
    guest_name="",
    guest=None,
    party_size,
    actor,
    request_key=None,
    is_hold=False,
    hold_until=None,
    origin="",
    is_locked=False,
    moves="",
    overbook_reason="",
):
    """Reserve `stay` in `unit`, or in the best-fitting free room (of `room_type`) when `unit` is None.

    `hold_until` (UTC) makes it a hold that lapses then, `is_hold` one that lapses after the property's usual hours.
    `overbook_reason`, for managers, takes the booking without a room. `guest` is the profile of a known guest or a new
    one, not saved yet; None makes one of `guest_name`.
    `moves` is the text of a `reallocation.Plan` that staff agreed to: it is done, or PlanChanged is raised, never
    another. A hotel without listed rooms takes every booking, without a unit. `request_key` stands for the whole
    request: the same key again returns the reservation that it made, if it is in force. Returns the Reservation.
    Raises DatesTaken, NotBookable, OutsideLimits, BrokenRule, NotAllowed, PlanChanged, Busy.
    """
    guest = guests.lock_profile(guest)
    candidates = lock_units(property, units=[unit] if unit and not moves else None)
    reference, act = make_reference(), uuid.uuid4()
    made, request_key = earlier_press(request_key)
    if made:
        return made
    if is_hold or hold_until:
        hold_until = hold_until or default_hold_end(property)
        refuse_ended(hold_until)
    refuse_foreign_type(property, room_type)
    refuse_other_type(unit, room_type)
    refuse_party_size(party_size)
    if overbook_reason:
        _refuse_overbooking_by(actor)
        segments = []
    else:
        agreed = {"moves": moves, "reference": reference, "actor": actor, "act": act}
        segments = _in_rooms(property, unit, room_type, candidates, stay, party_size, **agreed)
    sold = _type_of(segments) or room_type
    reservation = new_reservation(
        property=property,
        stay=stay,
        sold=sold,
        hold_until=hold_until,
        actor=actor,
        reference=reference,
        guest=guests.get_or_create_profile(guest, guest_name),
        party_size=party_size,
        is_locked=is_locked,
        **price_columns(quoted(property, sold, stay)),
        origin=origin,
        request_key=request_key,
    )
    _insert(reservation, segments)
    reservation.new_event = first_event(reservation, segments, actor=actor, act=act, reason=overbook_reason)
    reservation.new_event.save(force_insert=True)
    return reservation


@in_booking_transaction
def change(
    *,
    reservation,
    unit=None,
    stay,
    guest_name,
    guest=None,
    party_size,
    actor,
    version=None,
    pricing=None,
    overrule_reason="",
):
    """Other dates, room, guest or party in one go. `unit` None keeps the room when it can, else the best fit.

    A stay in several segments becomes one in a single room when its dates or room change. `guest` is another known
    guest; without one a new `guest_name` renames the profile if no other stay has it, else makes a new one. `version`
    is the one the form was opened with; `pricing` as in `pricing.settle`. `overrule_reason`, for managers, makes it
    shorter or longer than is sold, see `terms`. Raises DatesTaken, NotBookable, OutsideLimits, NotOpen, NotAllowed,
    ChangedMeanwhile, PriceWouldChange, Busy; then nothing has changed.
    """
    person = guests.lock_profile(guest or reservation.guest)
    candidates = lock_units(reservation.property, units=[unit] if unit else None)
    [reservation] = lock_reservations(reservation, version=version)
    if not reservation.is_open:
        raise NotOpen(reservation)
    refuse_party_size(party_size)
    draft, terms = Draft.of(reservation), Terms(reservation, stay, party_size, actor=actor, reason=overrule_reason)
    stays_put = stay == reservation.stay and (unit is None or [segment.unit for segment in draft.segments] == [unit])
    if not stays_put or not draft.segments:
        refuse_moved_arrival(reservation, stay)
        draft.segments = _in_one_room(draft, terms, candidates, unit)
    segments = draft.segments if stays_put else draft.segments[-1:]
    terms.refuse([segment.unit.room_type for segment in segments] or [reservation.room_type])
    refuse_occupied([draft])
    rates, sold = settle(reservation, stay=stay, room_type=_type_of(draft.segments), pricing=pricing)
    draft.set_stay(stay, rates)
    draft.set(room_type=sold, party_size=party_size)
    _set_guest(draft, guest and person, guest_name)
    told = {"reason": overrule_reason, "needs_manager": bool(overrule_reason)}
    return write([draft], action=Event.Action.CHANGED, actor=actor, **told)[0]


def new_reservation(*, property, stay, sold, hold_until, actor, **facts):
    """Not saved yet: held until `hold_until`, or confirmed; `sold` is its room type. `facts` are other fields."""
    return Reservation(
        property=property,
        room_type=sold,
        arrival=stay.arrival,
        departure=stay.departure,
        status=Status.HELD if hold_until else Status.CONFIRMED,
        hold_expires_at=hold_until,
        created_by=actor,
        **facts,
    )


def first_event(reservation, segments, *, actor, act, reason=""):
    """Not saved yet: what a reservation's history begins with. All of its facts are new; `reason` is that of a manager
    who overbooks."""
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


def refuse_outside_limits(property, room_type, stay, party_size):
    """Raises OutsideLimits: too few or many nights, or more people than sleep there."""
    words = limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=party_size)
    if words:
        fits = limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=1) == ""
        raise OutsideLimits(words, field="party_size" if fits else "departure")


def unused_references(count):
    """As many that nobody has. One query; another if one of them was in use."""
    unused: set[str] = set()
    while missing := count - len(unused):
        drawn = {make_reference() for _ in range(missing)}
        unused |= drawn - set(Reservation.objects.filter(reference__in=drawn).values_list("reference", flat=True))
    return unused


def fitting_rooms(property, unit, room_type, candidates, stay, party_size):
    """Those of the locked candidates that are of the type, sleep the party and take stays of that length."""
    if unit is None and room_type is not None:
        candidates = [each for each in candidates if each.room_type_id == room_type.pk]
    refusals = {
        each.room_type: limits.refusal(
            property=property, room_type=each.room_type, nights=stay.nights, party_size=party_size
        )
        for each in candidates
    }
    fitting = [each for each in candidates if not refusals[each.room_type]]
    if (candidates and not fitting) or not candidates:
        types = [each.room_type for each in candidates] or [room_type]
        nearest = limits.nearest(property=property, room_types=types, party_size=party_size)
        refuse_outside_limits(property, nearest, stay, party_size)
    return fitting


def _in_rooms(property, unit, room_type, candidates, stay, party_size, *, moves, **agreed):
    """The segments of a stay: as the plan leaves room for it, else in the best-fitting room that takes it."""
    fitting = fitting_rooms(property, unit, room_type, candidates, stay, party_size)
    if moves:
        return make_room(moves, stay, candidates, fitting, unit=unit, **agreed)
    return _in_best_room(property, fitting, stay, unit, room_type, party_size)


def _in_best_room(property, fitting, stay, unit, room_type, party_size):
    """In `unit`, else in the best fit; nowhere, where rooms are not listed."""
    wanted = {"room_type": room_type, "party_size": party_size, "length": stay.nights}
    room = allocate_room(property, fitting, stay, unit=unit, **wanted)
    return [StaySegment(room, stay)] if room else []


def _insert(reservation, segments):
    """The reservation and its nights. Raises ReferenceInUse, and NightsTaken as `occupy` does."""
    with giving_up_on(REFERENCES_DIFFER, ReferenceInUse):
        reservation.save(force_insert=True)
    occupy([Draft(reservation, {}, segments)])


def _in_one_room(draft, terms, candidates, unit):
    """What of the stay is still to sleep in one room: `unit`, else where it sleeps last, else the best that suits."""
    reservation, stay = draft.reservation, terms.stay
    rest = still_to_sleep(reservation, draft.segments, stay)
    if rest is None:
        return until(draft.segments, stay.departure)
    wanted = {"unit": unit, "party_size": terms.party_size, "length": terms.length, "ignoring": reservation}
    was = draft.segments[-1].unit if draft.segments else None
    room = allocate_room(reservation.property, terms.suiting(candidates), rest, staying_in=was, **wanted)
    return relocated(reservation, draft.segments, room, stay) if room else []


def _refuse_overbooking_by(actor):
    if not actor.may_overrule:
        raise NotAllowed


def _type_of(segments):
    return segments[0].unit.room_type if segments else None


def _set_guest(draft, guest, guest_name):
    if guest:
        draft.set(guest=guest)
    elif guest_name and guest_name != draft.reservation.guest.name:
        draft.set(guest=guests.rename_or_split(draft.reservation, guest_name))
