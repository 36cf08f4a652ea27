"""Undo: restores the values from before an act, and takes nights with the same locks and checks as a booking.

An act is what one request did: its events share `Event.act`. It can be undone for a day.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Q

from accounts.access import Action, NotAllowed, require
from accounts.models import User
from config import clock
from config.errors import DomainError
from properties.models import RoomType, Unit
from reservations import guests
from reservations.booking import closures
from reservations.booking.drafts import Draft, StaySegment, segments_of
from reservations.booking.nights import in_booking_transaction, lock_reservations, lock_units, refuse_taken, write
from reservations.models import Closure, Event, Guest, Reservation, Status

# Long enough for the next shift to find a mistake. Whoever finds it later changes the stay by hand and looks at it.
UNDOABLE_FOR = dt.timedelta(hours=24)


class CannotUndo(DomainError):
    """Something has happened since the act, it was more than a day ago, or the former state is not possible any more.

    `brief` says the same beside a line of a history, where the stay is named already.
    """

    code = "cannot_undo"
    when = "Something has changed since, the act is more than a day ago, or the former state is not possible any more."
    then = "Read what was changed, and change it back with other requests."

    def __init__(self, message: str, *, brief: str = "") -> None:
        super().__init__(message)
        self.brief = brief or message


def may_undo(event: Event, actor: User | None) -> bool:
    """Whether `actor` may do what the event did, and so undo it."""
    return actor is None or actor.access.may(_action_for(event), event.subject)


def _action_for(event: Event) -> Action:
    if event.needs_manager:
        return Action.OVERRULE
    return Action.CLOSE if event.closure_id else Action.CHANGE


@dataclass(frozen=True)
class Known:
    """What has to be known of the acts of some events, to say what was before them. Three queries at most."""

    events: list[Event]  # about the same reservations and closures, from the first of the given ones on, oldest first
    units: Mapping[int, Unit]  # with property and room type
    room_types: Mapping[int, RoomType]

    @classmethod
    def about(cls, events: Sequence[Event]) -> Self:
        if not events:
            return cls([], {}, {})
        reservations = [event.reservation_id for event in events if event.reservation_id]
        subjects = Q(closure__in=[event.closure_id for event in events if event.closure_id])
        if reservations:
            subjects |= Q(reservation__in=reservations)
        since = Event.objects.filter(subjects, pk__gte=min(event.pk for event in events))
        units = {segment["unit"] for event in events for segment in (event.before("segments") or [])}
        types = {event.before("room_type") for event in events} - {None}
        return cls(
            events=list(since.select_related("actor").order_by("pk")),
            units=Unit.objects.select_related("property", "room_type").in_bulk(units),
            room_types=RoomType.objects.in_bulk(types),
        )

    def later_than(self, event: Event) -> list[Event]:
        """The events of the same reservation or closure after `event`, oldest first."""
        subject = (event.reservation_id, event.closure_id)
        return [
            each for each in self.events if each.pk > event.pk and (each.reservation_id, each.closure_id) == subject
        ]


@in_booking_transaction
def undo(*, event: Event, actor: User | None, version: int | None = None) -> list[Reservation | Closure]:
    """Undo the act of `event`, for everything that it changed, if nothing has happened to that since.

    Undoing a booking cancels it; undoing an undo repeats the act. A profile that gets its former name back is renamed
    for all stays that it has by now. Returns the reservations and the closure of the act, with that of `event` first.
    `version` is that of the event's reservation. Raises NotAllowed, DatesTaken when the nights are not free, NotYet
    when another party is in the room now, CannotUndo, NotBookable, ChangedMeanwhile, Busy; then nothing has changed.
    """
    events = list(Event.objects.filter(act=event.act).select_related("reservation__property", "closure__unit"))
    events.sort(key=lambda each: each.pk != event.pk)
    refuse_by_rights_or_age(events, actor)
    stays, closings = [each for each in events if each.reservation_id], [each for each in events if each.closure_id]
    profiles = _lock_guests_of(stays)  # every verb locks guests first, then units, then closures and reservations
    _lock_units_of(events)
    act = uuid.uuid4()
    # A closure that comes back needs nights that the stays give back; one that goes has nights that they need.
    going, coming_back = _lock_closures_of(closings)
    undone: list[Reservation | Closure] = [*_restore(going, actor, act)]
    if stays:
        undone += _undo_stays(stays, profiles, actor=actor, act=act, version=version)
    undone += _restore(coming_back, actor, act)
    return sorted(undone, key=lambda each: each != event.subject)


def _undo_stays(
    events: Sequence[Event],
    profiles: Mapping[int, Guest],
    *,
    actor: User | None,
    act: uuid.UUID,
    version: int | None,
) -> list[Reservation]:
    """Undo what the events did to their reservations, whose guests and units are locked. Raises as `undo`."""
    others = _other_stays_of([profiles[key] for key in _renamed_by(events)], events)
    reservations = lock_reservations(*map(reservation_of, events), *others, version=version)
    drafts = [Draft.of(reservation) for reservation in reservations]
    known = Known.about(events)
    for each, draft in zip(events, drafts, strict=False):
        take_back(each, draft, profiles, known)
    _rename_back(events, drafts, profiles)
    segments = [segment for draft in drafts[: len(events)] for segment in draft.segments]
    refuse_taken(segments, ignoring=reservations)
    return write(
        drafts,
        action=Event.Action.UNDONE,
        actor=actor,
        act=act,
        reason_code=_action_taken_back(events[0]),
        needs_manager=any(each.needs_manager for each in events),
    )


def refuse_by_rights_or_age(events: Sequence[Event], actor: User | None) -> None:
    """Of the events of one act, raises NotAllowed unless `actor` may undo it, and CannotUndo when it is too old."""
    for each in events:
        if each.needs_manager and not may_undo(each, actor):
            raise NotAllowed("A manager did this. Only a manager may take it back or do it again.")
        require(actor, _action_for(each), each.subject)
    if is_too_old(events[0]):
        raise CannotUndo(
            "This was done more than a day ago and cannot be taken back any more. Change it by hand.",
            brief="it was done more than a day ago.",
        )


def is_too_old(event: Event) -> bool:
    """Whether the event was too long ago for its act to be undone."""
    return clock.now() - event.at > UNDOABLE_FOR


def _action_taken_back(event: Event) -> str:
    """The action for the history of an undo. Of what was done again it is the action that was done again."""
    if not event.is_done_again:
        return event.action
    undone = Event.objects.filter(reservation=event.reservation_id, closure=event.closure_id, pk__lt=event.pk)
    before = undone.order_by("pk").last()
    return before.reason_code if before and before.action == Event.Action.UNDONE else event.action


def _lock_guests_of(events: Sequence[Event]) -> dict[int, Guest]:
    """{key of a profile: that profile locked, or the one it was merged into}.

    They are the guests that reservations get back, and the profiles that get a name back.
    """
    before = {each.before("guest_id") for each in events} - {None}
    return {key: guests.lock_profile(Guest(pk=key)) for key in sorted(before | _renamed_by(events).keys())}


def _renamed_by(events: Sequence[Event]) -> dict[int, str]:
    """{key of a profile: its former name} for the profiles that the act renamed."""
    return {
        reservation_of(each).guest_id: each.before("guest")
        for each in events
        if each.before("guest") and "guest_id" not in each.data
    }


def _other_stays_of(renamed: Sequence[Guest], events: Sequence[Event]) -> list[Reservation]:
    """The other reservations of the `renamed` profiles, which have no event of this act."""
    touched = [reservation_of(each).pk for each in events]
    return list(Reservation.objects.filter(guest__in=renamed).exclude(pk__in=touched)) if renamed else []


def _lock_units_of(events: Sequence[Event]) -> None:
    """Lock the units in which nights are taken again, and those that an in-house party comes back into."""
    if keys := units_needed_by(events):
        lock_units(events[0].subject.property, units=list(Unit.objects.filter(pk__in=keys)))


def units_needed_by(events: Sequence[Event]) -> set[int]:
    """The keys of the units in which an undo takes nights again, or into which an in-house party comes back."""
    keys = {segment["unit"] for each in events for segment in (each.before("segments") or [])}
    came_back = [reservation_of(each) for each in events if each.before("status") == Status.IN_HOUSE]
    return keys | {segment.unit_id for reservation in came_back for segment in reservation.segments}


def take_back(event: Event, draft: Draft, profiles: Mapping[int, Guest], known: Known) -> None:
    """Set the draft's fields and segments to what they were before `event`. Raises CannotUndo."""
    if Event.Action.MERGED in (event.action, event.reason_code):
        raise CannotUndo(
            "A merge is taken back, or done again, for all stays of the guest at once, on the guest's page.",
            brief="profiles are merged and separated on the guest’s page.",
        )
    reservation = draft.reservation
    refuse_later(event, known)
    if event.data.get("status", [""])[0] is None:  # booked
        draft.set(status=Status.CANCELLED)
        draft.segments = []
        return
    if "guest_id" in event.data:
        draft.set(guest=profiles[event.before("guest_id")])
    if "room_type" in event.data:
        draft.set(room_type=_room_type_before(event, known))
    draft.set(**{name: READ[name](values[0]) for name, values in event.data.items() if name in READ})
    if "segments" in event.data:
        draft.segments = segments_before(event, known)
    if reservation.has_lapsed:
        raise CannotUndo("The hold is over. Hold it anew or confirm it instead.", brief="the hold is over.")


