"""Makes files that browsers can play and seek in: copies of a recording's packets, or new encodings."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE, Probe, mono, probe
from notes.sound.chains import parts
from notes.sound.containers import Container
from notes.sound.levels import leveled
from notes.sound.mixing import together
from notes.sound.opening import BadAudio, Reader, TooLong, Unreadable, opened, track_starts
from notes.sound.packets import Clock
from notes.sound.playing import INDEXED

_CONTAINERS = {"webm": Container.WEBM, "mp4": Container.MP4}
# The length of a copy may differ by this from the recording's: encoder delay at the start is counted in one only.
_APART_SECONDS = 0.1
_FULL_SCALE = 32_767  # of 16-bit samples
# Speech has no higher frequencies, and every browser plays this, old iPads included.
_ENCODED_RATE, _ENCODED_BIT_RATE, _ENCODED_FRAME = 24_000, 64_000, 1024


class NotCopied(Exception):
    """The packets cannot be copied, or the copy has another length."""


def copy(source: str | Path, target: str | Path, *, found: Probe) -> Container:
    """Copy the packets of `source` into `target`, each where the one before it ended, and write an index.

    `found` is what `probe` said of `source`. Raises NotCopied, also when the copy has another length.
    """
    muxer = INDEXED[found.codec]
    try:
        _copy_packets([source], target, muxer)
        seconds = probe(target).seconds
    except Exception as error:
        raise NotCopied from error
    if seconds is None or found.seconds is None or abs(seconds - found.seconds) > _APART_SECONDS:
        raise NotCopied
    return _CONTAINERS[muxer]


def encode(source: str | Path, target: str | Path, *, max_seconds: float) -> Container:
    """Encode all that can be decoded of `source` as AAC in MP4 with an index. Raises BadAudio."""
    samples = leveled(_samples_of(source, max_seconds))
    with _opened_for_writing(target, "mp4") as output:
        encoded = output.add_stream("aac", rate=_ENCODED_RATE, layout="mono")
        encoded.bit_rate = _ENCODED_BIT_RATE
        for start in range(0, len(samples), _ENCODED_FRAME):
            output.mux(encoded.encode(_frame(samples, start)))
        output.mux(encoded.encode(None))
    return Container.MP4


def _samples_of(source: str | Path, max_seconds: float) -> NDArray[np.float32]:
    """All tracks mixed together, each from its own start time on."""
    starts = track_starts(source)
    delays = [round((start - min(starts)) * _ENCODED_RATE) for start in starts]
    tracks = [np.pad(_track_of(source, track, max_seconds), (delays[track], 0)) for track in range(len(starts))]
    return tracks[0] if len(tracks) == 1 else together(tracks, _ENCODED_RATE)


def _track_of(source: str | Path, track: int, max_seconds: float) -> NDArray[np.float32]:
    blocks: list[NDArray[np.float32]] = []
    length = 0
    with parts(source) as paths:
        for block in (block for path in paths for block in mono(_frames(path, track), _ENCODED_RATE)):
            blocks.append(block)
            length += len(block)
            if length > (max_seconds + 1) * _ENCODED_RATE:
                raise TooLong
    if not blocks:
        raise Unreadable
    return np.concatenate(blocks)


def _frame(samples: NDArray[np.float32], start: int) -> av.AudioFrame:
    part = np.ascontiguousarray(samples[None, start : start + _ENCODED_FRAME])
    frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _ENCODED_RATE, start, Fraction(1, _ENCODED_RATE)
    return frame


def join(paths: Iterable[str | Path], target: str | Path) -> None:
    """Write one file of the files of a recording that was interrupted, one after another.

    Packets are copied when codec, sample rate and channels of all files are the same. Else, and when that fails, the
    sound is written as FLAC at SAMPLE_RATE. Unreadable files are left out. Raises BadAudio when none is left.
    """
    readable = [path for path in paths if _is_readable(path)]
    try:
        _copy_packets(readable, target, _muxer_of(readable))
        probe(target)
    except Exception:
        _write_flac(readable, target)


def _is_readable(path: str | Path) -> bool:
    with contextlib.suppress(BadAudio):
        return bool(probe(path))
    return False


def _muxer_of(paths: list[str | Path]) -> str:
    [(codec, *_)] = {_kind(path) for path in paths}
    return INDEXED[codec]


def _kind(path: str | Path) -> tuple[Any, ...]:
    with opened(path) as (_, stream):
        codec = stream.codec_context
        return codec.name, codec.sample_rate, codec.channels, codec.extradata


def _copy_packets(paths: list[str | Path], target: str | Path, muxer: str) -> None:
    end: Fraction | None = None
    copied: AudioStream | None = None
    with _opened_for_writing(target, muxer) as output:
        for path in paths:
            with opened(path) as (container, stream):
                copied = copied or _without_tags(output.add_stream_from_template(stream))
                packets = (packet for packet in Reader(container, stream).packets() if packet.dts is not None)
                first = next(packets)
                if end is None:
                    end = Fraction(0) if muxer == "webm" else -_encoder_delay(stream, first)
                end = _append(itertools.chain([first], packets), Clock(stream), copied, output, end)


def _encoder_delay(stream: AudioStream, first: av.Packet) -> Fraction:
    """The seconds at the beginning that decoders leave out. The WebM muxer stores them by itself."""
    return max((stream.start_time or 0) - (first.pts or 0), 0) * (stream.time_base or Fraction(0))


def _opened_for_writing(target: str | Path, muxer: str) -> OutputContainer:
    options = {"movflags": "+faststart"} if muxer == "mp4" else {}
    return av.open(str(target), "w", format=muxer, options=options)


def _without_tags(stream: AudioStream) -> AudioStream:
    stream.metadata.clear()
    return stream


def _append(
    packets: Iterable[av.Packet], clock: Clock, copied: AudioStream, output: OutputContainer, end: Fraction
) -> Fraction:
    """Write each packet where the one before it ended, the first at `end` seconds; returns where the last one ends."""
    for packet in packets:
        duration = clock.seconds(packet)
        packet.pts = packet.dts = round(end / packet.time_base)
        packet.duration = round(duration / packet.time_base)
        end += duration
        packet.stream = copied
        output.mux(packet)
    return end


def _write_flac(paths: list[str | Path], target: str | Path) -> None:
    """Write the decoded sound of files whose packets cannot be put into one file."""
    blocks = [block for path in paths for block in mono(_frames(path))]
    if not blocks:
        raise Unreadable
    with av.open(str(target), "w", format="flac") as output:
        stream = output.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        samples = (leveled(np.concatenate(blocks)) * _FULL_SCALE).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _frames(path: str | Path, track: int = 0) -> Iterator[av.AudioFrame | Fraction]:
    with opened(path, track=track) as (container, stream):
        yield from Reader(container, stream).frames()
