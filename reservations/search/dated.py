"""Hits of dates: *Find a room*, filled in."""

from urllib.parse import urlencode

from django.urls import reverse

from properties.wording import nights as nights_in_words
from reservations import wording
from reservations.search.dates import Reading, Wanted
from reservations.search.hits import Group, Hit


def nights(reading: Reading) -> Group:
    return Group("Find a room", tuple(map(_hit, reading.wanted)), problem=reading.problem)


def _hit(wanted: Wanted) -> Hit:
    stay, party = wanted.stay, wanted.party_size
    guests = "" if party is None else f", {party} guest{'' if party == 1 else 's'}"
    return Hit(
        address=f"{reverse('reservations:find')}?{urlencode(_fields(wanted))}",
        title=f"{wording.day(stay.arrival)} – {wording.day(stay.departure)}",
        words=f"{nights_in_words(stay.nights)}{guests}. {wanted.remark}".strip(" ."),
        is_translatable=True,
    )


def _fields(wanted: Wanted) -> dict[str, object]:
    fields: dict[str, object] = {"arrival": wanted.stay.arrival.isoformat(), "nights": wanted.stay.nights}
    return fields if wanted.party_size is None else fields | {"party_size": wanted.party_size}
