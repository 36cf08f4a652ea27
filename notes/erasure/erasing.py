"""Erases notes for good: rows, audio, texts and queued tasks. Their keys are refused from then on.

Rows are deleted first, in a transaction that also lists the files for deletion. The files are deleted after the commit,
and tried again if that fails, so that a crash in between loses no file of a note and leaves no file without one.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from accounts.access import Action, require
from accounts.models import User
from api import idempotency
from config import task_queue
from config.errors import DomainError
from config.transactions import one_transaction
from notes.erasure import reports
from notes.erasure.of_guests import profiles_of, stays_of
from notes.files.deletion import delete_files, list_for_deletion
from notes.files.spool import remove_leftovers
from notes.models import ErasedNote, Erasure, Recording, VoiceNote
from reservations import guests
from reservations.models import Guest, Reservation

logger = logging.getLogger(__name__)

# The names of models in a report's counts; other models have their labels.
KINDS = {
    "notes.VoiceNote": "notes",
    "notes.Transcript": "texts",
    "notes.ReadReceipt": "read_receipts",
    "notes.Recording": "recordings",
    "notes.Chunk": "chunks",
    "notes.Piece": "pieces",
}


class MoreToErase(DomainError):
    """Notes were added or deleted since the number was shown."""

    code = "more_to_erase"
    when = "The notes have changed since they were counted."
    then = "Look at what would be erased now, then erase it."

    def __init__(self) -> None:
        super().__init__("The notes of this guest have changed meanwhile. Look at what would go now, then erase it.")


@one_transaction
def erase_notes_of(guest: Guest, *, actor: User, reason: str, seen: int | None = None) -> Erasure:
    """Erase every note and recording on every reservation of the guest, and of profiles merged into this one.

    Deleted and protected notes are erased, too. `reason` says why, without names. `seen` is the number of notes and
    recordings that was shown before; None erases whatever is there. Returns the report. Raises MoreToErase and Busy.
    """
    require(actor, Action.KEEP_NOTES, *(stays_of(guest) or [None]))
    guests.lock_profiles(*profiles_of(guest))
    stays = list(stays_of(guest).values_list("pk", flat=True))
    # Recordings are locked before notes everywhere. Then the reservations, which the foreign key of a new note locks: a
    # note that was added while this waited is read now, and a later one is refused, because its key was erased.
    _locked_on(stays)
    list(Reservation.objects.filter(pk__in=stays).order_by("pk").select_for_update())
    recordings, notes = _locked_on(stays)
    if seen not in (None, len({each.pk for each in (*notes, *recordings)})):
        raise MoreToErase
    erasure = Erasure.objects.create(kind=Erasure.Kind.GUEST, actor=actor, guest_key=guest.pk, reason=reason)
    add_to(erasure, erase(notes, recordings, erasure=erasure))
    transaction.on_commit(reports.extend_list, robust=True)
    logger.info("erasure %s: user %s erased %s notes", erasure.pk, actor.pk, len(notes))
    return erasure


@one_transaction
def reapply(*, erasure: Erasure, keys: list[uuid.UUID]) -> int:
    """Erase again what a restored backup has brought back, and save the report if it is missing.

    Returns how many notes and recordings there were. Harmless to repeat. Raises Busy.
    """
    if not Erasure.objects.filter(pk=erasure.pk).exists():
        erasure.actor = User.objects.filter(pk=erasure.actor_id or 0).first()
        erasure.save(force_insert=True)
    refuse_keys(keys, erasure=erasure)
    recordings = list(Recording.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    notes = list(VoiceNote.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    erase(notes, recordings, erasure=erasure)
    return len({each.pk for each in (*notes, *recordings)})


def _locked_on(stays: list[int]) -> tuple[list[Recording], list[VoiceNote]]:
    recordings = Recording.objects.filter(reservation__in=stays).order_by("pk").select_for_update()
    notes = VoiceNote.objects.filter(reservation__in=stays).order_by("pk").select_for_update()
    return list(recordings), list(notes)


def erase(notes: Iterable[VoiceNote], recordings: Iterable[Recording], *, erasure: Erasure) -> Counter[str]:
    """Erase notes and recordings with all that refers to them, in the caller's transaction with their rows locked.

    The recordings that the notes were made of are erased, too. Returns how many rows of each kind were deleted.
    """
    notes = list(notes)
    keys = list({each.pk: True for each in (*notes, *recordings)})
    refuse_keys(keys, erasure=erasure)
    counts = list_audio_for_deletion(notes)
    for model in (VoiceNote, Recording):
        _, deleted = model._default_manager.filter(pk__in=keys).delete()
        counts.update({KINDS.get(label, label): count for label, count in deleted.items()})
    counts.update(task_queue.forget(keys))
    idempotency.delete_responses_naming(keys)
    transaction.on_commit(finish, robust=True)
    return counts


def refuse_keys(keys: Iterable[uuid.UUID], *, erasure: Erasure) -> None:
    """Refuse from now on what is sent with these keys."""
    ErasedNote.objects.bulk_create([ErasedNote(key=key, erasure=erasure) for key in keys], ignore_conflicts=True)


def list_audio_for_deletion(notes: Iterable[VoiceNote]) -> Counter[str]:
    """List the recordings and renditions of notes for deletion. Returns the count of notes with audio, as "audio"."""
    notes = [note for note in notes if note.audio]
    list_for_deletion(name for note in notes for name in note.files)
    return Counter({"audio": len(notes)})


def add_to(erasure: Erasure, counts: Counter[str]) -> None:
    """Add counts to those of the report, and save it."""
    erasure.counts = dict(sorted((Counter(erasure.counts) + counts).items()))
    erasure.save(update_fields=["counts"])


def finish() -> None:
    """Delete the listed files and left temporary ones, after a commit. Harmless to repeat."""
    delete_files()
    remove_leftovers()
