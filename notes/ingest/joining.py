"""Joins the chunks of a recording into one audio file."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from notes.files.spool import spool_file
from notes.ingest.intake import AudioRefused
from notes.models import Chunk, Recording
from notes.sound import audio, copying


@contextlib.contextmanager
def assembled(recording: Recording) -> Iterator[tuple[Path, str]]:
    """Yield the path of one file of all chunks, and the SHA-256 (hex) of their bytes in order. Raises AudioRefused."""
    digest = hashlib.sha256()
    with contextlib.ExitStack() as files:
        yield _joined(_write_segments(recording, files, digest), files), digest.hexdigest()


def _write_segments(recording: Recording, files: contextlib.ExitStack, digest: "hashlib._Hash") -> list[Path]:
    """Write a file for each segment, which is deleted when `files` closes, and add all bytes to `digest`."""
    paths = []
    for _, chunks in groupby(recording.chunks.iterator(), key=attrgetter("segment")):
        paths.append(files.enter_context(spool_file()))
        _write(paths[-1], chunks, digest)
    return paths


def _write(path: Path, chunks: Iterable[Chunk], digest: "hashlib._Hash") -> None:
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk.data)
            digest.update(chunk.data)


def _joined(paths: list[Path], files: contextlib.ExitStack) -> Path:
    match paths:
        case []:
            raise AudioRefused("empty")
        case [path]:
            return path
    target = files.enter_context(spool_file())
    try:
        copying.join(paths, target)
    except audio.BadAudio as error:
        raise AudioRefused("unreadable") from error
    return target
