"""Problem details (RFC 9457), the format of all error responses for programs."""

from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/docs/problems/"


def problem(status, code, detail, **details):
    """The members of the response. `type` is the address that explains `code`, `details` are further members."""
    return {
        "type": f"{PAGE}#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": HTTPStatus(status).value,
        "detail": detail,
        "code": code,
        **details,
    }
