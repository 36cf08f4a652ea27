"""Speech engines. `TRANSCRIPTION_ENGINE` names one of the list below, or any class by its dotted path."""

import functools
import os

from django.conf import settings
from django.utils.module_loading import import_string

from notes.engines.base import Engine, EngineUnavailable

ENGINES = {
    "faster_whisper": "notes.engines.faster_whisper.FasterWhisper",
    "openai_api": "notes.engines.openai_api.OpenAIApi",
    "fake": "notes.engines.fake.FakeEngine",
}
# Those that need not be loaded to know that what is said stays here.
AT_HOME = ("faster_whisper", "fake")


def get_engine() -> Engine:
    """The engine of this process, with its model once that is loaded. Raises EngineUnavailable."""
    name = settings.TRANSCRIPTION_ENGINE
    return _engine(ENGINES.get(name, name), os.getpid())


def destination() -> str:
    """The host that recordings are sent to, for people to read; empty while they stay in the house."""
    if settings.TRANSCRIPTION_ENGINE in AT_HOME:
        return ""
    try:
        return getattr(get_engine(), "destination", "")
    except EngineUnavailable:
        return ""


@functools.cache
def _engine(path: str, pid: int) -> Engine:
    """One per process: a model that was loaded before a fork hangs after it."""
    try:
        engine: Engine = import_string(path)()
    except ImportError as error:
        raise EngineUnavailable(f"TRANSCRIPTION_ENGINE: {error}") from error
    return engine


def forget_engines() -> None:
    """The next one is made by the settings as they are then."""
    _engine.cache_clear()
