"""Files that end before their own header says; and headers that lie, of files that nothing is missing of."""

import struct

import numpy as np
import pytest

from notes.sound import audio, copying
from notes.sound.playing import RenditionKind
from tests.notes.clips import (
    FOREIGN,
    MUXERS,
    SAMPLE_RATE,
    UNPLAYED,
    browser_recording,
    fragmented,
    late_from,
    mp3_with_cover,
    recording,
    tone,
    vbr_mp3,
    wav,
)

SECONDS = 12
SAYS_HOW_LONG = ("webm", "mp3", "wav", "flac", "mka-aac", "aiff", "au", "wav-g722", "wav-mp3", "wav-ima-adpcm", "tta")
SAYS_NOTHING = ("ogg", "aac", "amr")


@pytest.fixture(scope="module")
def sounds():
    """Each second is another one, so that packets are as large at the beginning as at the end."""
    chance = np.random.default_rng(3)
    seconds = [0.5 * tone(1, hertz) for hertz in range(300, 300 + 100 * SECONDS, 100)]
    return np.concatenate(seconds) + chance.uniform(-0.1, 0.1, SECONDS * SAMPLE_RATE).astype(np.float32)


def half(data):
    return data[: len(data) // 2]


@pytest.mark.parametrize("kind", SAYS_HOW_LONG)
def test_a_file_that_was_cut_off_says_how_long_it_would_have_been(audio_file, sounds, kind):
    path = audio_file(half(recording(kind, sounds)))

    found = audio.probe(path)

    assert found.seconds == pytest.approx(SECONDS / 2, abs=0.4)
    assert found.promised_seconds == pytest.approx(SECONDS, abs=0.3)
    assert found.rendition != RenditionKind.NONE  # players would show the length that is not there
    assert not audio.decode(path, max_seconds=60).is_damaged  # said once


def test_so_does_an_mp4_file_that_begins_with_its_index(audio_file, sounds, tmp_path):
    copying.encode(audio_file(recording("wav", sounds)), tmp_path / "whole", max_seconds=60)

    found = audio.probe(audio_file(half((tmp_path / "whole").read_bytes())))

    assert found.seconds == pytest.approx(SECONDS / 2, abs=0.4)
    assert found.promised_seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("kind", [*MUXERS, *UNPLAYED, *FOREIGN])
def test_a_whole_file_keeps_its_promise(audio_file, kind):
    found = audio.probe(audio_file(recording(kind, tone(3))))

    assert found.promised_seconds is None
    assert found.gaps == ()


def _wav_that_says(size):
    data = wav((tone(3) * 32_767).astype("<i2").tobytes())
    return data[:40] + struct.pack("<I", size) + data[44:]


def _with_tags_behind(data):
    return data + b"LIST" + struct.pack("<I", 1000) + bytes(1000)


def _flac_of_unknown_length(samples):
    data = bytearray(recording("flac", samples))
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # as encoders leave it that write into a pipe
    return bytes(data)


WHOLE = {
    "WAV into a pipe, 0": lambda: _wav_that_says(0),
    "WAV into a pipe, as much as fits": lambda: _wav_that_says(0xFFFF_FFFF),
    "WAV into a pipe, as arecord": lambda: _wav_that_says(0x8000_0000),
    "WAV into a pipe, as sox": lambda: _wav_that_says(0x7FFF_F000),
    "WAV rounded up": lambda: _wav_that_says(96_000 + 1024),
    "WAV with tags": lambda: _with_tags_behind(wav((tone(3) * 32_767).astype("<i2").tobytes())),
    "MP3 with a cover": mp3_with_cover,
    "MP3 without a header": lambda: vbr_mp3(tone(3)),
    "MP3 without a header, cut": lambda: half(vbr_mp3(tone(3))),
    "MP3 with tags behind": lambda: recording("mp3", tone(3)) + b"TAG" + bytes(125),
    "MP3, two in one": lambda: recording("mp3", tone(3)) + recording("mp3", tone(3)),
    "FLAC into a pipe, cut": lambda: half(_flac_of_unknown_length(tone(3))),
    "WebM of a browser": lambda: browser_recording(tone(3)),
    "WebM of a browser that went away": lambda: half(browser_recording(tone(9))),
    "WebM with a hole": lambda: late_from(browser_recording(tone(9)), second=6, by=5),
    "MP4 of a browser": lambda: fragmented(tone(3)),
    "MP4 of a browser that went away": lambda: half(fragmented(tone(9))),
}


@pytest.mark.parametrize("what", WHOLE)
def test_what_promises_nothing_breaks_no_promise(audio_file, what):
    assert audio.probe(audio_file(WHOLE[what]())).promised_seconds is None


def _without_the_middle(data):
    return data[: len(data) // 3] + data[len(data) // 2 :]


def _with_nothing_in_the_middle(data):
    return data[: len(data) // 3] + bytes(len(data) // 2 - len(data) // 3) + data[len(data) // 2 :]


@pytest.mark.parametrize("broken", [_without_the_middle, _with_nothing_in_the_middle])
@pytest.mark.parametrize("make", [browser_recording, lambda samples: recording("ogg", samples)])
def test_what_a_damaged_file_lost_was_recorded(audio_file, sounds, make, broken):
    [gap] = audio.probe(audio_file(broken(make(sounds)))).gaps

    assert gap.is_loss
    assert (gap.at, gap.seconds) == (pytest.approx(4, abs=1.1), pytest.approx(2, abs=1.1))


def test_where_the_recorder_was_held_up_nothing_is_lost(audio_file, sounds):
    [gap] = audio.probe(audio_file(late_from(browser_recording(sounds), second=6, by=5))).gaps

    assert not gap.is_loss


@pytest.mark.parametrize("kind", SAYS_NOTHING)
def test_formats_that_say_nothing_of_their_length_are_taken_as_they_are(audio_file, sounds, kind):
    found = audio.probe(audio_file(half(recording(kind, sounds))))

    assert found.seconds == pytest.approx(SECONDS / 2, abs=1.1)
    assert found.promised_seconds is None
