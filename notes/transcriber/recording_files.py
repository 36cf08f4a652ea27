"""The files of one recording as one sound: a recorder that was interrupted goes on in a new file."""

import contextlib
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from notes.sound import audio
from notes.sound.chains import parts


def decode_all(
    paths: Sequence[str | Path], *, start: float = 0.0, stop: float = math.inf, max_seconds: float
) -> audio.Sound:
    """As `audio.decode`, of files whose sounds follow each other, or of such that are chained in one.

    A file that cannot be read is a break in the sound, and one without sound is none. Raises BadAudio as the first
    file does when none of them can be read.
    """
    with contextlib.ExitStack() as files:
        each = [part for path in paths for part in files.enter_context(parts(path))]
        return _decode_all(each, start, stop, max_seconds)


def _decode_all(paths: Sequence[str | Path], start: float, stop: float, max_seconds: float) -> audio.Sound:
    sounds: list[audio.Sound] = []
    troubles: list[audio.BadAudio] = []
    breaks: list[float] = []
    length = 0.0
    for path in paths:
        if length >= stop:
            break
        try:
            sound = audio.decode(
                path, start=max(start - length, 0.0), stop=stop - length, max_seconds=max_seconds - length
            )
        except audio.TooLong:
            raise
        except audio.BadAudio as trouble:
            troubles.append(trouble)
            breaks += [] if isinstance(trouble, audio.Empty) else [length]
        else:
            breaks += [length + moment for moment in sound.breaks]
            length += sound.end
            sounds.append(sound)
    if not sounds:
        raise troubles[0]
    return audio.Sound(
        np.concatenate([sound.samples for sound in sounds]),
        start=min(start, length),
        breaks=tuple(moment for moment in breaks if start <= moment < stop),
        is_lost_in_one_loudspeaker=any(sound.is_lost_in_one_loudspeaker for sound in sounds),
    )


def first(sound: audio.Sound, length: int) -> audio.Sound:
    """So many samples of it."""
    end = sound.start + length / audio.SAMPLE_RATE
    breaks = tuple(moment for moment in sound.breaks if moment < end)
    return audio.Sound(sound.samples[:length], start=sound.start, breaks=breaks)
