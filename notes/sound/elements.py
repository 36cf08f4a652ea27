"""The header elements of a WebM or Matroska file (RFC 9559), read without FFmpeg."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_SEGMENT, _INFO, _CUES = 0x18538067, 0x1549A966, 0x1C53BB6B
_DURATION, _SCALE = 0x4489, 0x2AD7B1
_DEFAULT_SCALE = 1_000_000  # nanoseconds of a tick
_LONGEST_INFO = 2**16  # bytes


@dataclass(frozen=True)
class Head:
    """`seconds` is the declared length, `end` the byte at which the segment ends; None where it is not declared."""

    seconds: float | None
    end: int | None
    has_index: bool


def head(path: str | Path) -> Head:
    """The Head of the file's first segment; one with None everywhere when there is no segment."""
    with Path(path).open("rb") as file:
        for name, content in _elements(file, 0):
            if name == _SEGMENT:
                return _head(file, content)
    return Head(None, None, has_index=False)


def _head(file: IO[bytes], segment: "_Content") -> Head:
    seconds, has_index = None, False
    for name, content in _elements(file, segment.start):
        if name == _INFO:
            seconds = _seconds(file, content)
        has_index = has_index or name == _CUES
    return Head(seconds, segment.end, has_index)


@dataclass(frozen=True)
class _Content:
    """Where an element's content is, [start, end) in bytes of the file; `end` is None if the size is not declared."""

    start: int
    end: int | None


def _elements(file: IO[bytes], at: int) -> Iterator[tuple[int, _Content]]:
    """Names and contents of the elements from byte `at` on, up to the end of the file or one without a size."""
    file_end = os.fstat(file.fileno()).st_size
    while at < file_end:
        file.seek(at)
        name, size = _number(file, keeps_marker=True), _number(file)
        if name is None or size is None:
            return
        start = file.tell()
        is_open = size < 0
        yield name, _Content(start, None if is_open else start + size)
        if is_open:
            return
        at = start + size


def _number(file: IO[bytes], *, keeps_marker: bool = False) -> int | None:
    """The variable-size integer that is read next; None at the end or if it is malformed, -1 for an undeclared size."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    data = first + file.read(length - 1)
    number = int.from_bytes(data)
    if len(data) < length or keeps_marker:
        return number if len(data) == length else None
    value = number & ~(1 << 7 * length)
    return -1 if value == (1 << 7 * length) - 1 else value


def _seconds(file: IO[bytes], info: _Content) -> float | None:
    if info.end is None or info.end - info.start > _LONGEST_INFO:
        return None
    ticks, scale = None, _DEFAULT_SCALE
    for name, content in _elements(file, info.start):
        if content.end is None or content.end > info.end:
            break
        file.seek(content.start)
        value = file.read(content.end - content.start)
        if name == _SCALE:
            scale = int.from_bytes(value)
        elif name == _DURATION and len(value) in _FLOATS:
            [ticks] = struct.unpack(_FLOATS[len(value)], value)
    return None if ticks is None else ticks * scale / 1e9


_FLOATS = {4: ">f", 8: ">d"}
