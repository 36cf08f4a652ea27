"""Notes that go for good: rows, audio, texts, queue rows, and whatever still comes in under their keys.

Rows go first, in one transaction that also writes down which files nothing points to any more; the files go after the
commit, and those that cannot be deleted are tried again. A crash in between loses no note and leaves no orphan.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from api import idempotency
from config import task_queue
from config.errors import DomainError
from config.transactions import one_transaction
from notes.erasure import reports
from notes.erasure.of_guests import profiles_of, stays_of
from notes.files.deletion import delete_files, forget_files
from notes.files.spool import remove_leftovers
from notes.models import ErasedNote, Erasure, Recording, VoiceNote
from reservations import guests
from reservations.models import Guest, Reservation

logger = logging.getLogger(__name__)

# What a report calls the kinds of rows that go; others by the name of their model.
KINDS = {
    "notes.VoiceNote": "notes",
    "notes.Transcript": "texts",
    "notes.ReadReceipt": "read_receipts",
    "notes.Recording": "recordings",
    "notes.Chunk": "chunks",
    "notes.Piece": "pieces",
}


class MoreToErase(DomainError):
    """Since the counts were shown, something was recorded or has gone."""

    code = "more_to_erase"
    when = "The notes have changed since they were counted."
    then = "Look at what would go now, then erase it."

    def __init__(self) -> None:
        super().__init__("The notes of this guest have changed meanwhile. Look at what would go now, then erase it.")


@one_transaction
def erase_notes_of(guest: Guest, *, actor: User, reason: str, seen: int | None = None) -> Erasure:
    """Erase every note and recording on every reservation of the guest, and of profiles merged into this one.

    Hidden and protected notes go too. `reason` says why, without names. `seen` is how many were
    shown before; None erases whatever is there. Raises MoreToErase, Busy.
    """
    guests.lock_profiles(*profiles_of(guest))
    stays = list(stays_of(guest).values_list("pk", flat=True))
    # In the order in which a recording becomes a note. Then the stays, which each new note asks for when it commits:
    # what was added while we waited is there now, and what comes later finds its key among the erased ones.
    _locked_on(stays)
    list(Reservation.objects.filter(pk__in=stays).order_by("pk").select_for_update())
    recordings, notes = _locked_on(stays)
    if seen not in (None, len({each.pk for each in (*notes, *recordings)})):
        raise MoreToErase
    erasure = Erasure.objects.create(kind=Erasure.Kind.GUEST, actor=actor, guest_key=guest.pk, reason=reason)
    add_to(erasure, erase(notes, recordings, erasure=erasure))
    transaction.on_commit(reports.keep_list, robust=True)
    logger.info("erasure %s: user %s erased %s notes", erasure.pk, actor.pk, len(notes))
    return erasure


@one_transaction
def reapply(*, erasure: Erasure, keys: list[uuid.UUID]) -> int:
    """Erase again what a restored backup has brought back; the report is kept as it was. Returns how much was there.

    Harmless to repeat. Raises Busy.
    """
    if not Erasure.objects.filter(pk=erasure.pk).exists():
        erasure.actor = User.objects.filter(pk=erasure.actor_id or 0).first()
        erasure.save(force_insert=True)
    never_again(keys, erasure=erasure)
    recordings = list(Recording.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    notes = list(VoiceNote.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    erase(notes, recordings, erasure=erasure)
    return len({each.pk for each in (*notes, *recordings)})


def _locked_on(stays: list[int]) -> tuple[list[Recording], list[VoiceNote]]:
    recordings = Recording.objects.filter(reservation__in=stays).order_by("pk").select_for_update()
    notes = VoiceNote.objects.filter(reservation__in=stays).order_by("pk").select_for_update()
    return list(recordings), list(notes)


def erase(notes: Iterable[VoiceNote], recordings: Iterable[Recording], *, erasure: Erasure) -> Counter[str]:
    """Those, with all that hangs on them, in the caller's transaction, which holds their locks.

    So does the recording that a note was made of. Returns how many went of each kind.
    """
    notes = list(notes)
    keys = list({each.pk: True for each in (*notes, *recordings)})
    never_again(keys, erasure=erasure)
    counts = forget_audio(notes)
    for model in (VoiceNote, Recording):
        _, deleted = model._default_manager.filter(pk__in=keys).delete()
        counts.update({KINDS.get(label, label): count for label, count in deleted.items()})
    counts.update(task_queue.forget(keys))
    idempotency.delete_responses_naming(keys)
    transaction.on_commit(finish, robust=True)
    return counts


def never_again(keys: Iterable[uuid.UUID], *, erasure: Erasure) -> None:
    """Refuse whatever is sent under these keys from now on."""
    ErasedNote.objects.bulk_create([ErasedNote(key=key, erasure=erasure) for key in keys], ignore_conflicts=True)


def forget_audio(notes: Iterable[VoiceNote]) -> Counter[str]:
    """Sound and renditions of these; a report counts a note's sound once."""
    notes = [note for note in notes if note.audio]
    forget_files(name for note in notes for name in note.files)
    return Counter({"audio": len(notes)})


def add_to(erasure: Erasure, counts: Counter[str]) -> None:
    erasure.counts = dict(sorted((Counter(erasure.counts) + counts).items()))
    erasure.save(update_fields=["counts"])


def finish() -> None:
    """What follows a commit. Harmless to repeat."""
    delete_files()
    remove_leftovers()
