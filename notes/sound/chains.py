"""Ogg files one after another in one: a radio's recorder writes them, and `cat`.

FFmpeg reads on as long as they have as many channels, and gives up where that changes. Such a file is read part by
part.
"""

import contextlib
import itertools
import shutil
import tempfile
from pathlib import Path

_PAGE, _BEGINS = b"OggS", 0x02
_HEAD_BYTES = 27
# Where the first packet says how many channels there are.
_CHANNELS_AT = {b"OpusHead": 9, b"\x01vorbis": 11}


@contextlib.contextmanager
def parts(path):
    """Paths of files that each can be read to its end: of the file itself, unless its channels change."""
    starts = change_places(path)
    if not starts:
        yield [path]
        return
    with contextlib.ExitStack() as files:
        yield [_cut(files, path, start, end) for start, end in zip([0, *starts], [*starts, None], strict=True)]


def change_places(path):
    """Where in the file, in bytes, a part begins that has another number of channels than the one before it."""
    heads = list(_heads(path))
    return [place for (_, before), (place, channels) in itertools.pairwise(heads) if channels != before]


def has_lost_pages(path):
    """They are counted; and between two of them is nothing, unless they cannot be read."""
    counted, end = {}, 0
    for place, head, size in _pages(path):
        stream, number = head[14:18], int.from_bytes(head[18:22], "little")
        if not head[5] & _BEGINS and number != counted.get(stream, number - 1) + 1:
            return True
        counted[stream], end = number, place + _HEAD_BYTES + head[26] + size
    return end < Path(path).stat().st_size


def _heads(path):
    """Place and number of channels of each part."""
    with Path(path).open("rb") as file:
        for place, head, size in _pages(path):
            if head[5] & _BEGINS:
                file.seek(place + _HEAD_BYTES + head[26])
                yield place, _channels(file.read(size))


def _pages(path):
    """Place, head and size of the content of each page, as long as they follow each other."""
    with Path(path).open("rb") as file:
        place = 0
        while (head := file.read(_HEAD_BYTES))[:4] == _PAGE and len(head) == _HEAD_BYTES:
            size = sum(file.read(head[26]))
            yield place, head, size
            place += _HEAD_BYTES + head[26] + size
            file.seek(place)


def _channels(packet):
    return next((packet[at] for name, at in _CHANNELS_AT.items() if packet[: len(name)] == name and packet[at:]), None)


def _cut(files, path, start, end):
    target = files.enter_context(_temporary_file())
    with Path(path).open("rb") as source:
        source.seek(start)
        if end is None:
            shutil.copyfileobj(source, target)
        else:
            target.write(source.read(end - start))
    target.flush()
    return target.name


def _temporary_file():
    return tempfile.NamedTemporaryFile(prefix="part-")
