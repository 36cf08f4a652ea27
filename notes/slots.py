"""The panels that notes show in slots on pages of the apps below, and the badges beside reservations."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import Action, AtProperty
from accounts.models import User
from config import slots
from notes import read_receipts
from notes.erasure.of_guests import stays_of, tally
from notes.models import VoiceNote, VoiceNoteQuerySet
from notes.panel import panel
from notes.search.hits import Hit
from notes.search.listing import hits_among
from notes.search.matching import matching
from notes.typed_notes import type_note
from properties.models import Property
from reservations import badges, handover
from reservations.badges import Badge
from reservations.models import Guest, Reservation
from reservations.search.hits import Found

# Names of pages with a recorder.
WITH_RECORDER = {"reservations:detail", "reservations:closure", "properties:detail", "notes:create"}
# How many of the latest notes *Today* shows.
LATEST = 6
# Of how many of the newest notes that hold the words the box shows the best ones.
RANKED = 50


def register() -> None:
    slots.register("navigation: notes", "notes/unread_lately.html", unread_lately)
    slots.register("navigation: microphone", "notes/microphone.html", microphone)
    slots.register("page top", "notes/unsent.html", unsent_recordings)
    slots.register("page end", "notes/old_recordings.html", old_recordings)
    slots.register("page end", "notes/dock.html", player_dock)
    slots.register("property", "notes/panel.html", notes_of_property)
    slots.register("reservation", "notes/panel.html", notes_of_reservation)
    slots.register("reservation card", "notes/card_note.html", latest_note)
    slots.register("guest", "notes/guest_panel.html", notes_of_guest)
    slots.register("today", "notes/latest.html", latest_notes)
    slots.register("search box", "notes/found_in_box.html", found_notes)
    slots.register("search page", "notes/found_on_page.html", found_notes)
    badges.register(unread_badges)
    handover.register(type_note)


def unread_lately(request: HttpRequest) -> dict[str, Any] | None:
    """The count of unread notes in the navigation; None for those who may not listen. One query."""
    if not (user := _who_may(request, Action.LISTEN)):
        return None
    count = read_receipts.unread_lately(user)
    return {"count": count, "is_more": count >= read_receipts.MOST_COUNTED, "days": read_receipts.LATELY.days}


def microphone(request: HttpRequest) -> dict[str, Any] | None:
    """Where the microphone of the bar leads: to the recorder of the page, else to that of a property's hand-over."""
    if not _who_may(request, Action.RECORD) or not request.resolver_match:
        return None
    has_recorder = request.resolver_match.view_name in WITH_RECORDER
    return {"address": "#voice-notes-title" if has_recorder else reverse("notes:hand_over")}


def unsent_recordings(request: HttpRequest) -> dict[str, Any] | None:
    """The list of recordings that are still in the browser, and the dialog of signing out while there are any."""
    return {"hours": settings.BROWSER_KEEPS_AUDIO_HOURS} if request.user.is_authenticated else None


def old_recordings(request: HttpRequest) -> dict[str, Any] | None:
    """The script that deletes old recordings from the browser, where nobody is signed in."""
    return None if request.user.is_authenticated else {"hours": settings.BROWSER_KEEPS_AUDIO_HOURS}


def player_dock(request: HttpRequest) -> dict[str, Any]:
    return {}


def notes_of_property(request: HttpRequest, property: Property) -> dict[str, Any] | None:
    """The whole panel of a property: recorder, upload, typing, and the notes on none of its stays, newest first."""
    return panel(property=property, user=request.user) if _who_may(request, Action.LISTEN, property) else None


def notes_of_reservation(request: HttpRequest, reservation: Reservation) -> dict[str, Any] | None:
    """The whole panel of a reservation: recorder, upload, typing, and its notes, newest first."""
    return panel(reservation=reservation, user=request.user) if _who_may(request, Action.LISTEN, reservation) else None


def latest_note(request: HttpRequest, reservation: Reservation) -> dict[str, Any] | None:
    """The newest note on a reservation, with its text and who has read it. Two queries."""
    if not _who_may(request, Action.LISTEN, reservation):
        return None
    notes = VoiceNote.objects.visible_to(request.user).not_deleted().newest_first().with_text().with_read_receipts()
    return {"note": notes.filter(reservation=reservation).first()}


def notes_of_guest(request: HttpRequest, guest: Guest) -> dict[str, Any] | None:
    """For managers: how many voice notes there are of a guest, with links to export or erase them. Three queries."""
    if not _who_may(request, Action.KEEP_NOTES, *stays_of(guest)):
        return None
    return {"guest": guest, "tally": tally(guest)}


def latest_notes(request: HttpRequest) -> dict[str, Any] | None:
    """The latest notes of all reservations and properties. Two queries."""
    if not _who_may(request, Action.LISTEN):
        return None
    notes = VoiceNote.objects.not_deleted().visible_to(request.user).newest_first().with_line().with_read_receipts()
    return {"notes": notes[:LATEST]}


def found_notes(request: HttpRequest, found: Found) -> dict[str, Any] | None:
    """The notes with the words that were typed; None without any. At most four queries.

    Words in guests' names are looked for only where nothing else is found, as in "silva boiler": the search has found
    guests by their names alone already.
    """
    notes = VoiceNote.objects.not_deleted().visible_to(request.user)
    hits, has_more = _found(matching(notes, found.text, only_in_text=True, among=RANKED), found)
    if not hits and not found.groups and " " in found.text:
        hits, has_more = _found(matching(notes, found.text, among=RANKED), found)
    return {"hits": hits, "has_more": has_more, "text": found.text} if hits else None


def _who_may(request: HttpRequest, action: Action, *subjects: AtProperty) -> User | None:
    """The user, if they may do this at the properties of all subjects, or without any at one at least; else None."""
    if not request.user.is_authenticated:
        return None
    user, access = request.user, request.user.access
    is_allowed = all(access.may(action, each) for each in subjects) if subjects else access.may_somewhere(action)
    return user if is_allowed else None


def _found(ranked: VoiceNoteQuerySet, found: Found) -> tuple[list[Hit], bool]:
    return hits_among(ranked, found.text, first=0, most=found.most)


def unread_badges(reservation_ids: Collection[int], user: User) -> dict[int, Badge]:
    """Badges of the reservations that have unread notes, by the reservation's key. One query."""
    counts = read_receipts.unread_by_reservation(reservation_ids, user)
    return {reservation_id: _unread_badge(count) for reservation_id, count in counts.items()}


def _unread_badge(count: int) -> Badge:
    description = f"{count} unheard voice note{'s' if count > 1 else ''}"
    return Badge(label=f"{count} unheard", description=description, count=count, icon="microphone")
