"""A system check: a speech engine that was named and does not exist, or lacks a setting, is found out at the start."""

from django.conf import settings
from django.core.checks import Error

from notes.engines import LOCAL_ENGINES
from notes.engines.base import EngineUnavailable
from notes.speech import get_engine


def the_speech_engine_is_set(app_configs, **kwargs):
    """Its model is not looked for: that is a long way, and notes wait for it."""
    if settings.TRANSCRIPTION_ENGINE in LOCAL_ENGINES:
        return []
    try:
        get_engine()
    except EngineUnavailable as error:
        hint = "See TRANSCRIPTION_ENGINE in env.example."
        return [Error(f"Voice notes cannot be written down: {error}.", hint=hint, id="roomtone.E006")]
    return []
