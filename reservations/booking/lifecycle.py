"""The life of a reservation: which state may follow which, and the verbs that take the steps.

`held → confirmed → in_house → checked_out`, with `cancelled`, `no_show` and `expired` at the side. A step is refused
in words when the state is not one that it starts from, such as when a colleague was first. A step from a state that has
given its nights back to one that takes them locks units and checks nights, as a new booking does.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction
from properties.models import Unit
from reservations.availability import presence
from reservations.booking.drafts import Draft, StaySegment, segment_now, segments_of, until
from reservations.booking.nights import (
    NightsTaken,
    allocate_room,
    expire,
    in_booking_transaction,
    lock_reservations,
    lock_units,
    refuse_taken,
    write,
)
from reservations.booking.refusals import NotAllowed, NotYet
from reservations.booking.requests import default_hold_end, hold_end
from reservations.models import BLOCKING, Event, Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_day


@dataclass(frozen=True)
class Step:
    """One kind of move: from which states to which one, and what the history calls it."""

    starts: frozenset[Status]
    ends: Status
    action: Event.Action
    words: str  # "… cannot be <words>."


def _step(starts: Iterable[Status], ends: Status, action: Event.Action, words: str) -> Step:
    return Step(frozenset(starts), ends, action, words)


# The table of allowed moves. Anything else needs a manager (`overrule`).
STEPS = {
    "confirm": _step([Status.HELD, Status.EXPIRED], Status.CONFIRMED, Event.Action.CONFIRMED, "confirmed"),
    "extend_hold": _step([Status.HELD, Status.EXPIRED], Status.HELD, Event.Action.EXTENDED, "held longer"),
    "check_in": _step([Status.CONFIRMED], Status.IN_HOUSE, Event.Action.CHECKED_IN, "checked in"),
    "check_out": _step([Status.IN_HOUSE], Status.CHECKED_OUT, Event.Action.CHECKED_OUT, "checked out"),
    "free_nights": _step([Status.CHECKED_OUT], Status.CHECKED_OUT, Event.Action.FREED, "freed"),
    "cancel": _step([Status.HELD, Status.CONFIRMED], Status.CANCELLED, Event.Action.CANCELLED, "cancelled"),
    "mark_no_show": _step([Status.CONFIRMED], Status.NO_SHOW, Event.Action.NO_SHOW, "marked as a no-show"),
    "reinstate": _step([Status.CANCELLED, Status.NO_SHOW], Status.CONFIRMED, Event.Action.REINSTATED, "reinstated"),
}
# Steps that nobody takes before the day of arrival.
NOT_BEFORE_ARRIVAL = {"check_in", "mark_no_show"}


class NotThisStep(DomainError):
    """The state is not one this step starts from: someone was first, or it makes no sense."""

    code = "not_this_step"
    when = "The reservation is in a state from which this does not go: perhaps somebody was first."
    then = "Read it again; “steps” says what may come next."

    def __init__(self, reservation: Reservation, step: Step, *, why: str = "") -> None:
        state = reservation.shown_status.label.lower()
        super().__init__(f"{reservation.reference} is {state} and cannot be {step.words}. {why}".strip())
        self.reservation = reservation


def steps_from(reservation: Reservation) -> list[str]:
    """The names of the steps that the state allows, in the order of STEPS. The verbs have the last word."""
    status = reservation.shown_status
    found = [name for name, step in STEPS.items() if status in step.starts]
    return [name for name in found if name != "free_nights" or reservation.keeps_nights]


def steps_today(reservation: Reservation) -> list[str]:
    """Those of `steps_from` that the property's day allows, too."""
    return [name for name in steps_from(reservation) if _is_its_day(reservation, name)]


def _is_its_day(reservation: Reservation, name: str) -> bool:
    if name == "check_in" and reservation.is_over:
        return False
    return name not in NOT_BEFORE_ARRIVAL or reservation.is_due


@in_booking_transaction
def confirm(
    *, reservation: Reservation, actor: User | None, version: int | None = None, act: uuid.UUID | None = None
) -> Reservation:
    """Make a hold a booking; one that has lapsed too, while its nights are free. `act` is that of a whole group.

    Raises NotThisStep, DatesTaken (someone booked after the lapse), NotBookable, ChangedMeanwhile, Busy.
    """
    draft = _draft_with_nights(reservation, "confirm", version)
    draft.set(hold_expires_at=None)
    return _take(draft, "confirm", actor, act=act)


@in_booking_transaction
def extend_hold(
    *, reservation: Reservation, until: dt.datetime | None = None, actor: User | None, version: int | None = None
) -> Reservation:
    """Hold until `until` (UTC; None: for the property's usual hours), also after the hold has lapsed while its nights
    are free. Raises as `confirm`."""
    until = hold_end(reservation.property, is_hold=True, until=until)
    draft = _draft_with_nights(reservation, "extend_hold", version)
    draft.set(hold_expires_at=until)
    return _take(draft, "extend_hold", actor)


