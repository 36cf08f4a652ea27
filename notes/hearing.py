"""Who has heard or read which note: what the next shift still has to listen to."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, Count, DateTimeField, Value
from django.db.models.expressions import RawSQL

from config import clock
from config.statements import composed
from notes.models import Hearing, VoiceNote

# What is older was told in another way by now; and whoever is new here is not shown a number of years.
LATELY = dt.timedelta(days=7)
# A badge says "99+".
MOST_COUNTED = 100


class Marked(NamedTuple):
    count: int
    at: dt.datetime  # UTC; it tells these hearings from all others of the user


def mark_heard(*, notes, user):
    """Remember that `user` has heard or read `notes`; returns the hearings. Harmless to repeat. One query."""
    heard = [Hearing(note=note, user=user) for note in notes if note.author_id != user.pk]
    return Hearing.objects.bulk_create(heard, ignore_conflicts=True)


def mark_all_heard(*, notes, user):
    """Remember it of a whole queryset, however many they are; `unmark` takes it back. One query."""
    at = clock.now()
    unheard = notes.unheard_by(user).order_by()
    rows = unheard.values_list("pk", Value(user.pk), Value(at, output_field=DateTimeField()))
    select, values = rows.query.sql_with_params()
    insert = composed(
        "INSERT INTO notes_hearing (note_id, user_id, at) {select} ON CONFLICT (note_id, user_id) DO NOTHING",
        select=select,
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, values)
        return Marked(cursor.rowcount, at)


def unmark(*, user, at):
    """Take back what `mark_all_heard` marked for `user` at that instant; returns how many. Harmless to repeat."""
    count, _ = Hearing.objects.filter(user=user, at=at).delete()
    return count


def unheard_lately(user):
    """How many notes of the last days `user` has not heard, counted to MOST_COUNTED. One query, for every page."""
    since = clock.now() - LATELY
    lately = VoiceNote.objects.not_deleted().visible_to(user).filter(recorded_at__gte=since).unheard_by(user)
    return lately.order_by()[:MOST_COUNTED].count()


def unheard_by_reservation(reservation_ids, user) -> dict[int, int]:
    """How many notes of each reservation `user` has not heard; reservations without any are left out. One query."""
    # An array, written as one text, and not `__in`: the calendar asks for thousands, and Django would prepare, and the
    # database read, each of them by itself.
    keys = f"{{{','.join(map(str, reservation_ids))}}}"
    among = RawSQL("notes_voicenote.reservation_id = ANY(%s::bigint[])", [keys], BooleanField())
    unheard = VoiceNote.objects.not_deleted().visible_to(user).unheard_by(user).filter(among)
    return dict(unheard.order_by().values_list("reservation").annotate(Count("pk")))
