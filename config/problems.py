"""Problem details (RFC 9457): the form of every refusal that a program gets, whoever refuses."""

from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/docs/problems/"


def problem(status, code, detail, **details):
    """The answer's members. `type` is the place where `code` is explained; `details` are further members."""
    return {
        "type": f"{PAGE}#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": HTTPStatus(status).value,
        "detail": detail,
        "code": code,
        **details,
    }
