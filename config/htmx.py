"""Rendering of a page, or of the part of it that an htmx request needs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that HtmxMiddleware has handled."""

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

    `partials` maps DOM ids to names of partials in the same template. For an id that is not in it, and for a restored
    history entry, the whole page is rendered.
    """
    partial = None
    if request.htmx and not request.htmx.history_restore_request:
        partial = (partials or {}).get(request.htmx.target or "")
    name = f"{template}#{partial}" if partial else template
    response = render(request, name, context, status=status)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
