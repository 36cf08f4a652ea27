"""What every door of the API does before and after its own few lines: who asks, how often, how much, once."""

from functools import partial
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.urls import is_valid_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.views import APIView

from api import problems
from api.idempotency import run_idempotently
from api.serializers import QuerySerializer
from api.versions import etag
from config.problems import MEDIA_TYPE, problem
from config.request_bodies import take_the_rest

# Bytes of a JSON body: a booking has some hundred.
MOST_BYTES = 1024 * 1024


class ApiView(APIView):
    # Without a docstring: it would describe every operation of the schema that has none of its own.
    read_scope = write_scope = None  # the scopes that GET, and everything else, need
    query_serializer = QuerySerializer  # the query string that a GET may have; other methods may have none
    most_bytes = MOST_BYTES
    http_method_names = ["get", "head", "post", "patch", "delete"]  # of which Allow names those that do something

    def initial(self, request, *args, **options):
        self.refuse_larger(request)  # first of all: who asks may stand in a form, which would have to be read
        _refuse_unfit(options.values())
        super().initial(request, *args, **options)
        if request.method not in self.allowed_methods:
            return  # and is told so
        self.query = self._valid_query()
        if request.method == "POST":
            act = self.post
            self.post = lambda request, **options: run_idempotently(request, partial(act, request, **options))

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
            take_the_rest(request._request)
        return response


def with_version(response, version):
    """The response, which says which version it shows."""
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
