"""What was erased for good: the reports, the keys that may not come back, and the files that are still to be deleted.

No names and nothing that was said: these rows outlive what they speak of.
"""

import uuid

from django.conf import settings
from django.db import models

from config import clock


class Erasure(models.Model):
    """A report: what went, when, why and by whom. It holds keys and counts only."""

    class Kind(models.TextChoices):
        GUEST = "guest", "A guest’s notes"
        RETENTION = "retention", "Days to keep were over"

    # Drawn by us and kept when a report is read in again, so that one report is never two.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField(default=clock.now, help_text="UTC")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # A number and not a reference: after a restore the profile may not be there.
    guest_key = models.BigIntegerField(null=True, help_text="of the guest's profile")
    reason = models.CharField(max_length=200, blank=True, help_text="without names")
    counts = models.JSONField(default=dict, help_text='how many of each kind went: {"notes": 3, "audio": 2, …}')

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="erasure_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="guest") | models.Q(guest_key__isnull=False) & ~models.Q(reason=""),
                name="erasure_of_a_guest_says_whose_and_why",
            ),
        ]

    def __str__(self):
        return str(self.pk)


class ErasedNote(models.Model):
    """The key of a note, or of a recording that was to become one. A trigger refuses both when they come again."""

    key = models.UUIDField(primary_key=True)
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="notes")

    def __str__(self):
        return str(self.key)


class FileToDelete(models.Model):
    """A name in the storage that nothing points to any more. The row goes when the file has gone."""

    name = models.CharField(max_length=120, unique=True)
    since = models.DateTimeField(default=clock.now, help_text="UTC")
    attempts = models.PositiveIntegerField(default=0, help_text="that failed")

    def __str__(self):
        return self.name


def was_erased(key: uuid.UUID) -> bool:
    """A note or recording of this key was there and is gone for good. What is sent again under it is refused."""
    return ErasedNote.objects.filter(pk=key).exists()
