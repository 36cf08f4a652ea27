"""What the schema says beyond what drf-spectacular reads from the views."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.utils import OpenApiParameter

from api.once import HEADER, LONGEST_KEY
from config.problems import MEDIA_TYPE


class NamesInPart(OpenApiSerializerFieldExtension):
    target_class = "api.serializers.Names"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "array", "items": {"type": "string", "enum": list(self.target.known)}, "minItems": 1}


_PROBLEM_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token made on the page *API tokens*."}


IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "description": "A new UUID for each act. The same request with the same key is done once and answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that is changed.",
)
# Of verbs, which refuse by themselves what the state does not allow.
IF_MATCH_TOO = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    OpenApiParameter.HEADER,
    description="The ETag of the version that was looked at: nothing is done when it has been changed since.",
)


PROBLEM = {
    "type": "object",
    "description": "Why something was refused (RFC 9457). `code` is for programs, `detail` for people.",
    "properties": {
        "type": {"type": "string", "description": "Where `code` is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The HTTP status once more."},
        "detail": {"type": "string", "description": "What happened, then what to do."},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Of code `invalid`: each field that is wrong.",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "The way to it, such as rooms.0.count."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}

# What any operation may be refused with, and what those that write may be refused with besides.
ALWAYS = {
    "400": "Something sent cannot be read, or is unknown; `errors` says what.",
    "401": "No token, or one that does not stand any more.",
    "403": "The token lacks the scope, or the person the right.",
    "406": "Only JSON is answered.",
    "429": "Too many requests in this minute; Retry-After says how many seconds to wait.",
}
ON_ONE = {"404": "There is nothing at this address."}
ON_WRITING = {
    "409": "The world is another than the request supposes: someone was first, or the state does not allow it.",
    "413": "More bytes than are taken here.",
    "415": "This media type is not taken here.",
    "422": "Readable, but against a rule of the house.",
    "503": "Busy: nothing was done, and the same request may succeed after Retry-After seconds.",
}
ON_VERSION = {"412": "It has been changed since."}
ON_CHANGING = {"428": "If-Match is missing."}


def complete(result, generator, request, public):
    """Bodies take no unknown members; rows of lists may be asked for in part; every operation says how it refuses."""
    schemas = result["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema["additionalProperties"] = False
        if name.endswith("Row"):
            schema.pop("required", None)
    schemas["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, is_on_one="{" in path)
    return result


def _complete(operation, method, *, is_on_one):
    refusals = ALWAYS | (ON_ONE if is_on_one else {}) | (ON_WRITING if method != "get" else {})
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["schema"].get("type") == "array":
            parameter |= {"style": "form", "explode": False}
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    for parameter in parameters:
        if parameter["name"] == "If-Match":
            refusals = refusals | ON_VERSION | (ON_CHANGING if parameter.get("required") else {})
    for status, description in refusals.items():
        operation["responses"].setdefault(status, {"description": description, "content": _PROBLEM_CONTENT})
    operation["responses"] = dict(sorted(operation["responses"].items()))
