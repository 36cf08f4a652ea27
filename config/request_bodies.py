"""Deadlines for request bodies, so that a slow client does not occupy a thread of the server.

gunicorn reads until it has the requested number of bytes, however long that takes, and a socket's timeout begins anew
with every byte. Here each read has a deadline, and a thread shuts down the sockets whose deadline has passed. Behind a
reverse proxy that buffers bodies this is not needed, but not all proxies do, and Roomtone also runs without one.
"""

import contextlib
import functools
import os
import socket
import threading
import time

from django.http.request import UnreadablePostError

# A body may take PATIENCE seconds, and another second for each PACE bytes. A voice note over a poor mobile connection
# arrives with 6 kB a second, and with pauses.
PATIENCE, PACE = 20, 1024
# The same for a body that is read only to be discarded, and its largest size.
SHORT_PATIENCE, BRISK_PACE = 3, 64 * 1024
MOST_BYTES = 64 * 2**20
# Bytes read between two checks of the deadline.
PIECE = 16 * 1024
# Seconds between two checks of the thread that shuts sockets down.
CHECK_SECONDS = 0.25


class TooSlow(OSError):
    """A body did not arrive in time. Django raises UnreadablePostError for it."""


class PacedBody:
    """A `wsgi.input` that reads from the socket `connection` in pieces, each with a deadline. Raises TooSlow."""

    def __init__(self, body, connection):
        self._body, self._connection = body, connection
        self._patience, self._pace = PATIENCE, PACE
        self._began, self._received = None, 0

    def read(self, size=-1):
        return self._take(self._body.read, size)

    def readline(self, size=-1):
        return self._take(self._body.readline, size)

    def __iter__(self):
        return iter(self.readline, b"")

    def shorten_deadlines(self):
        """Use the shorter deadlines from now on, for the rest of a body that is discarded."""
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
        with _watch().deadline(self._connection, until):
            piece = read(size)
        self._received += len(piece)
        return piece


class Watch:
    """A thread that shuts down the reading side of sockets after their deadline, which ends a blocked read."""

    def __init__(self):
        self._deadlines = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._look, name="slow bodies", daemon=True).start()

    @contextlib.contextmanager
    def deadline(self, connection, until):
        """A context manager around a read from `connection`. Raises TooSlow if it ends after `until` (monotonic)."""
        with self._changed:
            self._deadlines[connection] = until
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                is_closed = self._deadlines.pop(connection, None) is None
        if is_closed:
            raise TooSlow("the rest of the body did not come in time")

    def _look(self):
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._deadlines)
                for connection in [
                    connection for connection, until in self._deadlines.items() if until <= time.monotonic()
                ]:
                    del self._deadlines[connection]
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)
            time.sleep(CHECK_SECONDS)


def paced(application):
    """The WSGI application with a PacedBody as `wsgi.input`, if the server passes its socket on, as gunicorn does."""

    def call(environ, start_response):
        if connection := environ.get("gunicorn.socket"):
            environ["wsgi.input"] = PacedBody(environ["wsgi.input"], connection)
        return application(environ, start_response)

    return call


def discard_rest(request):
    """Read and discard the rest of the body, within limits, so that the client can read the error response.

    Most programs send the whole body before they read the response. gunicorn closes the connection when more than 64 kB
    are unread, and such a program would get a broken pipe in place of the response.
    """
    body = request.META.get("wsgi.input")
    if not isinstance(body, PacedBody) or length_of(request) > MOST_BYTES:
        return
    body.shorten_deadlines()
    with contextlib.suppress(UnreadablePostError, ValueError):  # connection closed, too slow, or body closed already
        while request.read(2**16):
            pass


def length_of(request):
    """The bytes of the body by Content-Length; 0 without one."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdecimal() else 0


def _watch():
    return _watch_of(os.getpid())


@functools.cache
def _watch_of(pid):
    """The Watch of the process. Each process has its own, because threads do not survive a fork."""
    return Watch()
