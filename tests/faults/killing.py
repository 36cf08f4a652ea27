"""A web server that dies while it answers, at the point that the request names. Only the tests' settings know of it."""

import functools
import os
import signal
import threading

from api import idempotency

HEADER = "Die"
# The function at which it is; whether before or after it. None: when the whole answer is made, and not sent.
POINTS = {
    "before-the-verb": ("_lock_key", "after"),
    "after-the-verb": ("_store", "before"),
    "before-the-commit": ("_store", "after"),
    "before-the-answer": None,
}

_asked = threading.local()


class Killing:
    """The outermost middleware."""

    def __init__(self, get_response):
        self.get_response = get_response
        for point, place in POINTS.items():
            if place:
                name, when = place
                setattr(idempotency, name, _dying(getattr(idempotency, name), point, when))

    def __call__(self, request):
        _asked.point = request.headers.get(HEADER)
        response = self.get_response(request)
        _die_at("before-the-answer")
        return response


def _dying(function, point, when):
    @functools.wraps(function)
    def run(*args, **options):
        if when == "before":
            _die_at(point)
        result = function(*args, **options)
        if when == "after":
            _die_at(point)
        return result

    return run


def _die_at(point):
    if _asked.point == point:
        os.kill(os.getpid(), signal.SIGKILL)
