"""Events: what happened to reservations and closures, and who did it."""

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models

from accounts.access import Action
from config import clock
from reservations.models.calendar import Closure
from reservations.models.stays import CancelReason, Reservation, Status

# The `reason_code` of a stay that was moved to make room; `reason` is the reference of the stay that needed it.
TO_MAKE_ROOM = "make_room"
# The `reason_code` of a stay that was moved because its room was closed; `reason` is that room, such as "room 204".
ROOM_CLOSED = "room_closed"
# In the `data` of a closure: [None, True] where a note for the next shift was left in the act that closed the room.
HANDOVER_NOTE = "handover_note"


class EventQuerySet(models.QuerySet):
    def visible_to(self, actor, action=Action.SEE):
        """The events of reservations and closures at properties where `actor` may do `action`."""
        keys = None if actor is None else actor.access.properties(action)
        if keys is None:
            return self
        return self.filter(models.Q(reservation__property__in=keys) | models.Q(closure__property__in=keys))

    def with_subject(self):
        """Events with their reservation or closure, its property, and the actor, fetched by the same query."""
        return self.select_related("reservation__property", "closure__property", "actor")

    def of(self, *, property=None, reservation=None, action=None):
        """Events of a property (a key), of a reservation (a reference) and of an action; None stands for any."""
        found = self
        if property:
            found = found.filter(models.Q(reservation__property=property) | models.Q(closure__property=property))
        if reservation:
            found = found.filter(reservation__reference=reservation)
        return found.filter(action=action) if action else found


class Event(models.Model):
    """One line of the history of a reservation or a closure. Append-only: a trigger refuses anything else."""

    class Action(models.TextChoices):
        BOOKED = "booked", "Booked"
        CHANGED = "changed", "Changed"
        MOVED = "moved", "Moved"
        SPLIT = "split", "Split"
        JOINED = "joined", "Joined"
        SWAPPED = "swapped", "Swapped"
        LOCKED = "locked", "Locked to its room"
        UNLOCKED = "unlocked", "Unlocked"
        EXTENDED = "extended", "Hold extended"
        CONFIRMED = "confirmed", "Confirmed"
        CHECKED_IN = "checked_in", "Checked in"
        CHECKED_OUT = "checked_out", "Checked out"
        FREED = "freed", "Nights freed"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "no_show", "No-show"
        EXPIRED = "expired", "Hold expired"
        REINSTATED = "reinstated", "Reinstated"
        OVERRULED = "overruled", "Overruled by a manager"
        UNDONE = "undone", "Undone"
        MERGED = "merged", "Guest merged"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"

    reservation = models.ForeignKey(Reservation, null=True, on_delete=models.PROTECT, related_name="events")
    closure = models.ForeignKey(Closure, null=True, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=12, choices=Action)
    from_status = models.CharField(max_length=12, choices=Status, blank=True)
    to_status = models.CharField(max_length=12, choices=Status, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False, help_text="UTC")
    reason = models.CharField(max_length=200, blank=True, help_text="in people's own words")
    reason_code = models.CharField(
        max_length=12,
        blank=True,
        db_default="",
        help_text="why it was cancelled or moved, or the action that was undone",
    )
    needs_manager = models.BooleanField(
        db_default=False, help_text="only a manager may do this, undo it, or do it again"
    )
    data = models.JSONField(default=dict, help_text='what changed: {"arrival": ["2026-11-20", "2026-11-21"], ...}')
    act = models.UUIDField(
        db_default=RandomUUID(), editable=False, help_text="events of one act share it: done and undone together"
    )
    # The number of the transaction that wrote it, for `history.feed` and `tape.changes`. Keys are assigned before the
    # commit, so a reader that continues after the largest key it has seen would miss events that are committed later.
    written_in = models.BigIntegerField(
        editable=False,
        db_default=models.Func(template="pg_current_xact_id()::text::bigint", output_field=models.BigIntegerField()),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["written_in", "id"], name="event_by_transaction"),
            models.Index(fields=["act"], name="event_by_act"),
            models.Index(fields=["at"], name="event_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reservation=None, closure__isnull=False)
                | models.Q(reservation__isnull=False, closure=None),
                name="event_of_a_reservation_or_a_closure",
            ),
        ]

    def __str__(self):
        return f"{self.subject} {self.action}"

    @property
    def subject(self):
        """The reservation or closure that it happened to."""
        return self.reservation or self.closure

    def before(self, field):
        """The value that `field` had before; None if it had none, or if the event did not change it."""
        return self.data.get(field, [None])[0]

    @property
    def takes_rooms_away(self):
        """Whether the stay had a room before the event and has none after it."""
        before, after = self.data.get("segments", [None, None])
        return bool(before) and not after

    @property
    def in_words(self):
        """The action, such as "Moved"; "Taken back: moved" for an undo, "Done again" for the undo of an undo."""
        if self.action != Event.Action.UNDONE or not self.reason_code:
            return self.get_action_display()
        return "Done again" if self.is_done_again else f"Taken back: {self.what_was_taken_back}"

    @property
    def what_was_taken_back(self):
        """The action that an undo took back, such as "moved"."""
        return Event.Action(self.reason_code).label.lower()

    @property
    def is_taken_back(self):
        """Whether it took an act back, so that undoing it does that act again."""
        return self.action == Event.Action.UNDONE and self.reason_code not in ("", Event.Action.UNDONE)

    @property
    def is_done_again(self):
        """Whether it undid an undo, and so did an act again."""
        return self.action == Event.Action.UNDONE and self.reason_code == Event.Action.UNDONE

    @property
    def reason_in_words(self):
        """Such as "Illness: flew home": the label of the reason's code, then the reason.

        The reasons of older events begin with the label already.
        """
        if self.reason_code == TO_MAKE_ROOM:
            return f"to make room for {self.reason}"
        if self.reason_code == ROOM_CLOSED:
            return f"because {self.reason} is closed"
        codes = Event.Action if self.action == Event.Action.UNDONE else CancelReason
        label = str(codes(self.reason_code).label) if self.reason_code else ""
        return self.reason if self.reason.startswith(label) else f"{label}: {self.reason}".removesuffix(": ")
