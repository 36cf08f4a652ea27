"""Further recordings: every format, silence, broken files. They are not part of the project and may be missing."""

import numpy as np
import pytest

from notes import audio
from tests.speech.manifest import word_errors

pytestmark = pytest.mark.speech


def test_it_reads_every_format(hear, format_clip):
    heard = hear(format_clip.path)

    assert word_errors([(format_clip.reference, heard.text)]) < 0.35, heard.text


def test_a_part_of_every_format_is_what_the_whole_has_there(format_clip):
    whole = audio.decode(format_clip.path, max_seconds=60)
    half = round(whole.seconds / 2, 1)

    part = audio.decode(format_clip.path, start=half, max_seconds=60).samples

    assert len(part) == pytest.approx(len(whole.samples) - half * audio.SAMPLE_RATE, abs=4)
    assert max(_likeness(part, whole.samples[round(half * audio.SAMPLE_RATE) + late :]) for late in (-1, 0, 1)) > 0.98


def _likeness(one, other):
    length = min(len(one), len(other))
    return np.corrcoef(one[:length], other[:length])[0, 1]


def test_it_steps_over_the_invalid_packet_of_a_flac(more_clips):
    [clip] = [clip for clip in more_clips if clip.path.name == "sonnet1.flac"]

    sound = audio.decode(clip.path, max_seconds=60)

    assert sound.is_damaged
    assert sound.seconds == pytest.approx(8.99, abs=0.05)


def test_it_invents_nothing(hear, silent_clip):
    assert hear(silent_clip.path).text == ""


def test_it_hears_a_single_word(hear, more_clips):
    [clip] = [clip for clip in more_clips if clip.reference == "no"]

    assert hear(clip.path).text.lower().strip(".!") == "no"


def test_it_refuses_what_is_broken(broken_clip):
    with pytest.raises(audio.BadAudio):
        audio.probe(broken_clip.path)
    with pytest.raises(audio.BadAudio):
        audio.decode(broken_clip.path, max_seconds=60)


def test_it_hears_many_voices(hear, more_clips):
    english = [clip for clip in more_clips if str(clip).startswith("en/")]

    pairs = [(clip.reference, hear(clip.path).text) for clip in english]

    assert word_errors(pairs) < 0.16  # 0.11 when this was written
