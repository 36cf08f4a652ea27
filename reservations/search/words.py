"""Hits of words in the reasons of closures, in remarks about guests, and in the descriptions of properties."""

from functools import reduce

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from properties.models import Property
from reservations import telephones, wording
from reservations.models import Closure, Guest
from reservations.models.guest_search import MOST_WORDS, SHORTEST_PART
from reservations.search.hits import Group, Hit

# Letters of a remark that are shown.
SHOWN = 160


def closures(text: str, actor: User | None, most: int) -> Group:
    """Closures that are not reopened, with all words in their reason; the latest nights first."""
    closed = Closure.objects.visible_to(actor).filter(reopened_at=None).select_related("unit", "property")
    found = _with_words(closed, "note", text).order_by("-nights", "-pk")[:most] if _has_a_word(text) else []
    return Group("Closed rooms", tuple(map(_closure, found)))


def remarks(text: str, actor: User | None, most: int) -> Group:
    """Guests with all words in the remarks about them."""
    profiles = Guest.objects.visible_to(actor).not_merged().newest_first()
    found = _with_words(profiles, "remarks", text)[:most] if _has_a_word(text) else []
    hits = (Hit(reverse("reservations:guest", args=[guest.pk]), guest.name, _shortened(guest)) for guest in found)
    return Group("Remarks about guests", tuple(hits))


def properties(text: str, actor: User | None, most: int) -> Group:
    """Properties with all words in their name, location or description."""
    seen = Property.objects.visible_to(actor).active()
    found = seen.matching(text).by_name()[:most] if _has_a_word(text) else []
    hits = (Hit(reverse("properties:detail", args=[each.pk]), each.name, place=each.location) for each in found)
    return Group("Properties", tuple(hits))


def _has_a_word(text: str) -> bool:
    """Whether there is a word that the trigram indexes can find."""
    is_long = any(len(word) >= SHORTEST_PART or not word.isascii() for word in text.split())
    return is_long and not telephones.is_like_a_number(text)


def _with_words(rows: QuerySet, field: str, text: str) -> QuerySet:
    words = text.split()[:MOST_WORDS]
    return reduce(lambda found, word: found.filter(**{f"{field}__searchable__contains": word}), words, rows)


def _closure(closure: Closure) -> Hit:
    room = wording.place(closure.unit, closure.property)
    title = room.capitalize() if closure.property.is_hotel else room
    words = f"{wording.closed_when(closure)}, {closure.get_kind_display().lower()}: {closure.note}"
    place = str(closure.property) if closure.property.is_hotel else ""
    return Hit(reverse("reservations:closure", args=[closure.pk]), title, words, place)


def _shortened(guest: Guest) -> str:
    remarks = " ".join(guest.remarks.split())
    return remarks if len(remarks) <= SHOWN else f"{remarks[:SHOWN].rsplit(' ', 1)[0]} …"
