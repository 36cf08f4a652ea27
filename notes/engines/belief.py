"""What a Whisper model says, and whether anybody said it.

Models write "You" over silence and "Woohoo!" over an empty room. No figure separates an invented word from a real one
on its own; these rules do, together with voice detection, over the recordings that tests/speech plays.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from notes.sound.audio import SAMPLE_RATE
from notes.sound.waveform import rms

# Voice detection that finds nothing is asked again only when the recording is louder than this (-40 dB).
AUDIBLE_RMS = 0.01
SECOND_LOOK_SECONDS = 120  # and short: windows without text give no sign of progress
# What noise becomes: both of these. Real speech stays below 0.46 and above -0.70 (24 clips).
NO_SPEECH_PROBABILITY = 0.6
DOUBTFUL_LOGPROB = -0.6
# Without voice detection, one of these is enough: an empty room became "Woohoo!" at 0.57 and -0.97.
UNDETECTED_NO_SPEECH_PROBABILITY = 0.5
UNDETECTED_LOGPROB = -0.8
LOOP = 3  # the same words that often in a row were said by the model, not by a person


class Said(Protocol):
    """A segment as a model gives it. NaN where a figure is not known: that is neither noise nor beyond doubt."""

    @property
    def text(self) -> str: ...
    @property
    def no_speech_prob(self) -> float: ...
    @property
    def avg_logprob(self) -> float: ...


Each = TypeVar("Each", bound=Said)


def deserves_second_look(samples: NDArray[np.float32]) -> bool:
    """Voice detection found nothing in `samples`, and may be wrong."""
    return len(samples) <= SECOND_LOOK_SECONDS * SAMPLE_RATE and rms(samples) > AUDIBLE_RMS


def is_noise(said: Said) -> bool:
    """Although voice detection found a voice."""
    return said.no_speech_prob > NO_SPEECH_PROBABILITY and said.avg_logprob < DOUBTFUL_LOGPROB


def is_doubtful(said: Said) -> bool:
    """Where voice detection found none."""
    return not (said.no_speech_prob <= UNDETECTED_NO_SPEECH_PROBABILITY and said.avg_logprob >= UNDETECTED_LOGPROB)


def without_loops(said: Iterable[Each]) -> Iterator[Each]:
    """A text that comes LOOP times in a row is kept once; a single word that does, not at all."""
    for words, group in itertools.groupby(said, key=lambda segment: re.findall(r"\w+", segment.text.lower())):
        same = list(group)
        if len(same) < LOOP:
            yield from same
        elif len(words) > 1:
            yield same[0]
