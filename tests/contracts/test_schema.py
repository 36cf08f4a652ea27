"""The schema that is published is the one of the code, and says what a program must know."""

import difflib
from collections import Counter

import jsonschema
import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from accounts.models import Scope
from tests.contracts.document import PATH, json_schema, operations, published

DOCUMENT = published()
OPERATIONS = [pytest.param(operation, id=name) for name, operation in operations(DOCUMENT)]


@pytest.fixture(scope="module")
def made():
    """From the code, as text."""
    return OpenApiYamlRenderer().render(SchemaGenerator().get_schema(request=None, public=True)).decode()


def test_the_published_schema_is_that_of_the_code(made):
    difference = difflib.unified_diff(
        PATH.read_text().splitlines(), made.splitlines(), "docs/openapi.yaml", "the code", lineterm="", n=2
    )

    lines = list(difference)

    assert not lines, "\n".join(["The API has changed. If that is meant: bin/schema", *lines[:80]])


def test_it_is_openapi_3_1(made):
    validate_schema(yaml.load(made, yaml.CSafeLoader))

    assert DOCUMENT["openapi"].startswith("3.1")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_what_it_is(operation):
    assert operation["operationId"].isidentifier()
    assert operation["operationId"].islower()
    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_names_the_scope_that_it_needs(operation):
    [scopes] = [each["token"] for each in operation["security"] if "token" in each]

    assert set(scopes) <= set(Scope.values)
    assert scopes


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_shows_an_example_which_is_as_its_schema_says(operation):
    contents = [*_contents(operation.get("requestBody")), *_contents(*_answers(operation))]
    shown = [each for each in contents if each["schema"].get("format") != "binary"]

    found = [(each["schema"], _value(example)) for each in shown for example in each.get("examples", {}).values()]

    assert found or not shown
    for schema, example in found:
        jsonschema.validate(example, json_schema(schema, DOCUMENT), format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_describes_each_of_its_answers(operation):
    assert _answers(operation)
    for response in operation["responses"].values():
        assert "$ref" in response or response["description"]


def test_no_two_operations_have_one_name():
    names = Counter(operation["operationId"] for _, operation in operations(DOCUMENT))

    assert [name for name, count in names.items() if count > 1] == []


def test_no_description_is_one_for_programmers_of_roomtone():
    described = {schema.get("description") for schema in DOCUMENT["components"]["schemas"].values()}

    assert not {"A body.", "What an answer carries.", "A body of multipart/form-data."} & described


def _answers(operation):
    return [response for status, response in operation["responses"].items() if status.startswith("2")]


def _contents(*carriers):
    return [content for carrier in carriers if carrier for content in carrier.get("content", {}).values()]


def _value(example):
    if "$ref" in example:
        return DOCUMENT["components"]["examples"][example["$ref"].rpartition("/")[2]]["value"]
    return example["value"]


def test_an_amount_has_its_currency_in_the_same_object():
    bare = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, facts in schema.get("properties", {}).items()
        if "decimal" in (facts.get("format"), facts.get("items", {}).get("format"))
        and "currency" not in schema["properties"]
    ]

    assert not bare, bare
