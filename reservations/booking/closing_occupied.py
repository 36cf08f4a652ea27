"""Closing a room in which guests are, or will be: each of them gets another room, in one act that is undone as one."""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence

from accounts.access import Action, NotAllowed, require
from accounts.models import User
from config.errors import DomainError
from properties.models import Unit
from reservations import availability, handover
from reservations.booking.closures import create_closure
from reservations.booking.drafts import Draft, StaySegment, tidy
from reservations.booking.lifecycle import give_back
from reservations.booking.nights import (
    expire,
    in_booking_transaction,
    lock_reservations,
    lock_units,
    overlapping,
    refuse_taken,
    write,
)
from reservations.booking.refusals import NotMovable
from reservations.booking.terms import Terms
from reservations.models import Closure, Event, Reservation, Status
from reservations.models.events import HANDOVER_NOTE, ROOM_CLOSED
from reservations.stay import Stay
from reservations.wording import closed_in_words, place, short_day, short_span


class ClosedAlready(DomainError):
    """The room is closed already on all of the nights. `closure` is the earliest such closure."""

    code = "closed_already"
    when = "The room is closed already on all of the nights."
    then = "Close it for other nights, or change that closure."

    def __init__(self, closure: Closure) -> None:
        room = place(closure.unit, closure.property)
        by = f" by {closure.created_by}" if closure.created_by else ""
        super().__init__(f"{room[0].upper()}{room[1:]} was closed{by} already: {closed_in_words(closure)}.")
        self.closure = closure


class GuestsUnplaced(DomainError):
    """Guests have nights in the room for whom no other room was chosen, perhaps because they were booked meanwhile."""

    code = "guests_unplaced"
    when = "The room has guests for whom no other room was chosen."
    then = "Choose a room for them, too."

    def __init__(self, unit: Unit, stays: Sequence[Reservation]) -> None:
        named = ", ".join(f"{each.guest} ({short_span(each.stay)})" for each in stays)
        super().__init__(
            f"{named} would be in {place(unit, unit.property)} and no other room was chosen. "
            "Nobody was moved and nothing was closed."
        )
        self.stays = list(stays)


class StaysNotAsShown(DomainError):
    """Other stays, or other nights of them, have to move than those that staff were shown."""

    code = "stays_not_as_shown"
    when = "Other stays have to move than the page showed, perhaps because its dates were changed."
    then = "Look at the stays again."

    def __init__(self) -> None:
        super().__init__(
            "The list of stays was not up to date any more. Nobody was moved and nothing was closed. "
            "This is the new list."
        )


@in_booking_transaction
def close_and_move(
    *,
    unit: Unit,
    stay: Stay,
    kind: str,
    note: str = "",
    rooms: Mapping[int, Unit | None],
    only_while_closed: Collection[int] = (),
    actor: User,
    handover_note: str = "",
    shown: str | None = None,
) -> list[Closure]:
    """Close `unit` for the nights of `stay`, and move everybody who has one of them.

    Nights on which it is closed already stay as they are. Returns a Closure for the nights before, between and after
    them, by date. `rooms` has the new room of each reservation by its key; None leaves a stay that has not arrived
    without a room. Whoever is in the house moves from tonight on, or from the first closed night; others with all
    nights to come. Those whose keys are in `only_while_closed` move for the closed nights only, and have `unit` for
    their other nights. Nobody's price changes. Nights that are kept for a party that was checked out are given back.
    Reservations that have no such night any more stay as they are. `handover_note` is left for the next shift, if all
    else succeeds. `shown` is the `fingerprint` of the list of stays that staff have seen; None: they saw none.
    Raises ClosedAlready, GuestsUnplaced, StaysNotAsShown, DatesTaken when a new room is taken, NotYet when a party is
    still in it, OutsideLimits when it is too small, NotMovable, NotAllowed, NotBookable, Busy; then nothing has
    changed.
    """
    require(actor, Action.CLOSE, unit)
    require(actor, Action.CHANGE, unit)
    if stay.arrival < unit.property.today():
        raise NotMovable("What is past cannot be closed any more. Choose today or a later day.")
    locked = {each.pk: each for each in lock_units(unit.property, units=[unit, *filter(None, rooms.values())])}
    closed = _refuse_closed(unit, stay)
    stays = _lock_stays_there(unit, closed)
    movable = [each for each in stays if each.status != Status.CHECKED_OUT]
    if unplaced := [each for each in movable if each.pk not in rooms]:
        raise GuestsUnplaced(unit, unplaced)
    if shown is not None and shown != fingerprint(unit, closed, movable):
        raise StaysNotAsShown
    targets = {each.pk: target and locked[target.pk] for each in movable for target in [rooms[each.pk]]}
    moving = {
        each.pk: nights_to_move(each, unit, closed, only_while_closed=each.pk in only_while_closed) for each in movable
    }
    drafts = [_moved(each, moving[each.pk], unit, targets[each.pk], actor) for each in movable]
    new = [segment for draft in drafts for segment in draft.segments if segment.unit in targets.values()]
    refuse_taken(new, ignoring=stays)
    act, why = uuid.uuid4(), {"reason_code": ROOM_CLOSED, "reason": place(unit, unit.property)}
    write(drafts, action=Event.Action.MOVED, actor=actor, act=act, **why)
    write([_freed(each) for each in stays if each not in movable], action=Event.Action.FREED, actor=actor, act=act)
    details = {HANDOVER_NOTE: [None, True]} if handover_note else {}
    closures = [
        create_closure(unit=unit, stay=each, kind=kind, note=note, actor=actor, act=act, details=details)
        for each in closed
    ]
    if handover_note:
        handover.leave_note(property=unit.property, text=handover_note, author=actor)
    return closures


