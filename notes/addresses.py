"""Where the notes of a reservation, or of a property alone, are shown and acted on.

A reservation goes first: a note has both, and belongs to the page of its reservation.
"""

from typing import Any

from django.urls import reverse

from properties.models import Property
from reservations.models import Reservation


def action(verb: str, reservation: Reservation | None = None, property: Property | None = None) -> str:
    """The address of what is done with their notes, such as "create". Both kinds have the same verbs."""
    return reverse(f"notes:{verb}", kwargs=_key(reservation, property))


def page(reservation: Reservation | None = None, property: Property | None = None) -> str:
    """The address of the page that shows their notes."""
    app = "reservations" if reservation else "properties"
    return reverse(f"{app}:detail", kwargs=_key(reservation, property))


def target(reservation: Reservation | None = None, property: Property | None = None) -> dict[str, Any]:
    """How a recording says what it is about, to the server and to whoever finds it in the browser; no guest's name."""
    named: dict[str, Any]
    if reservation:
        named = {"field": "reservation", "value": reservation.reference, "label": f"{reservation}, {property}"}
    else:
        named = {"field": "property", "value": _key(None, property)["pk"], "label": str(property)}
    return named | {"url": page(reservation, property)}


def _key(reservation: Reservation | None, property: Property | None) -> dict[str, Any]:
    if reservation:
        return {"reference": reservation.reference}
    assert property is not None  # noqa: S101  one of both is given
    return {"pk": property.pk}
