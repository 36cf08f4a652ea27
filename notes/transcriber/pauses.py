"""Where a recording that still grows may be cut: in a pause, so that no word is cut in two."""

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps, get_vad_model
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE
from notes.sound.waveform import LOUDNESS_SECONDS, loudness

# Whisper listens through a window of 30 s and pays for all of it. Shorter pieces cost more work and more errors.
SHORTEST_SECONDS = 20
LONGEST_SECONDS = 30
# A pause that is worth a cut as soon as it is there. Between words there are shorter ones, and some languages stop
# for half as long within a word; those are taken when nothing better comes until LONGEST_SECONDS.
CLEAR_SECONDS = 0.5
FAINT_SECONDS = 0.1
# Where nobody pauses at all, the quietest moment of this many slices of loudness.
QUIET_SLICES = 3

_DETECTION = VadOptions(min_silence_duration_ms=round(FAINT_SECONDS * 1000), speech_pad_ms=0, min_speech_duration_ms=0)


def load() -> None:
    """Voice detection, which would otherwise be loaded at the first recording."""
    get_vad_model()


def cut(samples: NDArray[np.float32]) -> int | None:
    """How many of the samples are a piece; None when they do not reach to a good place yet.

    What the samples end with is where the speaker was a moment ago, and no pause unless it is one already.
    """
    seconds = len(samples) / SAMPLE_RATE
    if seconds < SHORTEST_SECONDS:
        return None
    begin, end = max(_pauses(samples), key=lambda pause: pause[1] - pause[0])
    if end - begin >= CLEAR_SECONDS or (seconds >= LONGEST_SECONDS and end - begin >= FAINT_SECONDS):
        return round((begin + end) / 2 * SAMPLE_RATE)
    return _quietest(samples) if seconds >= LONGEST_SECONDS else None


def _pauses(samples: NDArray[np.float32]) -> list[tuple[float, float]]:
    """What lies of each pause between the shortest and the longest piece, in seconds; at least one, maybe empty."""
    samples = samples[: LONGEST_SECONDS * SAMPLE_RATE]
    voices = get_speech_timestamps(samples, _DETECTION)
    begins = [0, *(voice["end"] for voice in voices)]
    ends = [*(voice["start"] for voice in voices), len(samples)]
    pauses = [
        (max(begin / SAMPLE_RATE, SHORTEST_SECONDS), end / SAMPLE_RATE) for begin, end in zip(begins, ends, strict=True)
    ]
    return [pause for pause in pauses if pause[0] <= pause[1]] or [(0.0, 0.0)]


def _quietest(samples: NDArray[np.float32]) -> int:
    """The middle of the quietest slices, not quite at either end."""
    first = round(SHORTEST_SECONDS / LOUDNESS_SECONDS)
    levels = loudness(samples[: LONGEST_SECONDS * SAMPLE_RATE])[first:]
    sums = np.convolve(levels, np.ones(QUIET_SLICES), mode="valid")
    middle = first + int(sums.argmin()) + QUIET_SLICES / 2
    return round(middle * LOUDNESS_SECONDS * SAMPLE_RATE)
