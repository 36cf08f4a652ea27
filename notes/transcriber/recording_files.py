"""Decodes the files of one recording as one sound: a recorder that was interrupted continues in a new file."""

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
    """Decode [start, stop), in seconds, of files that follow each other; files of chained Ogg are decoded to their end.

    A file that cannot be read counts as damaged in the sound; one without sound does not. When none can be read, the
    BadAudio of the first file is raised; otherwise as `audio.decode`.
    """
    with contextlib.ExitStack() as files:
        each = [part for path in paths for part in files.enter_context(parts(path))]
        return _decode_all(each, start, stop, max_seconds)


def _decode_all(paths: Sequence[str | Path], start: float, stop: float, max_seconds: float) -> audio.Sound:
    sounds: list[audio.Sound] = []
    errors: list[audio.BadAudio] = []
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
        except audio.BadAudio as error:
            errors.append(error)
            breaks += [] if isinstance(error, audio.Empty) else [length]
        else:
            breaks += [length + moment for moment in sound.breaks]
            length += sound.end
            sounds.append(sound)
    if not sounds:
        raise errors[0]
    return audio.Sound(
        np.concatenate([sound.samples for sound in sounds]),
        start=min(start, length),
        breaks=tuple(moment for moment in breaks if start <= moment < stop),
        is_lost_in_one_loudspeaker=any(sound.is_lost_in_one_loudspeaker for sound in sounds),
    )


def first(sound: audio.Sound, length: int) -> audio.Sound:
    """The first `length` samples of the sound."""
    end = sound.start + length / audio.SAMPLE_RATE
    breaks = tuple(moment for moment in sound.breaks if moment < end)
    return audio.Sound(sound.samples[:length], start=sound.start, breaks=breaks)
