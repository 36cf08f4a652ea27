"""How loud a recording is where it is loud, and that set for those who listen.

Voice detection hears nothing at -60 dBFS, and a recorder that writes floating-point numbers asks nobody for a level:
what it writes is whispered at -80 dBFS, or shouted beyond full scale. What is between stays as it is. The figures are
in docs/voice-figures.md.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from notes.sound.waveform import loudness

# A recording is as loud as its third loudest slice, or all but one of a hundred: a door that slams is shorter.
SLICES, SHARE = 3, 0.01
QUIETEST, LOUDEST = 0.02, 0.7  # RMS of the loud slices of what stays as it is
SET_TO = 0.3
SILENCE = 1e-5  # -100 dBFS: what is below has no voice in it, whatever it is multiplied by


def level(slices: Sequence[float]) -> float:
    """Of what `waveform.loudness` measured; 0 when that is nothing."""
    rank = max(SLICES, round(SHARE * len(slices)))
    return max(sorted(slices, reverse=True)[:rank][-1:], default=0.0)


def is_hard_to_hear(slices: Sequence[float]) -> bool:
    """Of what `waveform.loudness` measured: so faint, or so far beyond full scale, that it is set to another level."""
    return _gain(level(slices)) != 1


def leveled(samples: NDArray[np.float32], *, before: float = 0.0) -> NDArray[np.float32]:
    """Within [-1, 1], and loud enough to be heard. `before` is the level of what came before in the same recording:
    a silent part of a loud one stays silent."""
    loud = max(level(loudness(samples, digits=7)), before)
    return np.clip(samples * np.float32(_gain(loud)), -1.0, 1.0)


def _gain(loud: float) -> float:
    return 1.0 if QUIETEST <= loud <= LOUDEST or loud < SILENCE else SET_TO / loud
