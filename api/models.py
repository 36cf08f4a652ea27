"""Stored responses of requests with an `Idempotency-Key`, and the count of requests in the current minute."""

from django.conf import settings
from django.db import models

from config import clock


class IdempotentResponse(models.Model):
    """The response to a request with an `Idempotency-Key`, stored in the transaction of what the request did."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="sha256 of method, address and what was sent, hex")
    status = models.PositiveSmallIntegerField(help_text="of HTTP")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, help_text="JSON, as it was sent")
    created_at = models.DateTimeField(default=clock.now, db_index=True, help_text="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotent_response_unique_key")]

    def __str__(self):
        return str(self.pk)  # not the key: it is the client's own text, and this string may be logged


class Usage(models.Model):
    """How many requests a token or a browser made in the current minute. The table is unlogged: a crash empties it."""

    who = models.CharField(max_length=40, primary_key=True, help_text="token:7, or user:7 for a signed-in browser")
    minute = models.DateTimeField(help_text="UTC, its beginning")
    count = models.PositiveIntegerField()

    def __str__(self):
        return self.who
