"""The level of a recording, and changing it.

Voice detection finds nothing at -60 dBFS, and recorders that write floating-point samples may write speech at -80 dBFS
or beyond full scale. Recordings with a level in between are left as they are. The figures are in docs/voice-figures.md.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from notes.sound.waveform import loudness

# The level of a recording is that of its third loudest slice, or of the one louder than 99 per cent of all slices,
# whichever is lower, so that a short noise such as a slamming door does not count.
SLICES, SHARE = 3, 0.01
QUIETEST, LOUDEST = 0.02, 0.7  # recordings with a level between these (RMS) are left as they are
SET_TO = 0.3  # the level (RMS) of others after `leveled`
SILENCE = 1e-5  # -100 dBFS: below this there is no voice to be amplified


def level(slices: Sequence[float]) -> float:
    """The level (RMS, full scale being 1) of slices that `waveform.loudness` has measured; 0 without slices."""
    rank = max(SLICES, round(SHARE * len(slices)))
    return max(sorted(slices, reverse=True)[:rank][-1:], default=0.0)


def is_hard_to_hear(slices: Sequence[float]) -> bool:
    """Whether a recording with these slices of `waveform.loudness` is so faint or so loud that `leveled` changes it."""
    return _gain(level(slices)) != 1


def leveled(samples: NDArray[np.float32], *, before: float = 0.0) -> NDArray[np.float32]:
    """The samples, clipped to [-1, 1], at a level at which they can be heard.

    `before` is the level of the earlier parts of the same recording: a silent part of a loud one stays silent.
    """
    loud = max(level(loudness(samples, digits=7)), before)
    return np.clip(samples * np.float32(_gain(loud)), -1.0, 1.0)


def _gain(loud: float) -> float:
    return 1.0 if QUIETEST <= loud <= LOUDEST or loud < SILENCE else SET_TO / loud
