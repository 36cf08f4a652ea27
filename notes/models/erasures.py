"""What was erased for good: the reports, the keys that are refused from then on, and the files still to be deleted.

These rows outlive the notes, so they hold no names and nothing that was said.
"""

import uuid

from django.conf import settings
from django.db import models

from config import clock


class Erasure(models.Model):
    """The report of an erasure: what was erased, when, why and by whom. It holds keys and counts only."""

    class Kind(models.TextChoices):
        GUEST = "guest", "A guest’s notes"
        RETENTION = "retention", "Days to keep were over"

    # A report that is read in again has the same id, so that no report exists twice.
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
    """The key of an erased note or recording. A database trigger refuses new ones with this key."""

    key = models.UUIDField(primary_key=True)
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="notes")

    def __str__(self):
        return str(self.key)


class FileToDelete(models.Model):
    """The name of a stored file that no note has any more. The row is deleted after the file."""

    name = models.CharField(max_length=120, unique=True)
    since = models.DateTimeField(default=clock.now, help_text="UTC")
    attempts = models.PositiveIntegerField(default=0, help_text="that failed")

    def __str__(self):
        return self.name


def was_erased(key: uuid.UUID) -> bool:
    """Whether the note or recording with this key was erased for good; then what is sent with the key is refused."""
    return ErasedNote.objects.filter(pk=key).exists()
