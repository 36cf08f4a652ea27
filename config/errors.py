"""Errors whose words may be shown at the desk, and what the page about problem types says of them."""

from http import HTTPStatus
from typing import ClassVar, NamedTuple


class Reason(NamedTuple):
    """One code of an error class that has several."""

    message: str
    when: str
    then: str
    status: HTTPStatus | None = None  # None: that of the class
    api_status: HTTPStatus | None = None  # None: as above; the API's, where pages answer with another one


class DomainError(Exception):
    """Something the desk asked for cannot be done. `message` says what happened, then what to do.

    `code` is stable and for programs; `status` is the HTTP status of the response. `when` it happens and what a program
    does `then` stand on the page about problem types: each code has both in one class, or in `reasons` by code where
    one class has several.
    """

    code = "refused"
    status = HTTPStatus.CONFLICT
    when = "It cannot be done as things are."
    then = "The words say why."
    reasons: ClassVar[dict[str, Reason]] = {}

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Busy(DomainError):
    """Someone else kept the same row locked too long. Nothing was written; the same request may succeed now."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    when = "Others are changing the same rooms. Nothing was done."
    then = "Send the same request again after Retry-After seconds."

    def __init__(self):
        super().__init__("The calendar is busy right now and nothing was saved. Please try again.")


class VersionConflict(DomainError):
    """Somebody saved after the version that the caller has seen. The API answers 412 where it came as If-Match."""

    code = "changed_meanwhile"
    when = "Somebody changed it since you read it: 412 where the request carried If-Match, else 409."
    then = "Read it again, look whether your change is still wanted, and send it again."
    status_with_if_match = HTTPStatus.PRECONDITION_FAILED
