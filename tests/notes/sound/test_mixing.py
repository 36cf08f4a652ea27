"""Whatever channel the voice is on, and however the channels are wired, it is heard."""

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.sound import audio, waveform
from notes.sound.mixing import Balance, Mixer
from tests.notes.clips import SAMPLE_RATE, extensible_wav, silence, tone, wav


def hiss(seconds=1.0, loudness=0.001, seed=1):
    noise = np.random.default_rng(seed).normal(scale=loudness, size=int(seconds * SAMPLE_RATE))
    return noise.astype(np.float32)


def mixed(*channels):
    mixer = Mixer(len(channels), SAMPLE_RATE)
    return np.concatenate([mixer.mix(np.stack(channels).astype(np.float32)), mixer.rest()])


def decoded(tmp_path, data):
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    return audio.decode(path, max_seconds=5).samples


def alike(one, other):
    return np.corrcoef(one, other)[0, 1]


def test_one_channel_stays_what_it_is():
    assert mixed(tone()) == pytest.approx(tone(), abs=0.001)


def test_a_channel_that_is_wired_the_wrong_way_round_cancels_nothing():
    assert mixed(tone(), -tone()) == pytest.approx(tone(), abs=0.001)
    assert mixed(tone(), -0.9 * tone()) == pytest.approx(tone(), abs=0.05)


@pytest.mark.parametrize(
    ("right", "is_lost"), [(-1, True), (-0.9, True), (-0.3, False), (0, False), (0.5, False), (1, False)]
)
def test_it_says_when_one_loudspeaker_would_lose_it(right, is_lost):
    balance = Balance()
    mixer = Mixer(2, SAMPLE_RATE, balance)
    mixer.mix(np.stack([tone(1), right * tone(1)]))
    mixer.rest()

    assert balance.is_lost_in_one_loudspeaker == is_lost


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_silence_is_not_lost(channels):
    balance = Balance()
    Mixer(channels, SAMPLE_RATE, balance).mix(np.zeros((channels, SAMPLE_RATE), np.float32))

    assert not balance.is_lost_in_one_loudspeaker


def test_it_is_turned_round_from_the_first_word_on():
    voice = np.concatenate([silence(0.55), tone()])

    heard = mixed(voice, -voice)

    assert waveform.rms(heard[8800:10000]) == pytest.approx(waveform.rms(voice[8800:10000]), rel=0.1)


@pytest.mark.parametrize("channels", [2, 3, 6, 8])
def test_a_voice_on_one_channel_is_not_drowned_by_the_others(channels):
    rest = [hiss(seed=seed, loudness=0.01) for seed in range(channels - 1)]

    heard = mixed(*rest, tone(loudness=0.2))

    assert alike(heard, tone()) > 0.999
    assert waveform.rms(heard) == pytest.approx(waveform.rms(tone(loudness=0.2)), rel=0.05)


def test_two_voices_that_take_turns_are_both_heard_in_full():
    one, other = [tone(), silence(), tone()], [silence(), tone(hertz=700), silence()]

    heard = mixed(np.concatenate(one), np.concatenate(other))

    wanted = np.concatenate([tone(), tone(hertz=700), tone()])
    assert waveform.loudness(heard) == pytest.approx(waveform.loudness(wanted), abs=0.1)


def test_channels_that_say_the_same_are_not_louder_than_one():
    assert mixed(tone(loudness=0.9), tone(loudness=0.9), tone(loudness=0.9)) == pytest.approx(tone(loudness=0.9))


def test_an_offset_is_neither_heard_nor_takes_the_gain():
    heard = mixed(tone(loudness=0.1), np.full(SAMPLE_RATE, 0.4))

    assert abs(heard.mean()) < 0.001
    assert alike(heard, tone()) > 0.999


@pytest.mark.parametrize("place", range(6))
def test_six_channels_without_names_are_all_heard(tmp_path, place):
    block = np.zeros((SAMPLE_RATE, 6))
    block[:, place] = tone()

    heard = decoded(tmp_path, wav((block * 32767).astype("<i2").tobytes(), channels=6))

    assert alike(heard, tone()) > 0.99


@pytest.mark.parametrize(
    ("names", "mask"), [("SL+SR", 0x600), ("BL+BR", 0x30), ("FLC+FRC", 0xC0), ("FL+BC", 0x101), ("TFL+TFR", 0x5000)]
)
def test_any_pair_of_names_is_mixed(tmp_path, names, mask):
    block = (np.repeat(tone(), 2) * 32767).astype("<i2").tobytes()

    heard = decoded(tmp_path, extensible_wav(block, channels=2, mask=mask))

    assert alike(heard, tone()) > 0.99, names


FORMATS = ["dbl", "flt", "s16", "s32", "s64", "u8"]
LAYOUTS = {"mono": 1, "FL": 1, "1 channels": 1, "stereo": 2, "SL+SR": 2, "2 channels": 2, "downmix": 2, "2.1": 3}
LAYOUTS |= {"3 channels": 3, "ambisonic 1": 4, "5.1": 6, "hexagonal": 6, "6 channels": 6, "7.1": 8, "8 channels": 8}
RATES = [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]


@st.composite
def frames(draw):
    """One of any shape, of any bytes: numbers that are none, and beyond any scale, among them."""
    format, layout = draw(st.sampled_from(FORMATS)), draw(st.sampled_from(sorted(LAYOUTS)))
    length, is_planar = draw(st.integers(1, 3000)), draw(st.booleans())
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    frame = av.AudioFrame(format=format + "p" * is_planar, layout=layout, samples=length)
    for plane in frame.planes[: LAYOUTS[layout]]:  # eight planar channels seem to have nine
        plane.update(chance.bytes(plane.buffer_size))
    frame.sample_rate = draw(st.sampled_from(RATES))
    return frame


@settings(max_examples=100, deadline=None)
@given(st.lists(frames(), max_size=4))
def test_no_frames_of_any_shape_are_too_much(shapes):
    blocks = list(audio.mono([*shapes, av.AudioFrame(format="s16", layout="mono", samples=0)][:4]))

    seconds = sum(frame.samples / frame.sample_rate for frame in shapes)
    samples = np.concatenate([silence(0), *blocks])
    assert np.isfinite(samples).all()
    assert len(samples) / SAMPLE_RATE == pytest.approx(seconds, abs=0.01)
