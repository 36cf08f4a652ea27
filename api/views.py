"""The base of all API views: limits of size and rate, scopes, the query string, idempotency, cache headers."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.urls import is_valid_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Scope
from api import problems
from api.idempotency import run_idempotently
from api.serializers import QuerySerializer
from api.versions import etag
from config.problems import MEDIA_TYPE, problem
from config.request_bodies import discard_rest

# Bytes of a JSON body: a booking has some hundred.
MOST_BYTES = 1024 * 1024


class ApiView(APIView):
    # Without a docstring: it would describe every operation of the schema that has none of its own.
    read_scope: Scope | None = None  # what a token needs for GET and HEAD
    write_scope: Scope | None = None  # what a token needs for every other method
    # The query string that a GET may have; other methods may have none.
    query_serializer: type[QuerySerializer] = QuerySerializer
    http_method_names = ["get", "head", "post", "patch", "delete"]  # of which Allow names those that do something
    post: Callable[..., Response]  # of those that take it

    @property
    def most_bytes(self) -> int:
        """Bytes of a body that are taken."""
        return MOST_BYTES

    def initial(self, request, *args, **options):
        self.refuse_larger(request)  # first of all: who asks may stand in a form, which would have to be read
        _refuse_unfit(options.values())
        super().initial(request, *args, **options)
        if request.method not in self.allowed_methods:
            return  # and is told so
        self.query = self._valid_query()
        if request.method == "POST":
            self.post = partial(_once, self.post)

    def refuse_larger(self, request):
        problems.refuse_larger(request, self.most_bytes)

    def _valid_query(self):
        serializer = self.query_serializer if self.request.method in ("GET", "HEAD") else QuerySerializer
        said = dict(self.request.query_params.lists())
        return _valid(serializer(data=said, context=self.get_renderer_context()))

    def valid_body(self, serializer, **options):
        """What the body says. Raises ValidationError."""
        return _valid(serializer(data=self.request.data, context=self.get_renderer_context(), **options))

    def finalize_response(self, request, response, *args, **options):
        response = super().finalize_response(request, response, *args, **options)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            discard_rest(request._request)
        return response


def _once(post, request, **options):
    return run_idempotently(request, partial(post, request, **options))


def with_version(response, version):
    """The response with the ETag of the version that it shows."""
    response.headers["ETag"] = etag(version)
    return response


def _refuse_unfit(parts):
    """No address has an empty character in it, and the database would choke on it."""
    if any("\x00" in str(part) for part in parts):
        raise Http404


def _valid(serializer):
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@csrf_exempt
@login_not_required
def not_found(request, path):
    """An address that is none. Without its last slash it would be redirected, and a POST lose its body on the way."""
    words = "There is nothing here: it was removed, or the address is misspelt."
    if is_valid_path(f"{request.path_info}/"):
        words = f"Addresses end with a slash here: {request.path}/"
    body = problem(HTTPStatus.NOT_FOUND, "not_found", words)
    return JsonResponse(body, status=HTTPStatus.NOT_FOUND, content_type=MEDIA_TYPE)
