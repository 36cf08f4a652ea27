"""Two connections in a fixed order: one holds what the other wants, and lets go when the other is seen waiting."""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

from django.db import connection, transaction

# Not pg_stat_activity, whose rows stand still during a transaction.
WAITING_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.01  # in which the verb gets on


@contextmanager
def overtaken_by(verb, *, after=None):
    """Run the block in a transaction; before it commits, `verb` has started elsewhere and waits for it.

    With `after`, that is done first, and the block begins when `verb` waits for it already.
    Yields a list that holds, after the block, what `verb` returned or raised.
    """
    outcome = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            if after:
                after()
                running = pool.submit(_outcome_of, verb)
                _wait_until_it_waits(running)
                yield outcome
            else:
                yield outcome
                running = pool.submit(_outcome_of, verb)
                _wait_until_it_waits(running)
        outcome.append(running.result())


def _outcome_of(verb):
    try:
        return verb()
    except Exception as error:
        return error
    finally:
        connection.close()


def _wait_until_it_waits(running):
    deadline = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while not running.done():
            cursor.execute(WAITING_FOR_US)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "the verb neither waited nor ended"
            wait([running], PAUSE_SECONDS)
