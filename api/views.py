"""The base class of all API views: limits of size, the query string, idempotency, cache headers."""

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

# The most bytes of a JSON body; that of a booking has a few hundred.
MOST_BYTES = 1024 * 1024


class ApiView(APIView):
    # No docstring: the schema would have it as the description of every operation without one.
    read_scope: Scope | None = None  # the scope that a token needs for GET and HEAD
    write_scope: Scope | None = None  # the scope that a token needs for all other methods
    # For the query string of a GET; other methods may have none.
    query_serializer: type[QuerySerializer] = QuerySerializer
    http_method_names = ["get", "head", "post", "patch", "delete"]
    post: Callable[..., Response]  # only in views that accept POST

    @property
    def most_bytes(self) -> int:
        """The most bytes of a request body."""
        return MOST_BYTES

    def initial(self, request, *args, **options):
        self.refuse_larger(request)  # first, because CSRF checks may read the body
        _refuse_unfit(options.values())
        super().initial(request, *args, **options)
        if request.method not in self.allowed_methods:
            return  # refused later, with 405
        self.query = self._valid_query()
        if request.method == "POST":
            self.post = partial(_idempotent, self.post)

    def refuse_larger(self, request):
        problems.refuse_larger(request, self.most_bytes)

    def _valid_query(self):
        serializer = self.query_serializer if self.request.method in ("GET", "HEAD") else QuerySerializer
        parameters = dict(self.request.query_params.lists())
        return _valid(serializer(data=parameters, context=self.get_renderer_context()))

    def valid_body(self, serializer, **options):
        """The request body as validated by `serializer`. Raises ValidationError."""
        return _valid(serializer(data=self.request.data, context=self.get_renderer_context(), **options))

    def finalize_response(self, request, response, *args, **options):
        response = super().finalize_response(request, response, *args, **options)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            discard_rest(request._request)
        return response


def _idempotent(post, request, **options):
    return run_idempotently(request, partial(post, request, **options))


def with_version(response, version):
    """The response with the ETag of the version that it shows."""
    response.headers["ETag"] = etag(version)
    return response


def _refuse_unfit(parts):
    """Raises Http404 for an address with a NUL character, which PostgreSQL does not accept."""
    if any("\x00" in str(part) for part in parts):
        raise Http404


def _valid(serializer):
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@csrf_exempt
@login_not_required
def not_found(request, path):
    """The response for an address that does not exist.

    One without its last slash is not redirected, because a POST would lose its body then.
    """
    words = "There is nothing here: it was removed, or the address is misspelt."
    if is_valid_path(f"{request.path_info}/"):
        words = f"Addresses end with a slash here: {request.path}/"
    body = problem(HTTPStatus.NOT_FOUND, "not_found", words)
    return JsonResponse(body, status=HTTPStatus.NOT_FOUND, content_type=MEDIA_TYPE)
