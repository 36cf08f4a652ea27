"""What a booking asks for, and the rules that apply to it whatever is free.

Forms and API serializers take their limits and defaults from here; the verbs refuse what breaks a rule.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from config import clock
from properties import limits
from properties.models import Property, RoomType, Unit
from reservations.booking.refusals import BrokenRule, NotBookable, OutsideLimits
from reservations.models import Reservation
from reservations.stay import Stay

# Guests in one reservation.
MAX_PARTY = 99
DEFAULT_PARTY = 2
# Rooms that are booked at once.
MOST_ROOMS = 100


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """The nights of `stay` for `party_size` people in `unit`, or else in any room (of `room_type`, if that is given).

    `hold_until` (UTC) makes it a hold that lapses then, `is_hold` one that lapses after the property's usual hours.
    `is_locked` locks the stay in its room. `overbook_reason`, for managers, takes the booking without a room.
    `moves` is the text of a `reallocation.Plan` that staff agreed to. `request_key` identifies the request: a second
    request with the same key books nothing new.
    """

    property: Property
    stay: Stay
    party_size: int
    unit: Unit | None = None
    room_type: RoomType | None = None
    is_hold: bool = False
    hold_until: dt.datetime | None = None
    origin: str = ""
    is_locked: bool = False
    moves: str = ""
    overbook_reason: str = ""
    request_key: uuid.UUID | None = None

    def refuse_broken_rules(self) -> None:
        """Raises BrokenRule, NotBookable or OutsideLimits. The limits of single rooms are checked by `fitting`."""
        if words := type_mismatch(self.unit, self.room_type):
            raise BrokenRule(words, field="unit", rule="other_room_type")
        if self.room_type and self.room_type.property_id != self.property.pk:
            raise NotBookable(f"{self.property} has no rooms of the type {self.room_type}. Choose one of its own.")
        refuse_party_size(self.party_size)

    def fitting(self, units: list[Unit]) -> list[Unit]:
        """Those of the property's `units` that are of the room type and whose limits allow the party and the nights.

        Raises OutsideLimits when there is none; its message names the limit of the type that comes nearest.
        """
        if self.unit is None and self.room_type is not None:
            units = [unit for unit in units if unit.room_type_id == self.room_type.pk]
        refusals = {unit.room_type: self._refusal(unit.room_type) for unit in units}
        fitting = [unit for unit in units if not refusals[unit.room_type]]
        if not fitting:
            types = [unit.room_type for unit in units] or [self.room_type]
            nearest = limits.nearest(property=self.property, room_types=types, party_size=self.party_size)
            refuse_outside_limits(self.property, nearest, self.stay, self.party_size)
        return fitting

    def _refusal(self, room_type: RoomType | None) -> str:
        return limits.refusal(
            property=self.property, room_type=room_type, nights=self.stay.nights, party_size=self.party_size
        )


def type_mismatch(unit: Unit | None, room_type: RoomType | None) -> str:
    """Why the two cannot be requested together; "" if they can."""
    if unit and room_type and unit.room_type_id != room_type.pk:
        return f"Room {unit} is no {room_type}. Choose another room, or any type."
    return ""


def made_before(request_key: uuid.UUID | None) -> tuple[Reservation | None, uuid.UUID | None]:
    """(reservation that an earlier request with this key made, or None; key to book with).

    A reservation that was cancelled, taken back or has lapsed does not count. The request then books anew, with a key
    that is derived from its own, so that sending it another time finds the new reservation.
    """
    key = request_key
    while key and (made := Reservation.objects.with_unit().filter(request_key=key).first()):
        if _is_in_force(made):
            made.new_event = made.events.earliest("pk")
            return made, key
        key = uuid.uuid5(key, "again")
    return None, key


def _is_in_force(made: Reservation) -> bool:
    """Whether the reservation, or any of its group, takes its nights: one reservation has the key for a group."""
    made_together = {"group": made.group_id} if made.group_id else {"pk": made.pk}
    return Reservation.objects.blocking().filter(**made_together).exists()


def hold_end(property: Property, stay: Stay, *, is_hold: bool, until: dt.datetime | None) -> dt.datetime | None:
    """The instant (UTC) at which the hold of `stay` lapses, or None when no hold is wanted.

    That is `until`, or with `is_hold` alone the property's usual one. Raises NotBookable as `refuse_hold_end`.
    """
    if not (is_hold or until):
        return None
    until = until or default_hold_end(property, stay)
    refuse_hold_end(property, stay, until)
    return until


def refuse_hold_end(property: Property, stay: Stay, until: dt.datetime) -> None:
    """Raises NotBookable unless `until` (UTC) is in the future, and not after the day of departure."""
    latest = latest_hold_end(property, stay)
    if latest <= clock.now():
        raise NotBookable("This stay is over: it cannot be held any more. Choose later dates.")
    if until <= clock.now():
        raise NotBookable("This hold would end before it begins. Choose a later time.")
    if until > latest:
        raise NotBookable("This hold would end after the departure. Choose an earlier time.")


def default_hold_end(property: Property, stay: Stay) -> dt.datetime:
    """The instant (UTC) at which a hold of `stay` lapses that begins now and lasts for the property's usual hours.

    Such a hold ends with the day of departure, also where the usual hours are more.
    """
    return min(clock.now() + dt.timedelta(hours=property.hold_hours), latest_hold_end(property, stay))


def latest_hold_end(property: Property, stay: Stay) -> dt.datetime:
    """The end (UTC) of the day of departure by the property's clock: a hold that lasted longer would hold nothing."""
    midnight = dt.datetime.combine(stay.departure + dt.timedelta(days=1), dt.time(), tzinfo=property.zone)
    return midnight.astimezone(dt.UTC)


def refuse_party_size(party_size: int) -> None:
    """Raises OutsideLimits unless `party_size` is from 1 to MAX_PARTY."""
    if party_size < 1:
        raise OutsideLimits("At least one guest stays.", field="party_size")
    if party_size > MAX_PARTY:
        raise OutsideLimits(f"At most {MAX_PARTY} guests in one reservation.", field="party_size")


def refuse_group_size(rooms: int) -> None:
    """Raises BrokenRule unless `rooms` is from 2 to MOST_ROOMS."""
    words = ""
    if rooms < 2:
        words = "Choose two rooms at least. A single room is an ordinary reservation."
    elif rooms > MOST_ROOMS:
        words = f"Book at most {MOST_ROOMS} rooms at once."
    if words:
        raise BrokenRule(words, field="rooms", rule="group_size_error")


def refuse_outside_limits(property: Property, room_type: RoomType | None, stay: Stay, party_size: int) -> None:
    """Raises OutsideLimits when the limits of the room type, or else of the property, exclude the stay or the party."""
    words = limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=party_size)
    if words:
        fits = limits.refusal(property=property, room_type=room_type, nights=stay.nights, party_size=1) == ""
        raise OutsideLimits(words, field="party_size" if fits else "departure")
