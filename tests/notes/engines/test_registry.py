import pytest

from notes.engines import get_engine
from notes.engines.base import EngineUnavailable
from notes.engines.fake import FakeEngine
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
