"""What nobody said: the model is not to invent it."""

import numpy as np
import pytest

from notes.engines.base import EngineOptions
from tests.notes.clips import SAMPLE_RATE, silence, tone

pytestmark = [pytest.mark.speech, pytest.mark.full]


def noise(seconds, loudness):
    samples = np.random.default_rng(1).normal(scale=loudness, size=int(seconds * SAMPLE_RATE))
    return samples.clip(-1, 1).astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(silence(0), id="nothing"),
        pytest.param(silence(0.1), id="a tenth of a second"),
        pytest.param(silence(5), id="silence"),  # becomes "You" without voice detection
        pytest.param(noise(10, 0.001), id="a quiet room"),
        pytest.param(noise(10, 0.02), id="a fan"),
        pytest.param(noise(10, 0.2), id="a shower"),
        pytest.param(tone(5), id="a beep"),
    ],
)
def test_it_hears_nothing_where_nobody_speaks(engine, samples):
    names = ["Amara Okafor", "Old Mill Loft", "Harbour Hotel", "Tom Byrne", "towels"]

    assert engine.transcribe(samples, EngineOptions(language="en")).segments == ()
    assert engine.transcribe(samples, EngineOptions(language="en", vocabulary=tuple(names))).segments == ()
