"""The API's schema as it is published, and what all its tests ask of it."""

import yaml

from tests.server import ROOT

PATH = ROOT / "docs" / "openapi.yaml"


def published():
    return yaml.load(PATH.read_bytes(), yaml.CSafeLoader)


def operations(document):
    """[(method and path, operation)]"""
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def json_schema(part, document):
    """Of a part of the document: a schema that stands alone."""
    return {**part, "components": document["components"]}
