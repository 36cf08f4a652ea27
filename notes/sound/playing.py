"""Decides whether browsers can play a recording and seek in it, which depends on format, codec and index together.

If not, a rendition is played: a copy of the packets in a format with an index if browsers know the codec, else a new
encoding. A position in a rendition is the sum of the durations before it, as in text and waveform. In the recording,
players go by time stamps, which jump where the recorder was interrupted. docs/voice-figures.md has measurements in
three browsers.
"""

import enum
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from notes.sound.boxes import is_fragmented
from notes.sound.chains import change_places
from notes.sound.containers import Container
from notes.sound.elements import head
from notes.sound.formats import MP3, WEBM_CODECS
from notes.sound.truncation import wav_bytes

# FFmpeg's muxers for copies with an index, by codec. MP3 is not copied: its own index has a hundred positions at most,
# and of MP3 in MP4 Chromium leaves out a third of a second after seeking.
INDEXED = {**dict.fromkeys(WEBM_CODECS, "webm"), "aac": "mp4"}
_PLAYED = {
    Container.WEBM: WEBM_CODECS,
    Container.MP4: ("aac", "opus", "flac"),
    Container.THREE_GP: ("aac",),
    Container.MP3: MP3,
    Container.WAV: ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"),
    Container.FLAC: ("flac",),
}
# Time stamps may differ by this from the sum of durations without being noticed.
_APART_SECONDS = 0.1
# From this on, a jump of the time stamps is a gap that people are told of.
_GAP_SECONDS = 0.5
_BETWEEN_PACKETS = 64  # bytes at most between two packets of a Matroska file
# The bits of the bit rate in the third byte of an MP3 frame's header.
_BIT_RATE = 0xF0


class RenditionKind(enum.Enum):
    """Which rendition a recording needs: none, a copy of its packets, or a new encoding."""

    NONE = enum.auto()
    COPY = enum.auto()
    ENCODING = enum.auto()


@dataclass(frozen=True)
class Gap:
    """A gap: `seconds` are missing at the position `at` (in seconds) of the sound.

    With `is_loss` they were recorded and lost; otherwise the recorder was interrupted.
    """

    at: float
    seconds: float
    is_loss: bool = False


class PacketTimes:
    """Gaps, time stamps and bit rates of a file's packets, collected while they are read.

    `end` is when the last packet ends by its time stamp, in seconds.
    """

    def __init__(self, stream: AudioStream, *, is_matroska: bool = False) -> None:
        self._tick = float(stream.time_base or 0)
        self._is_mp3 = stream.codec_context.name in MP3
        self._is_matroska = is_matroska
        self._first: float | None = None
        self._late = 0.0
        self._read_up_to: int | None = None
        self._bit_rates: set[int] = set()
        self._apart = 0.0
        self.end = 0.0
        self.has_untimed = False
        self.gaps: list[Gap] = []

    def add(self, packet: av.Packet, position: float) -> None:
        """Add the next packet; `position` is the sum of the durations before it, in seconds."""
        if self._is_mp3 and packet.size > 2:
            self._bit_rates.add(memoryview(packet)[2] & _BIT_RATE)
        if not packet.size:
            return
        if packet.pts is None:
            self.has_untimed = True
            return
        late = packet.pts * self._tick - position
        if self._first is None:
            self._first = self._late = late
        if late - self._late >= _GAP_SECONDS:
            self.gaps.append(Gap(round(position, 2), round(late - self._late, 2), is_loss=self._has_skipped(packet)))
        self._late = late
        self.end = (packet.pts + (packet.duration or 0)) * self._tick
        self._read_up_to = None if packet.pos is None else packet.pos + packet.size
        self._apart = max(self._apart, abs(late - self._first))

    def _has_skipped(self, packet: av.Packet) -> bool:
        """Whether a Matroska file has bytes before the packet that could not be read."""
        if not self._is_matroska or packet.pos is None or not self._read_up_to:
            return False
        return packet.pos - self._read_up_to > _BETWEEN_PACKETS

    @property
    def is_continuous(self) -> bool:
        """Whether time stamps go with the sum of durations, without jumps."""
        return self._apart < _APART_SECONDS

    @property
    def has_one_bit_rate(self) -> bool:
        return len(self._bit_rates) == 1


def rendition_needed(
    path: Path,
    container: InputContainer,
    stream: AudioStream,
    *,
    kind: Container,
    packets: PacketTimes,
    is_cut_off: bool = False,
) -> RenditionKind:
    """Which rendition browsers need. `packets` has all packets; with `is_cut_off` the declared length is wrong."""
    codec = stream.codec_context.name
    if len(container.streams.audio) > 1:
        return RenditionKind.ENCODING  # browsers play only one of them
    if kind == Container.OGG and change_places(path):
        return RenditionKind.ENCODING
    if not is_cut_off and codec in _PLAYED.get(kind, ()) and _is_seekable(path, container, kind, packets):
        return RenditionKind.NONE
    return RenditionKind.COPY if codec in INDEXED else RenditionKind.ENCODING


def _is_seekable(path: Path, container: InputContainer, kind: Container, packets: PacketTimes) -> bool:
    if kind in (Container.MP4, Container.THREE_GP):
        return packets.is_continuous and not is_fragmented(path)
    if kind == Container.MP3:
        return packets.has_one_bit_rate
    if kind == Container.FLAC:
        return (
            container.duration is not None and not packets.has_untimed
        )  # Chromium stops at a packet without a time stamp
    if kind == Container.WAV:
        return wav_bytes(path)[0] != 0
    if kind == Container.WEBM:
        return packets.is_continuous and _has_duration_and_index(path)
    return packets.is_continuous


def _has_duration_and_index(path: Path) -> bool:
    """Whether a WebM file has both; those that browsers record have neither."""
    found = head(path)
    return found.seconds is not None and found.has_index
