"""Names the codec of a file that cannot be read, in a message for people, and detects encrypted sound."""

import mmap
import re
import uuid
from pathlib import Path

from av.codec import Codec

# Files with encrypted sound (DRM), from shops for music and books, have one of these in an MP4 file's table of codecs,
_ENCRYPTED = (b"drms", b"enca", b"aavd")
# or one of these objects in an ASF file's header: content encryption, extended and advanced content encryption.
_ENCRYPTIONS = [
    uuid.UUID(key).bytes_le
    for key in (
        "2211B3FB-BD23-11D2-B4B7-00A0C955FC6E",
        "298AE614-2622-4C17-B935-DAE07EE9289C",
        "43058533-6981-49E6-9B74-AD12CB86D58C",
    )
]
_ASF_BEGINNING = uuid.UUID("75B22630-668E-11CF-A6D9-00AA0062CE6C").bytes_le
_ASF_HEAD_BYTES = 2**16
# Codecs for which FFmpeg has no name.
_BY_ENTRY = {b"apac": "Apple Positional Audio", b"mhm1": "MPEG-H", b"mha1": "MPEG-H", b"ac-4": "Dolby AC-4"}

_TABLE = re.compile(rb"stsd.{12}([\x20-\x7e]{4})", re.DOTALL)
_WAV = re.compile(rb"RIFF.{4}WAVE.*?fmt .{4}(..)", re.DOTALL)


def name_of(codec: Codec | None, path: str | Path) -> str:
    """Words for the kind of sound, by FFmpeg's `codec`; if that is None, by the file's own table of codecs."""
    if codec is not None:
        return f"{codec.long_name.partition(' (')[0]} sound"
    with _content(path) as content:
        if found := _WAV.match(content):
            return f"sound of an unknown kind (WAV format {int.from_bytes(found[1], 'little')})"
        if found := _TABLE.search(content):
            entry = found[1]
            return f"{_BY_ENTRY[entry]} sound" if entry in _BY_ENTRY else f"sound of an unknown kind ({entry.decode()})"
    return "sound of an unknown kind"


def is_protected(path: str | Path) -> bool:
    """Whether the file's header declares that its sound is encrypted."""
    with _content(path) as content:
        if content[:16] == _ASF_BEGINNING:
            return any(key in content[:_ASF_HEAD_BYTES] for key in _ENCRYPTIONS)
        table = _TABLE.search(content)
        return table is not None and table[1] in _ENCRYPTED


def _content(path: str | Path) -> mmap.mmap:
    with Path(path).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
