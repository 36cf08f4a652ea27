"""Creating and changing properties and their rooms.

A verb that changes a property's units locks the property first, then its units in primary-key order. Archiving and
booking lock the same rows in the same order.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from accounts.access import Action, require
from accounts.models import User
from config.errors import DomainError
from config.transactions import one_transaction, refused_by
from properties import money, room_names
from properties.edit_conflicts import refuse_stale, values_of
from properties.models import Property, Rate, RoomType, Unit

# Fields of which a new property's form has the values of the newest property.
SHARED_FIELDS = ("time_zone", "check_in_time", "check_out_time", "currency", "hold_hours", "language")


class NameTaken(DomainError):
    """Another active property, or another active room of the hotel, has the name. `field` is the form's field."""

    code = "name_taken"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "Another property or room has this name."
    then = "Choose another name."

    def __init__(self, message: str, *, field: str = "name") -> None:
        super().__init__(message)
        self.field = field


class NotForApartments(DomainError):
    """An apartment has exactly one unit, and its name is the apartment's."""

    code = "not_for_apartments"
    when = "An apartment is one unit, and has no rooms of its own."
    then = "Change the apartment."


class Archived(DomainError):
    """The property or room is archived, and so cannot be changed."""

    code = "archived"
    when = "The property or room is archived and cannot be changed."
    then = "Restore it first."

    def __init__(self, thing: object) -> None:
        super().__init__(f"{thing} is archived. Bring it back first.")


class ForeignRoomType(DomainError):
    """The room type is another property's, or was removed meanwhile."""

    code = "foreign_room_type"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "The room type is another hotel’s, or was removed."
    then = "Read the hotel’s room types again."
    field = "room_type"

    def __init__(self, room_type: RoomType) -> None:
        super().__init__(f"{room_type} is no room type of this hotel any more. Choose another one.")


class PricedInAnother(DomainError):
    """The price was typed for another currency than the property's present one."""

    code = "priced_in_another"
    when = "The price is in a currency that the property no longer charges in."
    then = "Send the price in the property’s present currency."
    field = "nightly_rate"

    def __init__(self, property: Property, typed_for: str) -> None:
        now = property.currency
        super().__init__(f"{property} charges in {now} now, and this price was for {typed_for}. Write it in {now}.")


class CentsInTheRates(DomainError):
    """The price of a room type or of a line of the rate table has more decimal digits than the new currency."""

    code = "cents_in_the_rates"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    when = "A price has more decimal digits than the new currency."
    then = "Round the price first."
    field = "currency"

    def __init__(self, currency: str, priced: RoomType | Rate) -> None:
        has, its_price_has = {
            0: ("no cents", "some"),
            2: ("two digits after the point", "more"),
            3: ("three digits after the point", "more"),
        }[money.digits_of(currency)]
        name = money.name_of(currency)
        super().__init__(f"The {name} has {has}, and the price of {priced} has {its_price_has}. Round it first.")


def defaults_for_new() -> dict[str, Any]:
    """{field: value} of SHARED_FIELDS from the newest property, or the model's defaults for the first one."""
    newest = Property.objects.order_by("-pk").first() or Property()
    return {field: getattr(newest, field) for field in SHARED_FIELDS}


@one_transaction
def create_property(*, kind: str, name: str, rooms: Iterable[str] = (), actor: User | None, **facts: Any) -> Property:
    """Create a hotel with rooms of the names `rooms`, or an apartment with its one unit. Returns the Property.

    `facts` are other fields of Property. Raises NameTaken, Busy.
    """
    require(actor, Action.ARRANGE, None)
    with _property_named(name):
        made = Property.objects.create(kind=kind, name=name, **facts)
    names = sorted(rooms, key=room_names.natural_order) if made.is_hotel else [name]
    with _rooms_named(made, names):
        Unit.objects.bulk_create(Unit(property=made, name=room, position=n) for n, room in enumerate(names))
    return made


@one_transaction
def update_property(*, property: Property, actor: User | None, seen: str | None = None, **facts: Any) -> Property:
    """Change fields of a property, except its kind; returns it. An apartment's unit is renamed with it.

    `seen` is the digest of the values that the form was filled in with, see `edit_conflicts`.
    Raises NameTaken, CentsInTheRates, Archived, EditConflict, Busy.
    """
    require(actor, Action.ARRANGE, property)
    property, _ = _lock(property)
    refuse_stale(property, values_of(property, facts), seen)
    for field, value in facts.items():
        setattr(property, field, value)
    if "currency" in facts:
        _refuse_cents(property)
    with _property_named(property.name):
        property.save(update_fields=facts)
    if not property.is_hotel:
        property.units.update(name=property.name)
    return property


