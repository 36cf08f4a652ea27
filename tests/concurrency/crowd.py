"""Many people at once: threads with a database connection each, let go at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(clients, act):
    """Call `act(number)` in as many threads as there are clients; returns what each returned or raised."""
    barrier = threading.Barrier(clients)

    def run(number):
        try:
            connection.ensure_connection()
            barrier.wait()
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))
