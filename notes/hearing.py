"""Who has heard which note: what the next shift still has to listen to."""

from django.db.models import BooleanField, Count
from django.db.models.expressions import RawSQL

from notes.models import Hearing, VoiceNote


def mark_heard(*, notes, user):
    """Remember that `user` has heard or read `notes`; returns the hearings. Harmless to repeat. One query."""
    heard = [Hearing(note=note, user=user) for note in notes if note.author_id != user.pk]
    return Hearing.objects.bulk_create(heard, ignore_conflicts=True)


def unheard_by_reservation(reservation_ids, user) -> dict[int, int]:
    """How many notes of each reservation `user` has not heard; reservations without any are left out. One query."""
    # An array, written as one text, and not `__in`: the calendar asks for thousands, and Django would prepare, and the
    # database read, each of them by itself.
    keys = f"{{{','.join(map(str, reservation_ids))}}}"
    among = RawSQL("notes_voicenote.reservation_id = ANY(%s::bigint[])", [keys], BooleanField())
    unheard = VoiceNote.objects.kept().unheard_by(user).filter(among)
    return dict(unheard.order_by().values_list("reservation").annotate(Count("pk")))