@one_transaction
def add_rooms(*, hotel: Property, names: Sequence[str], actor: User | None, **facts: Any) -> list[Unit]:
    """Add a room for each of `names`, and order all rooms of the hotel by `room_names.natural_order`.

    `facts` are the `room_type` and `floor` of all new rooms. Returns the new units. Raises NameTaken (field "rooms"),
    ForeignRoomType, NotForApartments, Archived, Busy.
    """
    require(actor, Action.ARRANGE, hotel)
    hotel, units = lock_hotel(hotel)
    refuse_foreign_type(hotel.pk, facts.get("room_type"))
    _refuse_taken(hotel, names, units)
    with _rooms_named(hotel, names):
        added = Unit.objects.bulk_create(Unit(property=hotel, name=name, **facts) for name in names)
    _put_in_order([*units, *added])
    return added


@one_transaction
def change_room(*, unit: Unit, actor: User | None, seen: str | None = None, **facts: Any) -> Unit:
    """Change the `name`, `room_type` and `floor` of a room, or some of them; returns it.

    `seen` is as in `update_property`. Raises NameTaken, ForeignRoomType, NotForApartments, Archived, EditConflict,
    Busy.
    """
    require(actor, Action.ARRANGE, unit)
    hotel, units = lock_hotel(unit.property)
    room = next((each for each in units if each.pk == unit.pk), None)
    if room is None or room.archived_at:
        raise Archived(f"Room {unit}")
    refuse_stale(f"Room {room}", values_of(room, facts), seen)
    refuse_foreign_type(hotel.pk, facts.get("room_type"))
    for field, value in facts.items():
        setattr(room, field, value)
    with refused_by("unit_name_unique_in_property", _room_taken(hotel, [room.name], field="name")):
        room.save(update_fields=facts)
    _put_in_order(units)
    return room


def lock_property(property: Property) -> Property:
    """The property, locked until the transaction ends. Raises Archived."""
    locked = Property.objects.select_for_update(no_key=True).get(pk=property.pk)
    if locked.archived_at:
        raise Archived(locked)
    return locked


def refuse_foreign_type(property_id: int, room_type: RoomType | None) -> None:
    """Raises ForeignRoomType when the property has no such room type. The property must be locked."""
    if room_type and not RoomType.objects.filter(pk=room_type.pk, property=property_id).exists():
        raise ForeignRoomType(room_type)


def refuse_foreign_price(property: Property, currency: str | None) -> None:
    """Raises PricedInAnother when a price was typed for another `currency` than the property's; None is accepted.

    The property must be locked.
    """
    if currency not in (None, property.currency):
        raise PricedInAnother(property, currency)


def lock_with_units(property: Property) -> tuple[Property, list[Unit]]:
    """Lock the property and then all its units, archived ones too, until the transaction ends; returns both."""
    locked = Property.objects.select_for_update(no_key=True).get(pk=property.pk)
    return locked, list(locked.units.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _lock(property: Property) -> tuple[Property, list[Unit]]:
    property, units = lock_with_units(property)
    if property.archived_at:
        raise Archived(property)
    return property, units


def lock_hotel(hotel: Property) -> tuple[Property, list[Unit]]:
    """Lock the hotel and then all its rooms, until the transaction ends. Raises NotForApartments, Archived."""
    hotel, units = _lock(hotel)
    if not hotel.is_hotel:
        raise NotForApartments(f"{hotel} is an apartment and has no rooms of its own. Change the apartment instead.")
    return hotel, units


def _refuse_cents(property: Property) -> None:
    priced: list[RoomType | Rate] = [*property.room_types.all(), *property.rates.all()]
    if broken := [each for each in priced if money.digits_problem(each.nightly_rate, property.currency)]:
        raise CentsInTheRates(property.currency, broken[0])


def _refuse_taken(hotel: Property, names: Sequence[str], units: Iterable[Unit]) -> None:
    taken = {unit.name.casefold() for unit in units if not unit.archived_at}
    repeated = [name for name in names if name.casefold() in taken]
    if repeated:
        raise _room_taken(hotel, repeated, field="rooms")


def _put_in_order(units: Iterable[Unit]) -> None:
    """Set the positions by `room_names.natural_order`; only rows whose position changes are saved."""
    moved = []
    for position, unit in enumerate(sorted(units, key=lambda unit: room_names.natural_order(unit.name))):
        if unit.position != position:
            unit.position = position
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["position"])


def _property_named(name: str) -> AbstractContextManager[None]:
    taken = NameTaken(f"There is already a property called {name}. Choose another name.")
    return refused_by("property_name_unique_while_active", taken)


def _rooms_named(hotel: Property, names: Sequence[str]) -> AbstractContextManager[None]:
    return refused_by("unit_name_unique_in_property", _room_taken(hotel, names, field="rooms"))


def _room_taken(hotel: Property, names: Sequence[str], *, field: str) -> NameTaken:
    verb = "is" if len(names) == 1 else "are"
    words = f"{room_names.in_words(names)} {verb} already in {hotel}. Choose another name."
    return NameTaken(words, field=field)
