"""Spoken clips of a wanted length for the fake microphone."""

from pathlib import Path

import numpy as np

from tests.spoken import RATE, samples_of, silence

PAUSE_SECONDS = 0.4
DESK = Path(__file__).resolve().parent.parent / "config" / "demo" / "clips"


def spoken(seconds, *, folder=DESK, after=0):
    """Samples of `seconds` of speech: the clips of `folder` by name with short pauses, over again if they end.

    It begins `after` seconds of that: where pauses are decides how much is left after *Stop*.
    """
    pause = silence(PAUSE_SECONDS)
    once = np.concatenate([part for path in sorted(folder.glob("*.wav")) for part in (samples_of(path), pause)])
    return np.resize(np.roll(once, -int(after * RATE)), int(seconds * RATE))  # repeats what is too short
