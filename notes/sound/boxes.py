"""What an MP4 file is made of, read without FFmpeg."""

from itertools import pairwise
from pathlib import Path

TABLE = b"moof"  # where the packets of one fragment are


def boxes(path):
    """The outer ones, in order: (name, range of bytes)."""
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


def is_fragmented(path):
    """Such as browsers write while they record: one would have to read all of it to know how long it is."""
    return any(name == TABLE for name, _ in boxes(path))


def misread_tables(path):
    """Where a table stands in the place of the sound that the table before it tells of."""
    return [where for (before, _), (name, where) in pairwise(boxes(path)) if before == name == TABLE]
