"""Taking a property or a room out of use, and bringing it back.

It is in this app and not in `properties`, because reservations that are still to come must be known.
"""

import datetime as dt

from accounts.access import Action, require
from accounts.models import User
from config import clock
from config.errors import DomainError
from config.transactions import one_transaction, refused_by
from properties.inventory import Archived, NotForApartments, lock_with_units
from properties.models import Property, Unit
from reservations.models import Reservation
from reservations.models.stays import ReservationQuerySet
from reservations.wording import short_span

# Reservations that the message names; the others are counted.
NAMED = 3


class HasFutureReservations(DomainError):
    """There are stays to come, or parties in the house. `reservations` are all of them, earliest first."""

    code = "has_future_reservations"
    when = "There are stays in the room or property that are not over."
    then = "Move or cancel those stays first."

    def __init__(self, place: object, reservations: list[Reservation]) -> None:
        them = "it" if len(reservations) == 1 else "them"
        super().__init__(f"{place} is still taken by {_in_words(reservations)}. Move or cancel {them} first.")
        self.place = place
        self.reservations = reservations


class NameTakenMeanwhile(DomainError):
    """Another property or room was given the name while this one was archived."""

    code = "name_taken"


@one_transaction
def archive_property(*, property: Property, actor: User) -> Property:
    """Let the property take no more bookings; returns it. An archived one is left as it is.

    Raises HasFutureReservations for stays that take nights and depart after the property's today, and Busy.
    """
    require(actor, Action.ARRANGE, property)
    property, _ = lock_with_units(property)
    if property.archived_at is None:
        _refuse_future(property, property.reservations.all(), property.today())
        _archive(property, actor)
    return property


@one_transaction
def unarchive_property(*, property: Property, actor: User) -> Property:
    """Let the property take bookings again; returns it. Raises NameTakenMeanwhile, Busy."""
    require(actor, Action.ARRANGE, property)
    property, _ = lock_with_units(property)
    taken = NameTakenMeanwhile(f"Another property is called {property} now. Rename that one, then bring this one back.")
    with refused_by("property_name_unique_while_active", taken):
        _unarchive(property)
    return property


@one_transaction
def archive_room(*, unit: Unit, actor: User) -> Unit:
    """As `archive_property`, for a room of a hotel. Raises HasFutureReservations, NotForApartments, Busy."""
    require(actor, Action.ARRANGE, unit)
    hotel, room = _lock_room(unit)
    if room.archived_at is None:
        stays = Reservation.objects.filter(occupancies__unit=room)
        _refuse_future(f"Room {room}", stays, hotel.today())
        _archive(room, actor)
    return room


@one_transaction
def unarchive_room(*, unit: Unit, actor: User) -> Unit:
    """Let the room take bookings again; returns it.

    Raises NameTakenMeanwhile, Archived when its hotel is archived, NotForApartments, Busy.
    """
    require(actor, Action.ARRANGE, unit)
    hotel, room = _lock_room(unit)
    if hotel.archived_at:
        raise Archived(hotel)
    taken = NameTakenMeanwhile(f"{hotel} has another room {room} now. Rename that one, then bring this one back.")
    with refused_by("unit_name_unique_in_property", taken):
        _unarchive(room)
    return room


def _lock_room(unit: Unit) -> tuple[Property, Unit]:
    """(the hotel, the room), both locked and as they are then. Raises NotForApartments."""
    hotel, units = lock_with_units(unit.property)
    if not hotel.is_hotel:
        raise NotForApartments(f"{hotel} is an apartment: archive the apartment itself.")
    return hotel, next(room for room in units if room.pk == unit.pk)


def _refuse_future(place: object, reservations: ReservationQuerySet, today: dt.date) -> None:
    future = list(reservations.blocking().ending_after(today).select_related("guest"))
    if future:
        raise HasFutureReservations(place, future)


def _archive(thing: Property | Unit, actor: User) -> None:
    thing.archived_at, thing.archived_by = clock.now(), actor
    thing.save(update_fields=["archived_at", "archived_by"])


def _unarchive(thing: Property | Unit) -> None:
    thing.archived_at = thing.archived_by = None
    thing.save(update_fields=["archived_at", "archived_by"])


def _in_words(reservations: list[Reservation]) -> str:
    """Such as "RT-7K3QX (Amara Okafor, 20–24 Nov) and 4 more"."""
    named = [f"{each.reference} ({each.guest}, {short_span(each.stay)})" for each in reservations[:NAMED]]
    rest = len(reservations) - NAMED
    return "; ".join(named) + (f" and {rest} more" if rest > 0 else "")
