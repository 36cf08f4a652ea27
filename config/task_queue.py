"""The task queue: the one module of ours that calls django-q2, beside the broker that it loads (`config.broker`).

Tasks lie in our own database: a task and what it is about are one commit. A task is a dotted name and its arguments;
both are kept by the queue, as is what a task returns or raises, so that none of them may hold what was said.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def enqueue(function: str, *arguments: str) -> None:
    """Have a worker call the function of that dotted name, once the caller's transaction is committed."""
    from django_q.tasks import async_task

    async_task(function, *arguments)


def hidden_until(function: str) -> dict[str, list[dt.datetime]]:
    """Until when (UTC) the tasks of `function` are hidden from workers, by their first argument.

    An instant in the past says that no worker has fetched the task yet.
    """
    from django_q.models import OrmQ

    instants: dict[str, list[dt.datetime]] = {}
    for row in OrmQ.objects.all():
        if row.func() == function:  # a payload that cannot be read any more has no function
            instants.setdefault(row.args()[0], []).append(row.lock)
    return instants


def forget(ids: Iterable[uuid.UUID]) -> dict[str, int]:
    """Remove each task and each kept result that names one of `ids`.

    Returns how many went, as `queue_tasks` and `queue_results`.
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
    """Have the function of that dotted name called every so many minutes. Harmless to repeat."""
    from django_q.models import Schedule

    facts = {"func": function, "schedule_type": Schedule.MINUTES, "minutes": minutes}
    Schedule.objects.update_or_create(name=name, defaults=facts)


def schedule_hourly(name: str, function: str) -> None:
    """Have the function of that dotted name called every hour. Harmless to repeat."""
    from django_q.models import Schedule

    Schedule.objects.update_or_create(name=name, defaults={"func": function, "schedule_type": Schedule.HOURLY})


def schedule_daily(name: str, function: str, *, hour: int) -> None:
    """Have the function of that dotted name called every day at `hour` (UTC), from tomorrow on. Harmless to repeat."""
    from django.utils import timezone
    from django_q.models import Schedule

    facts = {"func": function, "schedule_type": Schedule.DAILY}
    first = (timezone.now() + dt.timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
    Schedule.objects.update_or_create(name=name, defaults=facts, create_defaults=facts | {"next_run": first})


def on_worker_start(receiver: Callable[..., Any]) -> None:
    """Call `receiver` with keyword arguments in each process of the queue that has just been spawned."""
    from django_q.signals import post_spawn

    post_spawn.connect(receiver, dispatch_uid=f"{receiver.__module__}.{receiver.__qualname__}")


def _ids_in(thing: object) -> set[str]:
    return set(_ID.findall(repr(thing)))