def _room_type_before(event: Event, known: Known) -> RoomType | None:
    key = event.before("room_type")
    if key and key not in known.room_types:
        raise CannotUndo(
            "The room type it was booked as is not there any more. Change it by hand.",
            brief="the room type it was booked as is not there any more.",
        )
    return known.room_types[key] if key else None


def segments_before(event: Event, known: Known) -> list[StaySegment]:
    """The segments that the event's reservation or closure had before it, if the event changed them."""
    return segments_of(event.before("segments") or [], known.units)


def _rename_back(events: Sequence[Event], drafts: Sequence[Draft], profiles: Mapping[int, Guest]) -> None:
    """Rename the profiles, and let the drafts of their reservations show the new name, for the history."""
    for key, name in _renamed_by(events).items():
        guests.rename(profiles[key], name)
        for draft in drafts:
            if draft.reservation.guest_id == profiles[key].pk:
                draft.reservation.guest = profiles[key]


def refuse_later(event: Event, known: Known) -> None:
    """Raises CannotUndo when something has happened to the event's reservation or closure since."""
    if not (later := known.later_than(event)):
        return
    latest = later[-1]
    who = f" by {latest.actor}" if latest.actor else ""
    if len(later) == 1 and latest.action == Event.Action.UNDONE:
        brief = f"{'done again' if event.is_taken_back else 'taken back'} already{who}."
        raise CannotUndo(f"This was {brief}", brief=brief)
    brief = f"changed since (“{latest.in_words}”{who})."
    if event.closure_id:
        raise CannotUndo("This closure has changed since. Look again.", brief=brief)
    reference = reservation_of(event).reference
    raise CannotUndo(f"{reference} has changed since: “{latest.in_words}”{who}. Undo that first.", brief=brief)


def reservation_of(event: Event) -> Reservation:
    """The event's reservation; the event must not be a closure's."""
    assert event.reservation is not None  # noqa: S101
    return event.reservation


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
    "is_locked": bool,
    "hold_expires_at": _instant,
}


Closings = list[tuple[Event, Closure]]


def _lock_closures_of(events: Sequence[Event]) -> tuple[Closings, Closings]:
    """The events with their closures locked: (those whose closure goes, those whose closure takes nights again).

    Raises CannotUndo when something has happened to a closure since.
    """
    in_order = sorted(events, key=lambda each: each.closure_id or 0)
    locked = [(each, closures.lock_closure(each.subject)) for each in in_order]
    known = Known.about(events)
    for each, _ in locked:
        refuse_later(each, known)
    going = [pair for pair in locked if not pair[0].before("segments")]
    return going, [pair for pair in locked if pair not in going]


def _restore(closings: Closings, actor: User | None, act: uuid.UUID) -> list[Closure]:
    return [
        closures.restore(closure, event, reason_code=_action_taken_back(event), actor=actor, act=act)
        for event, closure in closings
    ]
