"""Two people have changed the same reservation: what one has typed beside what the other has saved."""

from dataclasses import dataclass

from reservations import wording


@dataclass(frozen=True)
class Side:
    field: str
    yours: str
    theirs: str

    @property
    def differs(self):
        return self.yours != self.theirs


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
