"""Encodes a recording in a subprocess of its own, which may crash. It needs no model."""

import subprocess
import sys
from pathlib import Path

from notes.sound import copying
from notes.sound.containers import Container
from notes.transcriber.base import HEAD_START_SECONDS
from notes.transcriber.confinement import die_with, limit
from notes.transcriber.launch import ROOT, address_space, command, environment

# The most seconds of work for each second of the longest sound; measured are 0.04 on a busy core.
PACE = 0.1


class NotEncoded(Exception):
    """The recording could not be read, or its encoding crashed or took too long."""


def encode(source: Path, target: Path, *, max_seconds: float, memory_mib: int = 0) -> Container:
    """Write the sound of `source` to `target` in a format that browsers play, and return that format.

    A source of more than `max_seconds` is refused. `memory_mib` is as in TranscriberConfig. Raises NotEncoded.
    """
    arguments = {
        "memory": address_space(memory_mib),
        "source": str(source.resolve()),
        "target": str(target.resolve()),
        "max_seconds": max_seconds,
    }
    try:
        done = subprocess.run(
            command("notes.transcriber.encoding", **arguments),
            cwd=ROOT,
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
