"""How long a body may take to arrive: whoever sends one too slowly keeps no thread of the server.

gunicorn reads until it has as much as was asked for, however long that takes, and a socket's own timeout begins anew
with every byte. So each read has an end of its own here, kept by one thread that closes the line from outside.
"""

import contextlib
import functools
import os
import socket
import threading
import time

from django.http.request import UnreadablePostError

# Of a body that is wanted: seconds without any of it, and bytes a second after that. A voice note over a poor mobile
# line has 6 kB a second, and waits for a dead spot to end.
PATIENCE, PACE = 20, 1024
# Of what nobody will read any more.
SHORT_PATIENCE, BRISK_PACE = 3, 64 * 1024
MOST_BYTES = 64 * 2**20
# Bytes between two looks at the clock.
PIECE = 16 * 1024
# Seconds between two looks of the thread that closes lines.
LOOK_SECONDS = 0.25


class TooSlow(OSError):
    """The rest of a body did not come in time. Django makes UnreadablePostError of it."""


class PacedBody:
    """`wsgi.input` of a request, read from its socket in pieces that must keep pace. Raises TooSlow."""

    def __init__(self, body, line):
        self._body, self._line = body, line
        self._patience, self._pace = PATIENCE, PACE
        self._began, self._received = None, 0

    def read(self, size=-1):
        return self._take(self._body.read, size)

    def readline(self, size=-1):
        return self._take(self._body.readline, size)

    def __iter__(self):
        return iter(self.readline, b"")

    def be_brief(self):
        """From now on it is only read to be thrown away."""
        self._patience, self._pace = SHORT_PATIENCE, BRISK_PACE
        self._began, self._received = None, 0

    def _take(self, read, size):
        pieces, left = [], size
        while left:
            wanted = PIECE if left < 0 else min(left, PIECE)
            piece = self._in_time(read, wanted)
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
            if len(piece) < wanted:
                break
        return b"".join(pieces)

    def _in_time(self, read, size):
        self._began = self._began or time.monotonic()
        until = self._began + self._patience + self._received / self._pace
        with _watch().closing(self._line, until):
            piece = read(size)
        self._received += len(piece)
        return piece


class Watch:
    """Closes the reading side of lines whose time is over; a blocked read of them then ends. One thread for all."""

    def __init__(self):
        self._ends = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._look, name="slow bodies", daemon=True).start()

    @contextlib.contextmanager
    def closing(self, line, until):
        """Inside, the line is read from, until the monotonic time `until`. Raises TooSlow when it had to be closed."""
        with self._changed:
            self._ends[line] = until
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                is_closed = self._ends.pop(line, None) is None
        if is_closed:
            raise TooSlow("the rest of the body did not come in time")

    def _look(self):
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ends)
                for line in [line for line, until in self._ends.items() if until <= time.monotonic()]:
                    del self._ends[line]
                    with contextlib.suppress(OSError):
                        line.shutdown(socket.SHUT_RD)
            time.sleep(LOOK_SECONDS)


def paced(application):
    """The WSGI application, with PacedBody where the server hands its socket over, as gunicorn does."""

    def call(environ, start_response):
        if line := environ.get("gunicorn.socket"):
            environ["wsgi.input"] = PacedBody(environ["wsgi.input"], line)
        return application(environ, start_response)

    return call


def take_the_rest(request):
    """Read what is still on its way and throw it away, within limits, so that a refusal is read.

    Most programs send all they have before they look for an answer, and gunicorn closes the line on who sends more
    than 64 kB that nobody reads: such a program would be told of a broken pipe, and not what to change.
    """
    body = request.META.get("wsgi.input")
    if not isinstance(body, PacedBody) or length_of(request) > MOST_BYTES:
        return
    body.be_brief()
    with contextlib.suppress(UnreadablePostError, ValueError):  # hung up, too slow, or read and closed already
        while request.read(2**16):
            pass


def length_of(request):
    """Bytes of its body, as far as it says."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdecimal() else 0


def _watch():
    return _watch_of(os.getpid())


@functools.cache
def _watch_of(pid):
    """A thread does not survive a fork."""
    return Watch()
