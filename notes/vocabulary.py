"""Names that are likely to be spoken in a note, for the engine to expect."""

from collections.abc import Sequence

from django.conf import settings

from accounts.models import User
from properties.models import Property
from reservations.models import Reservation

# More makes a model slower, and worse at everything else; terms of the house give way to names of the booking.
MOST_NAMES = 20


def vocabulary(*, property: Property, reservation: Reservation | None, author: User) -> Sequence[str]:
    """The likeliest first, each once. Numbers of rooms are left out: any number may be spoken."""
    unit = reservation and reservation.unit
    guest = reservation and reservation.guest.name
    names = [guest, unit and unit.name, property.name, author.get_full_name(), *settings.VOCABULARY]
    spoken = dict.fromkeys(name for name in names if name and any(letter.isalpha() for letter in name))
    return list(spoken)[:MOST_NAMES]
