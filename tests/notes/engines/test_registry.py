import pytest

from notes.checks import the_speech_engine_is_set
from notes.engines.base import EngineUnavailable
from notes.engines.fake import FakeEngine
from notes.speech import destination, get_engine
from tests.notes.clips import tone


@pytest.mark.parametrize("name", ["fake", "notes.engines.fake.FakeEngine"])
def test_it_finds_an_engine_by_short_and_by_dotted_name(settings, name):
    settings.TRANSCRIPTION_ENGINE = name

    assert isinstance(get_engine(), FakeEngine)
    assert get_engine() is get_engine()


@pytest.mark.parametrize("name", ["", "whisper", "notes.engines.fake.Nothing"])
def test_it_says_that_there_is_no_such_engine(settings, name):
    settings.TRANSCRIPTION_ENGINE = name

    with pytest.raises(EngineUnavailable, match="TRANSCRIPTION_ENGINE"):
        get_engine()


def test_the_fake_engine_says_what_it_was_told():
    heard = FakeEngine("Room one is ready.").transcribe(tone())

    assert heard.text == "Room one is ready."
    assert [word.text for word in heard.segments[0].words] == ["Room", "one", "is", "ready."]


def test_the_fake_engine_can_hear_nothing_and_can_fail():
    assert FakeEngine("").transcribe(tone()).segments == ()
    with pytest.raises(EngineUnavailable):
        FakeEngine(error=EngineUnavailable("gone")).transcribe(tone())


def test_what_is_said_to_an_engine_of_this_machine_stays_here(settings):
    settings.TRANSCRIPTION_ENGINE = "faster_whisper"

    assert destination() == ""
    assert the_speech_engine_is_set(None) == []


def test_an_engine_may_say_where_recordings_go(settings, monkeypatch):
    settings.TRANSCRIPTION_ENGINE = "notes.engines.fake.FakeEngine"
    monkeypatch.setattr(FakeEngine, "destination", "speech.example.com", raising=False)

    assert destination() == "speech.example.com"


def test_an_engine_that_cannot_be_is_found_at_the_start(settings):
    settings.TRANSCRIPTION_ENGINE = "whisper"

    [error] = the_speech_engine_is_set(None)

    assert error.id == "roomtone.E006"
