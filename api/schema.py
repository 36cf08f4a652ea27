"""Extensions of drf-spectacular for scopes, headers and Roomtone's own fields."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter

from api.idempotency import HEADER, MAX_KEY_LENGTH
from api.permissions import needed_scope


class ViewSchema(AutoSchema):
    def get_override_parameters(self):
        query_serializer = self.view.query_serializer
        return [query_serializer] if self.method == "GET" and query_serializer().fields else []


class NamesInPart(OpenApiSerializerFieldExtension):
    target_class = "api.serializers.Names"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "array", "items": {"type": "string", "enum": list(self.target.known)}, "minItems": 1}


class TimeOfDay(OpenApiSerializerFieldExtension):
    """A local time has no offset from UTC, which the format `time` of JSON Schema requires; so it is a pattern."""

    target_class = "rest_framework.serializers.TimeField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token that was created on the page *API tokens*."}

    def get_security_requirement(self, auto_schema):
        return {self.name: [str(needed_scope(auto_schema.view, auto_schema.method))]}


class BrowserScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.SignedInBrowser"
    name = "browser"

    def get_security_definition(self, auto_schema):
        # Not from the settings, so that a site without HTTPS has the same schema.
        words = (
            "The session of a signed-in browser (without HTTPS the cookie is roomtone_sessionid). Requests that "
            "change something also need the header X-CSRFToken."
        )
        return {"type": "apiKey", "in": "cookie", "name": "__Host-sessionid", "description": words}


IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "description": "A new UUID for each request. A request that is sent again with the same key is carried out one "
    "time and gets the same response.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": "^[!-~]+$"},
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that you want to change.",
)
# The optional header, for operations that refuse by themselves what the present state does not allow.
IF_MATCH_TOO = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    OpenApiParameter.HEADER,
    description="The ETag of the version that you have read. If it has been changed since, nothing is done and the "
    "answer is 412.",
)


def bases_without_words():
    """Base classes whose docstrings must not describe the components of their subclasses."""
    from api import serializers

    ours = (
        serializers.RequestSerializer,
        serializers.FormRequestSerializer,
        serializers.QuerySerializer,
        serializers.ListQuerySerializer,
        serializers.ResponseSerializer,
    )
    return [*ours, *get_lib_doc_excludes()]
