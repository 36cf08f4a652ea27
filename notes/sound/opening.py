"""Opens files of unknown origin; nothing else in Roomtone does.

FFmpeg opens whatever it recognises: a text that names a neighbour's file, a playlist on the network, a 244-byte file
that swells to minutes. So the formats, protocols and codecs are listed here, and the content decides, never a name or
a label. A packet that cannot be decoded costs that packet only.
"""

import contextlib
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from notes.sound.boxes import misread_tables
from notes.sound.formats import CODECS, FORMATS
from notes.sound.naming import is_protected, name_of
from notes.sound.packets import Clock
from notes.sound.playing import Watch

_OPTIONS = {
    "format_whitelist": ",".join(FORMATS),
    "protocol_whitelist": "file",
    "codec_whitelist": ",".join(CODECS),
}
# How recordings begin: one that cannot be opened, such as an M4A file without its end, is a damaged one.
_BEGINNINGS = re.compile(
    rb"\x1a\x45\xdf\xa3|OggS|fLaC|RIFF....WAVE|....ftyp|ID3|caff|FORM....AIF[FC]|#!AMR|\.snd|wvpk|TTA1"
    rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    re.DOTALL,
)
_LONGEST_BEGINNING = 12  # bytes
_SAMPLE_RATES = range(2_000, 768_001)
_CHANNELS = range(1, 9)
_MOST_TRACKS = 8
# Places in one file where the container itself is broken and reading goes on behind them.
_MOST_BREAKS = 100
# What comes before the place that is asked for is not decoded, except for this much sound at the very beginning, where
# a decoder takes off what its encoder put there, and right before that place, to get the decoder going.
_RUN_UP_SECONDS = 0.5
# A packet that cannot be decoded leaves silence of its length, unless that is a lie.
_LONGEST_PACKET_SECONDS = 1

av.logging.set_level(None)  # PyAV's log callback can deadlock with threads


class BadAudio(Exception):
    """The file cannot be a voice note's audio."""


class NotAudio(BadAudio):
    """The file has none of FORMATS."""


class NoSound(BadAudio):
    """The file has no sound track."""


class UnknownCodec(BadAudio):
    """The sound has none of CODECS; the message names its codec."""


class Protected(BadAudio):
    """The sound is encrypted (DRM)."""


class Empty(BadAudio):
    """The file has a sound track without a single sample."""


class IsVideo(BadAudio):
    """The file has a video track; a cover picture does not count as one."""


class Unreadable(BadAudio):
    """The file is damaged: it cannot be opened, or nothing of it can be decoded."""


class TooLong(BadAudio):
    """The file has more sound than the caller takes."""


@contextlib.contextmanager
def opened(path: str | Path, *, track: int = 0) -> Iterator[tuple[InputContainer, AudioStream]]:
    """Open the file; `track` is an index into its tracks of sound that can be read.

    Raises OSError when there is no such file, and a BadAudio when it cannot be read.
    """
    with _container(path) as container:
        yield container, _sounds(container, path)[track]


def track_starts(path: str | Path) -> list[float]:
    """When each track that can be read begins, in seconds by the file's own clock."""
    with _container(path) as container:
        return [float((stream.start_time or 0) * (stream.time_base or 0)) for stream in _sounds(container, path)]


@contextlib.contextmanager
def _container(path: str | Path) -> Iterator[InputContainer]:
    # What the system says about a missing file is honest; what FFmpeg says may be about the content.
    with Path(path).open("rb") as file:
        beginning = file.read(_LONGEST_BEGINNING)
    try:
        container = av.open(str(path), options=_OPTIONS, metadata_errors="ignore")
    except Exception as error:  # nine classes were seen
        raise _refusal(beginning, path) from error
    with container:
        yield container


def _refusal(beginning: bytes, path: str | Path) -> BadAudio:
    if not _BEGINNINGS.match(beginning):
        return NotAudio()
    return Protected() if is_protected(path) else Unreadable()


def _sounds(container: InputContainer, path: str | Path) -> list[AudioStream]:
    """The tracks of sound that can be read. Raises the BadAudio that says why there is none."""
    if any(not _is_cover(stream) for stream in container.streams.video):
        raise IsVideo
    streams = list(container.streams.audio[:_MOST_TRACKS])
    if not streams:
        raise NoSound
    readable = [stream for stream in streams if stream.codec_context and stream.codec_context.name in CODECS]
    for stream in readable or streams[:1]:
        _check(container, stream, path)
    return readable


def _check(container: InputContainer, stream: AudioStream, path: str | Path) -> None:
    codec = stream.codec_context
    if (codec is None or container.format.name == "asf") and is_protected(path):
        raise Protected
    if codec is None or codec.name not in CODECS:
        raise UnknownCodec(name_of(codec.codec if codec else None, path))
    refuse_bomb(codec.sample_rate, codec.channels)
    codec.thread_count = 1


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def refuse_bomb(sample_rate: int, channels: int) -> None:
    """Raise Unreadable for absurd rates: a sample at 1 Hz becomes 16,000, and 2 GHz asks for as much memory."""
    if sample_rate not in _SAMPLE_RATES or channels not in _CHANNELS:
        raise Unreadable


