"""The voice notes of one guest: those about all stays that were booked for any of the guest's profiles."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum, TextField, Value
from django.db.models.functions import Concat, Trim

from config.folding import Searchable
from notes.models import ReadReceipt, Recording, VoiceNote, VoiceNoteQuerySet
from notes.search.folding import fold
from reservations import guests
from reservations.models import Guest, Reservation
from reservations.models.stays import ReservationQuerySet

# A saved recording exists beside its note for a while.
_note_of_it = VoiceNote.objects.filter(pk=OuterRef("pk"))
# Shorter parts of names are found in half of all texts. Counted in folded text, where two Chinese letters are six.
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Tally:
    """How much there is of a guest. `hidden` are deleted notes that can be restored, `kept` those that retention leaves
    alone, `recordings` those that are no notes yet.
    """

    notes: int
    stays: int
    audio: int
    megabytes: float
    texts: int
    hidden: int
    kept: int
    read_receipts: int
    recordings: int

    @property
    def all(self) -> int:
        """How many notes and recordings would be erased."""
        return self.notes + self.recordings


def profiles_of(guest: Guest) -> set[int]:
    """Keys of the guest's present profile, and of all profiles that were merged into it."""
    newest = {guests.surviving_profile(Guest.objects.get(pk=guest.pk)).pk}  # it may have been merged since it was read
    profiles = set(newest)
    while newest:
        newest = set(Guest.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - profiles
        profiles |= newest
    return profiles


def stays_of(guest: Guest) -> ReservationQuerySet:
    return Reservation.objects.filter(guest__in=profiles_of(guest)).order_by("pk")


def notes_of(guest: Guest) -> VoiceNoteQuerySet:
    """The guest's notes, with those that are deleted but not erased."""
    return VoiceNote.objects.filter(reservation__guest__in=profiles_of(guest))


def tally(guest: Guest) -> Tally:
    notes = notes_of(guest)
    counts = notes.aggregate(
        notes=Count("pk"),
        stays=Count("reservation", distinct=True),
        audio=Count("pk", filter=~Q(audio="")),
        size=Sum("size", default=0),
        texts=Count("transcript"),
        hidden=Count("pk", filter=Q(deleted_at__isnull=False)),
        kept=Count("pk", filter=Q(is_protected=True)),
    )
    return Tally(
        megabytes=counts.pop("size") / 2**20,
        read_receipts=ReadReceipt.objects.filter(note__in=notes).count(),
        recordings=Recording.objects.filter(reservation__in=stays_of(guest)).exclude(Exists(_note_of_it)).count(),
        **counts,
    )


def names_of(guest: Guest) -> list[str]:
    """Each word of the names of the guest's profiles that is long enough to be looked for."""
    names = Guest.objects.filter(pk__in=profiles_of(guest)).values_list("name", flat=True)
    return sorted({word for name in names for word in _words(name) if len(fold(word).strip()) >= SHORTEST_NAME})


def mentions_of(guest: Guest) -> VoiceNoteQuerySet:
    """Notes about others in whose text a part of the guest's name is a word, without deleted ones.

    People must look at them: the name may be somebody else's.
    """
    others = VoiceNote.objects.not_deleted().exclude(reservation__in=stays_of(guest)).newest_first().with_text()
    mentions = Q(pk__in=[])
    for name in names_of(guest):
        word = Concat(Value(r"\y"), Trim(Searchable(Value(name))), Value(r"\y"), output_field=TextField())
        mentions |= Q(transcript__search__regex=word)
    return others.filter(mentions)


def _words(name: str) -> list[str]:
    """The words of a name: letters and their marks only, so none is a regular expression. O'Hara-Lind has three."""
    return "".join(letter if unicodedata.category(letter)[0] in "LM" else " " for letter in name).split()
