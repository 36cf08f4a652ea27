"""Who has heard or read which note: what the next shift still has to listen to."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, Count, DateTimeField, Value
from django.db.models.expressions import RawSQL

from config import clock
from config.statements import composed
from notes.models import ReadReceipt, VoiceNote

# What is older was told in another way by now; and whoever is new here is not shown a number of years.
LATELY = dt.timedelta(days=7)
# A badge says "99+".
MOST_COUNTED = 100


class Marked(NamedTuple):
    count: int
    at: dt.datetime  # UTC; it tells these receipts from all others of the user


def mark_read(*, notes, user):
    """Remember that `user` has heard or read `notes`; returns the receipts. Harmless to repeat. One query."""
    receipts = [ReadReceipt(note=note, user=user) for note in notes if note.author_id != user.pk]
    return ReadReceipt.objects.bulk_create(receipts, ignore_conflicts=True)


def mark_all_read(*, notes, user):
    """Remember it of a whole queryset, however many they are; `unmark_read` takes it back. One query."""
    at = clock.now()
    unread = notes.unread_by(user).order_by()
    rows = unread.values_list("pk", Value(user.pk), Value(at, output_field=DateTimeField()))
    select, values = rows.query.sql_with_params()
    insert = composed(
        "INSERT INTO notes_readreceipt (note_id, user_id, at) {select} ON CONFLICT (note_id, user_id) DO NOTHING",
        select=select,
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, values)
        return Marked(cursor.rowcount, at)


def unmark_read(*, user, at):
    """Take back what `mark_all_read` marked for `user` at that instant; returns how many. Harmless to repeat."""
    count, _ = ReadReceipt.objects.filter(user=user, at=at).delete()
    return count


def unread_lately(user):
    """How many notes of the last days `user` has not heard, counted to MOST_COUNTED. One query, for every page."""
    since = clock.now() - LATELY
    lately = VoiceNote.objects.not_deleted().visible_to(user).filter(recorded_at__gte=since).unread_by(user)
    return lately.order_by()[:MOST_COUNTED].count()


def unread_by_reservation(reservation_ids, user) -> dict[int, int]:
    """How many notes of each reservation `user` has not heard; reservations without any are left out. One query."""
    # An array, written as one text, and not `__in`: the calendar asks for thousands, and Django would prepare, and the
    # database read, each of them by itself.
    keys = f"{{{','.join(map(str, reservation_ids))}}}"
    among = RawSQL("notes_voicenote.reservation_id = ANY(%s::bigint[])", [keys], BooleanField())
    unread = VoiceNote.objects.not_deleted().visible_to(user).unread_by(user).filter(among)
    return dict(unread.order_by().values_list("reservation").annotate(Count("pk")))
