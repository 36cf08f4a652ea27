"""The system check of the speech engine."""

from django.conf import settings
from django.core.checks import Error

from notes.engines import LOCAL_ENGINES
from notes.engines.base import EngineUnavailable
from notes.speech import get_engine


def the_speech_engine_is_set(app_configs, **kwargs):
    """Report an engine that does not exist or lacks a setting. Its model is not loaded, which takes long."""
    if settings.TRANSCRIPTION_ENGINE in LOCAL_ENGINES:
        return []
    try:
        get_engine()
    except EngineUnavailable as error:
        hint = "See TRANSCRIPTION_ENGINE in env.example."
        return [Error(f"Voice notes cannot be written down: {error}.", hint=hint, id="roomtone.E006")]
    return []
