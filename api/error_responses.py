"""Error responses in the schema: the schemas of problem details, and the statuses that each operation may return."""

from config.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457). `code` is for programs, `detail` for people.",
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "The address of the page that explains `code`.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The HTTP status of the response."},
        "detail": {"type": "string", "description": "What has happened, and what to do."},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "With the code `invalid`: an entry for each wrong field.",
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
        "field": {"type": "string", "description": "The path to the field, such as rooms.0.count."},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["field", "code", "detail"],
}

# {status: (name of the response in the schema, its description)}
_WORDS = {
    "400": ("BadRequest", "The request does not follow this schema; `errors` says where."),
    "401": ("Unauthorized", "There is no token, or it is not valid."),
    "403": ("Forbidden", "The token does not have the scope, or its account does not have the right."),
    "404": ("NotFound", "There is nothing at this address."),
    "406": ("NotAcceptable", "The header Accept does not allow JSON."),
    "409": (
        "OtherwiseNow",
        "The present state does not allow it, such as when somebody else has booked the nights first.",
    ),
    "411": ("LengthRequired", "Content-Length is missing."),
    "412": ("PreconditionFailed", "Somebody has changed it since the version in If-Match."),
    "413": ("TooLarge", "The request body is too large."),
    "415": ("UnsupportedMediaType", "The request body has a media type that this operation does not accept."),
    "422": ("Unprocessable", "The request follows this schema, but breaks a business rule."),
    "428": ("PreconditionRequired", "If-Match is missing."),
    "429": (
        "TooManyRequests",
        "There were too many requests in this minute; Retry-After says how many seconds to wait.",
    ),
    "503": (
        "Busy",
        "Somebody else holds a lock that the request needs. Nothing was done; the same request may "
        "succeed after Retry-After seconds.",
    ),
}
_HEADERS = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
_ALWAYS = {"400", "401", "403", "406", "429"}
_ON_WRITING = {"409", "411", "413", "415", "422", "503"}


def responses():
    """{name: response} for `components.responses` of the schema, to which operations refer."""
    return {name: _response(status, words) for status, (name, words) in _WORDS.items()}


def refusals_of(operation, method, path):
    """{status: reference to the error response} for the errors that an operation may return."""
    parameters = {parameter["name"]: parameter for parameter in operation["parameters"]}
    statuses = set(_ALWAYS)
    if "{" in path:
        statuses.add("404")
    if any(parameter["in"] == "query" for parameter in parameters.values()):
        statuses.add("422")
    if method != "get":
        statuses |= _ON_WRITING
    if "If-Match" in parameters:
        statuses.add("412")
        if parameters["If-Match"].get("required"):
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
