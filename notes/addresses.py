"""The addresses of the notes of a reservation, or of a property alone.

With both given the reservation counts: its notes have a property, too, but are shown on the reservation's page.
"""

from typing import Any

from django.urls import reverse

from properties.models import Property
from reservations.models import Reservation


def action(verb: str, reservation: Reservation | None = None, property: Property | None = None) -> str:
    """The address of an action on their notes, such as "create"; the names of the actions are in `notes.urls`."""
    return reverse(f"notes:{verb}", kwargs=_key(reservation, property))


def page(reservation: Reservation | None = None, property: Property | None = None) -> str:
    """The address of the page that shows their notes."""
    app = "reservations" if reservation else "properties"
    return reverse(f"{app}:detail", kwargs=_key(reservation, property))


def target(reservation: Reservation | None = None, property: Property | None = None) -> dict[str, Any]:
    """How the recorder names what a recording is about, to the server and to people. It holds no guest's name."""
    names: dict[str, Any]
    if reservation:
        names = {"field": "reservation", "value": reservation.reference, "label": f"{reservation}, {property}"}
    else:
        names = {"field": "property", "value": _key(None, property)["pk"], "label": str(property)}
    return names | {"url": page(reservation, property)}


def _key(reservation: Reservation | None, property: Property | None) -> dict[str, Any]:
    if reservation:
        return {"reference": reservation.reference}
    assert property is not None  # noqa: S101  one of the two is given
    return {"pk": property.pk}
