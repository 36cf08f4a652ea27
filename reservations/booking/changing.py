"""Changing a stay: its dates, room, guest and party in one act."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Action, require
from accounts.models import User
from properties.models import RoomType, Unit
from properties.money import Money, total
from reservations import guests
from reservations.booking.drafts import (
    ALL_NIGHTS_OVER,
    Draft,
    StaySegment,
    in_the_same_rooms,
    refuse_moved_arrival,
    relocated,
    still_to_sleep,
    until,
    with_segment,
)
from reservations.booking.nights import (
    allocate_room,
    in_booking_transaction,
    lock_reservations,
    lock_units,
    refuse_occupied,
    refuse_taken,
    write,
)
from reservations.booking.prices import settle
from reservations.booking.refusals import NotMovable, NotOpen, PriceNotAsShown
from reservations.booking.requests import refuse_party_size
from reservations.booking.terms import Terms
from reservations.models import Event, Guest, Occupancy, Reservation
from reservations.stay import Stay


@dataclass(frozen=True, kw_only=True)
class ChangeRequest:
    """What is to change of a reservation; what is None or "" stays as it is.

    All nights that are not over get `unit`, or else a room of `room_type`: with neither the party keeps its room if
    that is free, and else gets the best-fitting one. A stay without a room whose dates are unchanged remains without
    one. With `keeps_rooms` each segment stays in its room, the first and the last follow the dates, and a stay without
    a room remains without one. With `segment`, `stay` and `unit` are those of this Occupancy of a stay that has
    several, and the segments beside it are shortened or extended to adjoin it.

    `guest` is another known guest. Without one, a new `guest_name` renames the guest's profile, or makes a new profile
    if the guest has other stays. `pricing` is as in `prices.settle`, and `total_shown` is the total that it was chosen
    for. `overrule_reason`, for managers, allows a length that the limits exclude, see `terms`.
    """

    stay: Stay | None = None
    unit: Unit | None = None
    room_type: RoomType | None = None
    keeps_rooms: bool = False
    segment: Occupancy | None = None
    guest: Guest | None = None
    guest_name: str = ""
    party_size: int | None = None
    pricing: str | None = None
    total_shown: Money | None = None
    overrule_reason: str = ""

    @property
    def names_rooms(self) -> bool:
        """Whether the request says which room each night is in, so that none has to be allocated."""
        return self.keeps_rooms or self.segment is not None

    def rearranged(self, draft: Draft) -> list[StaySegment]:
        """The segments of the draft after the change, for a request that names the rooms. Raises NotMovable."""
        if self.segment:
            return with_segment(draft, draft.index_of(self.segment), self.unit, self.stay)
        return in_the_same_rooms(draft, self.stay or draft.reservation.stay)

    def slept(self, draft: Draft, stay: Stay) -> list[StaySegment]:
        """The segments of the draft for a `stay` of which all nights are over.

        Raises NotMovable when another room is asked for.
        """
        segments = until(draft.segments, stay.departure)
        if self.room_type or (self.unit and self.unit not in [segment.unit for segment in segments]):
            raise NotMovable(ALL_NIGHTS_OVER)
        return segments

    def moves_nothing(self, draft: Draft) -> bool:
        """Whether the stay has these dates and these rooms already."""
        units = [segment.unit for segment in draft.segments]
        is_there = self.unit is None or units == [self.unit]
        is_of_type = self.room_type is None or {unit.room_type_id for unit in units} == {self.room_type.pk}
        return self.stay in (None, draft.reservation.stay) and is_there and is_of_type

    def units_to_lock(self, reservation: Reservation) -> list[Unit] | None:
        """The units of which nights may be taken; None for all of the property."""
        if self.unit:
            return [self.unit]
        return [segment.unit for segment in reservation.segments] if self.names_rooms else None


@in_booking_transaction
def change(
    *, reservation: Reservation, request: ChangeRequest, actor: User | None, version: int | None = None
) -> Reservation:
    """Do all that `request` asks for, or nothing. Returns the Reservation.

    `version` is the one that the form was opened with.
    Raises DatesTaken, NotBookable, NotMovable, NotYet, OutsideLimits, NotOpen, NotAllowed, ChangedMeanwhile,
    PriceWouldChange, PriceNotAsShown, Busy; then nothing has changed.
    """
    require(actor, Action.CHANGE, reservation)
    guests.require_guest(actor, request.guest or reservation.guest)
    person = guests.lock_profile(request.guest or reservation.guest)
    candidates = lock_units(reservation.property, units=request.units_to_lock(reservation))
    [reservation] = lock_reservations(reservation, version=version)
    if not reservation.is_open:
        raise NotOpen(reservation)
    draft = Draft.of(reservation)
    party_size = reservation.party_size if request.party_size is None else request.party_size
    refuse_party_size(party_size)
    sold = _move(draft, request, candidates, party_size, actor)
    draft.set(room_type=sold, party_size=party_size)
    _set_guest(draft, request.guest and person, request.guest_name)
    is_overruled = bool(request.overrule_reason)
    [changed] = write(
        [draft], action=Event.Action.CHANGED, actor=actor, reason=request.overrule_reason, needs_manager=is_overruled
    )
    return changed


def _move(
    draft: Draft, request: ChangeRequest, candidates: list[Unit], party_size: int, actor: User | None
) -> RoomType | None:
    """Set dates, rooms and rates of the draft. Returns the room type that is sold then."""
    reservation, in_new_room = draft.reservation, None
    if request.names_rooms:
        draft.segments = request.rearranged(draft)
    stay = _whole(draft.segments) if request.segment else request.stay or reservation.stay
    terms = Terms(reservation, stay, party_size, actor=actor, reason=request.overrule_reason)
    if not request.names_rooms and not request.moves_nothing(draft):
        refuse_moved_arrival(reservation, stay)
        draft.segments = _in_one_room(draft, terms, candidates, request)
        in_new_room = draft.segments[-1:]
    segments = draft.segments if in_new_room is None else in_new_room
    terms.refuse([segment.unit.room_type for segment in segments] or [request.room_type or reservation.room_type])
    refuse_taken(draft.segments, ignoring=[reservation])
    refuse_occupied([draft])
    rates, sold = settle(
        reservation, stay=stay, segments=draft.segments, pricing=request.pricing, roomless_type=request.room_type
    )
    if request.total_shown not in (None, total(rates)):
        raise PriceNotAsShown(shown=request.total_shown, found=total(rates))
    draft.set_stay(stay, rates)
    return sold


def _whole(segments: Sequence[StaySegment]) -> Stay:
    return Stay(segments[0].stay.arrival, segments[-1].stay.departure)


def _in_one_room(draft: Draft, terms: Terms, candidates: list[Unit], request: ChangeRequest) -> list[StaySegment]:
    """The segments of the stay with all nights that are not over in one room.

    That is the unit of the request, or else the room of its last segment, or else the best-fitting one. Raises
    NightsTaken, OutsideLimits, and NotMovable when all nights are over and another room is asked for.
    """
    reservation, stay, unit = draft.reservation, terms.stay, request.unit
    rest = still_to_sleep(reservation, draft.segments, stay)
    if rest is None:
        return request.slept(draft, stay)
    if request.room_type:
        candidates = [each for each in candidates if each.room_type_id == request.room_type.pk]
    room = allocate_room(
        reservation.property,
        terms.suiting(candidates),
        rest,
        unit=unit,
        room_type=request.room_type,
        party_size=terms.party_size,
        length=terms.length,
        ignoring=reservation,
        staying_in=draft.segments[-1].unit if draft.segments else None,
    )
    return relocated(reservation, draft.segments, room, stay) if room else []


def _set_guest(draft: Draft, guest: Guest | None, guest_name: str) -> None:
    if guest:
        draft.set(guest=guest)
    elif guest_name and guest_name != draft.reservation.guest.name:
        draft.set(guest=guests.rename_or_split(draft.reservation, guest_name))
