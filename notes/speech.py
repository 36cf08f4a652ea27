"""The speech engine and the transcriber of this process, made as Django's settings say."""

import functools
import os

from django.conf import settings

from notes.engines import LOCAL_ENGINES, make_engine
from notes.engines.base import Engine, EngineConfig, EngineUnavailable
from notes.transcriber.base import TranscriberConfig
from notes.transcriber.subprocess_transcriber import SubprocessTranscriber


def transcriber_config() -> TranscriberConfig:
    is_local = settings.TRANSCRIPTION_ENGINE in LOCAL_ENGINES
    engine = EngineConfig(
        engine=settings.TRANSCRIPTION_ENGINE,
        whisper_model=settings.WHISPER_MODEL,
        whisper_compute_type=settings.WHISPER_COMPUTE_TYPE,
        whisper_threads=settings.WHISPER_THREADS,
        api_url=settings.TRANSCRIPTION_API_URL,
        api_model=settings.TRANSCRIPTION_API_MODEL,
        api_key="" if is_local else settings.TRANSCRIPTION_API_KEY,
    )
    return TranscriberConfig(engine, pace=settings.TRANSCRIPTION_PACE, memory_mib=settings.TRANSCRIPTION_MEMORY)


def get_transcriber() -> SubprocessTranscriber:
    return _transcriber(transcriber_config(), os.getpid())


def get_engine() -> Engine:
    """The engine, with its model once that is loaded, for use in this very process. Raises EngineUnavailable."""
    return _engine(transcriber_config().engine, os.getpid())


def destination() -> str:
    """The name of the host that recordings are sent to, for people; empty while they stay on this network."""
    if settings.TRANSCRIPTION_ENGINE in LOCAL_ENGINES:
        return ""
    try:
        return getattr(get_engine(), "destination", "")
    except EngineUnavailable:
        return ""


@functools.cache
def _transcriber(config: TranscriberConfig, pid: int) -> SubprocessTranscriber:
    """One for each process id: after a fork, two processes must not talk to the same subprocess."""
    return SubprocessTranscriber(config)


@functools.cache
def _engine(config: EngineConfig, pid: int) -> Engine:
    """One for each process id: a model that was loaded before a fork hangs after it."""
    return make_engine(config)
