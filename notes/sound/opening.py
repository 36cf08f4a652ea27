"""Opens files of unknown origin; no other module of Roomtone does.

FFmpeg opens whatever it recognises: a text that names another file, a playlist on the network, 244 bytes that are
decoded to minutes of sound. So only listed formats, protocols and codecs are allowed. They are recognised by content,
never by a name or media type. A packet that cannot be decoded is skipped.
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
from notes.sound.playing import PacketTimes

_OPTIONS = {
    "format_whitelist": ",".join(FORMATS),
    "protocol_whitelist": "file",
    "codec_whitelist": ",".join(CODECS),
}
# How recordings begin. Such a file that cannot be opened, for example an M4A file without its end, is damaged.
_BEGINNINGS = re.compile(
    rb"\x1a\x45\xdf\xa3|OggS|fLaC|RIFF....WAVE|....ftyp|ID3|caff|FORM....AIF[FC]|#!AMR|\.snd|wvpk|TTA1"
    rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    re.DOTALL,
)
_LONGEST_BEGINNING = 12  # bytes
_SAMPLE_RATES = range(2_000, 768_001)
_CHANNELS = range(1, 9)
_MOST_TRACKS = 8
# After so many errors of the demuxer, reading does not go on.
_MOST_BREAKS = 100
# Sound before the requested position is not decoded, except for so many seconds at the beginning of the file, where the
# decoder removes the encoder's delay, and right before the position, because decoders need earlier packets.
_RUN_UP_SECONDS = 0.5
# A packet that cannot be decoded becomes silence of its declared length, but of no more than this.
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
    # Raises OSError for a missing file; FFmpeg's errors may also be about the content.
    with Path(path).open("rb") as file:
        beginning = file.read(_LONGEST_BEGINNING)
    try:
        container = av.open(str(path), options=_OPTIONS, metadata_errors="ignore")
    except Exception as error:  # of nine classes at least
        raise _refusal(beginning, path) from error
    with container:
        yield container


def _refusal(beginning: bytes, path: str | Path) -> BadAudio:
    if not _BEGINNINGS.match(beginning):
        return NotAudio()
    return Protected() if is_protected(path) else Unreadable()


def _sounds(container: InputContainer, path: str | Path) -> list[AudioStream]:
    """The tracks of sound that can be read. Raises a BadAudio when there is none."""
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
    check_rate_and_channels(codec.sample_rate, codec.channels)
    codec.thread_count = 1


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def check_rate_and_channels(sample_rate: int, channels: int) -> None:
    """Raises Unreadable if either is out of range: one sample at 1 Hz becomes 16,000; 2 GHz needs as much memory."""
    if sample_rate not in _SAMPLE_RATES or channels not in _CHANNELS:
        raise Unreadable


# FFmpeg's own decoders for these cannot read the frames that telephones send while nobody speaks.
_BETTER_DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}


def _decoder(stream: AudioStream) -> AudioCodecContext:
    codec = stream.codec_context
    if codec.name not in _BETTER_DECODERS:
        return codec
    better = cast("AudioCodecContext", av.CodecContext.create(_BETTER_DECODERS[codec.name], "r"))
    better.sample_rate, better.layout = codec.sample_rate, "mono"
    return better


def _without_discard_flag(packet: av.Packet) -> av.Packet:
    """A copy without the flag by which FFmpeg discards decoded sound, which it has set by times that it misread."""
    copy = av.Packet(bytes(packet))
    copy.pts, copy.dts, copy.duration, copy.time_base = packet.pts, packet.dts, packet.duration, packet.time_base
    copy.is_keyframe = packet.is_keyframe
    return copy


class Reader:
    """Reads and decodes the packets of one stream, and skips damaged ones.

    `decoded` counts frames, `skipped` counts errors, and `breaks` are their positions in seconds.
    """

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._decoder = _decoder(stream)
        self._clock = Clock(stream)
        self._tick = float(1 / self._clock.rate)
        self._ticks = 0  # of that clock, of all packets so far
        self._is_flac = container.format.name == "flac"
        self._may_repeat = container.format.name.startswith("mov")
        self._misread = misread_tables(container.name) if self._may_repeat else []
        self._last: int | None = None  # the highest time stamp so far
        self._misread_from: int | None = None  # the time stamp of the first misread packet
        self.packet_times = PacketTimes(stream, is_matroska=container.format.name.startswith("matroska"))
        self.decoded = 0
        self.skipped = 0
        self.breaks: list[Fraction] = []

    @property
    def packet_seconds(self) -> Fraction:
        """The sum of the durations of all packets so far."""
        return Fraction(self._ticks) / self._clock.rate

    def packets(self) -> Iterator[av.Packet]:
        """The packets after the last one that was read. After an error of the demuxer, reading goes on behind it."""
        for _ in range(_MOST_BREAKS):
            try:
                for packet in self._container.demux(self._stream):
                    if not self._is_misread(packet) and not self._is_repeated(packet):
                        self.packet_times.add(packet, self._ticks * self._tick)
                        self._ticks += self._clock.ticks(packet)
                        self._record_unparsed_flac(packet)
                        yield _without_discard_flag(packet) if self._misread and packet.is_discard else packet
            except Exception:
                self._record_break()
            else:
                return

    # FLAC that FFmpeg cannot parse comes as one packet without a time stamp; a part of it may be decoded.
    def _record_unparsed_flac(self, packet: av.Packet) -> None:
        if self._is_flac and packet.size and packet.pts is None:
            self._record_break()

    # GStreamer, and so WebKit, writes the table of the last fragment twice. If both are before the sound, FFmpeg reads
    # the second table as the packets of the first one, until the time stamps go back to where those begin.
    def _is_misread(self, packet: av.Packet) -> bool:
        if packet.pos is not None and any(packet.pos in table for table in self._misread):
            self._misread_from = packet.dts if self._misread_from is None else self._misread_from
        elif self._misread_from is not None and packet.dts is not None and packet.dts <= self._misread_from:
            self._misread_from = None
        return self._misread_from is not None and bool(packet.size)

    # When the second table is after the sound, its packets repeat the time stamps of the first one's.
    def _is_repeated(self, packet: av.Packet) -> bool:
        if not (self._may_repeat and packet.size and packet.dts is not None):
            return False
        is_repeated = self._last is not None and packet.dts <= self._last
        self._last = max(packet.dts, self._last or packet.dts)
        return is_repeated

    def frames(self, start: float = 0.0) -> Iterator[av.AudioFrame | Fraction]:
        """Decoded frames, and Fractions: the seconds of packets that were not decoded.

        All sound from `start` on is decoded. `start` is a sum of durations in seconds and no time stamp, because time
        stamps jump where a recording was paused.
        """
        hole: int | Fraction = 0
        for step in self._steps(start):
            if isinstance(step, int):
                hole += step
                continue
            try:
                frames = self._decoder.decode(step)
            except Exception:
                self._record_break()
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
        """Packets to decode, and for each packet that need not be decoded its ticks.

        The last packet of the file is always decoded, because it may hold less sound than its ticks.
        """
        skippable = self._skippable_ticks(start)
        last: av.Packet | None = None
        for packet in self.packets():
            begin = self._ticks - self._clock.ticks(packet)
            is_skipped = packet.size and begin in skippable and self._ticks in skippable
            if last is not None:
                yield self._clock.ticks(last) if packet.size else last
            last = packet if is_skipped else None
            if not is_skipped:
                yield packet

    def _skippable_ticks(self, start: float) -> range:
        """The ticks whose packets need not be decoded for the sound from `start` (seconds) on."""
        if not self._clock.is_exact:
            return range(0)
        second = self._clock.rate
        return range(int(_RUN_UP_SECONDS * second), int((start - _RUN_UP_SECONDS) * second) + 1)

    def _record_break(self) -> None:
        self.skipped += 1
        self.breaks.append(self.packet_seconds)
