"""The states of a reservation, the allowed steps from one to another, and the verbs that take them.

The usual order is `held → confirmed → in_house → checked_out`; `cancelled`, `no_show` and `expired` are the others. A
step is refused when it does not start from the reservation's state, such as when a colleague was first. A step that
takes nights again, after they were given back, locks units and checks nights as a new booking does.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.access import Action, NotAllowed, require
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
from reservations.booking.refusals import NotYet
from reservations.booking.requests import hold_end, refuse_hold_end
from reservations.models import BLOCKING, Event, Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_day


@dataclass(frozen=True)
class Step:
    """A step leads from one of the states `starts` to the state `ends`."""

    starts: frozenset[Status]
    ends: Status
    action: Event.Action  # of the event in the history
    words: str  # as in “cannot be confirmed”


def _step(starts: Iterable[Status], ends: Status, action: Event.Action, words: str) -> Step:
    return Step(frozenset(starts), ends, action, words)


# The table of allowed steps. Anything else needs a manager (`overrule`).
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
# Steps that are refused before the day of arrival.
NOT_BEFORE_ARRIVAL = {"check_in", "mark_no_show"}


class NotThisStep(DomainError):
    """The step does not start from the reservation's state, perhaps because somebody else was first."""

    code = "not_this_step"
    when = "The reservation’s state does not allow this step. Perhaps somebody else changed the state before."
    then = "Read the reservation again: “steps” lists the steps that are possible."

    def __init__(self, reservation: Reservation, step: Step, *, why: str = "") -> None:
        state = reservation.shown_status.label.lower()
        super().__init__(f"{reservation.reference} is {state} and cannot be {step.words}. {why}".strip())
        self.reservation = reservation


def steps_from(reservation: Reservation) -> list[str]:
    """The names of the steps that the state allows, in the order of STEPS. A verb may still refuse such a step."""
    status = reservation.shown_status
    found = [name for name, step in STEPS.items() if status in step.starts]
    return [name for name in found if name != "free_nights" or reservation.keeps_nights]


def steps_today(reservation: Reservation) -> list[str]:
    """Those of `steps_from` that are possible on the property's date today."""
    return [name for name in steps_from(reservation) if _is_its_day(reservation, name)]


def _is_its_day(reservation: Reservation, name: str) -> bool:
    if name == "check_in" and reservation.is_over:
        return False
    return name not in NOT_BEFORE_ARRIVAL or reservation.is_due


@in_booking_transaction
def confirm(
    *, reservation: Reservation, actor: User | None, version: int | None = None, act: uuid.UUID | None = None
) -> Reservation:
    """Make a hold a booking. A lapsed hold is confirmed too, if its nights are free.

    `act` is the UUID that the events of a whole group share. Raises NotThisStep, DatesTaken (somebody has booked the
    nights of a lapsed hold), NotBookable, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft_with_nights(reservation, "confirm", version)
    draft.set(hold_expires_at=None)
    return _take_step(draft, "confirm", actor, act=act)


@in_booking_transaction
def extend_hold(
    *, reservation: Reservation, until: dt.datetime, actor: User | None, version: int | None = None
) -> Reservation:
    """Hold until `until` (UTC), which is not after the day of departure.

    A lapsed hold is extended too, if its nights are free. Raises as `confirm`.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft_with_nights(reservation, "extend_hold", version)
    refuse_hold_end(draft.reservation.property, draft.reservation.stay, until)
    draft.set(hold_expires_at=until)
    return _take_step(draft, "extend_hold", actor)


