"""From the chunks of a recording to one file."""

import contextlib
import hashlib
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from notes.files.spool import spool_file
from notes.ingest.intake import AudioRefused
from notes.sound import audio, copying


@contextlib.contextmanager
def assembled(recording):
    """One file of all chunks, and the sha256 of their bytes in order. Raises AudioRefused."""
    digest = hashlib.sha256()
    with contextlib.ExitStack() as files:
        yield _joined(_write_segments(recording, files, digest), files), digest.hexdigest()


def _write_segments(recording, files, digest):
    """The sound so far: a path for each segment, gone when the ExitStack `files` closes. All bytes go into `digest`."""
    paths = []
    for _, chunks in groupby(recording.chunks.iterator(), key=attrgetter("segment")):
        paths.append(files.enter_context(spool_file()))
        _write(paths[-1], chunks, digest)
    return paths


def _write(path, chunks, digest):
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk.data)
            digest.update(chunk.data)


def _joined(paths: list[Path], files):
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
