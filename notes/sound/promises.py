"""Finds files that were cut off: their header declares more sound than there is, because a transfer broke off.

Many headers are wrong although no sound is missing: a file that was written into a pipe declares nothing, 0 or the most
that fits; one that was cut by an editor declares its former length. So a file counts as cut off only if its bytes end
before its own structure does, or, where a format has no such structure, before the number of samples in its header.
"""

from collections.abc import Callable
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer

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


def broken_promise(
    path: str | Path, container: InputContainer, stream: AudioStream, *, seconds: float, end: float
) -> float | None:
    """The seconds that a file declares which was cut off; None for any other file.

    `seconds` are the sum of its packets, and `end` is when the last one ends by the file's own clock.
    """
    read = _READERS.get(container.format.name)
    promised = read(Path(path), stream, seconds) if read else None
    there = end if read is _samples else seconds
    return round(promised, 3) if promised and promised - there > _APART_SECONDS else None


def _samples(path: Path, stream: AudioStream, seconds: float) -> float | None:
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None


def _mp4(path: Path, stream: AudioStream, seconds: float) -> float | None:
    size = path.stat().st_size
    is_cut = any(name == b"mdat" and where.stop > size for name, where in boxes(path))
    return _samples(path, stream, seconds) if is_cut and not is_fragmented(path) else None


def _webm(path: Path, stream: AudioStream, seconds: float) -> float | None:
    found = head(path)
    return found.seconds if found.end and found.end > path.stat().st_size else None


def _wav(path: Path, stream: AudioStream, seconds: float) -> float | None:
    """`seconds` times the share of declared bytes in those that are there."""
    size, there = wav_bytes(path)
    return seconds * size / there if 0 < there < size < _UNKNOWN_WAV_BYTES else None


def wav_bytes(path: Path) -> tuple[int, int]:
    """The bytes of sound that a WAV file declares (0 when it was written into a pipe), and the bytes that are there."""
    with path.open("rb") as file:
        file.seek(12)
        while len(chunk := file.read(8)) == 8:
            name, size = chunk[:4], int.from_bytes(chunk[4:], "little")
            if name == b"data":
                return size, path.stat().st_size - file.tell()
            file.seek(size + size % 2, 1)
    return 0, 0


def _mp3(path: Path, stream: AudioStream, seconds: float) -> float | None:
    start, frame = _first_frame(path)
    if not frame:
        return None
    size, frames = _said_in(frame)
    if not size or start + size <= path.stat().st_size + _MP3_FRAME_BYTES:
        return None
    version, rate = frame[1] >> 3 & 3, frame[2] >> 2 & 3
    return frames * (1152 if version == 0b11 else 576) / _MP3_RATES[version][rate]


def _first_frame(path: Path) -> tuple[int, bytes]:
    """The offset of the first MP3 frame and its first 64 bytes, after the tags and any padding; b"" without a frame."""
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


def _is_frame(four: bytes) -> bool:
    """Whether these four bytes can be the head of an MP3 frame."""
    is_marked = four[0] == 0xFF and four[1] & 0xE6 == 0xE2
    return is_marked and four[1] >> 3 & 3 in _MP3_RATES and four[2] >> 4 not in (0, 15) and four[2] >> 2 & 3 != 3


def _said_in(frame: bytes) -> tuple[int, int]:
    """Bytes and frames of the whole file as its first frame declares them (Xing, Info or VBRI); 0 and 0 if not."""
    at = 4 + _MP3_SIDE_INFO[frame[1] >> 3 & 3 == 0b11, frame[3] >> 6 == 3]
    if frame[at : at + 4] in (b"Xing", b"Info") and frame[at + 7] & 3 == 3:
        return int.from_bytes(frame[at + 12 : at + 16]), int.from_bytes(frame[at + 8 : at + 12])
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[46:50]), int.from_bytes(frame[50:54])
    return 0, 0


_READERS: dict[str, Callable[[Path, AudioStream, float], float | None]] = {
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
