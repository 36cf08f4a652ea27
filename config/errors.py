"""Errors whose words may be shown at the desk."""

from http import HTTPStatus


class DomainError(Exception):
    """Something the desk asked for cannot be done. `message` says what happened, then what to do.

    `code` is stable and for programs; `status` is the HTTP status of the answer.
    """

    code = "refused"
    status = HTTPStatus.CONFLICT

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Busy(DomainError):
    """Someone else kept the same row locked too long. Nothing was written; the same request may succeed now."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self):
        super().__init__("The calendar is busy right now and nothing was saved. Please try again.")
