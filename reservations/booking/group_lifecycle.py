"""Steps of all reservations of a group at once: confirming and cancelling them."""

import uuid
from collections.abc import Set

from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction
from reservations.booking import lifecycle
from reservations.booking.drafts import Draft
from reservations.booking.nights import lock_reservations, write
from reservations.models import Group, Reservation, Status


class NothingToDo(DomainError):
    """The step is possible for no reservation of the group."""

    code = "nothing_to_do"
    when = "No reservation of the group is in a state that allows this step."
    then = "Read the group’s reservations: their “steps” list what is possible."


def steps_from(states: Set[str]) -> list[str]:
    """Which of "confirm" and "cancel" are possible for a group that has reservations in `states`."""
    return [name for name in ("confirm", "cancel") if states & lifecycle.STEPS[name].starts]


@one_transaction
def confirm_group(*, group: Group, actor: User | None) -> list[Reservation]:
    """Confirm all holds of the group, or none of them, in one act that can be undone. Returns the reservations.

    Lapsed holds are confirmed too, if their nights are free. Raises NothingToDo, DatesTaken, NotBookable, Busy.
    """
    held, act = _reservations_in(group, lifecycle.STEPS["confirm"].starts), uuid.uuid4()
    return [lifecycle.confirm(reservation=reservation, actor=actor, act=act) for reservation in held]


@one_transaction
def cancel_group(*, group: Group, actor: User | None, why: str = "", reason: str = "") -> list[Reservation]:
    """Cancel the held and confirmed reservations of the group, in one act that can be undone. Returns them.

    `why` is a CancelReason or "", `reason` is in people's words. Raises NothingToDo, Busy.
    """
    step = lifecycle.STEPS["cancel"]
    locked = lock_reservations(*_reservations_in(group, step.starts))
    drafts = [Draft.of(reservation) for reservation in locked if reservation.shown_status in step.starts]
    for draft in drafts:
        draft.segments = []
        draft.set(status=Status.CANCELLED)
    return write(drafts, action=step.action, actor=actor, reason=reason, reason_code=why)


def _reservations_in(group: Group, states: Set[str]) -> list[Reservation]:
    """The reservations of the group in one of `states`, by key. Raises NothingToDo when there is none."""
    stays = group.reservations.select_related("property").order_by("pk")
    found = [reservation for reservation in stays if reservation.shown_status in states]
    if not found:
        raise NothingToDo("No reservation of this group is in a state for that any more. Look again.")
    return found
