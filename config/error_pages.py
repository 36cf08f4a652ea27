"""Django's error handlers: a page for people, and problem details for programs."""

from http import HTTPStatus

from django.http import JsonResponse
from django.shortcuts import render

from config.problems import MEDIA_TYPE, problem


def _page(request, status, title, advice):
    if request.path.startswith("/api/"):
        code = HTTPStatus(status).name.lower()
        return JsonResponse(problem(status, code, f"{title} {advice}"), status=status, content_type=MEDIA_TYPE)
    return render(request, "error.html", {"title": title, "advice": advice}, status=status)


def bad_request(request, exception=None):
    return _page(request, 400, "That request could not be read.", "Go back, reload the page and try again.")


def permission_denied(request, exception=None):
    return _page(request, 403, "You may not do this.", "Ask a manager if you think that you should.")


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        "This page was open for too long.",
        "Nothing was saved. Go back, reload the page, and send it again.",
    )


def page_not_found(request, exception=None):
    return _page(request, 404, "There is nothing here.", "It was removed, or the address has a typing mistake.")


def method_not_allowed(request, response):
    """The page in place of Django's empty `response` 405, whose list of allowed methods it keeps."""
    page = _page(
        request,
        405,
        "There is nothing to see at this address.",
        "It only takes what a button sends. Nothing was changed.",
    )
    page.headers["Allow"] = response.headers["Allow"]
    return page


def server_error(request):
    return _page(request, 500, "Something broke on our side.", "You typed nothing wrong. Try again in a minute.")
