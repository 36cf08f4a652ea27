"""Which part of a page a request gets."""

from django.shortcuts import render


def render_page_or_partial(request, template, context=None, *, partials=None, status=200):
    """Render `template`, or only the partial that `partials` names for the request's `HX-Target`.

    `partials` maps DOM ids to partial names of the same template. An id that is not in it gets the whole page:
    the client never chooses what is rendered. History restores always get the whole page.
    """
    partial = None
    if request.htmx and not request.htmx.history_restore_request:
        partial = (partials or {}).get(request.htmx.target)
    name = f"{template}#{partial}" if partial else template
    response = render(request, name, context, status=status)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
