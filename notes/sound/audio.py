"""Recordings as samples: what a file is, and what it sounds like. Samples are counted while they are decoded."""

import gc
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from notes.sound import mixing
from notes.sound.chains import has_lost_pages
from notes.sound.containers import Container
from notes.sound.formats import kept_as
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
    opened,
    refuse_bomb,
)
from notes.sound.playing import Gap, Way, way_of
from notes.sound.promises import broken_promise

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
    """`seconds` is what the packets claim, or None: to be believed only after decoding. `way`: how it can be played.
    `promised_seconds`: what the file says it is long, where it ends before."""

    container: Container
    codec: str
    seconds: float | None
    way: Way
    gaps: tuple[Gap, ...] = ()
    promised_seconds: float | None = None


@dataclass(frozen=True)
class Sound:
    """Mono float32 samples at SAMPLE_RATE of [start, end) of a file: as they are, see `levels` for how loud.

    `breaks` are the places, in seconds of the file, where something could not be decoded; where a file was cut off is
    none, as that is told by itself. `is_lost_in_one_loudspeaker` is what was mixed of channels that cancel each other.
    """

    samples: np.ndarray
    start: float = 0.0
    breaks: tuple[float, ...] = ()
    is_lost_in_one_loudspeaker: bool = False

    @property
    def seconds(self):
        return len(self.samples) / SAMPLE_RATE

    @property
    def end(self):
        return self.start + self.seconds

    @property
    def is_damaged(self):
        return bool(self.breaks)


def probe(path):
    """Look at a file of unknown origin and decode its first sound.

    Raises OSError when there is no such file, else the BadAudio that says why not.
    """
    with opened(path) as (container, stream):
        reader = Reader(container, stream)
        next(reader.frames(), None)
        if not reader.decoded:
            raise Unreadable if reader.skipped else Empty
        for _ in reader.packets():
            pass  # counts the rest
        codec = stream.codec_context.name
        kind = kept_as(container, codec)
        promised = _broken_promise(path, container, stream, reader)
        return Probe(
            container=kind,
            codec=codec,
            seconds=round(float(reader.claimed_seconds), 3) or None,
            way=way_of(Path(path), container, stream, kind=kind, watch=reader.watch, is_cut=bool(promised)),
            gaps=_gaps(path, kind, reader.watch),
            promised_seconds=promised,
        )


def _gaps(path, kind, watch):
    is_loss = kind == Container.OGG and bool(watch.gaps) and has_lost_pages(path)
    return tuple(replace(gap, is_loss=gap.is_loss or is_loss) for gap in watch.gaps)


def _broken_promise(path, container, stream, reader):
    return broken_promise(path, container, stream, seconds=float(reader.claimed_seconds), end=reader.watch.end)


def decode(path, *, start=0.0, stop=math.inf, track=0, max_seconds):
    """The sound of the file in [start, stop), in seconds, as Sound; without samples when the file ends before `start`.

    `track` counts those that can be read.

    Raises TooLong as soon as it finds more than `max_seconds` + 1, whatever the header says; else as `probe`.
    """
    balance = mixing.Balance()
    blocks, length, first, last = [], 0, start * SAMPLE_RATE, stop * SAMPLE_RATE
    with opened(path, track=track) as (container, stream):
        reader = Reader(container, stream)
        for block in mono(reader.frames(start), balance=balance):
            begin, length = length, length + len(block)
            if length > (max_seconds + 1) * SAMPLE_RATE:
                raise TooLong
            blocks.append(block[_between(first - begin, len(block)) : _between(last - begin, len(block))])
            if length >= last:
                break
        is_cut = math.isinf(stop) and reader.breaks and bool(_broken_promise(path, container, stream, reader))
    gc.collect()  # resamplers are freed by nothing else
    if not reader.decoded or not blocks:
        raise Unreadable if reader.skipped else Empty
    breaks = tuple(float(moment) for moment in reader.breaks if start <= moment < stop)
    if is_cut:
        breaks = tuple(moment for moment in breaks if moment < float(reader.claimed_seconds))
    return Sound(
        np.concatenate(blocks),
        start=min(round(first), length) / SAMPLE_RATE,
        breaks=breaks,
        is_lost_in_one_loudspeaker=balance.is_lost_in_one_loudspeaker,
    )


def _between(samples, most):
    return round(min(max(samples, 0), most))


def mono(frames, rate=SAMPLE_RATE, *, balance=None):
    """Blocks of samples as Sound has them, `rate` a second. Frames may change their shape in mid-stream.

    `balance`, a mixing.Balance, is told what comes of the channels.
    """
    line, shape = None, None
    for frame in frames:
        is_hole = isinstance(frame, Fraction)
        new_shape = None if is_hole else _shape(frame)
        if line and new_shape != shape:
            yield from line.rest()
            line = None
        if is_hole:
            yield np.zeros(round(frame * rate), np.float32)
        elif frame.samples:  # an empty one has no planes
            line, shape = line or _Line(*new_shape, rate, balance), new_shape
            yield from line.blocks(mixing.planar(frame))
    if line:
        yield from line.rest()


def _shape(frame):
    channels, rate = frame.layout.nb_channels, frame.sample_rate
    if frame.samples:
        refuse_bomb(rate, channels)
    return channels, rate


class _Line:
    """From planar samples of one shape, `rate` a second, to mono, `wanted_rate` a second."""

    def __init__(self, channels, rate, wanted_rate, balance):
        self._mixer = mixing.Mixer(channels, rate, balance)
        self._rate = rate
        self._resampler = av.AudioResampler("fltp", "mono", wanted_rate)

    def blocks(self, samples):
        return self._resampled(self._mixer.mix(samples))

    def rest(self):
        yield from self._resampled(self._mixer.rest())
        yield from self._converted(None)

    def _resampled(self, mixed):
        if len(mixed):
            frame = av.AudioFrame.from_ndarray(mixed[None], format="fltp", layout="mono")
            frame.sample_rate = self._rate
            yield from self._converted(frame)

    def _converted(self, frame):
        for converted in self._resampler.resample(frame):
            yield converted.to_ndarray()[0]
