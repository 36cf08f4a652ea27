"""The boxes that an MP4 file is made of (ISO/IEC 14496-12), read without FFmpeg."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

FRAGMENT_TABLE = b"moof"  # tells where the packets of one fragment are


def boxes(path: str | Path) -> Iterator[tuple[bytes, range]]:
    """The outermost boxes in order: the name of each, and its range of bytes in the file."""
    at = 0
    with Path(path).open("rb") as file:
        while len(head := file.read(16)) >= 8:
            size, name = int.from_bytes(head[:4], "big"), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:], "big")
            yield name, range(at, at + size)
            if size < 8:
                return  # it goes on to the end of the file, or is malformed
            at += size
            file.seek(at)


def is_fragmented(path: str | Path) -> bool:
    """Whether the file was written in fragments, as browsers record it: then its header has no length."""
    return any(name == FRAGMENT_TABLE for name, _ in boxes(path))


def misread_tables(path: str | Path) -> list[range]:
    """The ranges of bytes of fragment tables that follow directly after another one, in the place of its packets."""
    return [where for (before, _), (name, where) in pairwise(boxes(path)) if before == name == FRAGMENT_TABLE]
