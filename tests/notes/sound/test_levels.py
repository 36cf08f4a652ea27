"""How loud a recording is, and what those who listen get of it."""

import numpy as np
import pytest

from notes.sound import audio, waveform
from notes.sound.levels import is_hard_to_hear, level, leveled
from tests.notes.clips import SAMPLE_RATE, silence, tone, wav


def voice(loudness=0.3):
    """Half a second of a tone in five of silence."""
    return np.concatenate([silence(2), tone(0.5, loudness=loudness), silence(2.5)])


def hiss(seconds=3.0, loudness=0.001):
    noise = np.random.default_rng(1).normal(scale=loudness, size=int(seconds * SAMPLE_RATE))
    return noise.astype(np.float32)


def loud(samples):
    return level(waveform.loudness(samples))


@pytest.mark.parametrize("loudness", [0.03, 0.3, 0.9])
def test_what_is_loud_enough_stays_as_it_is(loudness):
    assert np.array_equal(leveled(voice(loudness)), voice(loudness))


@pytest.mark.parametrize("loudness", [0.0005, 0.003, 0.02, 3, 30, 32_768])
def test_what_is_too_quiet_or_beyond_full_scale_is_set(loudness):
    samples = leveled(voice(loudness))

    assert loud(samples) == pytest.approx(0.3, rel=0.01)
    assert np.abs(samples).max() <= 1
    assert samples[: 2 * SAMPLE_RATE].max() == 0


@pytest.mark.parametrize(
    ("loudness", "is_hard"), [(0.0, False), (0.0005, True), (0.02, True), (0.03, False), (0.9, False), (3, True)]
)
def test_what_is_set_to_another_level_is_hard_to_hear(loudness, is_hard):
    assert is_hard_to_hear(waveform.loudness(voice(loudness), digits=7)) == is_hard


def test_a_click_is_not_how_loud_it_is():
    clicks = voice(0.003)
    clicks[100:110] = 1

    assert loud(leveled(clicks)) == pytest.approx(0.3, rel=0.01)


def test_a_single_peak_beyond_full_scale_is_cut_off():
    peak, cut = voice(), voice()
    peak[100], cut[100] = -2, -1

    assert np.array_equal(leveled(peak), cut)


def test_silence_stays_silence():
    assert leveled(silence()).max() == 0
    assert leveled(silence(0)).size == 0
    assert np.abs(leveled(hiss(loudness=1e-6))).max() < 1e-5


def test_a_silent_part_of_a_loud_recording_is_not_made_loud():
    quiet = hiss(loudness=0.001)

    assert np.array_equal(leveled(quiet, before=0.2), quiet)
    assert loud(leveled(quiet)) == pytest.approx(0.3, rel=0.1)


def test_a_part_of_a_quiet_recording_is_as_loud_as_the_others():
    parts = [voice(0.01), voice(0.005)]

    first, second = leveled(parts[0]), leveled(parts[1], before=loud(parts[0]))

    assert loud(first) == pytest.approx(2 * loud(second), rel=0.02)


@pytest.mark.parametrize("loudness", [0.0005, 8, 32_768])
def test_a_float_file_of_any_level_is_read(tmp_path, loudness):
    path = tmp_path / "a.wav"
    path.write_bytes(wav((voice() * loudness).astype("<f4").tobytes(), form=3, bits=32))

    samples = leveled(audio.decode(path, max_seconds=9).samples)

    assert loud(samples) == pytest.approx(0.3, rel=0.02)


def test_the_waveform_of_noise_with_an_offset_is_flat(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(((hiss() + 0.1) * 32767).astype("<i2").tobytes()))

    bars = waveform.peaks(waveform.loudness(audio.decode(path, max_seconds=9).samples))

    assert max(bars) <= 6


def test_the_waveform_of_opposite_channels_shows_the_voice(tmp_path):
    path, samples = tmp_path / "a.wav", voice()
    path.write_bytes(wav((np.stack([samples, -samples], axis=1) * 32767).astype("<i2").tobytes(), channels=2))

    bars = waveform.peaks(waveform.loudness(audio.decode(path, max_seconds=9).samples))

    assert (bars[10], max(bars), bars[90]) == (0, 100, 0)