# FFmpeg's own two do not know the frames that telephones send while nobody speaks.
_BETTER_DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}


def _decoder(stream: AudioStream) -> AudioCodecContext:
    codec = stream.codec_context
    if codec.name not in _BETTER_DECODERS:
        return codec
    better = cast("AudioCodecContext", av.CodecContext.create(_BETTER_DECODERS[codec.name], "r"))
    better.sample_rate, better.layout = codec.sample_rate, "mono"
    return better


def _anew(packet: av.Packet) -> av.Packet:
    """A copy without the mark by which FFmpeg throws the decoded sound away: it set that by times it had misread."""
    anew = av.Packet(bytes(packet))
    anew.pts, anew.dts, anew.duration, anew.time_base = packet.pts, packet.dts, packet.duration, packet.time_base
    anew.is_keyframe = packet.is_keyframe
    return anew


class Reader:
    """Reads the packets of one stream and decodes them, past those that are broken and those before `start`."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._decoder = _decoder(stream)
        self._clock = Clock(stream)
        self._tick = float(1 / self._clock.rate)
        self._claimed = 0  # ticks of that clock
        self._is_flac = container.format.name == "flac"
        self._may_repeat = container.format.name.startswith("mov")
        self._misread = misread_tables(container.name) if self._may_repeat else []
        self._last: int | None = None  # a time stamp
        self._misread_from: int | None = None  # another one
        self.watch = Watch(stream, is_matroska=container.format.name.startswith("matroska"))
        self.decoded = 0
        self.skipped = 0
        self.breaks: list[Fraction] = []

    @property
    def claimed_seconds(self) -> Fraction:
        return Fraction(self._claimed) / self._clock.rate

    def packets(self) -> Iterator[av.Packet]:
        """The packets from where the last call stopped. After an error of the demuxer it is started again behind it."""
        for _ in range(_MOST_BREAKS):
            try:
                for packet in self._container.demux(self._stream):
                    if not self._is_misread(packet) and not self._is_repeated(packet):
                        self.watch.see(packet, self._claimed * self._tick)
                        self._claimed += self._clock.ticks(packet)
                        self._note_a_misfit(packet)
                        yield _anew(packet) if self._misread and packet.is_discard else packet
            except Exception:
                self._break()
            else:
                return

    # What FFmpeg's parser of FLAC cannot take apart comes as one packet without a time; some of it may be decoded.
    def _note_a_misfit(self, packet: av.Packet) -> None:
        if self._is_flac and packet.size and packet.pts is None:
            self._break()

    # GStreamer, and WebKit with it, ends a recording with the table of its last fragment twice. When both stand before
    # the sound, what the first one tells of is the second one, until the time goes back to where it begins.
    def _is_misread(self, packet: av.Packet) -> bool:
        if packet.pos is not None and any(packet.pos in table for table in self._misread):
            self._misread_from = packet.dts if self._misread_from is None else self._misread_from
        elif self._misread_from is not None and packet.dts is not None and packet.dts <= self._misread_from:
            self._misread_from = None
        return self._misread_from is not None and bool(packet.size)

    # Or behind it, and then tells of nothing.
    def _is_repeated(self, packet: av.Packet) -> bool:
        if not (self._may_repeat and packet.size and packet.dts is not None):
            return False
        is_repeated = self._last is not None and packet.dts <= self._last
        self._last = max(packet.dts, self._last or packet.dts)
        return is_repeated

    def frames(self, start: float = 0.0) -> Iterator[av.AudioFrame | Fraction]:
        """Decoded frames, and for what was not decoded the number of seconds it lasts, as a Fraction.

        `start`, in seconds, is the sum of what lies before it. Time stamps jump where a recording was paused.
        """
        hole: int | Fraction = 0
        for step in self._steps(start):
            if isinstance(step, int):
                hole += step
                continue
            try:
                frames = self._decoder.decode(step)
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

    def _steps(self, start: float) -> Iterator[av.Packet | int]:
        """Packets to decode, and for each that need not be decoded its ticks. The file's last one is always decoded,
        because only a part of it may count."""
        needless = self._needless(start)
        last: av.Packet | None = None
        for packet in self.packets():
            begin = self._claimed - self._clock.ticks(packet)
            is_needless = packet.size and begin in needless and self._claimed in needless
            if last is not None:
                yield self._clock.ticks(last) if packet.size else last
            last = packet if is_needless else None
            if not is_needless:
                yield packet

    def _needless(self, start: float) -> range:
        """The ticks whose packets need not be decoded to have all sound from `start` (seconds) on."""
        if not self._clock.is_exact:
            return range(0)
        second = self._clock.rate
        return range(int(_RUN_UP_SECONDS * second), int((start - _RUN_UP_SECONDS) * second) + 1)

    def _break(self) -> None:
        self.skipped += 1
        self.breaks.append(self.claimed_seconds)
