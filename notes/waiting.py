"""Requests that wait a moment for news of one note or one recording, so that a page need not ask again and again.

A request that waits keeps a thread of the web server. Two threads of each process are left for everybody else, and
programs, which may wait longer than pages do, get half of the others.
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
    """Whether `is_new()` has come true: looked at now, at each notification about `key`, and after `seconds`.

    Answers at once, too, when as many requests wait as may, or the database gives no connection to listen on. Whoever
    is told "no" quicker than `seconds` should leave a pause before the next question.
    """
    if is_new():
        return True
    with _a_place(_places(seconds)) as is_mine:
        return is_mine and _listen(str(key), is_new, time.monotonic() + seconds)


def _listen(key, is_new, until):
    try:
        with listening(CHANNEL) as heard:
            # What came between the first look and the listening is seen here.
            while not (found := is_new()) and (left := until - time.monotonic()) > 0:
                _hear_of(key, heard, left)
    except ConnectionLost:
        return is_new()
    return found


def _hear_of(key, heard, seconds):
    """Until there is news of `key`, or the time is over."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if key in heard.wait(left):
            return


def _places(seconds):
    places = settings.WEB_THREADS - THREADS_FOR_OTHERS
    return places if seconds <= MOST_SECONDS else places // 2


@contextlib.contextmanager
def _a_place(places):
    """True inside if this request may wait."""
    global _waiting
    with _counting:
        is_mine = _waiting < places
        _waiting += is_mine
    try:
        yield is_mine
    finally:
        with _counting:
            _waiting -= is_mine
