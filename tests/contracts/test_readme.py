"""README, *The API: first requests*: each line does what is shown below it."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.utils import timezone

from tests.server import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.full]

SECTION = re.search(r"^## The API: .*?(?=^## )", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
LINES = [(text, BLOCKS[number + 1][1]) for number, (kind, text) in enumerate(BLOCKS) if kind == "bash"]
[(PROGRAM, PRINTED)] = [(text, BLOCKS[number + 1][1]) for number, (kind, text) in enumerate(BLOCKS) if kind == "python"]
# Seconds for a note's text: the workers have the demo's notes to do, too.
PATIENCE = 90


@pytest.fixture
def environment(server):
    return os.environ | {"ROOMTONE": server.url, "TOKEN": server.facts.token}


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_each_line_for_a_terminal_is_answered_as_it_says(environment):
    for line, said in LINES:
        answer = json.loads(_run(["bash", "-c", _in_years(7, line)], environment))

        assert _lacks(json.loads(said), answer) == []
        environment |= {"REFERENCE": answer.get("reference", ""), "NOTE": answer.get("id", "")}


def test_the_program_does_what_it_says(environment, package):
    printed = _run([sys.executable, "-c", _in_years(8, PROGRAM)], environment | {"PYTHONPATH": str(package)})

    assert [_shape(line) for line in printed.splitlines()] == [_shape(line) for line in PRINTED.splitlines()]


def test_the_program_is_right_about_all_types(package, tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    options = ["--strict", "--config-file", os.devnull, "--cache-dir", str(tmp_path / "cache")]

    assert "no issues found" in _run([sys.executable, "-m", "mypy", *options, str(file)], {"MYPYPATH": str(package)})


def _run(command, environment):
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _in_years(years, text):
    """README's days pass; and nobody else who uses the server books so far ahead."""
    return text.replace("2027", str(timezone.now().year + years))


def _lacks(said, answer, way=""):
    """What README shows and the answer has not, or has as something else. Keys, names and days are others each time."""
    if isinstance(said, dict) and isinstance(answer, dict):
        gone = [f"{way}.{name}" for name in said if name not in answer]
        both = [name for name in said if name in answer]
        return gone + [each for name in both for each in _lacks(said[name], answer[name], f"{way}.{name}")]
    if isinstance(said, list) and isinstance(answer, list):
        return [each for pair in zip(said, answer, strict=False) for each in _lacks(*pair, f"{way}[]")]
    return [] if type(said) is type(answer) else [f"{way}: {said!r} is {answer!r}"]


def _shape(line):
    """Without what is another each time: references, days, and how exactly the machine has understood."""
    return re.sub(r"RT-\w{5}|\d{4}-\d\d-\d\d|(?<=^transcribed ).*", "…", line)
