"""Chained Ogg: several Ogg streams one after another in one file, as some recorders write it.

FFmpeg reads them until the number of channels changes, and fails there. A file in which it changes is split into parts
that are read one after another.
"""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PAGE, _BEGINS = b"OggS", 0x02
_HEAD_BYTES = 27
# The offset of the number of channels in the first packet, by how that begins.
_CHANNELS_AT = {b"OpusHead": 9, b"\x01vorbis": 11}


@contextlib.contextmanager
def parts(path: str | Path) -> Iterator[list[str | Path]]:
    """Paths of files that FFmpeg reads to their ends: the file itself, or temporary ones where its channels change."""
    starts = change_places(path)
    if not starts:
        yield [path]
        return
    with contextlib.ExitStack() as files:
        yield [_cut(files, path, start, end) for start, end in zip([0, *starts], [*starts, None], strict=True)]


def change_places(path: str | Path) -> list[int]:
    """The offsets in bytes at which a stream begins that has another number of channels than the one before it."""
    heads = list(_heads(path))
    return [place for (_, before), (place, channels) in itertools.pairwise(heads) if channels != before]


def has_lost_pages(path: str | Path) -> bool:
    """Whether page numbers are missing, or the file ends with bytes that are no page."""
    counted: dict[bytes, int] = {}
    end = 0
    for place, head, size in _pages(path):
        stream, number = head[14:18], int.from_bytes(head[18:22], "little")
        if not head[5] & _BEGINS and number != counted.get(stream, number - 1) + 1:
            return True
        counted[stream], end = number, place + _HEAD_BYTES + head[26] + size
    return end < Path(path).stat().st_size


def _heads(path: str | Path) -> Iterator[tuple[int, int | None]]:
    """The offset in bytes of each stream, and its number of channels."""
    with Path(path).open("rb") as file:
        for place, head, size in _pages(path):
            if head[5] & _BEGINS:
                file.seek(place + _HEAD_BYTES + head[26])
                yield place, _channels(file.read(size))


def _pages(path: str | Path) -> Iterator[tuple[int, bytes, int]]:
    """The offset, the head, and the size of the content of each page, up to the first bytes that are no page."""
    with Path(path).open("rb") as file:
        place = 0
        while (head := file.read(_HEAD_BYTES))[:4] == _PAGE and len(head) == _HEAD_BYTES:
            size = sum(file.read(head[26]))
            yield place, head, size
            place += _HEAD_BYTES + head[26] + size
            file.seek(place)


def _channels(packet: bytes) -> int | None:
    return next((packet[at] for name, at in _CHANNELS_AT.items() if packet[: len(name)] == name and packet[at:]), None)


def _cut(files: contextlib.ExitStack, path: str | Path, start: int, end: int | None) -> str:
    target = files.enter_context(_temporary_file())
    with Path(path).open("rb") as source:
        source.seek(start)
        if end is None:
            shutil.copyfileobj(source, target)
        else:
            target.write(source.read(end - start))
    target.flush()
    return target.name


def _temporary_file() -> IO[bytes]:
    return tempfile.NamedTemporaryFile(prefix="part-")
