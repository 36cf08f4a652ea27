"""What a Whisper model says, and whether anybody said it.

Models write "You" over silence and "Woohoo!" over an empty room. No figure separates an invented word from a real one
on its own; these rules do, together with voice detection, over the recordings that tests/speech plays.
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

# Voice detection that finds nothing is asked again only when the recording is louder than this (-40 dB).
AUDIBLE_RMS = 0.01
SECOND_LOOK_SECONDS = 120  # and short: windows without text give no sign of progress
# What noise becomes: both of these. Real speech stays below 0.46 and above -0.70 (24 clips).
NO_SPEECH_PROBABILITY = 0.6
DOUBTFUL_LOGPROB = -0.6
# Without voice detection, one of these is enough: an empty room became "Woohoo!" at 0.57 and -0.97.
UNDETECTED_NO_SPEECH_PROBABILITY = 0.5
UNDETECTED_LOGPROB = -0.8
# The same words that often in a row were said by the model, unless they can be heard: "Help!", three times.
LOOP = 3
BACKGROUND_SHARE = 0.1  # of all slices of loudness, even where somebody speaks without a pause
STANDS_OUT = 2  # times the background, or 6 dB
OVERLAP_SECONDS = 0.05


class ScoredSegment(Protocol):
    """A segment as a model gives it. NaN where a figure is not known: that is neither noise nor beyond doubt."""

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


def deserves_second_look(samples: NDArray[np.float32]) -> bool:
    """Voice detection found nothing in `samples`, and may be wrong."""
    return len(samples) <= SECOND_LOOK_SECONDS * SAMPLE_RATE and rms(samples) > AUDIBLE_RMS


def is_noise(said: ScoredSegment) -> bool:
    """Although voice detection found a voice."""
    return said.no_speech_prob > NO_SPEECH_PROBABILITY and said.avg_logprob < DOUBTFUL_LOGPROB


def is_doubtful(said: ScoredSegment) -> bool:
    """Where voice detection found none."""
    return not (said.no_speech_prob <= UNDETECTED_NO_SPEECH_PROBABILITY and said.avg_logprob >= UNDETECTED_LOGPROB)


class Background:
    """What a recording sounds like when nobody speaks: what is said stands out of it, and what a model invents not."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._loudness = loudness(samples, digits=7)
        self._level = float(np.quantile(self._loudness, BACKGROUND_SHARE)) if self._loudness else 0.0

    def has_sound(self, start: float, end: float) -> bool:
        """Whether something stands out of it in [start, end), in seconds."""
        first, last = int(start / LOUDNESS_SECONDS), max(math.ceil(end / LOUDNESS_SECONDS), 1)
        return max(self._loudness[first:last], default=0.0) > STANDS_OUT * self._level + SILENCE


def drop_loops(said: Iterable[AnyScored], background: Background) -> Iterator[AnyScored]:
    """A text that comes LOOP times in a row stays as often as there is a sound of its own for it.

    Where there is none, a sentence is kept once, and a single word not at all.
    """
    for words, group in itertools.groupby(said, key=lambda segment: re.findall(r"\w+", segment.text.lower())):
        same = list(group)
        if len(same) < LOOP:
            yield from same
        else:
            yield from _spoken(same, background) or (same[:1] if len(words) > 1 else ())


def _spoken(same: list[AnyScored], background: Background) -> list[AnyScored]:
    """Those after one another, and not on top of each other."""
    spoken: list[AnyScored] = []
    for each in same:
        is_later = not spoken or each.start >= spoken[-1].end - OVERLAP_SECONDS
        if is_later and each.end > each.start and background.has_sound(each.start, each.end):
            spoken.append(each)
    return spoken
