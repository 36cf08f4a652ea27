"""Every `code` of a refusal: its statuses, found in the classes, and the words of the page that explains them.

The words stand together here, and not in the apps, because they are one page for people who write programs.
"""

from http import HTTPStatus
from typing import NamedTuple

from rest_framework import exceptions

from api import problem_docs
from api.problems import Problem
from config.errors import DomainError


class Code(NamedTuple):
    code: str
    statuses: list[int]
    when: str
    then: str


# What the framework raises, or we without a class.
_RAISED_BY_NAME = {
    "bad_request": [HTTPStatus.BAD_REQUEST],
    "headers_too_large": [HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE],
    "uri_too_long": [HTTPStatus.REQUEST_URI_TOO_LONG],
    "csrf_failed": [HTTPStatus.FORBIDDEN],
    "forbidden": [HTTPStatus.FORBIDDEN],
    "internal_server_error": [HTTPStatus.INTERNAL_SERVER_ERROR],
    "invalid": [HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY],
    "key_reused": [HTTPStatus.UNPROCESSABLE_ENTITY],
    "missing_scope": [HTTPStatus.FORBIDDEN],
    "unfit_key": [HTTPStatus.BAD_REQUEST],
    # Where the request said by If-Match which version it was made for.
    "changed_meanwhile": [HTTPStatus.PRECONDITION_FAILED],
}
_OF_THE_FRAMEWORK = [
    exceptions.MethodNotAllowed,
    exceptions.NotAcceptable,
    exceptions.NotAuthenticated,
    exceptions.NotFound,
    exceptions.ParseError,
    exceptions.PermissionDenied,
    exceptions.Throttled,
    exceptions.UnsupportedMediaType,
]


def sections():
    """[(title, [Code])]: all there are, each once."""
    known = statuses()
    return [
        (title, [Code(code, sorted(known.get(code, [])), *words) for code, words in codes.items()])
        for title, codes in problem_docs.REFUSALS.items()
    ]


def statuses():
    """{code: {status}} of every refusal that a program may get, with or without words on the page."""
    found = {code: {int(each) for each in numbers} for code, numbers in _RAISED_BY_NAME.items()}
    for code, status in _of_classes():
        found.setdefault(code, set()).add(int(status))
    return found


def _of_classes():
    for kind in _all_kinds(DomainError):
        by_code = getattr(kind, "statuses", {})
        for code in getattr(kind, "words", [kind.code]):
            yield code, by_code.get(code, kind.status)
    for kind in [*_all_kinds(Problem), *_OF_THE_FRAMEWORK]:
        if kind is not Problem:
            yield kind.default_code, kind.status_code


def _all_kinds(kind):
    yield kind
    for inner in kind.__subclasses__():
        yield from _all_kinds(inner)
