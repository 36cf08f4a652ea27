"""Which part of a page a request gets."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request as it is behind HtmxMiddleware."""

    htmx: HtmxDetails


def render_page_or_partial(
    request: HtmxRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partials: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only the partial that `partials` names for the request's `HX-Target`.

    `partials` maps DOM ids to partial names of the same template. An id that is not in it gets the whole page:
    the client never chooses what is rendered. History restores always get the whole page.
    """
    partial = None
    if request.htmx and not request.htmx.history_restore_request:
        partial = (partials or {}).get(request.htmx.target or "")
    name = f"{template}#{partial}" if partial else template
    response = render(request, name, context, status=status)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
