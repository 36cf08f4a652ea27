"""The one mechanism that takes and frees nights: lock → check → write → event. Every verb is made of these steps.

Units whose nights are to be taken are locked in primary-key order before anything is looked at, then the reservations
that are to change, in primary-key order too. The exclusion constraint alone would be right, but competing inserts
deadlock on it; with the lock they queue (docs/architecture.md). The constraint stays the last wall: a collision that
gets past the check is answered like one that the check found.

Nights that are only given back need no lock on their unit.
"""

import datetime as dt
import functools
import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import connection
from psycopg2.extras import DateRange

from accounts.models import User
from config.errors import Busy
from config.transactions import giving_up_on, one_transaction
from properties.models import Property, RoomType, Unit
from reservations import availability
from reservations.availability import Availability, presence
from reservations.booking.drafts import Draft, StaySegment, difference, segment_now, snapshot, stay_of
from reservations.booking.refusals import ChangedMeanwhile, DatesTaken, NotBookable, NotYet
from reservations.models import BLOCKING, Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.wording import still_there

Arguments = ParamSpec("Arguments")
Done = TypeVar("Done")

NO_SHARED_NIGHT = "occupancy_no_two_share_a_night"
# How often a verb is tried whose nights become free just after it was refused, or that drew a reference in use.
ATTEMPTS = 5
# Facts that decide what a reservation's rows in the calendar are.
TAKES_NIGHTS = {"segments", "status", "hold_expires_at"}


class NightsTaken(Exception):
    """Inside a verb: the nights are not free. `ask` asks the calendar who has them and what is free instead."""

    def __init__(self, ask: Callable[[], Availability]) -> None:
        super().__init__()
        self.ask = ask


class ReferenceInUse(Exception):
    """Inside a verb: another reservation has the reference that was drawn. One in twenty at a million reservations:
    looking first would cost every booking more than starting again costs these."""


def in_booking_transaction(verb: Callable[Arguments, Done]) -> Callable[Arguments, Done]:
    """Run a verb in one transaction, and raise DatesTaken with alternatives if its nights are taken.

    Alternatives are looked for after the transaction has ended, so that those who wait for the same unit need not
    wait for that. If the nights have become free meanwhile, or the reference that was drawn is in use, the verb runs
    again.
    """
    run = one_transaction(verb)

    @functools.wraps(verb)
    def ask_when_taken(*args: Arguments.args, **arguments: Arguments.kwargs) -> Done:
        for _ in range(ATTEMPTS):
            try:
                return run(*args, **arguments)
            except ReferenceInUse:
                continue
            except NightsTaken as taken:
                answer = taken.ask()
            if not answer.is_free:
                moved = arguments.get("reservation")
                raise DatesTaken(answer, moved if isinstance(moved, Reservation) else None)
        raise Busy

    return ask_when_taken


# --- lock -----------------------------------------------------------------------------------------------------------


# In SQL, as every verb begins with them: the ORM takes longer to say them than the database to answer.
LOCKED = """
    SELECT * FROM properties_unit
    WHERE property_id = %(property)s AND archived_at IS NULL AND (%(keys)s IS NULL OR id = ANY(%(keys)s::int[]))
    ORDER BY id FOR NO KEY UPDATE
"""
# At least one row, if only of NULLs, unless the property is archived.
TYPES_WHILE_ACTIVE = """
    SELECT room_type.* FROM properties_property AS property
    LEFT JOIN properties_roomtype AS room_type ON room_type.property_id = property.id
    WHERE property.id = %(property)s AND property.archived_at IS NULL
"""


def lock_units(property: Property, *, units: Sequence[Unit] | None = None) -> list[Unit]:
    """Queue here. Locks `units`, or all active ones of the property, and returns them by name: [] when none is listed.

    Raises NotBookable when the property is archived, or one of `units` is, or belongs elsewhere.
    """
    keys = None if units is None else [unit.pk for unit in units]
    locked = list(Unit.objects.raw(LOCKED, {"property": property.pk, "keys": keys}))
    for unit in units or ():
        if unit not in locked:
            raise NotBookable.of_unit(unit)
    if not locked:
        Property.objects.select_for_update(no_key=True).get(pk=property.pk)
    # Read after the lock: archiving locks the same rows.
    types = {row.pk: row for row in RoomType.objects.raw(TYPES_WHILE_ACTIVE, {"property": property.pk})}
    if not types:
        raise NotBookable.of_property(property)
    for unit in locked:
        unit.room_type = types[unit.room_type_id] if unit.room_type_id else None
    return sorted(locked, key=lambda unit: (unit.position, unit.name))


