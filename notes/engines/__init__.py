"""Speech engines. TRANSCRIPTION_ENGINE names one by a key of ENGINES, or by the dotted path of any class.

They run in the transcription subprocess, and import neither Django nor an app.
"""

from importlib import import_module

from notes.engines.base import Engine, EngineConfig, EngineUnavailable

ENGINES = {
    "faster_whisper": "notes.engines.faster_whisper.FasterWhisper",
    "openai_api": "notes.engines.openai_api.OpenAIApi",
    "fake": "notes.engines.fake.FakeEngine",
}
# Engines that send no recording to another machine; known without importing them.
LOCAL_ENGINES = ("faster_whisper", "fake")


def make_engine(config: EngineConfig) -> Engine:
    """A new engine, whose model is not loaded yet. Raises EngineUnavailable."""
    module, _, name = ENGINES.get(config.engine, config.engine).rpartition(".")
    try:
        engine: Engine = getattr(import_module(module), name).from_config(config)
    except (AttributeError, ImportError, ValueError) as error:
        raise EngineUnavailable(f"TRANSCRIPTION_ENGINE: {error}") from error
    return engine
