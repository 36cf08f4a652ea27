"""Read receipts: which member of staff has listened to or read which note, and which notes are unread."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Count, DateTimeField, Value
from django.db.models.expressions import RawSQL

from accounts.access import Action
from accounts.models import User
from config import clock
from config.statements import composed
from notes.models import ReadReceipt, VoiceNote, VoiceNoteQuerySet

# The navigation counts unread notes of this time only: else a new member of staff would see the number of all notes.
LATELY = dt.timedelta(days=7)
# The badge in the navigation says "99+" from here on.
MOST_COUNTED = 100


@dataclass(frozen=True)
class Marked:
    """How many notes were marked, and the instant (UTC) that all their receipts share."""

    count: int
    at: dt.datetime


def mark_read(*, notes: Iterable[VoiceNote], user: User) -> list[ReadReceipt]:
    """Record that `user` has listened to or read `notes`, in one query. Repeating it changes nothing.

    An author needs no receipt for a note of their own. Returns the receipts.
    """
    receipts = [ReadReceipt(note=note, user=user) for note in notes if note.author_id != user.pk]
    return ReadReceipt.objects.bulk_create(receipts, ignore_conflicts=True)


def mark_all_read(*, notes: VoiceNoteQuerySet, user: User) -> Marked:
    """Record that `user` has read each note of a queryset, in one query. `unmark_read` undoes it."""
    at = clock.now()
    unread = notes.unread_by(user).order_by()
    if not user.access.may_somewhere(Action.LISTEN):  # Django makes no SQL of a condition that nothing can meet
        return Marked(0, at)
    rows = unread.values_list("pk", Value(user.pk), Value(at, output_field=DateTimeField()))
    select, values = rows.query.sql_with_params()
    insert = composed(
        "INSERT INTO notes_readreceipt (note_id, user_id, at) {select} ON CONFLICT (note_id, user_id) DO NOTHING",
        select=select,
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, values)
        return Marked(cursor.rowcount, at)


def unmark_read(*, user: User, at: dt.datetime) -> int:
    """Delete the receipts that `mark_all_read` gave `user` at that instant; returns how many they were."""
    count, _ = ReadReceipt.objects.filter(user=user, at=at).delete()
    return count


def unread_lately(user: User) -> int:
    """How many notes of the last LATELY days `user` has not read, counted up to MOST_COUNTED, in one query."""
    since = clock.now() - LATELY
    lately = VoiceNote.objects.not_deleted().visible_to(user).filter(recorded_at__gte=since).unread_by(user)
    return lately.order_by()[:MOST_COUNTED].count()


def unread_by_reservation(reservation_ids: Iterable[int], user: User) -> dict[int, int]:
    """How many notes of each reservation `user` has not read, in one query.

    Reservations without unread notes are left out.
    """
    # One array parameter and not `__in`: the calendar asks for thousands of reservations, and each would be a parameter
    # of its own.
    keys = f"{{{','.join(map(str, reservation_ids))}}}"
    among = RawSQL("notes_voicenote.reservation_id = ANY(%s::bigint[])", [keys], BooleanField())
    unread = VoiceNote.objects.not_deleted().visible_to(user).unread_by(user).filter(among)
    return dict(unread.order_by().values_list("reservation").annotate(Count("pk")))
