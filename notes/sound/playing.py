"""What browsers can do with a recording: play it, and find a place in it.

That is a question of format, codec and index together. Where the answer is no, another file is played in its place: its
packets, copied into a format with an index where browsers know their codec, or else the sound encoded anew. Either
keeps the one clock that text and waveform have, the sum of what lies before. Time stamps are another one: they jump
where a recorder was held up, and players follow them. docs/voice-figures.md has what was measured in three browsers.
"""

import enum
from dataclasses import dataclass

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
    """How a recording comes to be played."""

    AS_IT_IS = enum.auto()
    AS_A_COPY = enum.auto()
    ENCODED = enum.auto()


@dataclass(frozen=True)
class Gap:
    """At this place (`at`, in seconds) of the sound, so many `seconds` are not there: nothing was recorded, or what
    was is lost."""

    at: float
    seconds: float
    is_loss: bool = False


class Watch:
    """Looks at the packets of a file as they pass."""

    def __init__(self, stream, *, is_matroska=False):
        self._tick = float(stream.time_base)
        self._is_mp3 = stream.codec_context.name in MP3
        self._is_matroska = is_matroska
        self._first = self._late = None
        self._read_up_to = None
        self._bit_rates = set()
        self._apart = 0.0
        self.end = 0.0
        self.has_untimed = False
        self.gaps = []

    def see(self, packet, place):
        """`place`: the sum of what lies before, in seconds."""
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
        self._read_up_to = packet.pos is not None and packet.pos + packet.size
        self._apart = max(self._apart, abs(late - self._first))

    def _has_skipped(self, packet):
        """Between two packets of a Matroska file are few bytes, unless they cannot be made sense of."""
        return self._is_matroska and bool(self._read_up_to) and packet.pos - self._read_up_to > _BETWEEN_PACKETS

    @property
    def has_one_clock(self):
        return self._apart < _APART_SECONDS

    @property
    def has_one_bit_rate(self):
        return len(self._bit_rates) == 1


def way_of(path, container, stream, *, kind, watch, is_cut=False):
    """`kind` is its Container; `watch` has seen all packets of the stream. One that `is_cut` off has a false length."""
    codec = stream.codec_context.name
    if len(container.streams.audio) > 1:
        return Way.ENCODED  # browsers play one of them
    if kind == Container.OGG and change_places(path):
        return Way.ENCODED
    if not is_cut and codec in _PLAYED.get(kind, ()) and _can_be_sought_in(path, container, kind, watch):
        return Way.AS_IT_IS
    return Way.AS_A_COPY if codec in INDEXED else Way.ENCODED


def _can_be_sought_in(path, container, kind, watch):
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


def _says_where_all_is(path):
    """Browsers record WebM without duration and index."""
    found = head(path)
    return found.seconds is not None and found.has_index
