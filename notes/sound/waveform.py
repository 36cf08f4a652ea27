"""Measures the loudness of each tenth of a second of a recording, and computes the bars of its waveform."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE

LOUDNESS_SECONDS = 0.1  # length of the slices that loudness is measured in
PEAKS = 96  # bars of a waveform
# The loudest bar has full height, but only if it is at least this loud (RMS), so that silence stays flat.
QUIETEST_FULL_SCALE = 0.02


def loudness(samples: NDArray[np.float32], *, digits: int = 4) -> tuple[float, ...]:
    """The RMS, 0-1, of each slice of LOUDNESS_SECONDS; the last slice may be shorter."""
    step = round(LOUDNESS_SECONDS * SAMPLE_RATE)
    return tuple(round(rms(samples[at : at + step]), digits) for at in range(0, len(samples), step))


def peaks(loudness: Sequence[float]) -> list[int]:
    """The loudness in PEAKS parts of equal length, as integers 0-100. The loudest is 100, unless all is nearly silent.

    `loudness` is as the function of that name measures it.
    """
    edges = [bar * len(loudness) / PEAKS for bar in range(PEAKS + 1)]
    bars = [rms(loudness[int(left) : math.ceil(right)]) for left, right in itertools.pairwise(edges)]
    full_scale = max(*bars, QUIETEST_FULL_SCALE)
    return [round(100 * level / full_scale) for level in bars]


def rms(samples: NDArray[np.float32] | Sequence[float]) -> float:
    """Root mean square in 0-1; 0 when there are no samples."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
