"""Drops text that a Whisper model has invented.

Models write "You" for silence and "Woohoo!" for an empty room. No single figure tells invented text from real text.
These rules do so, together with voice detection, for the recordings in tests/speech.
"""

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE
from notes.sound.levels import SILENCE
from notes.sound.waveform import LOUDNESS_SECONDS, loudness, rms

# When voice detection finds nothing, only a recording that is louder than this (-40 dB) is transcribed without it.
AUDIBLE_RMS = 0.01
SECOND_PASS_SECONDS = 120  # at most: windows without text report no progress
# Text made of noise is beyond both of these. Real speech was below 0.46 and above -0.70 (24 clips).
NO_SPEECH_PROBABILITY = 0.6
DOUBTFUL_LOGPROB = -0.6
# Without voice detection, beyond one of these is enough: an empty room became "Woohoo!" at 0.57 and -0.97.
UNDETECTED_NO_SPEECH_PROBABILITY = 0.5
UNDETECTED_LOGPROB = -0.8
# The same text so many times in a row is invented, unless each has a sound: somebody may call "Help!" three times.
LOOP = 3
# The quantile of loudness that counts as background: so many slices are quiet even in speech without pauses.
BACKGROUND_SHARE = 0.1
STANDS_OUT = 2  # a sound is louder than the background by this factor, or 6 dB
OVERLAP_SECONDS = 0.05  # by which segments may overlap


class ScoredSegment(Protocol):
    """A segment with the model's figures, NaN where one is not known: then it is no noise, but doubtful."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def no_speech_prob(self) -> float: ...
    @property
    def avg_logprob(self) -> float: ...


AnyScored = TypeVar("AnyScored", bound=ScoredSegment)


def is_worth_second_pass(samples: NDArray[np.float32]) -> bool:
    """Whether samples in which voice detection found nothing are loud and short enough to be transcribed without it."""
    return len(samples) <= SECOND_PASS_SECONDS * SAMPLE_RATE and rms(samples) > AUDIBLE_RMS


def is_noise(segment: ScoredSegment) -> bool:
    """Whether a segment was invented although voice detection found a voice."""
    return segment.no_speech_prob > NO_SPEECH_PROBABILITY and segment.avg_logprob < DOUBTFUL_LOGPROB


def is_doubtful(segment: ScoredSegment) -> bool:
    """Whether a segment may be invented, in a recording in which voice detection found no voice."""
    is_speech = segment.no_speech_prob <= UNDETECTED_NO_SPEECH_PROBABILITY and segment.avg_logprob >= UNDETECTED_LOGPROB
    return not is_speech  # true for NaN


class Background:
    """The background noise of a recording. Speech is louder than it, and where text is invented nothing is."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._loudness = loudness(samples, digits=7)
        self._level = float(np.quantile(self._loudness, BACKGROUND_SHARE)) if self._loudness else 0.0

    def has_sound(self, start: float, end: float) -> bool:
        """Whether there is a sound in [start, end), in seconds, that is louder than the background."""
        first, last = int(start / LOUDNESS_SECONDS), max(math.ceil(end / LOUDNESS_SECONDS), 1)
        return max(self._loudness[first:last], default=0.0) > STANDS_OUT * self._level + SILENCE


def drop_loops(segments: Iterable[AnyScored], background: Background) -> Iterator[AnyScored]:
    """Drop repetitions. Of a text that comes LOOP times in a row or more, only segments with a sound of their own stay.

    If none has a sound, a text of several words stays once, and a single word is dropped.
    """
    for words, group in itertools.groupby(segments, key=lambda segment: re.findall(r"\w+", segment.text.lower())):
        same = list(group)
        if len(same) < LOOP:
            yield from same
        else:
            yield from _with_sound(same, background) or (same[:1] if len(words) > 1 else ())


def _with_sound(segments: list[AnyScored], background: Background) -> list[AnyScored]:
    """The segments during which there is a sound, and that do not overlap the one before."""
    found: list[AnyScored] = []
    for segment in segments:
        is_later = not found or segment.start >= found[-1].end - OVERLAP_SECONDS
        if is_later and segment.end > segment.start and background.has_sound(segment.start, segment.end):
            found.append(segment)
    return found
