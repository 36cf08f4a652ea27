"""What is next after a property was made: rooms, room types, rates, the first reservation, a colleague’s account."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from properties.models import Property
from reservations.models import Reservation

# Who has taken so many reservations alone is asked no more whether a colleague needs an account.
TAKEN_ALONE = 10


@dataclass(frozen=True)
class SetupStep:
    """One step, what it is good for, and where it is done."""

    title: str
    why: str
    address: str
    is_done: bool


def steps(property: Property, user: User) -> list[SetupStep]:
    """The steps of setting up, done or not, in their order; none once the property is in use."""
    taken = Reservation.objects.filter(property=property)[:TAKEN_ALONE].count()
    account = _account(user) if taken < TAKEN_ALONE else []
    if property.archived_at or (taken and all(step.is_done for step in account)):
        return []
    return [*_what_is_sold(property), _first_reservation(property, bool(taken)), *account]


def _what_is_sold(property: Property) -> list[SetupStep]:
    own_page = reverse("properties:detail", args=[property.pk])
    add_type = reverse("properties:add_room_type", args=[property.pk])
    rates = reverse("properties:rates", args=[property.pk])
    rooms = [
        SetupStep("Rooms", "List them, such as 101–118.", f"{own_page}#rooms", property.units.active().exists()),
        SetupStep("Room types", "If rooms differ in size or price.", add_type, property.room_types.exists()),
    ]
    table = SetupStep("Rates", "For weekends and seasons.", rates, property.rates.exists())
    return [*rooms, table] if property.is_hotel else [table]


def _first_reservation(property: Property, is_done: bool) -> SetupStep:
    address = f"{reverse('reservations:new')}?property={property.pk}"
    return SetupStep("The first reservation", "Type it in, or try one out.", address, is_done)


def _account(user: User) -> list[SetupStep]:
    """For those who may make accounts."""
    if not user.is_superuser:
        return []
    has_colleague = User.objects.filter(is_active=True).exclude(pk=user.pk).exists()
    why = "So that each act and note has its name."
    return [SetupStep("A colleague’s account", why, reverse("admin:accounts_user_add"), has_colleague)]
