"""Middleware: compression, cache headers, htmx, and pages for what was refused."""

import json
import logging
from http import HTTPStatus

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from config.error_pages import method_not_allowed
from config.errors import DomainError
from config.return_urls import own_path

logger = logging.getLogger(__name__)


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and parts of pages, but none that another site has sent the browser for.

    So nobody can put text of theirs into a page again and again and learn by its length what else it says (BREACH);
    Django's padding of up to 100 bytes would only make that slower. Browsers send `Sec-Fetch-Site` over HTTPS; without
    HTTPS who could read the length could read the page. Sound, downloads and the API's JSON stay as they are.
    """

    def process_response(self, request, response):
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        is_asked_by_us = not request.is_secure() or request.headers.get("Sec-Fetch-Site") in ("same-origin", "none")
        return super().process_response(request, response) if is_page and is_asked_by_us else response


class NoStoreMiddleware:
    """Lets no browser and no proxy cache a page, because pages have guests' names and staff share computers.

    Without it, *Back* may show the last page after a sign-out. Responses with a Cache-Control of their own (static
    files, the service worker) are not changed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class HtmxResponseMiddleware:
    """Replaces redirects by `HX-Redirect` in responses to htmx requests, and sends messages as a `toast` event.

    Otherwise the browser would follow a redirect, and htmx would swap the sign-in page into a part of the page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.htmx:
            return response
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if response.status_code in range(300, 400) and "Location" in response:
            return self._redirect(request, response)
        if not response.has_header("HX-Redirect"):
            self._hand_over_messages(request, response)
        return response

    def _redirect(self, request, response):
        """The redirect. After a sign-in it leads to the page that the user is on, not to the address of the request."""
        location = response["Location"]
        if "?next=" in location and request.htmx.current_url_abs_path:
            from django.contrib.auth.views import redirect_to_login

            location = redirect_to_login(request.htmx.current_url_abs_path, location.partition("?")[0])["Location"]
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": location})
        answer.cookies = response.cookies
        return answer

    def _hand_over_messages(self, request, response):
        toasts = [{"level": m.level_tag, "text": str(m), "undo": m.extra_tags} for m in get_messages(request)]
        if toasts:
            triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
            response.headers["HX-Trigger"] = json.dumps(triggers | {"toast": toasts})


class MethodNotAllowedMiddleware:
    """Shows a page, not nothing, to somebody who opens an address that only takes forms, as in the address bar."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_empty = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        return method_not_allowed(request, response) if is_empty and _wants_page(request) else response


def _wants_page(request):
    return "text/html" in request.headers.get("Accept", "")


class DomainErrorMiddleware:
    """Handles a DomainError that a view has not: a page, or a toast for htmx, with its message and status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, UnreadablePostError):  # a closed connection or a slow client, see request_bodies.py
            return HttpResponse("The request broke off. Send it again.", "text/plain", HTTPStatus.REQUEST_TIMEOUT)
        if not isinstance(exception, DomainError):
            return None
        logger.info("refused: %s", exception.code)
        if request.htmx:
            response = self._toast(exception)
        else:
            came_from = own_path(request, request.headers.get("Referer", ""))
            context = {"error": exception, "came_from": came_from}
            response = render(request, "refused.html", context, status=exception.status)
        if exception.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = "1"
        return response

    @staticmethod
    def _toast(exception):
        """A response that htmx does not swap, with the message as a toast."""
        toast = json.dumps({"toast": [{"level": "error", "text": exception.message}]})
        return HttpResponse(status=exception.status, headers={"HX-Reswap": "none", "HX-Trigger": toast})
