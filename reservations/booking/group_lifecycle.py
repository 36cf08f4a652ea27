"""Steps of all reservations of a group at once: confirming and cancelling them, checking in and out those of today.

As every verb does, they lock units in primary-key order and then reservations in primary-key order.
"""

import uuid
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import TypeVar

from accounts.access import Action, require
from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction
from reservations.booking import lifecycle
from reservations.booking.drafts import Draft
from reservations.booking.nights import in_booking_transaction, lock_reservations, refuse_occupied, write
from reservations.booking.refusals import NotYet
from reservations.models import Group, Reservation, Status

Found = TypeVar("Found")


class NothingToDo(DomainError):
    """The step is possible for no reservation of the group."""

    code = "nothing_to_do"
    when = "No reservation of the group is in a state that allows this step."
    then = "Read the group’s reservations: their “steps” list what is possible."


def steps_from(states: Set[str]) -> list[str]:
    """Which of "confirm" and "cancel" are possible for a group that has reservations in `states`."""
    return [name for name in ("confirm", "cancel") if states & lifecycle.STEPS[name].starts]


def _arrives_today(reservation: Reservation) -> bool:
    return reservation.is_due and not reservation.is_over


def _leaves_today(reservation: Reservation) -> bool:
    return reservation.departure <= reservation.property.today()


# Of the steps that are taken only by the group's stays of today: which those are.
IS_ITS_DAY: dict[str, Callable[[Reservation], bool]] = {"check_in": _arrives_today, "check_out": _leaves_today}


def steps_today(stays: Iterable[Reservation]) -> list[str]:
    """Which steps are possible for a group of these reservations on the property's date today."""
    stays = list(stays)
    of_today = [name for name in IS_ITS_DAY if any(_may_take(name, stay) for stay in stays)]
    return [*of_today, *steps_from({stay.shown_status for stay in stays})]


@dataclass(frozen=True)
class GroupCheckIn:
    """Who was checked in, and who could not be, each with the reason."""

    done: list[Reservation]
    refused: list[tuple[Reservation, NotYet]]


@in_booking_transaction
def check_in_group(*, group: Group, actor: User | None) -> GroupCheckIn:
    """Check in the parties of the group that are due today, in one act that can be undone.

    A party whose room is not empty or not assigned is left out, and the others are checked in. Raises NotYet when all
    are left out, NothingToDo when none is due, Busy.
    """
    require(actor, Action.CHANGE, group)
    lifecycle.lock_units_of_segments(*_of_today(group, "check_in"))
    ready, refused = [], []
    for draft in _drafts_of_today(group, "check_in"):
        try:
            _set_checked_in(draft)
        except NotYet as why:
            refused.append((draft.reservation, why))
        else:
            ready.append(draft)
    if not ready:
        raise refused[0][1]
    return GroupCheckIn(write(ready, action=lifecycle.STEPS["check_in"].action, actor=actor), refused)


@in_booking_transaction
def check_out_group(*, group: Group, actor: User | None) -> list[Reservation]:
    """Check out the parties of the group that are to leave today or should have left, in one act that can be undone.

    Returns them. They have no night left to give back. Raises NothingToDo, Busy.
    """
    require(actor, Action.CHANGE, group)
    drafts = _drafts_of_today(group, "check_out")
    for draft in drafts:
        draft.set(status=Status.CHECKED_OUT)
    return write(drafts, action=lifecycle.STEPS["check_out"].action, actor=actor)


@one_transaction
def confirm_group(*, group: Group, actor: User | None) -> list[Reservation]:
    """Confirm all holds of the group, or none of them, in one act that can be undone. Returns the reservations.

    Lapsed holds are confirmed too, if their nights are free. Raises NothingToDo, DatesTaken, NotBookable, Busy.
    """
    require(actor, Action.CHANGE, group)
    held, act = _reservations_in(group, lifecycle.STEPS["confirm"].starts), uuid.uuid4()
    return [lifecycle.confirm(reservation=reservation, actor=actor, act=act) for reservation in held]


@one_transaction
def cancel_group(*, group: Group, actor: User | None, why: str = "", reason: str = "") -> list[Reservation]:
    """Cancel the held and confirmed reservations of the group, in one act that can be undone. Returns them.

    `why` is a CancelReason or "", `reason` is in people's words. Raises NothingToDo, Busy.
    """
    require(actor, Action.CHANGE, group)
    step = lifecycle.STEPS["cancel"]
    locked = lock_reservations(*_reservations_in(group, step.starts))
    drafts = _any([Draft.of(reservation) for reservation in locked if reservation.shown_status in step.starts])
    for draft in drafts:
        draft.segments = []
        draft.set(status=Status.CANCELLED)
    return write(drafts, action=step.action, actor=actor, reason=reason, reason_code=why)


def _set_checked_in(draft: Draft) -> None:
    """Set the state in the draft. Raises NotYet."""
    lifecycle.refuse_check_in(draft)
    draft.set(status=Status.IN_HOUSE)
    refuse_occupied([draft])


def _may_take(name: str, reservation: Reservation) -> bool:
    return reservation.shown_status in lifecycle.STEPS[name].starts and IS_ITS_DAY[name](reservation)


def _of_today(group: Group, name: str) -> list[Reservation]:
    """The reservations of the group, with their rooms, that may take the step today, by key. Raises NothingToDo."""
    stays = group.reservations.with_unit().order_by("pk")
    return _any([reservation for reservation in stays if _may_take(name, reservation)])


def _drafts_of_today(group: Group, name: str) -> list[Draft]:
    """Drafts of the locked reservations that may take the step today. Raises NothingToDo."""
    locked = lock_reservations(*_of_today(group, name))
    return _any([Draft.of(reservation) for reservation in locked if _may_take(name, reservation)])


def _reservations_in(group: Group, states: Set[str]) -> list[Reservation]:
    """The reservations of the group in one of `states`, by key. Raises NothingToDo when there is none."""
    stays = group.reservations.select_related("property").order_by("pk")
    return _any([reservation for reservation in stays if reservation.shown_status in states])


def _any(found: list[Found]) -> list[Found]:
    """The list itself. Raises NothingToDo when it is empty."""
    if not found:
        raise NothingToDo("No reservation of this group is in a state for that any more. Look again.")
    return found
