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

# A worker that dies is missed after that long. One that lives renews, however long its engine is silent: the
# subprocess that does the work has a deadline of its own.
LEASE = timedelta(seconds=45)
# Progress comes every second or so; the lease is renewed no more often than this.
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
    """The columns of a job. Each kind of job counts its `attempts`, too, and says when they begin anew."""

    attempts: models.PositiveSmallIntegerField
    claim = models.UUIDField(null=True, help_text="the worker's token; only its holder may write a result")
    lease_until = models.DateTimeField(
        null=True, help_text="UTC; after it another worker may take over; kept as a sign of life"
    )

    class Meta:
        abstract = True


class LostLease(Exception):
    """Another worker has the job now, or the job was withdrawn: what this worker found out does not count."""


@dataclass(frozen=True)
class Lease(Generic[Job]):
    """A worker's right to write to one row: the `kind` of that `key`, while its claim is `token`."""

    kind: type[Job]
    key: uuid.UUID
    token: uuid.UUID

    def leased(self) -> models.QuerySet[Job]:
        """The row, as a queryset; it is empty when the lease was lost."""
        return self.kind._default_manager.filter(pk=self.key, claim=self.token)

    def write(self, **fields: Any) -> None:
        """Update the row. Raises LostLease."""
        if not self.leased().update(**fields):
            raise LostLease

    def renew(self, **fields: Any) -> None:
        """Hold the lease for LEASE from now on, and update the row. Raises LostLease."""
        self.write(lease_until=Now() + LEASE, **fields)

    def give_back(self, **fields: Any) -> None:
        """End the lease, and update the row. `lease_until` stays as a sign of life. Raises LostLease."""
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
    """Called with each progress of the engine, in seconds of sound: renews the lease every RENEW_AFTER."""

    def __init__(self, lease: Lease[Any]) -> None:
        self._lease = lease
        self._renewed = time.monotonic()

    def __call__(self, seconds: float) -> None:
        if time.monotonic() - self._renewed >= RENEW_AFTER.total_seconds():
            self._lease.renew()
            self._renewed = time.monotonic()
