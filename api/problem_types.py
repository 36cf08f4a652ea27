"""All problem types that the API returns, for the page that explains them: code, statuses, when, and what to do then.

Error classes have their own texts (`config.errors.DomainError`, `api.problems.Problem`). Those for errors of Django,
Django REST framework and the web server are here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import import_module
from typing import TypeVar

from django.conf import settings

from accounts.access import NotVisible
from api.problems import Problem
from config.errors import DomainError, VersionConflict

Kind = TypeVar("Kind")


@dataclass
class ProblemType:
    code: str
    when: str = ""
    then: str = ""
    statuses: set[int] = field(default_factory=set)


# {app: title of the section with its errors}
SECTIONS = {
    "api": "Requests",
    "accounts": "Tokens and rights",
    "reservations": "Reservations and guests",
    "notes": "Voice notes",
    "properties": "Properties, rooms and rates",
}
# Errors of Django, Django REST framework and the web server: {code: (statuses, when, then)}.
FRAMEWORK = {
    "bad_request": (
        [HTTPStatus.BAD_REQUEST],
        "The request breaks the rules of HTTP, or names a host that is not this one.",
        "Check address and headers.",
    ),
    "csrf_failed": (
        [HTTPStatus.FORBIDDEN],
        "A signed-in browser sent no CSRF token or an old one, or the request came from a page of another site.",
        "Use an API token, or send the CSRF cookie’s value as X-CSRFToken.",
    ),
    "forbidden": (
        [HTTPStatus.FORBIDDEN],
        "The form is from a page that was open for too long.",
        "Reload the page, and send it again.",
    ),
    "headers_too_large": (
        [HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE],
        "The request has too many headers, or too long ones.",
        "Send fewer or shorter headers.",
    ),
    "internal_server_error": (
        [HTTPStatus.INTERNAL_SERVER_ERROR],
        "Something broke on our side.",
        "Send the same request again later, with the same Idempotency-Key.",
    ),
    "invalid": (
        [HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY],
        "Fields are wrong: 400 when they are not as the schema says, 422 when they break a business rule.",
        "“errors” has for each field its name, a code, and what to write. The codes are at the end of this page.",
    ),
    "method_not_allowed": (
        [HTTPStatus.METHOD_NOT_ALLOWED],
        "This address does not allow the method.",
        "The header Allow lists the methods that it allows.",
    ),
    "missing_scope": (
        [HTTPStatus.FORBIDDEN],
        "The token does not have the scope that this request needs; the response names it.",
        "Make a token that has the scope.",
    ),
    "not_acceptable": (
        [HTTPStatus.NOT_ACCEPTABLE],
        "Accept does not allow JSON, the only format of responses here.",
        "Leave Accept out, or send application/json.",
    ),
    "not_authenticated": (
        [HTTPStatus.UNAUTHORIZED],
        "There is no Authorization header, or it is not of the kind Bearer.",
        "Send “Authorization: Bearer rt_…”. A token in the address is never read.",
    ),
    "not_found": (
        [HTTPStatus.NOT_FOUND],
        NotVisible.when,
        NotVisible.then,
    ),
    "parse_error": (
        [HTTPStatus.BAD_REQUEST],
        "The body could not be read as the JSON or form that Content-Type says it is.",
        "“detail” says what could not be read.",
    ),
    "permission_denied": ([HTTPStatus.FORBIDDEN], "The account may not do this.", "Ask a manager."),
    "throttled": (
        [HTTPStatus.TOO_MANY_REQUESTS],
        "Too many requests were sent in this minute.",
        "Wait as many seconds as Retry-After says. Request more rows in one page, so that fewer requests are needed.",
    ),
    "unsupported_media_type": (
        [HTTPStatus.UNSUPPORTED_MEDIA_TYPE],
        "The body is of a type that this address does not accept.",
        "Send the Content-Type that the schema names.",
    ),
    "uri_too_long": (
        [HTTPStatus.REQUEST_URI_TOO_LONG],
        "Method, path and query of the request together have more than 4,094 bytes.",
        "Use a shorter query.",
    ),
}


def problem_types() -> dict[str, list[ProblemType]]:
    """{title of a section: its problem types by code}.

    If several classes have the same code, the section is that of the class that has the texts.
    """
    sections: dict[str, dict[str, ProblemType]] = {app: {} for app in SECTIONS}
    known: dict[str, ProblemType] = {}
    for app, code, status, when, then in _described():
        problem_type = known.setdefault(code, ProblemType(code))
        problem_type.statuses.add(int(status))
        if when and not problem_type.when:
            problem_type.when, problem_type.then = when, then
            sections[app if app in SECTIONS else "api"][code] = problem_type
    return {title: [sections[app][code] for code in sorted(sections[app])] for app, title in SECTIONS.items()}


def _described() -> Iterator[tuple[str, str, HTTPStatus | int, str, str]]:
    """(app, code, status, when, then) for each error class and code; the texts are "" if another class has them.

    The URLs are imported first, and with them all views and the modules that define their errors.
    """
    import_module(settings.ROOT_URLCONF)
    for code, (statuses, when, then) in FRAMEWORK.items():
        for status in statuses:
            yield "api", code, status, when, then
    for error in _subclasses(DomainError):
        yield from _of_domain_error(error)
    for problem in _subclasses(Problem):
        yield "api", problem.default_code, problem.status_code, *_own_words(problem)


def _of_domain_error(error: type[DomainError]) -> Iterator[tuple[str, str, HTTPStatus | int, str, str]]:
    app = error.__module__.partition(".")[0]
    for code, reason in error.reasons.items():
        yield app, code, reason.api_status or reason.status or error.status, reason.when, reason.then
    if not error.reasons:
        yield app, error.code, error.status, *_own_words(error)
    if issubclass(error, VersionConflict):
        yield app, error.code, error.status_with_if_match, *_own_words(error)


def _own_words(error: type) -> tuple[str, str]:
    """The texts (when, then) that the class defines itself; "" for those that it inherits."""
    return vars(error).get("when", ""), vars(error).get("then", "")


def _subclasses(kind: type[Kind]) -> Iterator[type[Kind]]:
    """The class and all its subclasses, without Problem itself, which is never raised."""
    if kind is not Problem:
        yield kind
    for inner in kind.__subclasses__():
        yield from _subclasses(inner)
