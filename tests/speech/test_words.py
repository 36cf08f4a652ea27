"""Words that were said several times, by two at once, or in another language, with the real model."""

from dataclasses import asdict
from pathlib import Path

import pytest

from notes.engines.base import EngineOptions
from notes.models import Transcript
from notes.sound import audio
from notes.transcriber.base import TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber

pytestmark = [pytest.mark.speech, pytest.mark.full]

FILES = Path(__file__).parent / "files"


def samples(name):
    return audio.decode(FILES / name, max_seconds=60).samples


def test_a_cry_that_comes_three_times_is_no_loop(engine):
    assert engine.transcribe(samples("help-three-times.flac")).text.count("Help") == 3


def test_two_tracks_with_two_voices_are_both_written_down(engine):
    request = TranscriptionRequest([FILES / "two-voices.m4a"], max_seconds=60, language="en")
    heard = InProcessTranscriber(engine).transcribe(request).transcription

    assert "boiler is broken" in heard.text
    assert "key is under the mat" in heard.text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "en"])
def test_another_language_is_written_down_with_doubt(engine, language):
    heard = engine.transcribe(samples("french.flac"), EngineOptions(language=language))

    assert Transcript(segments=[asdict(segment) for segment in heard.segments]).is_doubtful


@pytest.mark.django_db
def test_no_english_is_doubted(transcribe, desk_clip):
    segments = [asdict(segment) for segment in transcribe(desk_clip.path).segments]

    assert not Transcript(segments=segments).is_doubtful
