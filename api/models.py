"""What the API remembers of requests: answers, so that a repetition gets the same one, and how many there were."""

from django.conf import settings
from django.db import models

from config import clock


class KeptAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered. Written in the transaction of what it did."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="sha256 of method, address and what was sent, hex")
    status = models.PositiveSmallIntegerField(help_text="of HTTP")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, help_text="JSON, as it was sent")
    created_at = models.DateTimeField(default=clock.now, db_index=True, help_text="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once_per_user_and_key")]

    def __str__(self):
        return str(self.pk)  # keys are the senders' own words


class Usage(models.Model):
    """How many requests came in the current minute. Not logged by the database: a crash forgets it, and may."""

    who = models.CharField(max_length=40, primary_key=True, help_text="token:7, or user:7 for a signed-in browser")
    minute = models.DateTimeField(help_text="UTC, its beginning")
    count = models.PositiveIntegerField()

    def __str__(self):
        return self.who
