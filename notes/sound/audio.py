"""Sound in and out of files, by our own loop over packets.

FFmpeg opens whatever it recognises: a text that names a neighbour's file, a playlist on the network, a 244-byte file
that swells to minutes. So the formats, protocols and codecs are listed here, the content decides and never a name or
a label, and samples are counted while they are decoded. A packet that cannot be decoded costs that packet only.
"""

import contextlib
import gc
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from notes.models import Container
from notes.sound.packets import Clock

SAMPLE_RATE = 16_000  # Hz of decoded sound: what speech models listen to
LOUDNESS_SECONDS = 0.1  # length of the slices that loudness is measured in
PEAKS = 96  # bars of a waveform
# Waveforms are drawn relative to their loudest bar, but never louder than this floor makes them: silence stays flat.
QUIETEST_FULL_SCALE = 0.02

_CONTAINERS = {
    "matroska,webm": Container.WEBM,
    "mov,mp4,m4a,3gp,3g2,mj2": Container.MP4,
    "ogg": Container.OGG,
    "mp3": Container.MP3,
    "wav": Container.WAV,
    "flac": Container.FLAC,
}
_MUXERS = {Container.WEBM: "webm", Container.MP4: "mp4", Container.OGG: "ogg"}  # as browsers record
_CODECS = (
    "opus", "vorbis", "aac", "mp3", "mp3float", "flac", "alac",
    "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_s16be", "pcm_mulaw", "pcm_alaw",
)  # fmt: skip
_OPTIONS = {
    "format_whitelist": "matroska,webm,mov,mp4,ogg,mp3,wav,flac",
    "protocol_whitelist": "file",
    "codec_whitelist": ",".join(_CODECS),
}
_SAMPLE_RATES = range(8_000, 192_001)
_CHANNELS = range(1, 9)
_FULL_SCALE = 32_767  # of 16-bit samples
# Places in one file where the container itself is broken and reading goes on behind them.
_MOST_BREAKS = 100
# What comes before the place that is asked for is not decoded, except for this much sound at the very beginning, where
# a decoder takes off what its encoder put there, and right before that place, to get the decoder going.
_RUN_UP_SECONDS = 0.5
# A packet that cannot be decoded leaves silence of its length, unless that is a lie.
_LONGEST_PACKET_SECONDS = 1
# Codecs that a WebM file may hold; a Matroska file with another one is stored as it came.
_WEBM_CODECS = ("opus", "vorbis")

av.logging.set_level(None)  # PyAV's log callback can deadlock with threads


class BadAudio(Exception):
    """The file cannot be a voice note's audio."""


class NotAudio(BadAudio):
    """Nothing on the list of formats, or without a sound track."""


class Empty(BadAudio):
    """The right format, but not a single sample."""


class IsVideo(BadAudio):
    """Moving pictures; a cover picture is none."""


class Unreadable(BadAudio):
    """The right format, but nothing of it can be decoded."""


class TooLong(BadAudio):
    """More decoded sound than was asked for."""


@dataclass(frozen=True)
class Probe:
    """`seconds` is what the packets claim, or None: to be believed only after decoding."""

    container: Container
    codec: str
    seconds: float | None


