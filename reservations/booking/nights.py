"""How verbs take and free nights: they lock, check, write, and record events.

Units whose nights are to be taken are locked in primary-key order before anything is read, then the reservations that
are to change, in primary-key order too. The exclusion constraint alone would prevent double bookings, but competing
inserts deadlock on it; with the locks they wait for each other (docs/architecture.md). If the constraint refuses nights
that the check found free, the verb is refused in the same way as by the check.

Nights that are only given back need no lock on their unit.
"""

import datetime as dt
import functools
import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
# How often a verb is run, if its nights become free just after it was refused, or it has drawn a reference in use.
ATTEMPTS = 5
# The parts of a snapshot on which a reservation's occupancies depend.
TAKES_NIGHTS = {"segments", "status", "hold_expires_at"}


class NightsTaken(Exception):
    """Raised inside a verb: the nights are not free. `ask` queries who has them and what is free instead.

    It is called with the verb's actor, so that only other properties are named where they may book.
    """

    def __init__(self, ask: Callable[[User | None], Availability]) -> None:
        super().__init__()
        self.ask = ask


class ReferenceInUse(Exception):
    """Raised inside a verb: another reservation has the reference that was drawn; the verb runs again.

    With a million reservations this happens to one booking in twenty. A query in advance would cost all bookings more
    time than running again costs these.
    """


def in_booking_transaction(verb: Callable[Arguments, Done]) -> Callable[Arguments, Done]:
    """Decorate a verb: run it in one transaction, and raise DatesTaken with alternatives if its nights are taken.

    The alternatives are queried after the transaction has ended, so that others who wait for the same unit need not
    wait for that. If the nights have become free by then, or a reference in use was drawn, the verb runs again. Raises
    Busy after ATTEMPTS runs.
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
                answer = taken.ask(_actor_of(arguments))
            if not answer.is_free:
                moved = arguments.get("reservation")
                raise DatesTaken(answer, moved if isinstance(moved, Reservation) else None)
        raise Busy

    return ask_when_taken


def _actor_of(arguments: Mapping[str, object]) -> User | None:
    actor = arguments.get("actor")
    return actor if isinstance(actor, User) else None


# --- lock -----------------------------------------------------------------------------------------------------------


# In SQL, because every verb runs them and the ORM takes longer to build such a query than the database to answer it.
LOCKED = """
    SELECT * FROM properties_unit
    WHERE property_id = %(property)s AND archived_at IS NULL AND (%(keys)s IS NULL OR id = ANY(%(keys)s::int[]))
    ORDER BY id FOR NO KEY UPDATE
"""
# The room types; one row of NULLs if there are none; no row if the property is archived.
TYPES_WHILE_ACTIVE = """
    SELECT room_type.* FROM properties_property AS property
    LEFT JOIN properties_roomtype AS room_type ON room_type.property_id = property.id
    WHERE property.id = %(property)s AND property.archived_at IS NULL
