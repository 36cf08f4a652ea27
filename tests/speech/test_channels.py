"""Speech on whatever channel and at whatever level, with the real model."""

import numpy as np
import pytest

from notes.sound import audio
from tests.notes.clips import SAMPLE_RATE, wav
from tests.speech.manifest import CLIPS, clips_in, word_errors

pytestmark = [pytest.mark.speech, pytest.mark.full]

CLIP = next(clip for clip in clips_in(CLIPS) if clip.path.name == "boiler-handover.wav")
ONE_WORD_MORE = 0.09  # two of 23


@pytest.fixture(scope="module")
def voice():
    return audio.decode(CLIP.path, max_seconds=60).samples


@pytest.fixture
def errors(transcribe, tmp_path):
    def count(data):
        path = tmp_path / "a.wav"
        path.write_bytes(data)
        return word_errors([(CLIP.reference, transcribe(path).text)])

    return count


def ints(samples):
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def test_it_hears_a_voice_on_any_channel(errors, voice):
    third, opposite = np.zeros((len(voice), 3)), np.stack([voice, -voice], axis=1)
    third[:, 2] = voice

    assert errors(wav(ints(third), channels=3)) < ONE_WORD_MORE
    assert errors(wav(ints(opposite), channels=2)) < ONE_WORD_MORE


@pytest.mark.parametrize("gain", [0.0005, 0.001, 8, 32_768])
def test_it_hears_a_float_file_of_any_level(errors, voice, gain):
    assert errors(wav((voice * gain).astype("<f4").tobytes(), form=3, bits=32)) < ONE_WORD_MORE


def test_it_hears_a_voice_from_across_the_room(errors, voice):
    assert errors(wav(ints(voice * 10 ** (-50 / 20) / np.abs(voice).max()))) < 2 * ONE_WORD_MORE


@pytest.mark.parametrize("offset", [0, 0.1])
@pytest.mark.parametrize("loudness", [0.0001, 0.001, 0.01])
def test_it_finds_no_words_in_noise(transcribe, tmp_path, loudness, offset):
    noise = np.random.default_rng(1).normal(scale=loudness, size=10 * SAMPLE_RATE) + offset
    path = tmp_path / "a.wav"
    path.write_bytes(wav(ints(noise)))

    assert transcribe(path).text == ""
