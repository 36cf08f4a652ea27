"""The task queue. Only this module and `config.broker` import django-q2.

Tasks are rows of the same database, so that a task and the rows that it needs are committed together. A task is a
dotted name with arguments. The queue stores both, and also what a task returns or raises, so none of these may contain
confidential text, such as that of a note.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def enqueue(function: str, *arguments: str) -> None:
    """Let a worker call the function with this dotted name after the caller's transaction has been committed."""
    from django_q.tasks import async_task

    async_task(function, *arguments)


def hidden_until(function: str) -> dict[str, list[dt.datetime]]:
    """{first argument: instants (UTC) until which tasks of `function` with it are hidden from workers}.

    An instant in the past means that no worker has fetched the task yet.
    """
    from django_q.models import OrmQ

    instants: dict[str, list[dt.datetime]] = {}
    for row in OrmQ.objects.all():
        if row.func() == function:  # None for a payload that cannot be read
            instants.setdefault(row.args()[0], []).append(row.lock)
    return instants


def forget(ids: Iterable[uuid.UUID]) -> dict[str, int]:
    """Delete all tasks and stored results that contain one of `ids`.

    Returns their numbers as {"queue_tasks": …, "queue_results": …}.
    """
    from django_q.models import OrmQ, Task

    named = {str(each) for each in ids}
    waiting = [row.pk for row in OrmQ.objects.all() if _ids_in(row.task) & named]
    ended = [row.pk for row in Task.objects.iterator() if _ids_in([row.args, row.kwargs, row.result]) & named]
    return {
        "queue_tasks": OrmQ.objects.filter(pk__in=waiting).delete()[0],
        "queue_results": Task.objects.filter(pk__in=ended).delete()[0],
    }


def schedule_minutes(name: str, function: str, *, minutes: int) -> None:
    """Let the queue call the function with this dotted name every `minutes`. Replaces a schedule of the same name."""
    from django_q.models import Schedule

    facts = {"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes}
    Schedule.objects.update_or_create(name=name, defaults=facts)


def schedule_hourly(name: str, function: str) -> None:
    """Let the queue call the function with this dotted name every hour. Replaces a schedule of the same name."""
    from django_q.models import Schedule

    Schedule.objects.update_or_create(name=name, defaults={"func": function, "schedule_type": Schedule.HOURLY})


def schedule_daily(name: str, function: str, *, hour: int) -> None:
    """Let the queue call the function with this dotted name every day at `hour` (UTC), from tomorrow on.

    Replaces a schedule of the same name, but keeps its next time.
    """
    from django.utils import timezone
    from django_q.models import Schedule

    facts = {"func": function, "schedule_type": Schedule.DAILY}
    first = (timezone.now() + dt.timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
    Schedule.objects.update_or_create(name=name, defaults=facts, create_defaults=facts | {"next_run": first})


def on_worker_start(receiver: Callable[..., Any]) -> None:
    """Call `receiver` with keyword arguments in each process of the queue after it was spawned."""
    from django_q.signals import post_spawn

    post_spawn.connect(receiver, dispatch_uid=f"{receiver.__module__}.{receiver.__qualname__}")


def _ids_in(thing: object) -> set[str]:
    return set(_ID.findall(repr(thing)))
