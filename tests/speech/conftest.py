import pytest

from notes.engines.base import EngineOptions
from notes.engines.faster_whisper import FasterWhisper
from notes.sound import audio
from notes.sound.levels import leveled
from tests.speech.manifest import CLIPS, clips_in, more_speech

NO_FOLDER = "no folder of further recordings: see --speech-folder"
# Which of the further recordings a test asks for, by the name of its argument.
KINDS = {
    "format_clip": lambda clip: clip.path.parent.name == "formats",
    "english_clip": lambda clip: clip.path.parent.name == "en",
    "silent_clip": lambda clip: clip.path.parent.name == "negative" and not clip.reference,
    "broken_clip": lambda clip: clip.path.parent.name == "corrupt",
}


def pytest_generate_tests(metafunc):
    if "desk_clip" in metafunc.fixturenames:
        metafunc.parametrize("desk_clip", clips_in(CLIPS), ids=str)
    for name in KINDS.keys() & set(metafunc.fixturenames):
        folder = more_speech(metafunc.config)
        clips = [clip for clip in clips_in(folder) if KINDS[name](clip)] if folder else []
        metafunc.parametrize(name, clips or [pytest.param(None, marks=pytest.mark.skip(NO_FOLDER))], ids=str)


@pytest.fixture
def more_clips(pytestconfig):
    folder = more_speech(pytestconfig)
    if folder is None:
        pytest.skip(NO_FOLDER)
    return clips_in(folder)


@pytest.fixture(scope="session")
def engine():
    engine = FasterWhisper()
    engine.load()
    return engine


@pytest.fixture
def transcribe(engine):
    """The transcription of a file."""
    return lambda path: engine.transcribe(
        leveled(audio.decode(path, max_seconds=120).samples), EngineOptions(language="en")
    )
