"""Encoding a recording anew, in a process of its own that is gone afterwards: it needs no model, and may break."""

import json
import os
import subprocess
import sys
from pathlib import Path

from config.environment import BASE_DIR
from notes.models import Container
from notes.sound import copying
from notes.transcriber.base import HEAD_START_SECONDS
from notes.transcriber.confinement import die_with, environment, limit, modules, most_memory

# Work for each second that there may be; each that there is takes 0.04 on a busy core.
PACE = 0.1

_BOOT = """
import json, sys
told = json.loads(sys.argv[1])
sys.path[:] = told.pop("path")
import django
django.setup()
from notes.transcriber.encoding import main
main(**told)
"""


class NotEncoded(Exception):
    """It could not be read, broke, or took too long."""


def encode(source: Path, target: Path, *, max_seconds: float) -> Container:
    """Write all that can be heard of `source`, at most so many seconds, to `target`, as browsers play it.

    Raises NotEncoded.
    """
    told = {
        "path": modules(),
        "parent": os.getpid(),
        "memory": most_memory(),
        "source": str(source.resolve()),
        "target": str(target.resolve()),
        "max_seconds": max_seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _BOOT, json.dumps(told)],
            cwd=BASE_DIR,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=HEAD_START_SECONDS + PACE * max_seconds,
            check=True,
        )
        return Container(done.stdout.decode())
    except (subprocess.SubprocessError, ValueError) as error:
        raise NotEncoded(type(error).__name__) from None


def main(*, parent: int, memory: int, source: str, target: str, max_seconds: float) -> None:
    die_with(parent)
    limit(memory)
    sys.stdout.write(copying.encode(source, target, max_seconds=max_seconds))
