"""Where notes belong, as screens see it: a place is a reservation, or a property whose next shift is told something."""

from django.urls import reverse

from notes.models import VoiceNote
from reservations.models import Reservation


def place_of(note):
    return note.reservation or note.property


def property_of(place):
    return place.property if isinstance(place, Reservation) else place


def notes_of(place, user):
    """The place's own notes that `user` may see; those of a property's reservations are not its own."""
    notes = VoiceNote.objects.not_deleted().visible_to(user)
    if isinstance(place, Reservation):
        return notes.filter(reservation=place)
    return notes.for_whoever_comes_next().filter(property=place)


def address(verb, place):
    """Of what is done with a place's notes, such as "create"; a reservation and a property have the same verbs."""
    return reverse(f"notes:{verb}", kwargs=_key(place))


def page(place):
    """Where a place's notes are shown."""
    app = "reservations" if isinstance(place, Reservation) else "properties"
    return reverse(f"{app}:detail", kwargs=_key(place))


def target(place):
    """As a recording names its place, to the server and to whoever finds it in the browser later; no guest's name."""
    if isinstance(place, Reservation):
        named = {"field": "reservation", "value": place.reference, "label": f"{place.reference}, {place.property}"}
    else:
        named = {"field": "property", "value": place.pk, "label": str(place)}
    return named | {"url": page(place)}


def as_argument(place):
    """As the verbs take it that make a note."""
    return {"reservation" if isinstance(place, Reservation) else "property": place}


def _key(place):
    return {"reference": place.reference} if isinstance(place, Reservation) else {"pk": place.pk}
