"""The line to whoever asks: who falls silent keeps no thread, and who is refused while still sending hears why."""

import time

from django.http.request import UnreadablePostError

SILENCE = 20  # seconds between two pieces of a body
# Of what nobody will read any more.
SHORT_SILENCE = 2  # seconds
MOST_BYTES = 64 * 2**20
MOST_SECONDS = 60


def hurry(request):
    """Whoever promised a body and falls silent is refused (UnreadablePostError), and the thread is free again."""
    _let_wait(request, SILENCE)


def settle(request, *, is_refused):
    """Before the answer goes out."""
    if is_refused and _socket_of(request) and length_of(request) <= MOST_BYTES:
        _let_wait(request, SHORT_SILENCE)
        _take_the_rest(request)
    _let_wait(request, None)


def _take_the_rest(request):
    """Read what is still on its way, within limits, so that the answer is read.

    Most programs send all they have before they look for an answer, and gunicorn closes the line on who sends more
    than 64 kB that nobody reads: such a program would be told of a broken pipe, and not what to change.
    """
    until = time.monotonic() + MOST_SECONDS
    try:
        while request.read(2**16) and time.monotonic() < until:
            pass
    except (UnreadablePostError, ValueError):  # hung up, silent, or read and closed already
        pass


def length_of(request):
    """Bytes of its body, as far as it says."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdecimal() else 0


def _let_wait(request, seconds):
    if line := _socket_of(request):
        line.settimeout(seconds)


def _socket_of(request):
    """Only gunicorn hands it over; other servers have ways and limits of their own."""
    return request.META.get("gunicorn.socket")
