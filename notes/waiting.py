"""Requests that wait for news of one note or one recording, so that a page need not poll so often.

A request that waits occupies a thread of the web server. THREADS_FOR_OTHERS threads of each process are never used for
that, and programs, whose requests may wait longer than those of pages, may use half of the remaining ones.
"""

import contextlib
import threading
import time

from django.conf import settings

from config.notifications import ConnectionLost, listening

CHANNEL = "roomtone_notes"  # the payload is the id of the note or recording that changed
MOST_SECONDS = 2.0
THREADS_FOR_OTHERS = 2

_counting = threading.Lock()
_waiting = 0


def wait_for_change(key, is_new, *, seconds=MOST_SECONDS):
    """Wait until `is_new()` is true, for `seconds` at most; returns whether it is.

    `is_new` is called at once, after each notification about `key`, and at the end. False is returned early when too
    many requests wait already, or the database has no connection to listen on: then a client should pause before it
    asks again.
    """
    if is_new():
        return True
    with _reserved_thread(_most_waiting(seconds)) as is_reserved:
        return is_reserved and _listen(str(key), is_new, time.monotonic() + seconds)


def _listen(key, is_new, until):
    try:
        with listening(CHANNEL) as notifications:
            # The first call here sees changes that were made before the connection listened.
            while not (found := is_new()) and (left := until - time.monotonic()) > 0:
                _wait_for(key, notifications, left)
    except ConnectionLost:
        return is_new()
    return found


def _wait_for(key, notifications, seconds):
    """Return when there is a notification about `key`, or after `seconds`."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if key in notifications.wait(left):
            return


def _most_waiting(seconds):
    threads = settings.WEB_THREADS - THREADS_FOR_OTHERS
    return threads if seconds <= MOST_SECONDS else threads // 2


@contextlib.contextmanager
def _reserved_thread(most_waiting):
    """Count this request among those that wait. Yields False, and does not count it, when there are `most_waiting`."""
    global _waiting
    with _counting:
        is_reserved = _waiting < most_waiting
        _waiting += is_reserved
    try:
        yield is_reserved
    finally:
        with _counting:
            _waiting -= is_reserved
