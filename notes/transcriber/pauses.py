"""Finds the pause at which a recording that still grows is cut into pieces, so that no word is cut in two."""

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps, get_vad_model
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE
from notes.sound.waveform import LOUDNESS_SECONDS, loudness

# Whisper always computes a window of 30 s. Shorter pieces mean more work for each second, and more errors.
SHORTEST_SECONDS = 20
LONGEST_SECONDS = 30
# A pause of CLEAR_SECONDS is used as soon as it is there. Shorter ones occur between words, and in some languages ones
# half as long within a word: the longest of at least FAINT_SECONDS is used if none is clear until LONGEST_SECONDS.
CLEAR_SECONDS = 0.5
FAINT_SECONDS = 0.1
# Without any pause, the cut is in the quietest part of this many slices of loudness.
QUIET_SLICES = 3

_DETECTION = VadOptions(min_silence_duration_ms=round(FAINT_SECONDS * 1000), speech_pad_ms=0, min_speech_duration_ms=0)


def load() -> None:
    """Load the model of voice detection, so that the first recording does not wait for it."""
    get_vad_model()


def cut(samples: NDArray[np.float32]) -> int | None:
    """The number of samples that the next piece has; None when there is no good place to cut yet.

    Silence at the end of the samples counts with the length that it has so far.
    """
    seconds = len(samples) / SAMPLE_RATE
    if seconds < SHORTEST_SECONDS:
        return None
    begin, end = max(_pauses(samples), key=lambda pause: pause[1] - pause[0])
    if end - begin >= CLEAR_SECONDS or (seconds >= LONGEST_SECONDS and end - begin >= FAINT_SECONDS):
        return round((begin + end) / 2 * SAMPLE_RATE)
    return _quietest(samples) if seconds >= LONGEST_SECONDS else None


def _pauses(samples: NDArray[np.float32]) -> list[tuple[float, float]]:
    """[start, end) in seconds of the part of each pause that lies between the shortest and the longest piece.

    There is at least one, which may be empty.
    """
    samples = samples[: LONGEST_SECONDS * SAMPLE_RATE]
    voices = get_speech_timestamps(samples, _DETECTION)
    begins = [0, *(voice["end"] for voice in voices)]
    ends = [*(voice["start"] for voice in voices), len(samples)]
    pauses = [
        (max(begin / SAMPLE_RATE, SHORTEST_SECONDS), end / SAMPLE_RATE) for begin, end in zip(begins, ends, strict=True)
    ]
    return [pause for pause in pauses if pause[0] <= pause[1]] or [(0.0, 0.0)]


def _quietest(samples: NDArray[np.float32]) -> int:
    """The sample in the middle of the quietest QUIET_SLICES slices after SHORTEST_SECONDS."""
    first = round(SHORTEST_SECONDS / LOUDNESS_SECONDS)
    levels = loudness(samples[: LONGEST_SECONDS * SAMPLE_RATE])[first:]
    sums = np.convolve(levels, np.ones(QUIET_SLICES), mode="valid")
    middle = first + int(sums.argmin()) + QUIET_SLICES / 2
    return round(middle * LOUDNESS_SECONDS * SAMPLE_RATE)