@in_booking_transaction
def check_in(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Record that the party has arrived.

    Raises NotYet before the day of arrival, after the day of departure, without a room where rooms are listed, and
    while another party has not left the room. Raises NotThisStep, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    lock_units_of_segments(reservation)  # of two parties for one room, the second waits here for the first
    draft = _draft(reservation, "check_in", version)
    refuse_check_in(draft)
    return _take_step(draft, "check_in", actor)


@in_booking_transaction
def check_out(
    *, reservation: Reservation, actor: User | None, version: int | None = None, free_tonight: bool = False
) -> Reservation:
    """Record that the party has left.

    The nights from today on are given back, and their price is dropped. The first night of the stay keeps its price;
    if it is not over, `free_tonight` gives the room back for it. Raises NotThisStep, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft(reservation, "check_out", version)
    give_back(draft, free_tonight=free_tonight)
    return _take_step(draft, "check_out", actor)


@in_booking_transaction
def free_nights(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Give back the nights from tonight on that are kept for a party which has been checked out.

    The first night of the stay keeps its price. Raises NotThisStep, also when no such night is kept,
    ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft(reservation, "free_nights", version)
    if not draft.reservation.keeps_nights:
        raise NotThisStep(draft.reservation, STEPS["free_nights"], why="No night is kept for them any more.")
    give_back(draft, free_tonight=True)
    return _take_step(draft, "free_nights", actor)


@in_booking_transaction
def cancel(
    *, reservation: Reservation, actor: User | None, why: str = "", reason: str = "", version: int | None = None
) -> Reservation:
    """Cancel the reservation and give its nights back. `why` is a CancelReason or "", `reason` is in people's words.

    Raises NotThisStep, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft(reservation, "cancel", version)
    draft.segments = []
    return _take_step(draft, "cancel", actor, reason=reason, reason_code=why)


@in_booking_transaction
def mark_no_show(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Record that nobody came, and give the nights back.

    Raises NotYet before the day of arrival, NotThisStep, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft(reservation, "mark_no_show", version)
    if draft.reservation.arrival > draft.reservation.property.today():
        raise NotYet(f"The party is expected on {short_day(draft.reservation.arrival)}: it is too early for a no-show.")
    draft.segments = []
    return _take_step(draft, "mark_no_show", actor)


@in_booking_transaction
def reinstate(*, reservation: Reservation, actor: User | None, version: int | None = None) -> Reservation:
    """Confirm a cancelled or no-show stay again, in its old room or else in the best-fitting free one.

    Raises NotThisStep, DatesTaken, NotBookable, ChangedMeanwhile, Busy.
    """
    require(actor, Action.CHANGE, reservation)
    draft = _draft_with_nights(reservation, "reinstate", version)
    draft.set(hold_expires_at=None)
    return _take_step(draft, "reinstate", actor)


@in_booking_transaction
def overrule(
    *, reservation: Reservation, status: str, reason: str, actor: User, version: int | None = None
) -> Reservation:
    """Set any state, as a manager. If its nights are not free any more, the stay is left without a room.

    Raises NotAllowed when `actor` is no manager or `reason` is empty, NotBookable, ChangedMeanwhile, Busy.
    """
    require(actor, Action.OVERRULE, reservation)
    if not reason:
        raise NotAllowed
    candidates = lock_units(reservation.property)
    [reservation] = lock_reservations(reservation, version=version)
    draft = Draft.of(reservation)
    until = hold_end(reservation.property, reservation.stay, is_hold=status == Status.HELD, until=None)
    draft.set(status=Status(status), hold_expires_at=until)
    if status not in BLOCKING:
        draft.segments = []
    elif not draft.segments:
        draft.segments = _rooms_again(reservation, candidates, or_none=True)
    return write([draft], action=Event.Action.OVERRULED, actor=actor, reason=reason, needs_manager=True)[0]


def expire_lapsed() -> int:
    """Set the state of all lapsed holds to expired. Returns how many there were. Their nights were free already.

    Each is written in a transaction of its own that locks its units first, so that it waits for a confirmation which
    has begun.
    """
    lapsed = Reservation.objects.lapsed().select_related("property").with_unit()
    return sum(_expire_one(reservation=reservation) for reservation in lapsed)


@one_transaction
def _expire_one(*, reservation: Reservation) -> int:
    lock_units_of_segments(reservation)
    return expire([reservation.pk])


def lock_units_of_segments(*reservations: Reservation) -> list[Unit]:
    """Lock and return the reservations' units, archived ones too: for verbs that take no further nights."""
    keys = [segment.unit_id for reservation in reservations for segment in reservation.occupancies.all()]
    return list(Unit.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True, of=("self",)))


def next_arrival_in(reservation: Reservation) -> Reservation | None:
    """The next reservation in the room of the last segment, with its guest, or None. One query."""
    if not reservation.segments:
        return None
    later = Reservation.objects.blocking().filter(
        occupancies__unit=reservation.segments[-1].unit, arrival__gte=reservation.departure
    )
    return later.select_related("guest").order_by("arrival").first()


def _draft(reservation: Reservation, name: str, version: int | None) -> Draft:
    """Lock the reservation for a step that takes no nights. Raises NotThisStep, ChangedMeanwhile."""
    [reservation] = lock_reservations(reservation, version=version)
    refuse_wrong_start(reservation, name)
    return Draft.of(reservation)


def _draft_with_nights(reservation: Reservation, name: str, version: int | None) -> Draft:
    """Lock units and the reservation for a step that may take nights again, and choose rooms where it has none.

    Raises NightsTaken, NotBookable, NotThisStep, ChangedMeanwhile.
    """
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
    """Raises NotThisStep unless the reservation's state allows the step `name`."""
    if reservation.shown_status not in STEPS[name].starts:
        raise NotThisStep(reservation, STEPS[name])


def _rooms_again(reservation: Reservation, candidates: list[Unit], *, or_none: bool = False) -> list[StaySegment]:
    """The segments that the stay had before it gave its nights back, else one in the best room among `candidates`.

    Raises NightsTaken when no room is free; with `or_none` it returns [] then. The candidates are locked.
    """
    before = _segments_before(reservation, candidates)
    if before and _are_free(before, reservation) and _is_tonight_empty(before, reservation):
        return before
    try:
        same_type = [unit for unit in candidates if unit.room_type_id == reservation.room_type_id]
        room = allocate_room(reservation.property, same_type or candidates, reservation.stay, ignoring=reservation)
    except NightsTaken:
        if or_none:
            return []
        raise
    return [StaySegment(room, reservation.stay)] if room else []


def _are_free(segments: Sequence[StaySegment], reservation: Reservation) -> bool:
    try:
        refuse_taken(segments, ignoring=[reservation])
    except NightsTaken:
        return False
    return True


def _is_tonight_empty(segments: Sequence[StaySegment], reservation: Reservation) -> bool:
    """Whether no party that should have left is still in the room of the segment that has begun, if one has."""
    late = presence.overstays_of(reservation.property, reservation.stay, ignoring=reservation)
    tonight = segment_now(segments, reservation.property.today())
    return not (tonight and tonight.unit.pk in late)


def _segments_before(reservation: Reservation, candidates: list[Unit]) -> list[StaySegment]:
    """The segments from before the latest event that changed them.

    [] unless they cover the reservation's present nights, and their units are among `candidates`.
    """
    units = {unit.pk: unit for unit in candidates}
    for data in reservation.events.order_by("-pk").values_list("data", flat=True):
        if before := (data.get("segments") or [None])[0]:
            are_its_nights = (before[0]["arrival"], before[-1]["departure"]) == (
                reservation.arrival.isoformat(),
                reservation.departure.isoformat(),
            )
            are_candidates = all(segment["unit"] in units for segment in before)
            return segments_of(before, units) if are_its_nights and are_candidates else []
    return []


def refuse_check_in(draft: Draft) -> None:
    """Raises NotYet on another day than those of the stay, and without a room where rooms are listed."""
    reservation, property = draft.reservation, draft.reservation.property
    if reservation.arrival > property.today():
        raise NotYet(f"The party arrives on {short_day(reservation.arrival)}. Change the dates to check it in earlier.")
    if reservation.is_over:
        raise NotYet(
            f"This stay ended on {short_day(reservation.departure)}. If the party is here, change its departure first."
        )
    if not draft.segments and property.tracks_inventory():
        raise NotYet("No room is assigned. Give the party a room first.")


def give_back(draft: Draft, *, free_tonight: bool) -> None:
    """Give back the nights from today on. The first night of the stay keeps its price, and its room unless
    `free_tonight`."""
    reservation, today = draft.reservation, draft.reservation.property.today()
    new_departure = max(today, reservation.arrival + dt.timedelta(days=1))
    if new_departure < reservation.departure:
        _end_early(draft, new_departure)
    if free_tonight and reservation.departure > today:
        draft.segments = []


def _end_early(draft: Draft, departure: dt.date) -> None:
    reservation = draft.reservation
    stay = Stay(reservation.arrival, departure)
    draft.segments = until(draft.segments, departure)
    draft.set_stay(stay, reservation.rates[: stay.nights])


def _take_step(draft: Draft, name: str, actor: User | None, **event_fields: Any) -> Reservation:
    step = STEPS[name]
    draft.set(status=step.ends)
    return write([draft], action=step.action, actor=actor, **event_fields)[0]