@dataclass(frozen=True)
class Sound:
    """Mono float32 samples in [-1, 1] at SAMPLE_RATE of [start, end) of a file.

    `breaks` are the places, in seconds of the file, where something could not be decoded.
    """

    samples: np.ndarray
    start: float = 0.0
    breaks: tuple[float, ...] = ()

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

    Raises OSError when there is no such file, else BadAudio: NotAudio, Empty, IsVideo or Unreadable.
    """
    with _opened(path) as (container, stream):
        reader = _Reader(container, stream)
        next(reader.frames(), None)
        if not reader.decoded:
            raise Unreadable if reader.skipped else Empty
        for _ in reader.packets():
            pass  # counts the rest
        return Probe(
            container=_CONTAINERS[container.format.name],
            codec=stream.codec_context.name,
            seconds=round(float(reader.claimed_seconds), 3) or None,
        )


def decode(path, *, start=0.0, stop=math.inf, max_seconds):
    """The sound of the file in [start, stop), in seconds, as Sound; without samples when the file ends before `start`.

    Raises TooLong as soon as it finds more than `max_seconds` + 1, whatever the header says; else as `probe`.
    """
    blocks, length, first, last = [], 0, start * SAMPLE_RATE, stop * SAMPLE_RATE
    with _opened(path) as (container, stream):
        reader = _Reader(container, stream)
        for block in _mono(reader.frames(start)):
            begin, length = length, length + len(block)
            if length > (max_seconds + 1) * SAMPLE_RATE:
                raise TooLong
            blocks.append(block[_between(first - begin, len(block)) : _between(last - begin, len(block))])
            if length >= last:
                break
    gc.collect()  # resamplers are freed by nothing else
    if not reader.decoded or not blocks:
        raise Unreadable if reader.skipped else Empty
    breaks = tuple(float(moment) for moment in reader.breaks if start <= moment < stop)
    return Sound(np.concatenate(blocks), start=min(round(first), length) / SAMPLE_RATE, breaks=breaks)


def _between(samples, most):
    return round(min(max(samples, 0), most))


def can_be_remuxed(found):
    """Browsers record WebM without duration and index, so it cannot be sought in; a copy of its packets can."""
    return found.container == Container.WEBM and found.codec in _WEBM_CODECS


def remux(source, target):
    """Copy the sound of a WebM file to `target` with duration and index, without tags. Nothing is encoded anew.

    Raises whatever is wrong with a broken file: a copy that left something out would hide it.
    """
    with _opened(source) as (container, stream), av.open(str(target), "w", format="webm") as output:
        copy = _without_tags(output.add_stream_from_template(stream))
        for packet in container.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                output.mux(packet)


def _without_tags(stream):
    stream.metadata.clear()
    return stream


def join(paths, target):
    """One file of recordings that follow one another, such as a recorder makes that was interrupted.

    Packets are copied when all are of one kind, as those of one browser are; else, and when that fails, the sound is
    kept as FLAC at SAMPLE_RATE. What cannot be read at all is left out. Raises BadAudio when nothing is left.
    """
    readable = [path for path in paths if _is_readable(path)]
    try:
        _copy_packets(readable, target)
        probe(target)
    except Exception:
        _write_flac(readable, target)


def _is_readable(path):
    with contextlib.suppress(BadAudio):
        return bool(probe(path))
    return False


def _copy_packets(paths, target):
    kinds = {_kind(path) for path in paths}
    [(muxer, *_)] = kinds
    offset, copy = Fraction(0), None
    with av.open(str(target), "w", format=muxer) as output:
        for path in paths:
            with _opened(path) as (container, stream):
                copy = copy or _without_tags(output.add_stream_from_template(stream))
                offset += _append(container, stream, copy, output, offset)


def _kind(path):
    with _opened(path) as (container, stream):
        codec = stream.codec_context
        muxer = _MUXERS[_CONTAINERS[container.format.name]]
        return muxer, codec.name, codec.sample_rate, codec.channels, codec.extradata


def _append(container, stream, copy, output, offset):
    """Each packet where the one before it ended. Returns how long they are, in seconds."""
    length, clock = Fraction(0), Clock(stream)
    for packet in container.demux(stream):
        if packet.dts is None:
            continue
        lasts = clock.seconds(packet)
        packet.pts = packet.dts = round((offset + length) / packet.time_base)
        length += lasts
        packet.stream = copy
        output.mux(packet)
    return length


def _write_flac(paths, target):
    """Where kinds are mixed, which no browser does by itself: what speech models listen to is kept."""
    blocks = [block for path in paths for block in _mono(_frames(path))]
    if not blocks:
        raise Unreadable
    with av.open(str(target), "w", format="flac") as output:
        stream = output.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        samples = (np.concatenate(blocks) * _FULL_SCALE).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _frames(path):
    with _opened(path) as (container, stream):
        yield from _Reader(container, stream).frames()


def loudness(samples):
    """RMS of each slice of LOUDNESS_SECONDS, the last of which may be shorter."""
    step = round(LOUDNESS_SECONDS * SAMPLE_RATE)
    return tuple(round(rms(samples[at : at + step]), 4) for at in range(0, len(samples), step))


def peaks(loudness):
    """PEAKS bars of equal length as integers 0-100 for what `loudness` measured.

    The loudest is 100, unless all is near silence.
    """
    edges = [bar * len(loudness) / PEAKS for bar in range(PEAKS + 1)]
    bars = [rms(loudness[int(left) : math.ceil(right)]) for left, right in itertools.pairwise(edges)]
    full_scale = max(*bars, QUIETEST_FULL_SCALE)
    return [round(100 * level / full_scale) for level in bars]


def rms(samples):
    """Root mean square in 0-1; 0 when there are no samples."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


