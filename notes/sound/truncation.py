"""Finds files that were cut off: their header declares more sound than there is, because a transfer broke off.

Many headers are wrong although no sound is missing: a file that was written into a pipe declares no length, 0 or the
largest number; a file from an editor may declare its former length. So a file counts as cut off only if its bytes end
before its structure does, or in formats without such a structure before the number of samples in its header.
"""

from collections.abc import Callable
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer

from notes.sound.boxes import boxes, is_fragmented
from notes.sound.elements import head

# Differences up to this come from rounded headers and from encoder delay.
_APART_SECONDS = 0.5
# Declared sizes from here on mean that the size was not known: 2**31 or 2**32, less a header.
_UNKNOWN_WAV_BYTES = 0x7FFF_0000
_MP3_FRAME_BYTES = 1441  # at most
_ID3_HEAD = 10
# Bytes of an MP3 frame before its Xing header, by whether it is MPEG version 1, and whether it is mono.
_MP3_SIDE_INFO = {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}
_MP3_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
_SEARCHED = 2**16  # bytes in which the first MP3 frame must begin


def declared_seconds_if_cut_off(
    path: str | Path, container: InputContainer, stream: AudioStream, *, seconds: float, end: float
) -> float | None:
    """The seconds of sound that a file declares, if it was cut off; None for any other file.

    `seconds` is the sum of the packets' durations, and `end` is when the last packet ends by its time stamp.
    """
    read = _READERS.get(container.format.name)
    declared = read(Path(path), stream, seconds) if read else None
    actual = end if read is _samples else seconds
    return round(declared, 3) if declared and declared - actual > _APART_SECONDS else None


def _samples(path: Path, stream: AudioStream, seconds: float) -> float | None:
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None


def _mp4(path: Path, stream: AudioStream, seconds: float) -> float | None:
    size = path.stat().st_size
    is_cut_off = any(name == b"mdat" and where.stop > size for name, where in boxes(path))
    return _samples(path, stream, seconds) if is_cut_off and not is_fragmented(path) else None


def _webm(path: Path, stream: AudioStream, seconds: float) -> float | None:
    found = head(path)
    return found.seconds if found.end and found.end > path.stat().st_size else None


def _wav(path: Path, stream: AudioStream, seconds: float) -> float | None:
    """`seconds`, multiplied by the ratio of declared bytes to those that are there."""
    size, there = wav_bytes(path)
    return seconds * size / there if 0 < there < size < _UNKNOWN_WAV_BYTES else None


def wav_bytes(path: Path) -> tuple[int, int]:
    """The bytes of sound that a WAV file declares (0 if it was written into a pipe), and those that are there."""
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
    size, frames = _declared_in(frame)
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


def _declared_in(frame: bytes) -> tuple[int, int]:
    """Bytes and frames of the whole file as its first frame declares them (Xing, Info or VBRI), else 0 and 0."""
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
