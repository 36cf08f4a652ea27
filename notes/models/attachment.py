"""What a note or a recording is about: a reservation, or a property without a reservation."""

from typing import Any

from properties.models import Property
from reservations.models import Reservation


def attached_to(reservation: Reservation | None = None, property: Property | None = None) -> dict[str, Any]:
    """The columns of a note or a recording about the reservation, or else about the property alone."""
    if reservation is not None:
        return {"reservation_id": reservation.pk, "property_id": reservation.property_id}
    if property is None:
        raise TypeError("A note needs a reservation or a property.")
    return {"reservation_id": None, "property_id": property.pk}


def is_attached_to(row: Any, reservation: Reservation | None = None, property: Property | None = None) -> bool:
    """Whether that is what the note or recording `row` is about."""
    return all(getattr(row, name) == key for name, key in attached_to(reservation, property).items())