@contextlib.contextmanager
def _opened(path):
    with Path(path).open("rb"):
        pass  # what the system says about a missing file is honest; what FFmpeg says may be about the content
    try:
        container = av.open(str(path), options=_OPTIONS, metadata_errors="ignore")
    except Exception as error:  # nine classes were seen
        raise NotAudio from error
    with container:
        yield container, _only_sound(container)


def _only_sound(container):
    if any(not _is_cover(stream) for stream in container.streams.video):
        raise IsVideo
    stream = next(iter(container.streams.audio), None)
    if stream is None or stream.codec_context is None or stream.codec_context.name not in _CODECS:
        raise NotAudio
    _refuse_bomb(stream.codec_context.sample_rate, stream.codec_context.channels)
    stream.codec_context.thread_count = 1
    return stream


def _is_cover(stream):
    return bool(stream.disposition & stream.disposition.attached_pic)


def _refuse_bomb(sample_rate, channels):
    """One sample at 1 Hz becomes 16,000; a forged rate of 2 GHz asks for as much memory."""
    if sample_rate not in _SAMPLE_RATES or channels not in _CHANNELS:
        raise Unreadable


class _Reader:
    """Steps through one stream, over what is broken in it and over what nobody asked for."""

    def __init__(self, container, stream):
        self._container = container
        self._stream = stream
        self._clock = Clock(stream)
        self._claimed = 0  # ticks of that clock
        self.decoded = 0
        self.skipped = 0
        self.breaks = []

    @property
    def claimed_seconds(self):
        return Fraction(self._claimed) / self._clock.rate

    def packets(self):
        """From where the last call stopped. A demuxer that fails has ended, and is started again behind the break."""
        for _ in range(_MOST_BREAKS):
            try:
                for packet in self._container.demux(self._stream):
                    self._claimed += self._clock.ticks(packet)
                    yield packet
            except Exception:
                self._break()
            else:
                return

    def frames(self, start=0.0):
        """Frames, and where there are none, the seconds that they would last as a Fraction.

        A place is the sum of what lies before it. Time stamps are no help: they jump where a recording was paused.
        """
        hole = 0
        for step in self._steps(start):
            if isinstance(step, int):
                hole += step
                continue
            try:
                frames = step.decode()
            except Exception:
                self._break()
                hole += min(self._clock.ticks(step), int(_LONGEST_PACKET_SECONDS * self._clock.rate))
                continue
            self.decoded += len(frames)
            if hole and frames:
                yield Fraction(hole) / self._clock.rate
                hole = 0
            yield from frames
        if hole:
            yield Fraction(hole) / self._clock.rate

    def _steps(self, start):
        """Packets to decode, and the ticks of those that need not be. Of a file's last packet only a part may count."""
        needless, last = self._needless(start), None
        for packet in self.packets():
            begin = self._claimed - self._clock.ticks(packet)
            is_needless = packet.size and begin in needless and self._claimed in needless
            if last is not None:
                yield self._clock.ticks(last) if packet.size else last
            last = packet if is_needless else None
            if not is_needless:
                yield packet

    def _needless(self, start):
        """What need not be decoded to have all from `start` on."""
        if not self._clock.is_exact:
            return range(0)
        second = self._clock.rate
        return range(int(_RUN_UP_SECONDS * second), int((start - _RUN_UP_SECONDS) * second) + 1)

    def _break(self):
        self.skipped += 1
        self.breaks.append(self.claimed_seconds)


def _mono(frames):
    """Blocks of samples as Sound has them. Frames may change their shape in mid-stream."""
    resampler, shape = None, None
    for frame in frames:
        if isinstance(frame, Fraction):
            yield from _blocks(resampler, None)
            resampler, shape = None, None
            yield np.zeros(round(frame * SAMPLE_RATE), np.float32)
            continue
        _refuse_bomb(frame.sample_rate, frame.layout.nb_channels)
        if shape != (shape := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from _blocks(resampler, None)
            # Averaging channels must not exceed full scale: FFmpeg's default adds them up to 1.4.
            resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE, options={"rematrix_maxval": "1.0"})
        frame.pts = None  # gaps in time are not our business; the filter would stumble over them
        yield from _blocks(resampler, frame)
    yield from _blocks(resampler, None)


def _blocks(resampler, frame):
    if resampler is None:
        return
    for converted in resampler.resample(frame):
        block = np.nan_to_num(converted.to_ndarray()[0], nan=0.0, posinf=1.0, neginf=-1.0)
        yield np.clip(block, -1.0, 1.0, out=block)
