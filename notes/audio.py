"""Sound in and out of files, by our own loop over packets.

FFmpeg opens whatever it recognises: a text that names a neighbour's file, a playlist on the network, a 244-byte file
that swells to minutes. So the formats, protocols and codecs are listed here, the content decides and never a name or
a label, and samples are counted while they are decoded. A packet that cannot be decoded costs that packet only.
"""

import contextlib
import gc
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from notes.models import Container

SAMPLE_RATE = 16_000  # Hz of decoded sound: what speech models listen to
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
    """Mono float32 samples in [-1, 1] at SAMPLE_RATE; damaged when some packets could not be decoded."""

    samples: np.ndarray
    is_damaged: bool

    @property
    def seconds(self):
        return len(self.samples) / SAMPLE_RATE


def probe(path):
    """Look at a file of unknown origin and decode its first sound.

    Raises OSError when there is no such file, else BadAudio: NotAudio, Empty, IsVideo or Unreadable.
    """
    with _opened(path) as (container, stream):
        reader = _Reader(container, stream)
        if next(reader.frames(), None) is None:
            raise Unreadable if reader.skipped else Empty
        for _ in reader.packets():
            pass  # counts the rest
        return Probe(
            container=_CONTAINERS[container.format.name],
            codec=stream.codec_context.name,
            seconds=round(float(reader.claimed_seconds), 3) or None,
        )


def decode(path, *, max_seconds):
    """All sound of the file, as Sound.

    Raises TooLong as soon as more than `max_seconds` + 1 are decoded, whatever the header says; else as `probe`.
    """
    blocks, room = [], (max_seconds + 1) * SAMPLE_RATE
    with _opened(path) as (container, stream):
        reader = _Reader(container, stream)
        for block in _mono(reader.frames()):
            room -= len(block)
            if room < 0:
                raise TooLong
            blocks.append(block)
    gc.collect()  # resamplers are freed by nothing else
    if not blocks:
        raise Unreadable if reader.skipped else Empty
    return Sound(np.concatenate(blocks), is_damaged=reader.skipped > 0)


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
    length = Fraction(0)
    for packet in container.demux(stream):
        if packet.dts is None:
            continue
        lasts = (packet.duration or 0) * packet.time_base
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


def peaks(samples):
    """Loudness of PEAKS equal slices as integers 0-100, the loudest being 100 unless all is near silence."""
    loudness = [rms(part) for part in np.array_split(samples, PEAKS)]
    full_scale = max(*loudness, QUIETEST_FULL_SCALE)
    return [round(100 * level / full_scale) for level in loudness]


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
    """Steps through one stream, and over what is broken in it."""

    def __init__(self, container, stream):
        self._container = container
        self._stream = stream
        self.skipped = 0
        self.claimed_seconds = Fraction(0)

    def packets(self):
        """From where the last call stopped. A demuxer that fails has ended, and is started again behind the break."""
        for _ in range(_MOST_BREAKS):
            try:
                for packet in self._container.demux(self._stream):
                    self.claimed_seconds += (packet.duration or 0) * (packet.time_base or 0)
                    yield packet
            except Exception:
                self.skipped += 1
            else:
                return

    def frames(self):
        for packet in self.packets():
            try:
                frames = packet.decode()
            except Exception:
                self.skipped += 1
            else:
                yield from frames


def _mono(frames):
    """Blocks of samples as Sound has them. Frames may change their shape in mid-stream."""
    resampler, shape = None, None
    for frame in frames:
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
