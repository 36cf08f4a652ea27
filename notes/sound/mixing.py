"""Mixes the channels of a recording down to the one channel that speech models take.

FFmpeg's own downmix is made for films: it drops the third of three channels without names, it raises an error for most
pairs of named channels, and a microphone with reversed polarity cancels the other one. So channels are mixed here as
an automatic microphone mixer does it (gain sharing): the gain of each channel is its share of the power at the moment.
A voice on one of six channels is then as loud as without the other five, and gains always add up to one. A channel
whose polarity is opposite to that of the louder ones is inverted, and the offset of each channel is subtracted.
"""

from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

WINDOW_SECONDS = 0.1
FADE_SECONDS = 0.01  # at the beginning of a window, from the gains of the window before to its own
# The share of the power (at least), offset and covariance so far that is kept in the next window.
GAIN_MEMORY = 0.3
OFFSET_MEMORY = 0.8
PHASE_MEMORY = 0.9
OPPOSITE = -0.7  # a channel is inverted below this correlation with the sum of the louder channels
# Below any recorder's own noise (-120 dB), so that gains do not follow rounding errors.
INAUDIBLE_POWER = 1e-12
# The share of the power below which a recording is lost in a single loudspeaker: -12 dB, a quarter of the amplitude.
LOST_POWER = 1 / 16
LOUDEST = 1e6  # larger samples come from damaged bytes; integers that are stored as floats reach 2**15


_TYPES: dict[str, type[np.number]] = {
    "u8": np.uint8,
    "s16": np.int16,
    "s32": np.int32,
    "s64": np.int64,
    "flt": np.float32,
    "dbl": np.float64,
}


def planar(frame: av.AudioFrame) -> NDArray[np.float32]:
    """The frame's samples as float32, a row for each channel, full scale being 1.0. NaN becomes silence."""
    channels, kind = frame.layout.nb_channels, _TYPES[frame.format.packed.name]
    if frame.format.is_planar:
        # Not `to_ndarray()`: it finds a ninth row in eight channels.
        samples = np.stack([np.frombuffer(memoryview(plane), kind, frame.samples) for plane in frame.planes[:channels]])
    else:
        samples = np.frombuffer(memoryview(frame.planes[0]), kind, frame.samples * channels).reshape(-1, channels).T
    if samples.dtype.kind == "f":
        return np.where(np.abs(samples) <= LOUDEST, samples, 0).astype(np.float32)  # takes out NaN, too
    if kind is np.uint8:  # with silence at 128
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    return samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))


@dataclass
class Balance:
    """The power of the mixed samples so far, and of the average of the channels, as one loudspeaker plays them."""

    mixed: float = 0.0
    added_up: float = 0.0

    @property
    def is_lost_in_one_loudspeaker(self) -> bool:
        return self.added_up < LOST_POWER * self.mixed


class Mixer:
    """Mixes blocks of a recording in whole windows of WINDOW_SECONDS; `rest` mixes the samples that are left."""

    def __init__(self, channels: int, rate: int, balance: Balance | None = None) -> None:
        self._balance = balance or Balance()
        self._window, self._fade = (max(round(seconds * rate), 1) for seconds in (WINDOW_SECONDS, FADE_SECONDS))
        self._waiting = np.zeros((channels, 0), np.float32)
        self._signs = np.ones(channels)
        self._covariance = np.zeros((channels, channels))
        self._power: NDArray[np.float64] | None = None
        self._offset: NDArray[np.float64] | None = None
        self._gains: NDArray[np.float64] | None = None

    def mix(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mix whole windows of the samples so far. `block` has a row for each channel."""
        waiting = np.concatenate([self._waiting, block], axis=1)
        whole = waiting.shape[1] // self._window * self._window
        self._waiting = waiting[:, whole:]
        return self._windows(waiting[:, :whole])

    def rest(self) -> NDArray[np.float32]:
        waiting, self._waiting = self._waiting, self._waiting[:, :0]
        return self._windows(waiting)

    def _windows(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        starts = range(0, samples.shape[1], self._window)
        mixed = [self._mixed(samples[:, start : start + self._window]) for start in starts]
        return np.concatenate(mixed) if mixed else np.zeros(0, np.float32)

    def _mixed(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        centred = self._centred(window.astype(np.float64))
        if len(window) == 1:
            return centred[0].astype(np.float32)
        self._invert_opposites(centred)
        before, self._gains = self._gains, self._share(centred)
        gains = np.repeat(self._gains[:, None], window.shape[1], axis=1)
        if before is not None:
            gains[:, : self._fade] = _ramp(before, self._gains, self._fade)[:, : window.shape[1]]
        mixed = (centred * gains * self._signs[:, None]).sum(axis=0)
        self._balance.mixed += np.square(mixed).sum()
        self._balance.added_up += np.square(centred.mean(axis=0)).sum()
        return mixed.astype(np.float32)

    def _centred(self, window: NDArray[np.float64]) -> NDArray[np.float64]:
        """Subtract each channel's offset, which is a slow moving average."""
        mean = window.mean(axis=1)
        before = mean if self._offset is None else self._offset
        self._offset = OFFSET_MEMORY * before + (1 - OFFSET_MEMORY) * mean
        return window - _ramp(before, self._offset, window.shape[1])

    def _share(self, window: NDArray[np.float64]) -> NDArray[np.float64]:
        """The gain of each channel: its share of the power. Gains add up to one."""
        power = np.square(window).mean(axis=1) + INAUDIBLE_POWER
        self._power = power if self._power is None else np.maximum(power, GAIN_MEMORY * self._power)
        return self._power / self._power.sum()

    def _invert_opposites(self, window: NDArray[np.float64]) -> None:
        """Invert each channel whose polarity is opposite to that of the louder ones; the loudest keeps its sign."""
        self._covariance = PHASE_MEMORY * self._covariance + window @ window.T / window.shape[1]
        loudest_first = np.argsort(-self._covariance.diagonal(), kind="stable")
        for rank, channel in enumerate(loudest_first[1:], start=1):
            louder = loudest_first[:rank]
            signs, among = self._signs[louder], self._covariance[np.ix_(louder, louder)]
            size = np.sqrt(max(signs @ among @ signs, 0) * self._covariance[channel, channel])
            correlated = self._signs[channel] * (signs @ self._covariance[louder, channel])
            if size > INAUDIBLE_POWER and correlated < OPPOSITE * size:
                self._signs[channel] *= -1


def together(tracks: list[NDArray[np.float32]], rate: int) -> NDArray[np.float32]:
    """Mix several mono tracks into one, as long as the longest of them."""
    longest = max(len(track) for track in tracks)
    mixer = Mixer(len(tracks), rate)
    whole = mixer.mix(np.stack([np.pad(track, (0, longest - len(track))) for track in tracks]))
    return np.concatenate([whole, mixer.rest()])


def _ramp(first: NDArray[np.float64], last: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """`length` values from `first` to `last`, a row for each channel."""
    return first[:, None] + (last - first)[:, None] * np.arange(1, length + 1) / length
