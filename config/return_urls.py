"""Addresses that a request brings and is led to afterwards: `back`, `next`, the page that it was sent from."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, address: str) -> str:
    """Path and query of a page of this site, or "" for any other address and for what is none.

    A bare word is none: `redirect` would look for a view of that name.
    """
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if path.startswith("/") and not path.startswith("//") else ""
