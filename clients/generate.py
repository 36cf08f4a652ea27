"""A typed Python client of the API, made from docs/openapi.yaml: `python -m clients.generate DIR`, or bin/client."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent / "docs" / "openapi.yaml"
CONFIG = HERE / "python.yaml"


def generate(directory):
    """Write the package `roomtone_client` into the directory, which is created if it does not exist.

    Raises subprocess.CalledProcessError, whose output says what is wrong with the schema.
    """
    document = with_whole_rows(yaml.safe_load(SCHEMA.read_text()))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--overwrite"]
        options = ["--meta", "uv", "--path", file.name, "--config", CONFIG, "--output-path", directory]
        with_ruff = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(
            [*command, *options], check=True, env=with_ruff, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )


def with_whole_rows(document):
    """The document without the parameter `fields`, so that rows of lists have all of their members.

    With `fields`, each member of a row could be missing, and the typed client would have to check for that. A row that
    has the same members as the thing itself is replaced by it.
    """
    schemas = document["components"]["schemas"]
    same = {}
    for name in [name for name in schemas if name.endswith("Row")]:
        schemas[name]["required"] = sorted(schemas[name]["properties"])
        whole = name.removesuffix("Row")
        if schemas.get(whole, {}).get("properties", {}).keys() == schemas[name]["properties"].keys():
            same[name] = whole
            del schemas[name]
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [each for each in operation["parameters"] if each["name"] != "fields"]
    return json.loads(_renamed(json.dumps(document), same))


def _renamed(text, names):
    for name, other in names.items():
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{other}"')
    return text


if __name__ == "__main__":
    try:
        generate(Path(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.output.decode())