def lock_reservations(*reservations: Reservation, version: int | None = None) -> list[Reservation]:
    """The reservations as they are once nobody else can change them, in the order given.

    Raises ChangedMeanwhile when `version` is not the first one's.
    """
    rows = Reservation.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[r.pk for r in reservations])
    locked = {row.pk: row for row in rows.with_unit().order_by("pk")}
    found = [locked[reservation.pk] for reservation in reservations]
    if version is not None and found[0].version != version:
        raise ChangedMeanwhile(found[0], found[0].events.select_related("actor").first())
    return found


# --- check ----------------------------------------------------------------------------------------------------------


def allocate_room(
    property: Property,
    candidates: list[Unit],
    stay: Stay,
    *,
    unit: Unit | None = None,
    ignoring: Reservation | None = None,
    staying_in: Unit | None = None,
    **wanted: Any,
) -> Unit | None:
    """The room to take among locked `candidates`, or None for uncounted inventory. Raises NightsTaken.

    `wanted` is what the candidates were chosen by, as `availability.answer` takes it: the alternatives suit it, too.
    """
    if not candidates and not property.tracks_inventory():
        return None
    in_force, lapsed = overlapping([StaySegment(each, stay) for each in candidates], ignoring=[ignoring])
    taken = {row.unit_id for row in in_force}
    free = [each for each in candidates if each.pk not in taken]
    if not free:
        asked = {"unit": unit, "stay": stay, "ignoring": ignoring} | wanted
        raise NightsTaken(lambda: availability.answer(property=property, **asked))
    room = _best_of(property, free, stay, ignoring, staying_in)
    expire([row.reservation_id for row in lapsed if row.unit_id == room.pk])
    return room


def _best_of(
    property: Property, free: list[Unit], stay: Stay, ignoring: Reservation | None, staying_in: Unit | None
) -> Unit:
    """Of rooms that are free: `staying_in` if it is empty or promised, else the best, see `availability.best_room`."""
    if len(free) == 1:
        return free[0]
    late = presence.overstays_of(property, stay, ignoring=ignoring)
    is_promised = ignoring is not None and ignoring.is_locked
    if staying_in and staying_in in free and (staying_in.pk not in late or is_promised):
        return staying_in
    return availability.best_room(property, free, stay, avoid=late, ignoring=ignoring)


def refuse_taken(segments: Sequence[StaySegment], *, ignoring: Iterable[Reservation | None] = ()) -> None:
    """Raise NightsTaken when someone else has a night of the locked `segments`; it is about the first such segment."""
    in_force, lapsed = overlapping(segments, ignoring=ignoring)
    for segment in segments:
        # A stay may come back to a room: it is about the segment that is taken.
        if any(row.is_in(segment) for row in in_force):
            raise taken_there(segment, ignoring=ignoring)
    expire([row.reservation_id for row in lapsed])


def taken_there(segment: StaySegment, *, ignoring: Iterable[Reservation | None] = ()) -> NightsTaken:
    """NightsTaken, of one unit."""
    unit, first = segment.unit, next(iter(ignoring), None)
    return NightsTaken(
        lambda: availability.answer(
            property=unit.property, unit=unit, stay=segment.stay, ignoring=first, elsewhere=False
        )
    )


def refuse_occupied(drafts: Sequence[Draft]) -> None:
    """Raise NotYet when a party would come into a room in which someone else is now, whatever was planned.

    It comes into one when it is checked in, or moved while it is in the house. At most one query for each draft.
    """
    for draft in drafts:
        there = _comes_into(draft)
        others = there and presence.others_in(
            there.unit, today=draft.reservation.property.today(), ignoring=[each.reservation for each in drafts]
        )
        if others:
            raise NotYet(still_there(others[0]))


def _comes_into(draft: Draft) -> StaySegment | None:
    """The segment in whose room the party is from now on, and was not before; or None."""
    today = draft.reservation.property.today()
    if draft.reservation.status != Status.IN_HOUSE or not (there := segment_now(draft.segments, today)):
        return None
    begun = [segment["unit"] for segment in draft.before["segments"] if stay_of(segment).arrival <= today]
    was_there = draft.before["status"] == Status.IN_HOUSE and begun[-1:] == [there.unit.pk]
    return None if was_there else there


class OverlappingRow(NamedTuple):
    """Of the calendar. No model instance: a big hotel has a thousand rows in three weeks."""

    unit_id: int
    reservation_id: int | None
    closure_id: int | None
    arrival: dt.date
    departure: dt.date
    has_lapsed: bool

    def is_in(self, segment: StaySegment) -> bool:
        nights = segment.stay
        return self.unit_id == segment.unit.pk and self.arrival < nights.departure and nights.arrival < self.departure


def overlapping(
    segments: Sequence[StaySegment], *, ignoring: Iterable[Reservation | None] = ()
) -> tuple[list[OverlappingRow], list[OverlappingRow]]:
    """Who has a night of the locked `segments`: (rows that stand, rows of lapsed holds). One query, or none.

    Whoever takes a room `expire`s the lapsed holds that are still written there; only those, and only once it is known
    that nobody stands in the way.
    """
    in_force: list[OverlappingRow] = []
    lapsed: list[OverlappingRow] = []
    for row in _rows_overlapping(segments, ignoring) if segments else ():
        (lapsed if row.has_lapsed else in_force).append(row)
    return in_force, lapsed


