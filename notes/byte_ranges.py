"""Parses the `Range` header of RFC 9110, for a file of known size. Imports no Django."""

import re
from dataclasses import dataclass

# Twenty digits are enough for any file; Python refuses to convert numbers with thousands of digits.
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,20})\s*-\s*(\d{0,20})\s*", re.ASCII | re.IGNORECASE)


class NotSatisfiable(Exception):
    """The range begins at or after the end of the file; the response's status is 416."""


@dataclass(frozen=True)
class ByteRange:
    """The bytes [start, stop), not empty."""

    start: int
    stop: int

    @property
    def length(self):
        return self.stop - self.start

    def content_range(self, size):
        return f"bytes {self.start}-{self.stop - 1}/{size}"


def parse(header, size):
    """The bytes that `header` asks for, of a file of `size` bytes; None for the whole file.

    None also for headers that a server may ignore: several ranges, other units, an end before the start, malformed
    ones. Raises NotSatisfiable.
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, size)
    start, stop = int(first), int(last) + 1 if last else size
    if stop <= start and last:
        return None
    if start >= size:
        raise NotSatisfiable
    return ByteRange(start, min(stop, size))


def _suffix(length, size):
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise NotSatisfiable
    return ByteRange(max(0, size - int(length)), size)
