"""Creating and changing a hotel's room types, and assigning rooms to them.

A stay keeps its agreed rates, whatever is changed here.
"""

from http import HTTPStatus

from django.db.models import Max, ProtectedError

from accounts.access import Action, require
from config.errors import DomainError
from config.transactions import one_transaction, refused_by
from properties.edit_conflicts import refuse_stale, values_of
from properties.inventory import NameTaken, lock_hotel, refuse_foreign_price
from properties.models import RoomType, Unit


class TypeGone(DomainError):
    """The room type was removed meanwhile."""

    code = "room_type_gone"
    when = "Somebody removed the room type."
    then = "Add it again if it is still needed."

    def __init__(self, room_type):
        super().__init__(f"The room type {room_type} was removed meanwhile. Add it again if it is still needed.")


class StillUsed(DomainError):
    """Rooms, lines of the rate table or stays are of the type."""

    code = "room_type_used"
    when = "There are rooms, rates or stays of this type, so that it cannot be removed."
    then = "Give the rooms another type and remove the rates. A type that was booked before cannot be removed."


class NotItsRoom(DomainError):
    """The room is another hotel's, or archived."""

    code = "not_its_room"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The room is another hotel’s, or archived."
    then = "Read the hotel’s rooms again."
    field = "rooms"

    def __init__(self, room):
        super().__init__(f"{room} is no room of this hotel any more. Look at its rooms again.")


@one_transaction
def add_room_type(*, hotel, name, actor, rooms=(), currency=None, **facts):
    """Add a room type after the hotel's others, and give it to `rooms`; returns the RoomType.

    `facts` are its other fields. `currency` is the one that the price was typed for; None is the hotel's.
    Raises NameTaken, PricedInAnother, NotItsRoom, NotForApartments, Archived, Busy.
    """
    require(actor, Action.ARRANGE, hotel)
    hotel, units = lock_hotel(hotel)
    refuse_foreign_price(hotel, currency)
    last = hotel.room_types.aggregate(last=Max("position"))["last"]
    with _named(hotel, name):
        added = RoomType.objects.create(property=hotel, name=name, position=0 if last is None else last + 1, **facts)
    _assign(added, rooms, units)
    return added


@one_transaction
def change_room_type(*, room_type, actor, rooms=None, currency=None, seen=None, **facts):
    """Change fields of a room type, except its property; returns it. With `rooms`, assign rooms as in `assign_rooms`.

    `currency` is as in `add_room_type`, `seen` as in `inventory.update_property`. Raises NameTaken, PricedInAnother,
    NotItsRoom, TypeGone, Archived, EditConflict, Busy.
    """
    require(actor, Action.ARRANGE, room_type)
    locked, units = _lock(room_type)
    refuse_foreign_price(locked.property, currency)
    now = values_of(locked, facts)
    if rooms is not None:
        now["rooms"] = [unit for unit in units if unit.room_type_id == locked.pk and not unit.archived_at]
    refuse_stale(locked, now, seen)
    for field, value in facts.items():
        setattr(locked, field, value)
    with _named(locked.property, locked.name):
        locked.save(update_fields=facts)
    if rooms is not None:
        _assign(locked, rooms, units)
    return locked


@one_transaction
def assign_rooms(*, room_type, rooms, actor):
    """Give the type to `rooms`, and take it from the hotel's other active rooms. Returns the rooms that changed.

    Raises NotItsRoom, TypeGone, Archived, Busy.
    """
    require(actor, Action.ARRANGE, room_type)
    locked, units = _lock(room_type)
    return _assign(locked, rooms, units)


@one_transaction
def remove_room_type(*, room_type, actor):
    """Delete a room type that has no rooms, rates or stays; returns it. Raises StillUsed, TypeGone, Archived, Busy."""
    require(actor, Action.ARRANGE, room_type)
    locked, units = _lock(room_type)
    rooms = sum(unit.room_type_id == locked.pk for unit in units)
    lines = locked.rates.count()
    if rooms or lines:
        raise StillUsed(_still_has(locked, rooms, lines))
    try:
        RoomType.objects.get(pk=locked.pk).delete()
    except ProtectedError as error:
        raise StillUsed(f"{locked} was booked before and stays for the history of those stays.") from error
    return locked


def _lock(room_type):
    hotel, units = lock_hotel(room_type.property)
    locked = hotel.room_types.filter(pk=room_type.pk).first()
    if locked is None:
        raise TypeGone(room_type)
    locked.property = hotel
    return locked, units


def _assign(locked, rooms, units):
    active = {unit.pk: unit for unit in units if not unit.archived_at}
    wanted = {room.pk for room in rooms}
    if foreign := [room for room in rooms if room.pk not in active]:
        raise NotItsRoom(foreign[0])
    changed = [unit for unit in active.values() if (unit.room_type_id == locked.pk) != (unit.pk in wanted)]
    for unit in changed:
        unit.room_type = locked if unit.pk in wanted else None
    Unit.objects.bulk_update(changed, ["room_type"])
    return changed


def _still_has(room_type, rooms, lines):
    counts = [_count(rooms, "room", "rooms"), _count(lines, "line of the rate table", "lines of the rate table")]
    return f"{room_type} still has {' and '.join(filter(None, counts))}. Give them another room type first."


def _count(number, one, several):
    return f"{number} {one if number == 1 else several}" if number else ""


def _named(hotel, name):
    taken = NameTaken(f"{hotel} already has a room type called {name}. Choose another name.")
    return refused_by("room_type_name_unique_in_property", taken)
