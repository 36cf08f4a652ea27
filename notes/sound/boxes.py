"""The boxes that an MP4 file is made of (ISO/IEC 14496-12), read without FFmpeg."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

TABLE = b"moof"  # where the packets of one fragment are


def boxes(path: str | Path) -> Iterator[tuple[bytes, range]]:
    """The outermost boxes in their order: each one's name, and its range of bytes in the file."""
    at = 0
    with Path(path).open("rb") as file:
        while len(head := file.read(16)) >= 8:
            size, name = int.from_bytes(head[:4], "big"), head[4:8]
            if size == 1:
                size = int.from_bytes(head[8:], "big")
            yield name, range(at, at + size)
            if size < 8:
                return  # to the end, or nonsense
            at += size
            file.seek(at)


def is_fragmented(path: str | Path) -> bool:
    """Whether the file is written in fragments, as browsers do while they record: its head then holds no length."""
    return any(name == TABLE for name, _ in boxes(path))


def misread_tables(path: str | Path) -> list[range]:
    """The ranges of bytes of fragment tables that directly follow another one, where its sound should be."""
    return [where for (before, _), (name, where) in pairwise(boxes(path)) if before == name == TABLE]
