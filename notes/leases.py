"""Leases on jobs: of all workers that want a note or a recording at once, one gets it.

A lease is taken by one UPDATE on the row itself (a compare-and-swap) that also counts the attempt before the work
starts. It is renewed while the work goes on, and a worker that dies loses it after LEASE. All instants are those of the
database's clock, so that machines whose clocks differ agree on who holds a lease.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

# How long a lease lasts unless it is renewed. A worker that is alive renews it even while its engine reports no
# progress; the transcription subprocess has a deadline of its own.
LEASE = timedelta(seconds=45)
# An engine reports progress about once a second; the lease is renewed no more often than this.
RENEW_AFTER = timedelta(seconds=10)

Job = TypeVar("Job", bound="Leasable", covariant=True)


class LeasableQuerySet(models.QuerySet[Job]):
    def leased(self, now: datetime | Now) -> "LeasableQuerySet[Job]":
        """Those on which a worker holds a lease at `now` (UTC)."""
        return self.filter(is_leased(now))

    def unleased(self, now: datetime | Now) -> "LeasableQuerySet[Job]":
        """Those that a worker may take at `now` (UTC): nobody has a claim on them, or its lease is over."""
        return self.filter(Q(claim=None) | Q(lease_until__lt=now))


def is_leased(now: datetime | Now) -> Q:
    return Q(claim__isnull=False, lease_until__gte=now)


class Leasable(models.Model):
    """The columns of a job that can be leased. Each model has its own `attempts`, and decides when they are 0 again."""

    attempts: models.PositiveSmallIntegerField
    claim = models.UUIDField(null=True, help_text="the worker's token; only its holder may write a result")
    lease_until = models.DateTimeField(
        null=True, help_text="UTC; after it another worker may take over; kept as a sign of life"
    )

    class Meta:
        abstract = True


class LostLease(Exception):
    """Another worker has the job now, or its row was deleted: this worker must not write its result."""


@dataclass(frozen=True)
class Lease(Generic[Job]):
    """A worker's right to write to a row: the `kind` with the primary key `key`, while its claim is `token`."""

    kind: type[Job]
    key: uuid.UUID
    token: uuid.UUID

    def row(self) -> models.QuerySet[Job]:
        """A queryset with the row; it is empty when the lease was lost."""
        return self.kind._default_manager.filter(pk=self.key, claim=self.token)

    def write(self, **fields: Any) -> None:
        """Update the row. Raises LostLease."""
        if not self.row().update(**fields):
            raise LostLease

    def renew(self, **fields: Any) -> None:
        """Let the lease end LEASE from now, and update the row. Raises LostLease."""
        self.write(lease_until=Now() + LEASE, **fields)

    def give_back(self, **fields: Any) -> None:
        """End the lease, and update the row. `lease_until` stays: it tells when the worker lived. Raises LostLease."""
        self.write(claim=None, **fields)


def take(jobs: LeasableQuerySet[Job], key: uuid.UUID | str, **fields: Any) -> Lease[Job] | None:
    """Lease the row of that key among `jobs`, count the attempt and update the row, all in one statement.

    Returns None when there is no such row, or another worker holds a lease on it.
    """
    now, token = Now(), uuid.uuid4()
    taken = (
        jobs.unleased(now)
        .filter(pk=key)
        .update(claim=token, lease_until=now + LEASE, attempts=F("attempts") + 1, **fields)
    )
    return Lease(jobs.model, uuid.UUID(str(key)), token) if taken else None


class Renewal:
    """A `Progress` that renews the lease when RENEW_AFTER has passed since it was last renewed. Raises LostLease."""

    def __init__(self, lease: Lease[Any]) -> None:
        self._lease = lease
        self._renewed = time.monotonic()

    def __call__(self, seconds: float) -> None:
        if time.monotonic() - self._renewed >= RENEW_AFTER.total_seconds():
            self._lease.renew()
            self._renewed = time.monotonic()
