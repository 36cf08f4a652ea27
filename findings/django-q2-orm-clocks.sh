#!/usr/bin/env bash
# django-q2 1.11.1, ORM broker: a task is hidden from every worker while the clock of the web server is ahead.
#
# The guess: queue and workers share one database, so a task is there for every worker as soon as it is committed,
# whatever the clocks of the machines say.
#
# The behaviour: `enqueue` writes lock = now by the clock of the machine that asks, and `dequeue` looks for
# lock < now by the clock of the worker. With a web server five minutes fast, or a worker five minutes slow, each task
# waits five minutes. Nothing is logged and the queue's size reads 0. `retry` is added to the worker's now in the same
# way: a task taken by a worker five minutes slow, with a retry of two minutes, is at once taken again by another.
#
# Seen (2026-11-29), with retry = 120:
#   same clock: taken at once
#   web server 5 min fast: not taken, queue size 0; taken 5 min later
#   worker 5 min slow: not taken
#   taken by a worker 5 min slow, then by one on time: both have it
#
# What follows: have the clocks of all machines kept, or give the broker a subclass that writes and compares the
# database's own time (`Now()` in `enqueue`, `dequeue` and the retry). Do not take a queue size of 0 for an empty queue:
# `lock_size()` counts what is hidden. Make tasks safe to run twice.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19 django-q2==1.11.1 time-machine==3.6.0

"$tmp/venv/bin/python" - "$tmp/queue.sqlite3" <<'PY'
import sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import django
import time_machine
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["django_q"],
    USE_TZ=True,
    SECRET_KEY="only for this script",
    Q_CLUSTER={"name": "inn", "orm": "default", "timeout": 60, "retry": 120, "poll": 0.01},
)
django.setup()

from django.core.management import call_command
from django_q.brokers import get_broker

call_command("migrate", verbosity=0)
START = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
broker = get_broker()


def clock(minutes=0, seconds=0):
    return time_machine.travel(START + timedelta(minutes=minutes, seconds=seconds), tick=False)


def enqueue(**time):
    with clock(**time):
        broker.enqueue("task")


def taken(**time):
    with clock(**time):
        return bool(broker.dequeue())


print("django-q2", version("django-q2"), "broker", type(broker).__name__)

enqueue()
same = taken(seconds=1)
print("same clock:", "taken at once" if same else "not taken")
broker.purge_queue()

enqueue(minutes=5)
fast = taken(seconds=1)
with clock(seconds=1):
    size = broker.queue_size()
later = taken(minutes=5, seconds=1)
print(
    f"web server 5 min fast: {'taken' if fast else 'not taken'}, queue size {size};",
    f"{'taken' if later else 'not taken'} 5 min later",
)
broker.purge_queue()

enqueue()
slow = taken(minutes=-5, seconds=1)
print("worker 5 min slow:", "taken" if slow else "not taken")
broker.purge_queue()

enqueue(minutes=-6)
first, second = taken(minutes=-5), taken(seconds=1)
print("taken by a worker 5 min slow, then by one on time:", "both have it" if first and second else (first, second))

if (same, fast, size, later, slow, first, second) != (True, False, 0, True, False, True, True):
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
