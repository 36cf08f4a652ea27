"""Decides whether browsers can play a recording and seek in it, which depends on format, codec and index together.

Where they cannot, another file is played in its place: a copy of its packets in a format with an index, where browsers
know the codec, else a new encoding. Positions in either are the sum of what lies before, as those of text and waveform
are. Time stamps are not that: they jump where a recorder was held up, and players follow them. docs/voice-figures.md
has what was measured in three browsers.
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
from notes.sound.promises import wav_bytes

# Formats with an index, by the codecs that browsers play in them. MP3 has an index of a hundred places at best; in MP4,
# where each packet has its place, Chromium leaves out the first third of a second behind a jump.
INDEXED = {**dict.fromkeys(WEBM_CODECS, "webm"), "aac": "mp4"}
_PLAYED = {
    Container.WEBM: WEBM_CODECS,
    Container.MP4: ("aac", "opus", "flac"),
    Container.THREE_GP: ("aac",),
    Container.MP3: MP3,
    Container.WAV: ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"),
    Container.FLAC: ("flac",),
}
# Between the sum of what lies before and what the file says, before somebody hears it.
_APART_SECONDS = 0.1
# A jump of the time stamps that people are told of.
_GAP_SECONDS = 0.5
_BETWEEN_PACKETS = 64  # bytes
# The bits of an MP3 packet's head that say how many bits a second it has.
_BIT_RATE = 0xF0


class Way(enum.Enum):
    """Which file browsers are given: the recording itself, a copy of its packets, or a new encoding."""

    AS_IT_IS = enum.auto()
    AS_A_COPY = enum.auto()
    ENCODED = enum.auto()


@dataclass(frozen=True)
class Gap:
    """`seconds` that are missing at the position `at` (in seconds) of the sound.

    With `is_loss` they were recorded and lost; else nothing was recorded.
    """

    at: float
    seconds: float
    is_loss: bool = False


class Watch:
    """Collects gaps, time stamps and bit rates of a file's packets while they are read."""

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

    def see(self, packet: av.Packet, place: float) -> None:
        """Take note of the next packet; `place` is the sum of the packets before it, in seconds."""
        if self._is_mp3 and packet.size > 2:
            self._bit_rates.add(memoryview(packet)[2] & _BIT_RATE)
        if not packet.size:
            return
        if packet.pts is None:
            self.has_untimed = True
            return
        late = packet.pts * self._tick - place
        if self._first is None:
            self._first = self._late = late
        if late - self._late >= _GAP_SECONDS:
            self.gaps.append(Gap(round(place, 2), round(late - self._late, 2), is_loss=self._has_skipped(packet)))
        self._late = late
        self.end = (packet.pts + (packet.duration or 0)) * self._tick
        self._read_up_to = None if packet.pos is None else packet.pos + packet.size
        self._apart = max(self._apart, abs(late - self._first))

    def _has_skipped(self, packet: av.Packet) -> bool:
        """Between two packets of a Matroska file are few bytes, unless they cannot be made sense of."""
        if not self._is_matroska or packet.pos is None or not self._read_up_to:
            return False
        return packet.pos - self._read_up_to > _BETWEEN_PACKETS

    @property
    def has_one_clock(self) -> bool:
        return self._apart < _APART_SECONDS

    @property
    def has_one_bit_rate(self) -> bool:
        return len(self._bit_rates) == 1


def way_of(
    path: Path, container: InputContainer, stream: AudioStream, *, kind: Container, watch: Watch, is_cut: bool = False
) -> Way:
    """Which file browsers are to be given. `watch` has seen all packets; with `is_cut` the declared length is false."""
    codec = stream.codec_context.name
    if len(container.streams.audio) > 1:
        return Way.ENCODED  # browsers play one of them
    if kind == Container.OGG and change_places(path):
        return Way.ENCODED
    if not is_cut and codec in _PLAYED.get(kind, ()) and _can_be_sought_in(path, container, kind, watch):
        return Way.AS_IT_IS
    return Way.AS_A_COPY if codec in INDEXED else Way.ENCODED


def _can_be_sought_in(path: Path, container: InputContainer, kind: Container, watch: Watch) -> bool:
    if kind in (Container.MP4, Container.THREE_GP):
        return watch.has_one_clock and not is_fragmented(path)
    if kind == Container.MP3:
        return watch.has_one_bit_rate
    if kind == Container.FLAC:
        return container.duration is not None and not watch.has_untimed  # Chromium stops at a packet without a time
    if kind == Container.WAV:
        return wav_bytes(path)[0] != 0
    if kind == Container.WEBM:
        return watch.has_one_clock and _says_where_all_is(path)
    return watch.has_one_clock


def _says_where_all_is(path: Path) -> bool:
    """Browsers record WebM without duration and index."""
    found = head(path)
    return found.seconds is not None and found.has_index
