"""Errors whose messages may be shown to staff, with texts for the page about problem types."""

from http import HTTPStatus
from typing import ClassVar, NamedTuple


class Reason(NamedTuple):
    """The texts and the status of one code, for an error class that has several codes."""

    message: str
    when: str
    then: str
    status: HTTPStatus | None = None  # None: that of the class
    api_status: HTTPStatus | None = None  # the status in the API, if it is another one there


class DomainError(Exception):
    """The base class of errors for requests that cannot be carried out. `message` says why, and then what to do.

    `code` is for programs and does not change; `status` is the HTTP status of the response. The page about problem
    types shows `when` the error occurs, and what a program can do `then`. One class has these texts for each code; a
    class with several codes has them in `reasons`, by code.
    """

    code = "refused"
    status = HTTPStatus.CONFLICT
    when = "The request cannot be carried out in the present state."
    then = "“detail” says why, and what to do."
    reasons: ClassVar[dict[str, Reason]] = {}

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Busy(DomainError):
    """A lock was not free within the lock timeout. Nothing was saved; the request may be sent again."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    when = "Other requests are changing the same rooms. Nothing was changed by this one."
    then = "Send the same request again after Retry-After seconds."

    def __init__(self):
        super().__init__("The calendar is busy right now and nothing was saved. Please try again.")


class VersionConflict(DomainError):
    """Somebody saved a newer version than the caller has read. The API returns 412 if the request had If-Match."""

    code = "changed_meanwhile"
    when = "Somebody changed it since you read it. The status is 412 if the request had If-Match, else 409."
    then = "Read it again, check whether your change is still wanted, and send it again."
    status_with_if_match = HTTPStatus.PRECONDITION_FAILED
