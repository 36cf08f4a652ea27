"""What a file holds that cannot be read here, in words for the person who chose it."""

import mmap
import re
import uuid
from pathlib import Path

# In such a file, of those who sell music and books, the sound is encrypted: entries of an MP4 file's table of codecs,
_ENCRYPTED = (b"drms", b"enca", b"aavd")
# and objects of an ASF file's head: content encryption, the extended one, the advanced one.
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
# What FFmpeg has no name for.
_BY_ENTRY = {b"apac": "Apple Positional Audio", b"mhm1": "MPEG-H", b"mha1": "MPEG-H", b"ac-4": "Dolby AC-4"}

_TABLE = re.compile(rb"stsd.{12}([\x20-\x7e]{4})", re.DOTALL)
_WAV = re.compile(rb"RIFF.{4}WAVE.*?fmt .{4}(..)", re.DOTALL)


def name_of(codec, path):
    """Of the sound that `codec` would decode; where there is none, what the file itself says of it."""
    if codec is not None:
        return f"{codec.long_name.partition(' (')[0]} sound"
    with _content(path) as content:
        if found := _WAV.match(content):
            return f"sound of an unknown kind (WAV format {int.from_bytes(found[1], 'little')})"
        if found := _TABLE.search(content):
            entry = found[1]
            return f"{_BY_ENTRY[entry]} sound" if entry in _BY_ENTRY else f"sound of an unknown kind ({entry.decode()})"
    return "sound of an unknown kind"


def is_protected(path):
    with _content(path) as content:
        if content[:16] == _ASF_BEGINNING:
            return any(key in content[:_ASF_HEAD_BYTES] for key in _ENCRYPTIONS)
        table = _TABLE.search(content)
        return bool(table) and table[1] in _ENCRYPTED


def _content(path):
    with Path(path).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
