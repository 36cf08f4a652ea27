"""Many people at once: threads with a database connection each, let go at the same moment."""

import fcntl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

from tests.server import ROOT

# From so many on, crowds of several test processes come one after the other: the server takes a hundred connections.
MANY = 10
PATIENCE_SECONDS = 120


def at_once(clients, act):
    """Call `act(number)` in as many threads as there are clients; returns what each returned or raised.

    They wait for locks longer than people do: the machine is busy with other tests.
    """
    barrier = threading.Barrier(clients)

    def run(number):
        try:
            _be_patient(barrier)
            barrier.wait(PATIENCE_SECONDS)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with _alone(clients), ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


def _be_patient(barrier):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '30s'")
    except Exception:
        barrier.abort()  # the others need not wait for one who does not come
        raise


@contextmanager
def _alone(clients):
    if clients < MANY:
        yield
        return
    with (ROOT / "var" / "crowd.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