@in_booking_transaction
def check_in(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """The party is there. Raises NotThisStep, ChangedMeanwhile, Busy, and NotYet: before the day of arrival, after that
    of departure, without a room where rooms are listed, or while somebody else has not left tonight's room."""
    lock_units_of_segments(reservation)  # two who come into one room queue here
    draft = _draft(reservation, "check_in", version)
    _refuse_check_in(draft)
    return _take(draft, "check_in", actor)


@in_booking_transaction
def check_out(
    *, reservation: Reservation, actor: User | None, version: int | None = None, free_tonight: bool = False
) -> Reservation:
    """The party has left. Nights still to come are given back, with their price; the first one is always agreed.

    `free_tonight`: of a party that leaves before its first night is over the room is given back for that night, too.
    Raises NotThisStep, ChangedMeanwhile, Busy.
    """
    draft = _draft(reservation, "check_out", version)
    _give_back(draft, free_tonight=free_tonight)
    return _take(draft, "check_out", actor)


@in_booking_transaction
def free_nights(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Give back the nights from tonight on that are kept for a party which has been checked out. The price of its first
    night stays agreed.

    Raises NotThisStep, also when none is kept, ChangedMeanwhile, Busy.
    """
    draft = _draft(reservation, "free_nights", version)
    if not draft.reservation.keeps_nights:
        raise NotThisStep(draft.reservation, STEPS["free_nights"], why="No night is kept for them any more.")
    _give_back(draft, free_tonight=True)
    return _take(draft, "free_nights", actor)


@in_booking_transaction
def cancel(
    *, reservation: Reservation, actor: User | None, why: str = "", reason: str = "", version: int | None = None
) -> Reservation:
    """Give the nights back. `why` is a CancelReason, `reason` people's words. Raises NotThisStep, ChangedMeanwhile,
    Busy."""
    draft = _draft(reservation, "cancel", version)
    draft.segments = []
    return _take(draft, "cancel", actor, reason=reason, reason_code=why)


@in_booking_transaction
def mark_no_show(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Nobody came; the nights are given back. Raises NotThisStep, ChangedMeanwhile, Busy, and NotYet before the day."""
    draft = _draft(reservation, "mark_no_show", version)
    if draft.reservation.arrival > draft.reservation.property.today():
        raise NotYet(f"The party is expected on {short_day(draft.reservation.arrival)}: it is too early for a no-show.")
    draft.segments = []
    return _take(draft, "mark_no_show", actor)


@in_booking_transaction
def reinstate(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Take a cancelled or no-show stay back, confirmed: its old room, else the best-fitting free one.

    Raises NotThisStep, DatesTaken, NotBookable, ChangedMeanwhile, Busy.
    """
    draft = _draft_with_nights(reservation, "reinstate", version)
    draft.set(hold_expires_at=None)
    return _take(draft, "reinstate", actor)


@in_booking_transaction
def overrule(
    *, reservation: Reservation, status: str, reason: str, actor: User, version: int | None = None
) -> Reservation:
    """A manager sets any state. If it takes nights that are gone, the stay waits in the unassigned lane.

    Raises NotAllowed without the right or a reason, NotBookable, ChangedMeanwhile, Busy.
    """
    if not (actor.may_overrule and reason):
        raise NotAllowed
    candidates = lock_units(reservation.property)
    [reservation] = lock_reservations(reservation, version=version)
    draft = Draft.of(reservation)
    until = default_hold_end(reservation.property) if status == Status.HELD else None
    draft.set(status=Status(status), hold_expires_at=until)
    if status not in BLOCKING:
        draft.segments = []
    elif not draft.segments:
        draft.segments = _rooms_again(reservation, candidates, or_none=True)
    return write([draft], action=Event.Action.OVERRULED, actor=actor, reason=reason, needs_manager=True)[0]


def expire_lapsed() -> int:
    """Write down all holds that have lapsed. Their nights were free already. Returns how many.

    Each in a transaction of its own, after the lock of its units: a confirmation under way goes first.
    """
    lapsed = Reservation.objects.lapsed().select_related("property").with_unit()
    return sum(_expire_one(reservation=reservation) for reservation in lapsed)


@one_transaction
def _expire_one(*, reservation: Reservation) -> int:
    lock_units_of_segments(reservation)
    return expire([reservation.pk])


def lock_units_of_segments(reservation: Reservation) -> list[Unit]:
    """Lock where it sleeps, archived or not: for what only gives nights back."""
    keys = [segment.unit_id for segment in reservation.occupancies.all()]
    return list(Unit.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True, of=("self",)))


def next_arrival_in(reservation: Reservation) -> Reservation | None:
    """Who comes next into the room where it sleeps last, or None. One query."""
    if not reservation.segments:
        return None
    later = Reservation.objects.blocking().filter(
        occupancies__unit=reservation.segments[-1].unit, arrival__gte=reservation.departure
    )
    return later.select_related("guest").order_by("arrival").first()


def _draft(reservation: Reservation, name: str, version: int | None) -> Draft:
    """For a step that takes no nights: the locked reservation, if its state allows the step."""
    [reservation] = lock_reservations(reservation, version=version)
    refuse_wrong_start(reservation, name)
    return Draft.of(reservation)


def _draft_with_nights(reservation: Reservation, name: str, version: int | None) -> Draft:
    """For a step that may take nights again: units are locked first, and the nights looked at."""
    candidates = lock_units(reservation.property)
    [reservation] = lock_reservations(reservation, version=version)
    refuse_wrong_start(reservation, name)
    draft = Draft.of(reservation)
    if draft.segments:
        refuse_taken(draft.segments, ignoring=[reservation])
    else:
        draft.segments = _rooms_again(reservation, candidates)
    return draft


def refuse_wrong_start(reservation: Reservation, name: str) -> None:
    """Raises NotThisStep unless the state allows the step of that name."""
    if reservation.shown_status not in STEPS[name].starts:
        raise NotThisStep(reservation, STEPS[name])


def _rooms_again(reservation: Reservation, candidates: list[Unit], *, or_none: bool = False) -> list[StaySegment]:
    """The rooms it had before it gave them back, else the best fit among locked `candidates`."""
    had = _segments_before(reservation, candidates)
    if had and _is_free_again(had, reservation) and _is_empty(had, reservation):
        return had
    try:
        same_type = [unit for unit in candidates if unit.room_type_id == reservation.room_type_id]
        room = allocate_room(reservation.property, same_type or candidates, reservation.stay, ignoring=reservation)
    except NightsTaken:
        if or_none:
            return []
        raise
    return [StaySegment(room, reservation.stay)] if room else []


def _is_free_again(segments: Sequence[StaySegment], reservation: Reservation) -> bool:
    try:
        refuse_taken(segments, ignoring=[reservation])
    except NightsTaken:
        return False
    return True


def _is_empty(segments: Sequence[StaySegment], reservation: Reservation) -> bool:
    """Whether nobody has stayed on in the rooms, as far as it is about tonight."""
    late = presence.overstays_of(reservation.property, reservation.stay, ignoring=reservation)
    tonight = segment_now(segments, reservation.property.today())
    return not (tonight and tonight.unit.pk in late)


def _segments_before(reservation: Reservation, candidates: list[Unit]) -> list[StaySegment]:
    """What its latest event that took rooms away says: if they are its nights now, in rooms among `candidates`."""
    units = {unit.pk: unit for unit in candidates}
    for data in reservation.events.order_by("-pk").values_list("data", flat=True):
        if had := (data.get("segments") or [None])[0]:
            are_its_nights = (had[0]["arrival"], had[-1]["departure"]) == (
                reservation.arrival.isoformat(),
                reservation.departure.isoformat(),
            )
            are_there = all(segment["unit"] in units for segment in had)
            return segments_of(had, units) if are_its_nights and are_there else []
    return []


def _refuse_check_in(draft: Draft) -> None:
    reservation, property = draft.reservation, draft.reservation.property
    if reservation.arrival > property.today():
        raise NotYet(f"The party arrives on {short_day(reservation.arrival)}. Change the dates to check it in earlier.")
    if reservation.is_over:
        raise NotYet(
            f"This stay ended on {short_day(reservation.departure)}. If the party is here, change its departure first."
        )
    if not draft.segments and property.tracks_inventory():
        raise NotYet("No room is assigned. Give the party a room first.")


def _give_back(draft: Draft, *, free_tonight: bool) -> None:
    """The nights from today on, but the first of the stay: of that one the room alone, and only if `free_tonight`."""
    reservation, today = draft.reservation, draft.reservation.property.today()
    left = max(today, reservation.arrival + dt.timedelta(days=1))
    if left < reservation.departure:
        _end_early(draft, left)
    if free_tonight and reservation.departure > today:
        draft.segments = []


def _end_early(draft: Draft, departure: dt.date) -> None:
    reservation = draft.reservation
    stay = Stay(reservation.arrival, departure)
    draft.segments = until(draft.segments, departure)
    draft.set_stay(stay, reservation.rates[: stay.nights])


def _take(draft: Draft, name: str, actor: User | None, **told: Any) -> Reservation:
    step = STEPS[name]
    draft.set(status=step.ends)
    return write([draft], action=step.action, actor=actor, **told)[0]
