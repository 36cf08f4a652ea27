"""How long a file says it is, where it ends before that: a transfer that broke off, or a recorder whose battery did.

Many headers say what is not so, and no sound is missing: a file that was written into a pipe says nothing, 0 or as much
as fits; one that was cut by an editor says what it was before. So a file breaks a promise only if its bytes end before
its own structure does, or, where a format has no such structure, before the number of samples that its head has.
"""

from pathlib import Path

from notes.sound.boxes import boxes, is_fragmented
from notes.sound.elements import head

# Rounded headers, and what encoders put before a sound, are less.
_APART_SECONDS = 0.5
# Sizes from here on stand for one that was not known: 2**31 and 2**32, less a header.
_UNKNOWN_WAV_BYTES = 0x7FFF_0000
_MP3_FRAME_BYTES = 1441  # at most
_ID3_HEAD = 10
# Bytes of an MP3 frame before what is said of the whole file there, by MPEG version 1 or not, and mono or not.
_MP3_SIDE_INFO = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
_MP3_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
_SEARCHED = 2**16


def broken_promise(path, container, stream, *, seconds, end):
    """Seconds that the file says it has; None when it has them, or says nothing to be believed.

    `seconds` are the sum of its packets, and `end` is when the last one ends by the file's own clock.
    """
    read = _READERS.get(container.format.name)
    promised = read(Path(path), stream, seconds) if read else None
    there = end if read is _samples else seconds
    return round(promised, 3) if promised and promised - there > _APART_SECONDS else None


def _samples(path, stream, seconds):
    return stream.duration and float(stream.duration * stream.time_base)


def _mp4(path, stream, seconds):
    size = path.stat().st_size
    is_cut = any(name == b"mdat" and where.stop > size for name, where in boxes(path))
    return _samples(path, stream, seconds) if is_cut and not is_fragmented(path) else None


def _webm(path, stream, seconds):
    found = head(path)
    return found.seconds if found.end and found.end > path.stat().st_size else None


def _wav(path, stream, seconds):
    """As many seconds as its bytes have, in the proportion of those that are there."""
    size, there = wav_bytes(path)
    return seconds * size / there if 0 < there < size < _UNKNOWN_WAV_BYTES else None


def wav_bytes(path):
    """What a WAV file says of its sound, 0 when it was written into a pipe; and how much there is at most."""
    with path.open("rb") as file:
        file.seek(12)
        while len(chunk := file.read(8)) == 8:
            name, size = chunk[:4], int.from_bytes(chunk[4:], "little")
            if name == b"data":
                return size, path.stat().st_size - file.tell()
            file.seek(size + size % 2, 1)
    return 0, 0


def _mp3(path, stream, seconds):
    start, frame = _first_frame(path)
    if not frame:
        return None
    size, frames = _said_in(frame)
    if not size or start + size <= path.stat().st_size + _MP3_FRAME_BYTES:
        return None
    version, rate = frame[1] >> 3 & 3, frame[2] >> 2 & 3
    return frames * (1152 if version == 0b11 else 576) / _MP3_RATES[version][rate]


def _first_frame(path):
    """Where it is, and how it begins; behind the tags, and some nothing that may follow them."""
    with path.open("rb") as file:
        tag = file.read(_ID3_HEAD)
        start = 0
        if tag[:3] == b"ID3":
            size = sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0), strict=True))
            start = _ID3_HEAD + size + (_ID3_HEAD if tag[5] & 0x10 else 0)
        file.seek(start)
        data = file.read(_SEARCHED)
    at = next((at for at in range(len(data) - 3) if _is_frame(data[at : at + 4])), None)
    return (start, b"") if at is None else (start + at, data[at : at + 64])


def _is_frame(four):
    """The first bytes of an MP3 frame."""
    is_marked = four[0] == 0xFF and four[1] & 0xE6 == 0xE2
    return is_marked and four[1] >> 3 & 3 in _MP3_RATES and four[2] >> 4 not in (0, 15) and four[2] >> 2 & 3 != 3


def _said_in(frame):
    """Bytes and frames of the whole file, where the first frame says them."""
    at = 4 + _MP3_SIDE_INFO[frame[1] >> 3 & 3 == 0b11, frame[3] >> 6 == 3]
    if frame[at : at + 4] in (b"Xing", b"Info") and frame[at + 7] & 3 == 3:
        return int.from_bytes(frame[at + 12 : at + 16]), int.from_bytes(frame[at + 8 : at + 12])
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[46:50]), int.from_bytes(frame[50:54])
    return 0, 0


_READERS = {
    "matroska,webm": _webm,
    "mov,mp4,m4a,3gp,3g2,mj2": _mp4,
    "mp3": _mp3,
    "wav": _wav,
    "flac": _samples,
    "aiff": _samples,
    "au": _samples,
    "caf": _samples,
    "tta": _samples,
    "wv": _samples,
}