def fingerprint(unit: Unit, closed: Sequence[Stay], stays: Sequence[Reservation]) -> str:
    """Another text for each other set of `stays`, of their nights in `unit`, and of the nights to be `closed`."""
    moving = sorted((each.pk, [row.stay for row in nights_to_move(each, unit, closed)]) for each in stays)
    return hashlib.sha256(repr((list(closed), moving)).encode()).hexdigest()[:32]


def nights_not_closed(stay: Stay, closed: Sequence[Stay]) -> list[Stay]:
    """The nights of `stay` without those of `closed`, which are by date and share no night.

    What goes on until further notice does so after each of them as well, unless that one has no end either.
    """
    free, rest = [], stay
    for nights in closed:
        if not nights.overlaps(rest):
            continue
        if rest.arrival < nights.arrival:
            free.append(Stay(rest.arrival, nights.arrival))
        if nights.departure >= rest.departure or nights.is_until_further_notice:
            return free
        rest = (
            Stay.until_further_notice(nights.departure)
            if rest.is_until_further_notice
            else Stay(nights.departure, rest.departure)
        )
    return [*free, rest]


def nights_to_move(
    reservation: Reservation, unit: Unit, closed: Sequence[Stay], *, only_while_closed: bool = False
) -> list[StaySegment]:
    """The nights in `unit` that need another room when it is closed for `closed`, of a stay that has some of them.

    They are whole segments, also where only some of their nights are closed, so that nobody moves twice. Nights that
    are past stay where they are, and if the party is in the house those before the first closed one, too. With
    `only_while_closed` they are the closed nights alone.
    """
    if only_while_closed:
        shared = [
            row.stay.common(nights) for row in reservation.segments if row.unit_id == unit.pk for nights in closed
        ]
        return [StaySegment(unit, nights) for nights in shared if nights]
    today = reservation.property.today()
    first = max(closed[0].arrival, today) if reservation.status == Status.IN_HOUSE else today
    return [
        StaySegment(unit, Stay(max(row.stay.arrival, first), row.stay.departure))
        for row in reservation.segments
        if row.unit_id == unit.pk and row.stay.departure > first
    ]


def _refuse_closed(unit: Unit, stay: Stay) -> list[Stay]:
    """The nights of `stay` on which the locked unit is not closed. Raises ClosedAlready when there are none."""
    closures = availability.closures_of(unit, since=stay.arrival)
    free = nights_not_closed(stay, [each.stay for each in closures])
    if not free:
        raise ClosedAlready(closures[0])
    return free


def _lock_stays_there(unit: Unit, closed: Sequence[Stay]) -> list[Reservation]:
    """The reservations that have nights of `closed` in the locked unit, locked.

    Lapsed holds on these nights are set to expired.
    """
    in_force, lapsed = overlapping([StaySegment(unit, nights) for nights in closed])
    found = Reservation.objects.filter(pk__in=[row.reservation_id for row in in_force])
    locked = lock_reservations(*found.order_by("arrival", "pk"))
    expire([row.reservation_id for row in lapsed])
    # Nights are given back without a lock on the unit: only now nobody can give some back any more.
    return [each for each in locked if nights_to_move(each, unit, closed, only_while_closed=True)]


def _moved(
    reservation: Reservation, moving: Sequence[StaySegment], unit: Unit, target: Unit | None, actor: User
) -> Draft:
    """A draft of the locked reservation with `target` for the nights of `moving`. Raises as `close_and_move`."""
    draft = Draft.of(reservation)
    if target is None:
        _refuse_without_room(reservation, moving, actor)
        draft.segments = []
        return draft
    if target == unit:
        raise NotMovable(f"{reservation.guest} needs another room than the one that is closed.")
    Terms(reservation, reservation.stay, reservation.party_size, actor=actor).refuse([target.room_type])
    kept = [part for segment in draft.segments for part in _without(segment, moving)]
    draft.segments = tidy([*kept, *(StaySegment(target, each.stay) for each in moving)])
    return draft


def _without(segment: StaySegment, moving: Sequence[StaySegment]) -> list[StaySegment]:
    """The parts of the segment whose nights are not among those of `moving`."""
    nights = [each.stay for each in moving if each.stay.overlaps(segment.stay)]
    starts = [segment.stay.arrival, *(each.departure for each in nights)]
    ends = [*(each.arrival for each in nights), segment.stay.departure]
    return [StaySegment(segment.unit, Stay(start, end)) for start, end in zip(starts, ends, strict=True) if start < end]


def _refuse_without_room(reservation: Reservation, moving: Sequence[StaySegment], actor: User) -> None:
    """Raises NotMovable for a party in the house; NotAllowed while a room is free, unless a manager decides it."""
    unit = moving[0].unit
    if reservation.status == Status.IN_HOUSE:
        raise NotMovable(
            f"{reservation.guest} is in house and sleeps somewhere: choose a room, "
            f"or close {place(unit, unit.property)} from {short_day(reservation.departure)} on."
        )
    nights = Stay(moving[0].stay.arrival, moving[-1].stay.departure)
    free = availability.free_units(
        property=unit.property, stay=nights, party_size=reservation.party_size, ignoring=reservation
    )
    if not actor.access.may(Action.OVERRULE, unit) and any(each != unit for each in free):
        raise NotAllowed(f"A room is free for {reservation.guest}. Only a manager may leave them without one.")


def _freed(reservation: Reservation) -> Draft:
    """A draft that gives back the nights that are kept for a party which was checked out."""
    draft = Draft.of(reservation)
    give_back(draft, free_tonight=True)
    return draft
