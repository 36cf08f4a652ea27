"""drf-spectacular's postprocessing: problem responses, headers, examples and names of bodies."""

from api.error_responses import FIELD_ERROR, PROBLEM, refusals_of, responses, words_of
from api.idempotency import REPLAYED_HEADER
from api.schema import IDEMPOTENCY_KEY

TAGS = {
    "properties": "Hotels and apartments, with their rooms, room types and limits of stays.",
    "availability": "Which nights are free, and at which price.",
    "reservations": "Booking, changing and cancelling reservations; check-in, check-out and the other steps.",
    "guests": "The profiles of guests.",
    "closures": "Nights for which a unit is not sold, and why.",
    "voice notes": "Notes that staff have spoken or typed, with audio and transcript.",
    "events": "The history of reservations and closures.",
}
HEADERS = {
    "ETag": ("string", "The version in this response. Send it as If-Match with a change."),
    "Location": ("string", "The address of what was created."),
    REPLAYED_HEADER: (
        "string",
        "“true” if a request with the same key was answered before. This is the same response.",
    ),
    "Retry-After": ("integer", "Seconds to wait before the next request."),
    "WWW-Authenticate": ("string", "How to authenticate."),
}
WORDS_OF = {
    "200": "The request was successful.",
    "201": "It was created.",
    "202": "It was accepted; its transcription follows.",
    "204": "It was deleted.",
    "206": "The bytes that `Range` names.",
}
# What drf-spectacular makes of choices that may be empty or null.
_BLANK, _NULL = ({"$ref": f"#/components/schemas/{name}"} for name in ("Blank", "Null"))


def complete(result, generator, request, public):
    """The postprocessing hook for drf-spectacular. It changes `result` in place and returns it."""
    schemas = _rename_bodies(result)
    for name, schema in schemas.items():
        _complete_component(name, schema)
    for node in list(_all_nodes([result["paths"], schemas])):
        _join_blank_and_null(node, schemas)
    for name in ("Blank", "Null"):
        schemas.pop(name, None)
    schemas |= {"Problem": PROBLEM, "FieldError": FIELD_ERROR}
    result["components"]["headers"] = {
        name: {"description": words, "required": name != REPLAYED_HEADER, "schema": {"type": kind}}
        for name, (kind, words) in HEADERS.items()
    }
    result["components"]["responses"] = responses()
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _complete_operation(operation, method, path, schemas)
    _share_examples(result)
    result["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    return result


def _rename_bodies(result):
    """Rename request bodies to …Request, and those of a PATCH to …ChangeRequest. Returns the schemas by name.

    drf-spectacular names them …RequestRequest and Patched…. They are not renamed in AutoSchema, because drf-spectacular
    needs its own names to recognise that both bodies share their enums.
    """
    schemas = result["components"]["schemas"]
    names = {
        name: _body_name(name) for name in schemas if name.startswith("Patched") or name.endswith("RequestRequest")
    }
    for node in _all_nodes([result["paths"], schemas]):
        if (name := _component(node)) in names:
            node["$ref"] = f"#/components/schemas/{names[name]}"
    schemas = result["components"]["schemas"] = {names.get(name, name): schema for name, schema in schemas.items()}
    return schemas


def _body_name(name):
    plain = name.removeprefix("Patched").removesuffix("Request").removesuffix("Request")
    return f"{plain.removesuffix('Change')}ChangeRequest" if name.startswith("Patched") else f"{plain}Request"


def _complete_component(name, schema):
    """Request bodies take no unknown members; rows of lists have no required ones, because of `fields`."""
    if name.endswith("Request") and schema.get("type") == "object":
        schema["additionalProperties"] = False
    if name.endswith("Row"):
        schema.pop("required", None)


def _all_nodes(node):
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _all_nodes(inner)


def _join_blank_and_null(node, schemas):
    """Replace references to Blank and Null by "" in the enum and by type null, which generated clients understand."""
    choices = node.get("oneOf", [])
    if _BLANK in choices:
        known = schemas[_component(choices[0])]
        del node["oneOf"]
        node |= {"type": "string", "enum": [*known["enum"], ""]}
    elif _NULL in choices:
        choices[choices.index(_NULL)] = {"type": "null"}


def _complete_operation(operation, method, path, schemas):
    _say_scope(operation)
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        _complete_parameter(parameter, schemas)
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            _complete_answer(response, status, method, schemas)
        else:
            response["description"] = response.get("description") or words_of(status)
    operation["responses"] = dict(sorted((refusals_of(operation, method, path) | operation["responses"]).items()))


def _say_scope(operation):
    """Name the scope in the description, because most viewers show no scopes for a bearer token."""
    [[scope]] = [scheme["token"] for scheme in operation["security"] if "token" in scheme]
    words = f"A token needs the scope `{scope}`."
    operation["description"] = "\n\n".join(filter(None, [operation.get("description"), words]))


def _complete_parameter(parameter, schemas):
    schema = parameter["schema"]
    if schema.get("type") == "array":
        parameter |= {"style": "form", "explode": False}
    if schema.get("type") == "array" or "enum" in schema:
        schema.pop("minLength", None)
    for name, known in schemas.items():
        if "default" not in schema and schema.get("enum") == known.get("enum", ...):
            parameter["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _complete_answer(response, status, method, schemas):
    response["description"] = response.get("description") or WORDS_OF[status]
    names = []
    if status in ("201", "202"):
        names.append("Location")
    if _shows_a_version(response, schemas):
        names.append("ETag")
    if method == "post":
        names.append(REPLAYED_HEADER)
    if names:
        response.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in names})


def _shows_a_version(response, schemas):
    shown = response.get("content", {}).get("application/json", {}).get("schema", {})
    return "version" in schemas.get(_component(shown), {}).get("properties", {})


def _share_examples(result):
    """Use the example of a component wherever it is shown; a page shows it as its only row."""
    schemas = result["components"]["schemas"]
    contents = list(_contents_of_answers(result["paths"]))
    known = {_component(each["schema"]): _first_example(each) for each in contents if "examples" in each}
    shared = result["components"]["examples"] = {}
    for content in contents:
        name = _component(content["schema"])
        value = known.get(name) or _page_of(schemas.get(name, {}), known, schemas)
        if value and "examples" not in content:
            shared[name] = {"value": value}
            content["examples"] = {"Example": {"$ref": f"#/components/examples/{name}"}}


def _contents_of_answers(paths):
    for operations in paths.values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    yield from response.get("content", {}).values()


def _page_of(schema, known, schemas):
    """The example of a page with one row; None for what is no page, or whose rows have no example."""
    rows = _component(schema.get("properties", {}).get("results", {}).get("items", {}))
    one = known.get(rows.removesuffix("Row"))
    members = schemas.get(rows, {}).get("properties", {})
    return one and {"next": None, "results": [{name: one[name] for name in members if name in one}]}


def _first_example(content):
    return next(iter(content["examples"].values()))["value"]


def _component(schema):
    return schema.get("$ref", "").rpartition("/")[2]
