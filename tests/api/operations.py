"""Every operation of the schema, as a table to walk."""

import functools
import re
from typing import NamedTuple

from drf_spectacular.generators import SchemaGenerator

# Of things that are not there: what is tested comes before anything is looked for.
NOTE, REFERENCE = "00000000-0000-4000-8000-000000000000", "RT-XXXXX"


class Operation(NamedTuple):
    method: str
    path: str
    scope: str  # as the schema says

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def sample(self):
        """The path below `/api/v1`, with something in each gap."""
        path = self.path.replace("/voice-notes/{id}", f"/voice-notes/{NOTE}").replace("{reference}", REFERENCE)
        path = re.sub(r"{\w+}", "1", path)
        return path.removeprefix("/api/v1")


@functools.cache
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations():
    return [
        Operation(method, path, _scope(operation))
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    ]


def _scope(operation):
    [[scope]] = [way["token"] for way in operation["security"] if "token" in way]
    return scope
