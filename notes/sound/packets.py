"""The duration of packets of sound, from their content if the codec allows it.

Durations in the file may be rounded or wrong: in Chrome's MP4 with Opus, some packets of 60 ms have 21 ms.
"""

from collections.abc import Callable
from fractions import Fraction

import av
from av.audio.stream import AudioStream

OPUS_RATE = 48_000
# Samples of one frame by the first byte of a packet, RFC 6716, 3.1: configurations 0-11, 12-15 and 16-31.
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
# The sum of the durations in the file is not exact for Vorbis, and if the file's time base is a millisecond or longer.
_ROUGH_CODECS = ("vorbis",)
_ROUGH_TIME_BASE = Fraction(1, 1_000)


class Clock:
    """The duration of a stream's packets in whole ticks, `rate` a second: adding up Fractions of a second is slow.

    `is_exact` is true when the sum of the packets' ticks is the position in the decoded sound.
    """

    rate: int | Fraction
    ticks: Callable[[av.Packet], int]

    def __init__(self, stream: AudioStream) -> None:
        codec = stream.codec_context
        if codec.name == "opus":
            self.rate, self.ticks, self.is_exact = OPUS_RATE, opus_samples, True
        elif codec.name == "aac" and codec.profile == "LC" and codec.frame_size:
            self.rate, self.is_exact = codec.sample_rate, True
            self.ticks = lambda packet: codec.frame_size if packet.size else 0
        else:
            tick = stream.time_base or Fraction(1)
            self.rate, self.ticks = 1 / tick, _declared_ticks
            self.is_exact = codec.name not in _ROUGH_CODECS and tick < _ROUGH_TIME_BASE

    def seconds(self, packet: av.Packet) -> Fraction:
        return Fraction(self.ticks(packet)) / self.rate


def opus_samples(packet: av.Packet) -> int:
    """The number of samples, at OPUS_RATE, of all frames in a packet; 0 for one that is malformed."""
    if not packet.size:
        return 0
    head = memoryview(packet)
    kind, frames = head[0] >> 3, head[0] & 3
    if kind < 12:
        samples = _SILK[kind & 3]
    elif kind < 16:
        samples = _HYBRID[kind & 1]
    else:
        samples = _CELT[kind & 3]
    if frames < 3:
        return samples * (1, 2, 2)[frames]
    return samples * (head[1] & 63) if packet.size > 1 else 0


def _declared_ticks(packet: av.Packet) -> int:
    return packet.duration or 0
