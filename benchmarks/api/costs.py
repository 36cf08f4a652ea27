"""What every request costs: its token, the count, its idempotency key. Without HTTP, on the same database."""

import itertools
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from django.db import connection
from django.test.utils import override_settings
from rest_framework.response import Response

from accounts import tokens
from api.idempotency import HEADER, run_idempotently
from api.throttling import PerMinute
from config import embedded_database
from config.database import database_settings

TIMES, WARM_UP = 300, 10
CROWD, TIMES_IN_CROWD = 12, 50  # as many as the web server has threads
BODY = {"reference": "RT-7K3QX", "filler": "x" * 800}  # as long as a booking's answer


def measure(server, secret):
    """Lines of (what, median ms, 99th percentile)."""
    connection.settings_dict.update(database_settings(embedded_database.start(server.var / "postgres")))
    token = tokens.recognise(secret)
    numbers = itertools.count()

    def count():
        return PerMinute().allow_request(SimpleNamespace(user=token.user, auth=token), None)

    def keyed():
        return run_idempotently(_request(token.user, f"benchmark-{next(numbers)}"), lambda: Response(BODY, status=201))

    def replayed():
        return run_idempotently(_request(token.user, "benchmark-0"), None)

    works = {
        "a token verified": lambda: tokens.recognise(secret),
        "a request counted": count,
        "a response stored for its key": keyed,
        "a stored response sent again": replayed,
    }
    with override_settings(API_REQUESTS_PER_MINUTE=10**6):
        for what, work in works.items():
            yield what, *_summary(_timed(work, WARM_UP + TIMES)[WARM_UP:])
        yield f"a request counted, {CROWD} of one token at the same time", *_summary(_in_a_crowd(count))
    connection.close()


def _request(user, key):
    path = "/api/v1/reservations/"
    data = {"property": 1, "arrival": "2030-01-01", "departure": "2030-01-04", "guest_name": "Amara Okafor"}
    return SimpleNamespace(headers={HEADER: key}, user=user, method="POST", data=data, get_full_path=lambda: path)


def _timed(work, times):
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return found


def _in_a_crowd(work):
    barrier = threading.Barrier(CROWD)

    def run(_):
        connection.ensure_connection()
        barrier.wait()
        try:
            return _timed(work, TIMES_IN_CROWD)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return [each for found in pool.map(run, range(CROWD)) for each in found]


def _summary(times):
    return statistics.median(times), statistics.quantiles(times, n=100)[98]
