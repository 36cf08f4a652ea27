"""Hits of references, of guests' names, telephone numbers and e-mail addresses."""

import datetime as dt
import re

from django.urls import reverse

from accounts.access import Action
from accounts.models import User
from reservations import telephones, wording
from reservations.models import Guest, Reservation, Status
from reservations.models.stays import REFERENCE_LETTERS, fetch_units
from reservations.search.hits import Group, Hit, address_of

# A reference, or the beginning of one: of three letters at least if it does not begin with RT-.
_REFERENCE = re.compile(rf"RT-?(?P<start>[{REFERENCE_LETTERS}]{{1,5}})|(?P<bare>[{REFERENCE_LETTERS}]{{3,5}})")
# Fewest digits of a telephone number that are looked for: fewer are a room, and in the numbers of half of all guests.
SHORTEST_NUMBER = 4
# How long ago a party that has not arrived may have been expected. Who is later is found in the list of reservations.
LATE = dt.timedelta(days=31)


def by_reference(text: str, actor: User | None, most: int) -> Group:
    """The reservation with this reference, or those whose reference begins like this."""
    match = _REFERENCE.fullmatch(text.upper().replace(" ", ""))
    if not match:
        return Group("Reference")
    seen = Reservation.objects.visible_to(actor)
    begins = seen.filter(reference__startswith=f"RT-{match['start'] or match['bare']}")
    return Group("Reference", tuple(map(_stay, begins.with_unit().order_by("reference")[:most])))


def of_guests(text: str, actor: User | None, most: int, today: dt.date) -> Group:
    """Stays in the house, then those to come, of the guests whom the text finds."""
    if not may_find(text):
        return Group("Stays")
    seen = Reservation.objects.visible_to(actor).open()
    theirs = seen.filter(guest__in=Guest.objects.matching(text)).order_by("arrival", "pk")
    inside = theirs.filter(status=Status.IN_HOUSE).with_guest()[:most]
    # Two queries: each has an index in the order of which it ends after a few rows where many guests are found.
    expected = theirs.exclude(status=Status.IN_HOUSE).ending_after(today - dt.timedelta(days=1))
    coming = expected.filter(arrival__gte=today - LATE).with_guest()[:most]
    found = [*inside, *coming][:most]
    fetch_units(found)
    return Group(
        "In house and to come",
        tuple(map(_stay, found)),
        more=address_of("reservations:list", text),
        page="Reservations",
    )


def guests(text: str, actor: User | None, most: int) -> Group:
    """Profiles, the newest first."""
    if not may_find(text):
        return Group("Guests")
    found = Guest.objects.visible_to(actor).not_merged().matching(text).newest_first().with_stays(actor)[:most]
    return Group(
        "Guests",
        tuple(_guest(guest, actor) for guest in found),
        more=address_of("reservations:guests", text),
        page="Guests",
    )


def may_find(text: str) -> bool:
    """Whether `text` is looked for among guests: a few digits alone are not."""
    return not telephones.is_like_a_number(text) or len(telephones.digits(text)) >= SHORTEST_NUMBER


def _stay(reservation: Reservation) -> Hit:
    return Hit(
        address=reservation.get_absolute_url(),
        title=reservation.guest.name,
        words=f"{reservation.reference}, {wording.sleeps_where(reservation)}",
        place=str(reservation.property) if reservation.property.is_hotel else "",
        reservation=reservation,
    )


def _guest(guest, actor: User | None) -> Hit:  # annotated by `with_stays`
    count = guest.stays
    latest = f", latest from {wording.day(guest.last_arrival)}" if guest.last_arrival else ""
    words = f"{count} stay{'' if count == 1 else 's'}{latest}"
    address = reverse("reservations:guest", args=[guest.pk])
    may_reach = actor is None or actor.access.may_somewhere(Action.CONTACT)
    return Hit(address, guest.name, words, (guest.phone or guest.email) if may_reach else "", is_translatable=True)
