"""gunicorn's threaded worker, with problem details as the response to requests that it cannot parse.

gunicorn's own responses are HTML and contain parts of the request.
"""

import contextlib
import json
from http import HTTPStatus

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import ThreadWorker

from config.problems import MEDIA_TYPE, problem

REFUSALS = {
    LimitRequestLine: (
        HTTPStatus.REQUEST_URI_TOO_LONG,
        "uri_too_long",
        "This address is too long: method, path and query together have at most 4,094 bytes. Ask for less at once.",
    ),
    LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers_too_large",
        "The headers of this request are too many or too long. Send fewer and shorter ones.",
    ),
    ParseException: (
        HTTPStatus.BAD_REQUEST,
        "bad_request",
        "This request could not be read. Let your HTTP library write it.",
    ),
}


class Worker(ThreadWorker):
    def handle_error(self, req, client, addr, exc):
        for kind, refusal in REFUSALS.items():
            if isinstance(exc, kind):
                _answer(client, *refusal)
                return
        super().handle_error(req, client, addr, exc)


def _answer(connection, status, code, detail):
    """Send the response, and close when the client has read it. Closing at once, with unread data, would reset the
    connection."""
    body = json.dumps(problem(status, code, detail)).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {MEDIA_TYPE}\r\nCache-Control: private, no-store\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        connection.setblocking(True)
        connection.sendall(head.encode("latin-1") + body)
        close_graceful(connection)
