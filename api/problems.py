"""Error responses as problem details (RFC 9457)."""

import functools
import itertools
import logging
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.http.request import UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from api.field_errors import AGAINST_THE_SCHEMA
from config.errors import Busy, DomainError, VersionConflict
from config.problems import MEDIA_TYPE, problem
from config.request_bodies import length_of
from config.transactions import is_lost_race

logger = logging.getLogger(__name__)

# The `field` of an error that is about the whole body.
WHOLE_BODY = "this"
# The most entries in `errors`, and the most characters of a field's name there.
MOST_ERRORS = 100
LONGEST_NAME = 100


class Problem(exceptions.APIException):
    """An error of the API itself. `details` are further members of the response.

    `when` and `then` are texts for the page about problem types, like those of a DomainError.
    """

    when = then = ""
    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, detail=None, *, code=None, **details):
        super().__init__(detail, code)
        self.details = details


class TooLarge(Problem):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    when = "The body, or the recording in it, has more bytes than are allowed."
    then = "Send less in one request; save a recording as M4A or MP3."
    default_detail = "This request is too large."


class LengthMissing(Problem):
    status_code = HTTPStatus.LENGTH_REQUIRED
    default_code = "length_missing"
    when = "The body is sent in chunks, without its length."
    then = "Send it whole, with Content-Length. Most libraries do so when they get the whole body and not a stream."
    default_detail = "This request does not say how long it is. Send it whole, with Content-Length, not in chunks."


@functools.singledispatch
def details(error, request):
    """Further members of the response to a DomainError. Apps register functions for classes of errors."""
    return {}


def refuse_larger(request, most_bytes):
    """Raises TooLarge if Content-Length is more than `most_bytes`, and LengthMissing for a chunked body."""
    if "Transfer-Encoding" in request.headers:
        raise LengthMissing  # Django would read an empty body
    length = length_of(request)
    if length > most_bytes:
        raise TooLarge(f"This request has {length / 2**20:.1f} MB; at most {most_bytes / 2**20:.0f} MB are taken here.")


def answer(error, context):
    """The `EXCEPTION_HANDLER` of DRF. Returns None for an unexpected exception, which Django then handles."""
    if is_lost_race(error):  # outside a verb, such as when requests are counted
        error = Busy()
    if isinstance(error, DomainError):
        return _domain_error_response(error, context["request"])
    error = _as_api_exception(error)
    if isinstance(error, exceptions.ValidationError):
        return _respond(_invalid(_errors(error)))
    if isinstance(error, exceptions.APIException):
        return _respond(_api_problem(error, context["view"]), headers=_headers(error))
    return None


def _domain_error_response(error, request):
    logger.info("refused: %s", error.code)
    body = problem(_status(error, request), error.code, error.message) | details(error, request)
    headers = {"Retry-After": "1"} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return _respond(body, headers)


def _status(error, request):
    """The error's status; 412 for a VersionConflict if the request has If-Match."""
    is_stale = isinstance(error, VersionConflict) and "If-Match" in request.headers
    return error.status_with_if_match if is_stale else error.status


# Messages in place of those of DRF.
_WORDS = {
    exceptions.NotAuthenticated: "Say who asks: Authorization: Bearer rt_…, with a token from the page API tokens.",
    exceptions.NotAcceptable: "Answers are JSON. Send Accept: application/json, or none.",
    exceptions.UnsupportedMediaType: "This media type is not taken here. Send {taken}.",
    exceptions.MethodNotAllowed: "This method does nothing here. Allow says which ones do.",
    exceptions.Throttled: "Too many requests in this minute. Retry-After says how many seconds to wait.",
}

# Exceptions of Django, and functions that make an APIException of them.
_CONVERSIONS = {
    Http404: lambda _: exceptions.NotFound("There is nothing here: it was removed, or the address is misspelt."),
    PermissionDenied: lambda _: exceptions.PermissionDenied(),
    RequestDataTooBig: lambda _: TooLarge(),
    SuspiciousOperation: lambda _: exceptions.ParseError("This request could not be read."),
    UnreadablePostError: lambda _: exceptions.ParseError("The request broke off."),
    RecursionError: lambda _: exceptions.ParseError("This JSON is nested too deeply."),
}


def _as_api_exception(error):
    for kind, make in _CONVERSIONS.items():
        if isinstance(error, kind):
            return make(error)
    return error


def _api_problem(error, view):
    code = error.detail.code if hasattr(error.detail, "code") else error.default_code
    words = str(error.detail)
    if type(error) in _WORDS:
        words = _WORDS[type(error)].format(taken=view.parser_classes[0].media_type)
    return problem(error.status_code, code, words, **getattr(error, "details", {}))


def _headers(error):
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return headers


def _respond(body, headers=None):
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _invalid(found):
    is_readable = not any(each["code"] in AGAINST_THE_SCHEMA for each in found)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_readable else HTTPStatus.BAD_REQUEST
    return problem(status, "invalid", _count(found), errors=found)


def _count(found):
    if len(found) == 1:
        return f"{found[0]['field']}: {found[0]['detail']}"
    return f"{len(found)} fields need another look."


def _errors(error):
    """The entries of `errors`, one for each wrong field. `field` is its path, such as rooms.0.count."""
    return list(itertools.islice(_entries(error.detail, ()), MOST_ERRORS))


def _entries(detail, path):
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _entries(inner, path if name == api_settings.NON_FIELD_ERRORS_KEY else (*path, _name(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _entries(inner, (*path, str(number)) if isinstance(inner, dict | list) else path)
    else:
        yield {"field": ".".join(path) or WHOLE_BODY, "code": detail.code, "detail": str(detail)}


def _name(name):
    """The name of a field in the request, shortened, and without lone surrogates, which JSON allows."""
    return str(name)[:LONGEST_NAME].encode(errors="replace").decode()
