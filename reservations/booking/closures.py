"""Closures: nights on which a unit is not sold, because it is out of order, in own use, or taken elsewhere."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from psycopg2.extras import DateRange

from accounts.access import Action, require
from accounts.models import User
from config import clock
from config.errors import DomainError, VersionConflict
from config.transactions import giving_up_on
from properties.models import Unit
from reservations.availability import Availability
from reservations.booking.drafts import StaySegment, closure_snapshot, difference, stay_of
from reservations.booking.nights import (
    NO_SHARED_NIGHT,
    NightsTaken,
    expire,
    in_booking_transaction,
    lock_units,
    overlapping,
    taken_there,
)
from reservations.booking.refusals import NotMovable
from reservations.models import Closure, Event, Occupancy
from reservations.stay import Stay


class AlreadyReopened(DomainError):
    """The room was opened again already."""

    code = "already_reopened"
    when = "The room was opened again already."
    then = "There is nothing to do."

    def __init__(self, closure: Closure) -> None:
        super().__init__(f"Room {closure.unit} is open again already.")


class ClosureChanged(VersionConflict):
    """Somebody changed the closure after it was read. `theirs` is the closure as it is now."""

    def __init__(self, theirs: Closure) -> None:
        super().__init__(f"The closure of room {theirs.unit} has been changed meanwhile. Look again.")
        self.theirs = theirs


@in_booking_transaction
def close(*, unit: Unit, stay: Stay, kind: str, note: str = "", actor: User | None) -> Closure:
    """Take the nights of `stay` off sale; returns the Closure. Raises DatesTaken, NotBookable, Busy."""
    require(actor, Action.CLOSE, unit)
    lock_units(unit.property, units=[unit])
    _refuse_taken(StaySegment(unit, stay))
    return create_closure(unit=unit, stay=stay, kind=kind, note=note, actor=actor)


def create_closure(
    *,
    unit: Unit,
    stay: Stay,
    kind: str,
    note: str,
    actor: User | None,
    act: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> Closure:
    """Write a closure of the locked `unit`, whose nights are free. `details` are added to its event's data.

    Raises NightsTaken if the constraint refuses it.
    """
    closure = Closure.objects.create(
        unit=unit, property=unit.property, nights=_range(stay), kind=kind, note=note, created_by=actor
    )
    _occupy(closure)
    _record(closure, Event.Action.CLOSED, actor, before={}, act=act, details=details)
    return closure


@in_booking_transaction
def change_closure(
    *,
    closure: Closure,
    unit: Unit | None = None,
    stay: Stay | None = None,
    kind: str | None = None,
    note: str | None = None,
    actor: User | None,
    version: int | None = None,
) -> Closure:
    """Change nights, unit, reason and note of a closure; None leaves each as it is. Returns the Closure.

    Raises as `close` does, NotMovable for a unit of another property, AlreadyReopened, and ClosureChanged when
    `version` is not the closure's.
    """
    require(actor, Action.CLOSE, closure, unit or closure)
    unit, stay = unit or closure.unit, stay or closure.stay
    if unit.property_id != closure.property_id:
        raise NotMovable(f"{unit.property} is another property. Close that room, and open this one again, instead.")
    lock_units(unit.property, units=[unit])
    closure, before = _locked(closure, version)
    _refuse_taken(StaySegment(unit, stay), closure)
    Occupancy.objects.filter(closure=closure).delete()
    closure.unit, closure.property, closure.nights = unit, unit.property, _range(stay)
    closure.kind, closure.note = kind or closure.kind, closure.note if note is None else note
    closure.version += 1
    closure.save()
    _occupy(closure)
    _record(closure, Event.Action.CHANGED, actor, before=before)
    return closure


@in_booking_transaction
def reopen(*, closure: Closure, actor: User | None, version: int | None = None) -> Closure:
    """Sell the nights again; returns the Closure. Raises AlreadyReopened, ClosureChanged, Busy."""
    require(actor, Action.CLOSE, closure)
    closure, before = _locked(closure, version)
    Occupancy.objects.filter(closure=closure).delete()
    closure.reopened_at = clock.now()
    closure.version += 1
    closure.save(update_fields=["reopened_at", "version"])
    _record(closure, Event.Action.REOPENED, actor, before=before)
    return closure


def restore(closure: Closure, event: Event, *, reason_code: str, actor: User | None, act: uuid.UUID) -> Closure:
    """Give the closure the values from before `event`, and return it. Raises NightsTaken.

    `reason_code` is the action that is taken back, for the history, and `act` the key of the undo. It is called by
    `undo`, which has locked the closure and the unit that it goes back to.
    """
    before = closure_snapshot(closure)
    for name in {"kind", "note"} & event.data.keys():
        setattr(closure, name, event.data[name][0] or getattr(closure, name))
    Occupancy.objects.filter(closure=closure).delete()
    [segment] = (event.data.get("segments") or [before["segments"]])[0] or [None]
    if segment:
        closure.unit = Unit.objects.select_related("property").get(pk=segment["unit"])
        closure.nights = _range(stay_of(segment))
        _refuse_taken(StaySegment(closure.unit, closure.stay), closure)
    closure.reopened_at = None if segment else clock.now()
    closure.version += 1
    closure.save()
    if segment:
        _occupy(closure)
    _record(closure, Event.Action.UNDONE, actor, before=before, reason_code=reason_code, act=act)
    return closure


def _locked(closure: Closure, version: int | None) -> tuple[Closure, dict[str, Any]]:
    """(the closure locked, its snapshot). Raises AlreadyReopened, ClosureChanged."""
    closure = lock_closure(closure)
    if closure.reopened_at:
        raise AlreadyReopened(closure)
    if version not in (None, closure.version):
        raise ClosureChanged(closure)
    return closure, closure_snapshot(closure)


def lock_closure(closure: Closure) -> Closure:
    """Lock the closure until the transaction ends, and return it as it is then. Units are locked before closures."""
    # No join: PostgreSQL would omit a row that got another unit while it waited for it.
    return Closure.objects.select_for_update(no_key=True).get(pk=closure.pk)


def _refuse_taken(segment: StaySegment, closure: Closure | None = None) -> None:
    """Raises NightsTaken when a night of `segment` is taken, by anything but `closure`, which is being changed."""
    in_force, lapsed = overlapping([segment])
    if any(closure is None or row.closure_id != closure.pk for row in in_force):
        raise _taken_by_others(segment, closure)
    expire([row.reservation_id for row in lapsed])


def _taken_by_others(segment: StaySegment, closure: Closure | None) -> NightsTaken:
    taken = taken_there(segment)
    return NightsTaken(lambda actor: _without(closure, taken.ask(actor))) if closure else taken


def _without(closure: Closure, answer: Availability) -> Availability:
    """The answer without `closure`, which gives its nights back when it is changed."""
    others = tuple(row for row in answer.in_the_way if row.closure_id != closure.pk)
    return replace(answer, in_the_way=others, is_free=not others)


def _occupy(closure: Closure) -> None:
    with giving_up_on(NO_SHARED_NIGHT, lambda: _taken_by_others(StaySegment(closure.unit, closure.stay), closure)):
        Occupancy.objects.create(unit=closure.unit, property=closure.property, closure=closure, nights=closure.nights)


def _range(stay: Stay) -> DateRange:
    return DateRange(stay.arrival, stay.departure)


def _record(
    closure: Closure,
    action: str,
    actor: User | None,
    *,
    before: Mapping[str, Any],
    reason_code: str = "",
    act: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    closure.new_event = Event.objects.create(
        closure=closure,
        action=action,
        actor=actor,
        reason_code=reason_code,
        act=act or uuid.uuid4(),
        data=difference(before, closure_snapshot(closure)) | dict(details or {}),
    )
