"""Reads recordings: `probe` returns format, codec and length of a file, `decode` its samples."""

import gc
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from notes.sound import mixing
from notes.sound.chains import has_lost_pages
from notes.sound.containers import Container
from notes.sound.formats import container_of
from notes.sound.opening import (
    BadAudio,
    Empty,
    IsVideo,
    NoSound,
    NotAudio,
    Protected,
    Reader,
    TooLong,
    UnknownCodec,
    Unreadable,
    check_rate_and_channels,
    opened,
)
from notes.sound.playing import Gap, PacketTimes, RenditionKind, rendition_needed
from notes.sound.truncation import declared_seconds_if_cut_off

__all__ = [
    "SAMPLE_RATE",
    "BadAudio",
    "Empty",
    "IsVideo",
    "NoSound",
    "NotAudio",
    "Probe",
    "Protected",
    "Sound",
    "TooLong",
    "UnknownCodec",
    "Unreadable",
    "decode",
    "mono",
    "probe",
]

SAMPLE_RATE = 16_000  # Hz of decoded sound: what speech models listen to


@dataclass(frozen=True)
class Probe:
    """What `probe` has found in a file.

    `seconds` is the sum of the packets' durations, or None; the decoded sound may have another length. `rendition` is
    what browsers need to play it. `promised_seconds` is the length that a file declares which was cut off; else None.
    """

    container: Container
    codec: str
    seconds: float | None
    rendition: RenditionKind
    gaps: tuple[Gap, ...] = ()
    promised_seconds: float | None = None


@dataclass(frozen=True)
class Sound:
    """Mono float32 samples at SAMPLE_RATE of [start, end) of a file, in seconds. Their level is as in the file.

    `breaks` are the positions, in seconds of the file, at which something could not be decoded. The end of a file that
    was cut off is none of them, see `Probe.promised_seconds`. `is_lost_in_one_loudspeaker` is true when the channels
    cancel each other in a single loudspeaker, such as a telephone's.
    """

    samples: NDArray[np.float32]
    start: float = 0.0
    breaks: tuple[float, ...] = ()
    is_lost_in_one_loudspeaker: bool = False

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def end(self) -> float:
        return self.start + self.seconds

    @property
    def is_damaged(self) -> bool:
        return bool(self.breaks)


def probe(path: str | Path) -> Probe:
    """Read a file of unknown origin, and decode its first frame of sound.

    Raises OSError when there is no such file, and a BadAudio when it cannot be a voice note.
    """
    with opened(path) as (container, stream):
        reader = Reader(container, stream)
        next(reader.frames(), None)
        if not reader.decoded:
            raise Unreadable if reader.skipped else Empty
        for _ in reader.packets():
            pass  # the reader adds up the rest
        codec = stream.codec_context.name
        kind = container_of(container, codec)
        promised = _declared_seconds_if_cut_off(path, container, stream, reader)
        return Probe(
            container=kind,
            codec=codec,
            seconds=round(float(reader.packet_seconds), 3) or None,
            rendition=rendition_needed(
                Path(path), container, stream, kind=kind, packets=reader.packet_times, is_cut_off=bool(promised)
            ),
            gaps=_gaps(path, kind, reader.packet_times),
            promised_seconds=promised,
        )


def _gaps(path: str | Path, kind: Container, packets: PacketTimes) -> tuple[Gap, ...]:
    is_loss = kind == Container.OGG and bool(packets.gaps) and has_lost_pages(path)
    return tuple(replace(gap, is_loss=gap.is_loss or is_loss) for gap in packets.gaps)


def _declared_seconds_if_cut_off(
    path: str | Path, container: InputContainer, stream: AudioStream, reader: Reader
) -> float | None:
    seconds, end = float(reader.packet_seconds), reader.packet_times.end
    return declared_seconds_if_cut_off(path, container, stream, seconds=seconds, end=end)


