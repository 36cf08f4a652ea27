"""Refusals in the schema: the schemas of problem details, and which statuses each operation may answer."""

from config.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "Why something was refused (RFC 9457). `code` is for programs, `detail` for people.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where `code` is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The HTTP status once more."},
        "detail": {"type": "string", "description": "What happened, then what to do."},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Of code `invalid`: each field that is wrong.",
            "items": {"$ref": "#/components/schemas/FieldError"},
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
    "examples": [
        {
            "type": "/api/docs/problems/#invalid",
            "title": "Invalid",
            "status": 400,
            "detail": "arival: There is no such field. Did you mean “arrival”?",
            "code": "invalid",
            "errors": [
                {
                    "field": "arival",
                    "code": "unknown_field",
                    "detail": "There is no such field. Did you mean “arrival”?",
                }
            ],
        }
    ],
}
FIELD_ERROR = {
    "type": "object",
    "properties": {
        "field": {"type": "string", "description": "The way to it, such as rooms.0.count."},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["field", "code", "detail"],
}

# Status: its name in the schema, and what it says.
_WORDS = {
    "400": ("BadRequest", "Something sent cannot be read, or is unknown; `errors` says what."),
    "401": ("Unauthorized", "No token, or one that is not valid any more."),
    "403": ("Forbidden", "The token lacks the scope, or the person the right."),
    "404": ("NotFound", "There is nothing at this address."),
    "406": ("NotAcceptable", "Only JSON is answered."),
    "409": (
        "OtherwiseNow",
        "The world is not as the request supposes: someone was first, or the state forbids.",
    ),
    "411": ("LengthRequired", "Content-Length is missing."),
    "412": ("PreconditionFailed", "It has been changed since."),
    "413": ("TooLarge", "More bytes than are taken here."),
    "415": ("UnsupportedMediaType", "This media type is not taken here."),
    "422": ("Unprocessable", "Readable, but against a business rule."),
    "428": ("PreconditionRequired", "If-Match is missing."),
    "429": ("TooManyRequests", "Too many requests in this minute; Retry-After says how many seconds to wait."),
    "503": ("Busy", "Nothing was done, and the same request may succeed after Retry-After seconds."),
}
_HEADERS = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
_ALWAYS = {"400", "401", "403", "406", "429"}
_ON_WRITING = {"409", "411", "413", "415", "422", "503"}


def responses():
    """The responses that operations refer to, by name in `components.responses`."""
    return {name: _response(status, words) for status, (name, words) in _WORDS.items()}


def refusals_of(operation, method, path):
    """References to the responses that an operation may give, by status."""
    said = {parameter["name"]: parameter for parameter in operation["parameters"]}
    statuses = set(_ALWAYS)
    if "{" in path:
        statuses.add("404")
    if any(parameter["in"] == "query" for parameter in said.values()):
        statuses.add("422")
    if method != "get":
        statuses |= _ON_WRITING
    if "If-Match" in said:
        statuses.add("412")
        if said["If-Match"].get("required"):
            statuses.add("428")
    return {status: {"$ref": f"#/components/responses/{_WORDS[status][0]}"} for status in statuses}


def words_of(status):
    return _WORDS[status][1]


def _response(status, words):
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    response = {"description": words, "content": content}
    if name := _HEADERS.get(status):
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"}}
    return response
