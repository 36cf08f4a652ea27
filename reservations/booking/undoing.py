"""Undo: restores the values from before an act, and takes nights with the same locks and checks as a booking.

An act is what one request did: its events share `Event.act`.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from accounts.models import User
from config.errors import DomainError
from properties.models import RoomType, Unit
from reservations import guests
from reservations.booking import closures
from reservations.booking.drafts import Draft, StaySegment, segments_of
from reservations.booking.nights import in_booking_transaction, lock_reservations, lock_units, refuse_taken, write
from reservations.booking.refusals import NotAllowed
from reservations.models import Closure, Event, Guest, Reservation, Status


class CannotUndo(DomainError):
    """Something has happened since the act, or the former state is not possible any more."""

    code = "cannot_undo"
    when = "Something has happened since, or what was before cannot be again."
    then = "Read it, and change it by hand."


def may_undo(event: Event, actor: User | None) -> bool:
    """Whether `actor` may undo the event's act: anybody, or a manager if the act itself needed one."""
    return not event.needs_manager or bool(actor and actor.may_overrule)


@in_booking_transaction
def undo(*, event: Event, actor: User | None, version: int | None = None) -> list[Reservation] | list[Closure]:
    """Undo the act of `event`, for everything that it changed, if nothing has happened to that since.

    Undoing a booking cancels it; undoing an undo repeats the act. A profile that gets its former name back is renamed
    for all stays that it has by now. Returns the reservations, with that of `event` first, or the closure. `version`
    is that of the first one. Raises NotAllowed, DatesTaken when the nights are not free, NotYet when another party is
    in the room now, CannotUndo, NotBookable, ChangedMeanwhile, Busy; then nothing has changed.
    """
    events = list(Event.objects.filter(act=event.act).select_related("reservation__property", "closure__unit"))
    events.sort(key=lambda each: each.pk != event.pk)
    if not all(may_undo(each, actor) for each in events):
        raise NotAllowed("A manager did this. Only a manager may take it back or do it again.")
    if event.closure:
        return [_undo_closure(event, event.closure, actor)]
    profiles = _lock_guests_of(events)  # every verb locks guests first, then units, then reservations
    _lock_units_of(events)
    others = _other_stays_of([profiles[key] for key in _renamed_by(events)], events)
    reservations = lock_reservations(*map(_reservation_of, events), *others, version=version)
    drafts = [Draft.of(reservation) for reservation in reservations]
    for each, draft in zip(events, drafts, strict=False):
        _take_back(each, draft, profiles)
    _rename_back(events, drafts, profiles)
    segments = [segment for draft in drafts[: len(events)] for segment in draft.segments]
    refuse_taken(segments, ignoring=reservations)
    return write(
        drafts,
        action=Event.Action.UNDONE,
        actor=actor,
        reason_code=event.action,
        needs_manager=any(each.needs_manager for each in events),
    )


def _lock_guests_of(events: Sequence[Event]) -> dict[int, Guest]:
    """{key of a profile: that profile locked, or the one it was merged into}.

    They are the guests that reservations get back, and the profiles that get a name back.
    """
    before = {_before(each, "guest_id") for each in events} - {None}
    return {key: guests.lock_profile(Guest(pk=key)) for key in sorted(before | _renamed_by(events).keys())}


def _renamed_by(events: Sequence[Event]) -> dict[int, str]:
    """{key of a profile: its former name} for the profiles that the act renamed."""
    return {
        _reservation_of(each).guest_id: _before(each, "guest")
        for each in events
        if _before(each, "guest") and "guest_id" not in each.data
    }


def _other_stays_of(renamed: Sequence[Guest], events: Sequence[Event]) -> list[Reservation]:
    """The other reservations of the `renamed` profiles, which have no event of this act."""
    touched = [_reservation_of(each).pk for each in events]
    return list(Reservation.objects.filter(guest__in=renamed).exclude(pk__in=touched)) if renamed else []


def _lock_units_of(events: Sequence[Event]) -> None:
    """Lock the units in which nights are taken again, and those that an in-house party comes back into."""
    keys = {segment["unit"] for each in events for segment in (_before(each, "segments") or [])}
    came_back = [_reservation_of(each) for each in events if _before(each, "status") == Status.IN_HOUSE]
    keys |= {segment.unit_id for reservation in came_back for segment in reservation.segments}
    property = _reservation_of(events[0]).property
    if keys:
        lock_units(property, units=list(Unit.objects.filter(pk__in=keys)))


def _take_back(event: Event, draft: Draft, profiles: Mapping[int, Guest]) -> None:
    """Set the draft's fields and segments to what they were before `event`. Raises CannotUndo."""
    if event.action == Event.Action.MERGED:
        raise CannotUndo("A merge is taken back for all stays of the guest at once, on the guest's page.")
    reservation = draft.reservation
    _refuse_later(event, reservation)
    if event.data.get("status", [""])[0] is None:  # booked
        draft.set(status=Status.CANCELLED)
        draft.segments = []
        return
    if "guest_id" in event.data:
        draft.set(guest=profiles[_before(event, "guest_id")])
    draft.set(**{name: READ[name](values[0]) for name, values in event.data.items() if name in READ})
    if "segments" in event.data:
        draft.segments = _segments(_before(event, "segments"))
    if reservation.has_lapsed:
        raise CannotUndo("The hold is over. Hold it anew or confirm it instead.")


def _rename_back(events: Sequence[Event], drafts: Sequence[Draft], profiles: Mapping[int, Guest]) -> None:
    """Rename the profiles, and let the drafts of their reservations show the new name, for the history."""
    for key, name in _renamed_by(events).items():
        guests.rename(profiles[key], name)
        for draft in drafts:
            if draft.reservation.guest_id == profiles[key].pk:
                draft.reservation.guest = profiles[key]


def _refuse_later(event: Event, reservation: Reservation) -> None:
    latest = reservation.events.select_related("actor").latest("pk")
    if latest.pk != event.pk:
        who = f" by {latest.actor}" if latest.actor else ""
        raise CannotUndo(f"{reservation.reference} has changed since: {latest.in_words.lower()}{who}. Undo that first.")


def _reservation_of(event: Event) -> Reservation:
    """The event's reservation; the event must not be a closure's."""
    assert event.reservation is not None  # noqa: S101
    return event.reservation


def _before(event: Event, name: str) -> Any:
    return event.data.get(name, [None])[0]


def _instant(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None


# How the values in `Event.data` are turned into those of a reservation's fields.
READ: dict[str, Callable] = {
    "status": Status,
    "arrival": dt.date.fromisoformat,
    "departure": dt.date.fromisoformat,
    "party_size": int,
    "nightly_rates": lambda rates: [Decimal(rate) for rate in rates],
    "currency": str,
    "room_type": lambda key: key and RoomType.objects.get(pk=key),
    "is_locked": bool,
    "hold_expires_at": _instant,
}


def _segments(rows: Sequence[Mapping[str, Any]]) -> list[StaySegment]:
    units = Unit.objects.select_related("property", "room_type").in_bulk({row["unit"] for row in rows})
    return segments_of(rows, units)


def _undo_closure(event: Event, closure: Closure, actor: User | None) -> Closure:
    if segments := _before(event, "segments"):
        units = Unit.objects.filter(pk__in=[segment["unit"] for segment in segments])
        lock_units(closure.property, units=list(units))
    closure = closures.lock_closure(closure)
    latest = closure.events.latest("pk")
    if latest.pk != event.pk:
        raise CannotUndo("This closure has changed since. Look again.")
    return closures.restore(closure, event, actor=actor)
