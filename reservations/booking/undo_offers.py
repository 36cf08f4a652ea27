"""Whether acts can be undone now, for the *Undo* beside them: read without locks, and nothing is written.

So `undo` may still refuse what is offered here, when somebody is quicker.
"""

import copy
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from accounts.access import NotAllowed
from accounts.models import User
from properties.models import Unit
from reservations.availability import presence
from reservations.booking.drafts import Draft, StaySegment
from reservations.booking.nights import OverlappingRow, overlapping, segment_entered
from reservations.booking.undoing import (
    CannotUndo,
    Known,
    is_too_old,
    refuse_by_rights_or_age,
    refuse_later,
    reservation_of,
    segments_before,
    take_back,
    units_needed_by,
)
from reservations.models import Closure, Event, Guest, Occupancy, Reservation
from reservations.wording import place, short_span


@dataclass(frozen=True)
class UndoOffer:
    """Whether an act can be undone. `why_not` is "" if it can, else in words that go on after a colon."""

    event: Event
    why_not: str = ""
    act: Sequence[Event] = ()  # all events of the act, with their subjects; only its own if it is too old

    @property
    def together(self) -> int:
        """How many reservations are changed back at once."""
        return sum(event.closure_id is None for event in self.act)

    @property
    def closure(self) -> Closure | None:
        """The closure that is changed back, alone or with the stays that were moved because of it."""
        return next((event.closure for event in self.act if event.closure), None)


@dataclass
class _Attempt:
    """What an undo of the act would lead to."""

    act: list[Event]
    drafts: list[Draft] = field(default_factory=list)
    segments: list[StaySegment] = field(default_factory=list)
    needed: set[int] = field(default_factory=set)  # keys of units that must not be archived

    @property
    def reservations(self) -> set[int]:
        return {event.reservation_id for event in self.act if event.reservation_id}

    def is_own(self, row: OverlappingRow | Occupancy) -> bool:
        closures = {event.closure_id for event in self.act if event.closure_id}
        return row.reservation_id in self.reservations or row.closure_id in closures


def undo_offers(events: Iterable[Event], actor: User | None) -> dict[uuid.UUID, UndoOffer]:
    """{act: the offer to undo it} for the acts of `events`. The number of queries does not depend on theirs."""
    events = list(events)
    acts = _events_by_act({event.act for event in events if not is_too_old(event)})
    attempts: dict[uuid.UUID, _Attempt] = {}
    why_not: dict[uuid.UUID, str] = {}
    known = Known.about([event for act in acts.values() for event in act])
    for event in events:
        act = acts.get(event.act, [event])
        try:
            refuse_by_rights_or_age(act, actor)
            attempts[event.act] = _attempt(act, known)
        except CannotUndo as refused:
            why_not[event.act] = refused.brief
        except NotAllowed as refused:
            by_manager = "a manager did this, and only a manager may take it back or do it again."
            is_by_manager = any(each.needs_manager for each in act)
            why_not[event.act] = by_manager if is_by_manager else refused.message[0].lower() + refused.message[1:]
    why_not |= _occupied(attempts) | _taken(attempts) | _out_of_use(attempts, known)
    return {event.act: UndoOffer(event, why_not.get(event.act, ""), acts.get(event.act, [event])) for event in events}


def _events_by_act(acts: set[uuid.UUID]) -> dict[uuid.UUID, list[Event]]:
    """The events of the acts with their subjects at hand. Four queries."""
    if not acts:
        return {}
    rows = Event.objects.filter(act__in=acts).select_related("closure__unit__property", "closure__property", "actor")
    found = defaultdict(list)
    for event in rows.order_by("pk").prefetch_related(
        Prefetch("reservation", Reservation.objects.with_unit().select_related("group__booker"))
    ):
        found[event.act].append(event)
    return dict(found)


def _attempt(act: list[Event], known: Known) -> _Attempt:
    """Take the act back in memory. Raises CannotUndo."""
    attempt = _Attempt(act, needed=units_needed_by(act))
    for event in act:
        if event.closure_id:
            refuse_later(event, known)
            attempt.segments += segments_before(event, known)
            continue
        draft = Draft.of(copy.copy(reservation_of(event)))  # the page shows it as it is
        profiles = {key: Guest(pk=key) for key in [event.before("guest_id")] if key}
        take_back(event, draft, profiles, known)
        attempt.drafts.append(draft)
        attempt.segments += draft.segments
    return attempt


def _out_of_use(attempts: dict[uuid.UUID, _Attempt], known: Known) -> dict[uuid.UUID, str]:
    """{act: why not} where a unit or its property is archived. At most one query."""
    others = {key for attempt in attempts.values() for key in attempt.needed} - known.units.keys()
    units = dict(known.units) | Unit.objects.select_related("property").in_bulk(others)
    found = {}
    for act, attempt in attempts.items():
        for unit in (units[key] for key in sorted(attempt.needed)):
            if unit.archived_at or unit.property.archived_at:
                found[act] = f"{place(unit, unit.property) if unit.archived_at else unit.property} is archived."
    return found


def _taken(attempts: dict[uuid.UUID, _Attempt]) -> dict[uuid.UUID, str]:
    """{act: why not} where somebody else has a night by now. At most two queries, and one for their names."""
    segments = [segment for attempt in attempts.values() for segment in attempt.segments]
    in_force, _ = overlapping(segments)
    in_the_way = {
        act: (segment, row)
        for act, attempt in attempts.items()
        for segment in attempt.segments
        for row in in_force
        if row.is_in(segment) and not attempt.is_own(row)
    }
    stays = Reservation.objects.select_related("guest").in_bulk(
        {row.reservation_id for _, row in in_the_way.values() if row.reservation_id}
    )
    found = {}
    for act, (segment, row) in in_the_way.items():
        room, stay = place(segment.unit, segment.unit.property), stays.get(row.reservation_id or 0)
        found[act] = f"{room} is taken by {stay.guest}, {short_span(stay.stay)}." if stay else f"{room} is closed then."
    return found


def _occupied(attempts: dict[uuid.UUID, _Attempt]) -> dict[uuid.UUID, str]:
    """{act: why not} where another party is in the room that a party would come back into. At most one query."""
    entered = {
        act: {segment.unit.pk for draft in attempt.drafts if (segment := segment_entered(draft))}
        for act, attempt in attempts.items()
    }
    units = set().union(*entered.values())
    there = presence.in_any_of(units) if units else []
    found = {}
    for act, keys in entered.items():
        for other in there:
            if other.unit_id in keys and not attempts[act].is_own(other):
                room = place(other.unit, other.reservation.property)
                found[act] = f"{other.reservation.guest} is in {room} now."
    return found