"""


def lock_units(property: Property, *, units: Sequence[Unit] | None = None) -> list[Unit]:
    """Lock `units`, or with None all active units of the property, and return them by position.

    Where there is no unit to lock, the property itself is locked, and [] returned. Other verbs wait here until the
    transaction ends. Raises NotBookable when the property or one of `units` is archived, or a unit is another
    property's.
    """
    keys = None if units is None else [unit.pk for unit in units]
    locked = list(Unit.objects.raw(LOCKED, {"property": property.pk, "keys": keys}))
    for unit in units or ():
        if unit not in locked:
            raise NotBookable.of_unit(unit)
    if not locked:
        Property.objects.select_for_update(no_key=True).get(pk=property.pk)
    # Read after the rows are locked, because archiving locks the same rows.
    types = {row.pk: row for row in RoomType.objects.raw(TYPES_WHILE_ACTIVE, {"property": property.pk})}
    if not types:
        raise NotBookable.of_property(property)
    for unit in locked:
        unit.room_type = types[unit.room_type_id] if unit.room_type_id else None
    return sorted(locked, key=lambda unit: (unit.position, unit.name))


def lock_reservations(*reservations: Reservation, version: int | None = None) -> list[Reservation]:
    """Lock the reservations until the transaction ends, and return them as they are then, in the order given.

    Raises ChangedMeanwhile when `version` is not that of the first one.
    """
    rows = Reservation.objects.filter(pk__in=[r.pk for r in reservations]).order_by("pk")
    # Two queries: if one joined the guests, PostgreSQL would omit a row that got another guest while it waited for it.
    list(rows.select_for_update(no_key=True).values_list("pk"))
    locked = {row.pk: row for row in rows.with_unit()}
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
    """Choose a free room among the locked `candidates`; None in a hotel that lists no rooms. Raises NightsTaken.

    `wanted` are the criteria by which the candidates were chosen, as `availability.answer` takes them, so that the
    alternatives of a refusal meet them too. `ignoring` is the reservation that moves, `staying_in` its present room.
    """
    if not candidates and not property.tracks_inventory():
        return None
    in_force, lapsed = overlapping([StaySegment(each, stay) for each in candidates], ignoring=[ignoring])
    taken = {row.unit_id for row in in_force}
    free = [each for each in candidates if each.pk not in taken]
    if not free:
        asked = {"unit": unit, "stay": stay, "ignoring": ignoring} | wanted
        raise NightsTaken(lambda actor: availability.answer(property=property, actor=actor, **asked))
    room = _best_of(property, free, stay, ignoring, staying_in)
    expire([row.reservation_id for row in lapsed if row.unit_id == room.pk])
    return room


def _best_of(
    property: Property, free: list[Unit], stay: Stay, ignoring: Reservation | None, staying_in: Unit | None
) -> Unit:
    """The room to take of those that are free.

    That is `staying_in` if it is free, and empty tonight or promised to the guest; else see `availability.best_room`.
    """
    if len(free) == 1:
        return free[0]
    late = presence.overstays_of(property, stay, ignoring=ignoring)
    is_promised = ignoring is not None and ignoring.is_locked
    if staying_in and staying_in in free and (staying_in.pk not in late or is_promised):
        return staying_in
    return availability.best_room(property, free, stay, avoid=late, ignoring=ignoring)


def refuse_taken(segments: Sequence[StaySegment], *, ignoring: Iterable[Reservation | None] = ()) -> None:
    """Raises NightsTaken when a night of the locked `segments` is taken; its answer is about the first such segment.

    Lapsed holds on these nights are set to expired.
    """
    in_force, lapsed = overlapping(segments, ignoring=ignoring)
    for segment in segments:
        if any(row.is_in(segment) for row in in_force):
            raise taken_there(segment, ignoring=ignoring)
    expire([row.reservation_id for row in lapsed])


def taken_there(segment: StaySegment, *, ignoring: Iterable[Reservation | None] = ()) -> NightsTaken:
    """A NightsTaken about the unit and the nights of `segment`."""
    unit, first = segment.unit, next(iter(ignoring), None)
    return NightsTaken(
        lambda actor: availability.answer(
            property=unit.property, unit=unit, stay=segment.stay, ignoring=first, elsewhere=False, actor=actor
        )
    )


def refuse_occupied(drafts: Sequence[Draft]) -> None:
    """Raises NotYet when a party would enter a room in which another party is now, whatever the calendar says.

    A party enters a room when it is checked in, or moved while it is in the house. At most one query for each draft.
    """
    for draft in drafts:
        entered = segment_entered(draft)
        others = entered and presence.others_in(
            entered.unit, today=draft.reservation.property.today(), ignoring=[each.reservation for each in drafts]
        )
        if others:
            raise NotYet(still_there(others[0]))


def segment_entered(draft: Draft) -> StaySegment | None:
    """The segment in whose room the party is now, if it was not in that room before this change; else None."""
    today = draft.reservation.property.today()
    if draft.reservation.status != Status.IN_HOUSE or not (present := segment_now(draft.segments, today)):
        return None
    begun = [segment["unit"] for segment in draft.before["segments"] if stay_of(segment).arrival <= today]
    was_there = draft.before["status"] == Status.IN_HOUSE and begun[-1:] == [present.unit.pk]
    return None if was_there else present


class OverlappingRow(NamedTuple):
    """A row of Occupancy. It is no model instance, because a big hotel has a thousand rows in three weeks."""

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
    """(rows in force, rows of lapsed holds) that take a night of the locked `segments`. At most one query.

    A verb that takes a room sets the lapsed holds there to expired, by `expire`, and only when no row in force is left.
    """
    in_force: list[OverlappingRow] = []
    lapsed: list[OverlappingRow] = []
    for row in _rows_overlapping(segments, ignoring) if segments else ():
        (lapsed if row.has_lapsed else in_force).append(row)
    return in_force, lapsed


# In SQL, because every booking runs it and the ORM takes longer to build the query than the database to answer it.
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
    drafts: Sequence[Draft], *, action: str, actor: User | None, act: uuid.UUID | None = None, **event_fields: Any
) -> list[Reservation]:
    """Save the changes of the drafts, whose rows are locked, and record an event for each draft that has changed.

    The event is then the reservation's `new_event`. `event_fields` are further fields of the events: reason,
    reason_code, needs_manager. Returns the reservations.
    Raises NotYet when a party would enter a room that is not empty, unless a manager overrules. Raises NightsTaken
    when the constraint refuses the nights.
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
            **event_fields,
        )
        for draft, changes in changed
    ]
    for event, (draft, _) in zip(Event.objects.bulk_create(events), changed, strict=True):
        draft.reservation.new_event = event
    return [draft.reservation for draft in drafts]


def occupy(drafts: Sequence[Draft]) -> None:
    """Create the occupancies of those `drafts` whose state takes nights. Raises NightsTaken."""
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
    ignoring = [draft.reservation for draft in drafts]
    with giving_up_on(NO_SHARED_NIGHT, lambda: taken_there(StaySegment(rows[0].unit, rows[0].stay), ignoring=ignoring)):
        Occupancy.objects.bulk_create(rows)
    for draft in drafts:
        # The prefetched occupancies are out of date.
        getattr(draft.reservation, "_prefetched_objects_cache", {}).pop("occupancies", None)


def expire(reservations: Sequence[int | None]) -> int:
    """Set lapsed holds among `reservations` (primary keys) to expired. Returns how many there were.

    Their nights have been free since they lapsed; this deletes their occupancies and records the event.
    """
    if not reservations:
        return 0
    lapsed = Reservation.objects.lapsed().filter(pk__in=reservations).order_by("pk")
    # Two queries, for the reason that `lock_reservations` gives.
    locked = [pk for (pk,) in lapsed.select_for_update(no_key=True).values_list("pk")]
    drafts = [Draft.of(each) for each in Reservation.objects.filter(pk__in=locked).order_by("pk").with_unit()]
    for draft in drafts:
        draft.set(status=Status.EXPIRED)
        draft.segments = []
    write(drafts, action=Event.Action.EXPIRED, actor=None)
    return len(drafts)


def _after(draft: Draft) -> dict[str, Any]:
    return snapshot(draft.reservation, draft.segments)
