"""A press of *Reserve* that comes twice: a double click, a page that was sent again."""

import uuid

from reservations.models import Reservation


def earlier_press(request_key):
    """What the same request made, if that still takes its nights, else None; and the key to book with.

    A booking that was cancelled, taken back or has lapsed since is none: the same press then books anew, once.
    """
    key = request_key and uuid.UUID(str(request_key))
    while key and (made := Reservation.objects.with_unit().filter(request_key=key).first()):
        if _is_in_force(made):
            made.new_event = made.events.earliest("pk")
            return made, key
        key = uuid.uuid5(key, "again")
    return None, key


def _is_in_force(made):
    """Of a group any of its stays counts: one of them carries the key for all."""
    made_together = {"group": made.group_id} if made.group_id else {"pk": made.pk}
    return Reservation.objects.blocking().filter(**made_together).exists()
