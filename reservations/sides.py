"""Two people have changed the same reservation: what one has typed beside what the other has saved."""

from properties.edit_conflicts import Side
from reservations import wording


def side_by_side(form, theirs) -> list[Side]:
    """Of a valid ChangeForm and the reservation as it is now, field by field."""
    typed = form.cleaned_data
    return [
        Side("Arrival", wording.day(typed["stay"].arrival), wording.day(theirs.arrival)),
        Side("Departure", wording.day(typed["stay"].departure), wording.day(theirs.departure)),
        Side("Room", str(typed["unit"] or "any free room"), theirs.rooms or "none"),
        Side("Guest", typed["guest"], theirs.guest.name),
        Side("Guests", str(typed["party_size"]), str(theirs.party_size)),
    ]