# In SQL: every booking asks this, and the ORM takes longer to say it than the database to answer.
OVERLAPPING = """
    SELECT unit_id, reservation_id, closure_id, arrival, departure, coalesce(expires_at <= statement_timestamp(), false)
    FROM reservations_occupancy
    WHERE unit_id = ANY(%s) AND arrival < %s AND departure > %s
      AND (reservation_id IS NULL OR NOT reservation_id = ANY(%s::bigint[]))
"""


def _rows_overlapping(segments: Sequence[StaySegment], ignoring: Iterable[Reservation | None]) -> list[OverlappingRow]:
    ignored = [reservation.pk for reservation in ignoring if reservation]
    by_stay = defaultdict(list)
    for segment in segments:
        by_stay[segment.stay].append(segment.unit.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([OVERLAPPING] * len(by_stay)),
            [value for stay, units in by_stay.items() for value in (units, stay.departure, stay.arrival, ignored)],
        )
        return [OverlappingRow(*row) for row in cursor]


# --- write ----------------------------------------------------------------------------------------------------------


def write(
    drafts: Sequence[Draft], *, action: str, actor: User | None, act: uuid.UUID | None = None, **told: Any
) -> list[Reservation]:
    """Save what has changed in locked `drafts`, all at once, and leave an event for each that has, as its `new_event`.

    `told` are further fields of the events: reason, reason_code, needs_manager. Returns the reservations.
    Raises NotYet when a party would come into a room that is not empty, unless a manager overrules. Raises NightsTaken
    when the constraint refuses the nights, though the check had not.
    """
    act = act or uuid.uuid4()
    if action != Event.Action.OVERRULED:
        refuse_occupied(drafts)
    changed = [(draft, changes) for draft in drafts if (changes := difference(draft.before, _after(draft)))]
    moved = [draft for draft, changes in changed if changes.keys() & TAKES_NIGHTS]
    Occupancy.objects.filter(reservation__in=[draft.reservation.pk for draft in moved]).delete()
    for draft, _ in changed:
        draft.set(version=draft.reservation.version + 1)
        draft.reservation.save(update_fields=draft.fields)
    occupy(moved)
    events = [
        Event(
            reservation=draft.reservation,
            action=action,
            from_status=draft.before["status"] if "status" in changes else "",
            to_status=draft.reservation.status if "status" in changes else "",
            actor=actor,
            data=changes,
            act=act,
            **told,
        )
        for draft, changes in changed
    ]
    for event, (draft, _) in zip(Event.objects.bulk_create(events), changed, strict=True):
        draft.reservation.new_event = event
    return [draft.reservation for draft in drafts]


def occupy(drafts: Sequence[Draft]) -> None:
    """Put the nights of `drafts` into the calendar. What does not block has none."""
    rows = [
        Occupancy(
            unit=segment.unit,
            property_id=draft.reservation.property_id,
            reservation=draft.reservation,
            nights=DateRange(segment.stay.arrival, segment.stay.departure),
            expires_at=draft.reservation.hold_expires_at if draft.reservation.status == Status.HELD else None,
            pk=key,
        )
        for draft in drafts
        for segment, key in zip(draft.segments, itertools.chain(draft.keys, itertools.repeat(None)), strict=False)
        if draft.reservation.status in BLOCKING
    ]
    # The last wall: what got past lock and check is still one conflict, not an error page.
    ignoring = [draft.reservation for draft in drafts]
    with giving_up_on(NO_SHARED_NIGHT, lambda: taken_there(StaySegment(rows[0].unit, rows[0].stay), ignoring=ignoring)):
        Occupancy.objects.bulk_create(rows)
    for draft in drafts:
        # What was prefetched is history now.
        getattr(draft.reservation, "_prefetched_objects_cache", {}).pop("occupancies", None)


def expire(reservations: Sequence[int | None]) -> int:
    """Write down that holds have lapsed, of reservations by key; others are left alone. Returns how many.

    Their nights were free from that instant on; this frees the rows too, and leaves the event.
    """
    if not reservations:
        return 0
    rows = Reservation.objects.lapsed().filter(pk__in=reservations).order_by("pk")
    locked = list(rows.with_unit().select_for_update(no_key=True, of=("self",)))
    drafts = [Draft.of(reservation) for reservation in locked]
    for draft in drafts:
        draft.set(status=Status.EXPIRED)
        draft.segments = []
    write(drafts, action=Event.Action.EXPIRED, actor=None)
    return len(drafts)


def _after(draft: Draft) -> dict[str, Any]:
    return snapshot(draft.reservation, draft.segments)