def decode(
    path: str | Path, *, start: float = 0.0, stop: float = math.inf, track: int = 0, max_seconds: float
) -> Sound:
    """Decode [start, stop) of the file, in seconds; the Sound has no samples when the file ends before `start`.

    `track` is an index into the tracks that can be read. Raises TooLong as soon as more than `max_seconds` + 1 were
    decoded, whatever the header says, and also what `probe` raises.
    """
    balance = mixing.Balance()
    blocks, length, first, last = [], 0, start * SAMPLE_RATE, stop * SAMPLE_RATE
    with opened(path, track=track) as (container, stream):
        reader = Reader(container, stream)
        for block in mono(reader.frames(start), balance=balance):
            begin, length = length, length + len(block)
            if length > (max_seconds + 1) * SAMPLE_RATE:
                raise TooLong
            blocks.append(block[_clamped(first - begin, len(block)) : _clamped(last - begin, len(block))])
            if length >= last:
                break
        is_cut_off = (
            math.isinf(stop) and reader.breaks and bool(_declared_seconds_if_cut_off(path, container, stream, reader))
        )
    gc.collect()  # nothing else frees the resamplers
    if not reader.decoded or not blocks:
        raise Unreadable if reader.skipped else Empty
    breaks = tuple(float(moment) for moment in reader.breaks if start <= moment < stop)
    if is_cut_off:
        breaks = tuple(moment for moment in breaks if moment < float(reader.packet_seconds))
    return Sound(
        np.concatenate(blocks),
        start=min(round(first), length) / SAMPLE_RATE,
        breaks=breaks,
        is_lost_in_one_loudspeaker=balance.is_lost_in_one_loudspeaker,
    )


def _clamped(samples: float, most: int) -> int:
    return round(min(max(samples, 0), most))


def mono(
    frames: Iterable[av.AudioFrame | Fraction], rate: int = SAMPLE_RATE, *, balance: mixing.Balance | None = None
) -> Iterator[NDArray[np.float32]]:
    """Mix frames down to blocks of mono samples, `rate` a second. A Fraction stands for so many seconds of silence.

    Channels and sample rate may change from frame to frame. The power of the mixed samples is added to `balance`.
    """
    downmix: _Downmix | None = None
    shape = None
    for frame in frames:
        new_shape = None if isinstance(frame, Fraction) else _shape(frame)
        if downmix and new_shape != shape:
            yield from downmix.rest()
            downmix = None
        if isinstance(frame, Fraction):
            yield np.zeros(round(frame * rate), np.float32)
        elif new_shape and frame.samples:  # an empty frame has no planes
            downmix, shape = downmix or _Downmix(*new_shape, rate, balance), new_shape
            yield from downmix.blocks(mixing.planar(frame))
    if downmix:
        yield from downmix.rest()


def _shape(frame: av.AudioFrame) -> tuple[int, int]:
    """The number of channels, and the sample rate in Hz. Raises Unreadable when either is out of range."""
    channels, rate = frame.layout.nb_channels, frame.sample_rate
    if frame.samples:
        check_rate_and_channels(rate, channels)
    return channels, rate


class _Downmix:
    """Turns planar samples of one shape, `rate` a second, into mono samples, `wanted_rate` a second."""

    def __init__(self, channels: int, rate: int, wanted_rate: int, balance: mixing.Balance | None) -> None:
        self._mixer = mixing.Mixer(channels, rate, balance)
        self._rate = rate
        self._resampler = av.AudioResampler("fltp", "mono", wanted_rate)

    def blocks(self, samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        return self._resampled(self._mixer.mix(samples))

    def rest(self) -> Iterator[NDArray[np.float32]]:
        yield from self._resampled(self._mixer.rest())
        yield from self._converted(None)

    def _resampled(self, mixed: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        if len(mixed):
            frame = av.AudioFrame.from_ndarray(mixed[None], format="fltp", layout="mono")
            frame.sample_rate = self._rate
            yield from self._converted(frame)

    def _converted(self, frame: av.AudioFrame | None) -> Iterator[NDArray[np.float32]]:
        for converted in self._resampler.resample(frame):
            yield converted.to_ndarray()[0]
