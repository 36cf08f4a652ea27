"""What every speech engine gives and takes. To add one: copy a neighbour, and name it in `__init__`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# Called with the seconds of sound that are done; it may raise to stop the work.
Progress = Callable[[float], None]


class EngineError(Exception):
    """No text came out. The message is for the operator's log and says nothing of what was spoken."""


class EngineUnavailable(EngineError):
    """The engine cannot start: its model is missing or does not load. Not the recording's fault."""


class DeadlineExceeded(EngineError):
    """The work was stopped because its time was over."""


class EngineFailed(EngineError):
    """The engine broke on this recording."""


class EngineCrashed(EngineFailed):
    """It took its whole process down, or answered what nobody understands."""


class EngineOutOfMemory(EngineFailed):
    """It wanted more memory than it may have, or than there is."""


class EngineUnreachable(EngineError):
    """A service did not answer, or has no time now. It may have later."""


class EngineRefused(EngineError):
    """A service does not take this recording, and will not take it later."""


@dataclass(frozen=True)
class Word:
    """Times in seconds of the recording; probability in 0-1, None where the engine has none. Text without spaces."""

    start: float
    end: float
    text: str
    probability: float | None


@dataclass(frozen=True)
class Segment:
    """A sentence or so; times in seconds of the recording. An engine without word times gives no words."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


# Models write bytes, and sometimes only the first of a quotation mark's: decoders put this in its place.
_HALF_A_LETTER = "\ufffd"


def legible(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Without half letters, and what holds nothing else."""
    for segment in segments:
        if text := _whole_letters(segment.text):
            words = (replace(word, text=_whole_letters(word.text)) for word in segment.words)
            yield replace(segment, text=text, words=tuple(word for word in words if word.text))


def _whole_letters(text: str) -> str:
    return " ".join(text.replace(_HALF_A_LETTER, "").split()) if _HALF_A_LETTER in text else text


@dataclass(frozen=True)
class Transcription:
    """Without segments, nothing was said. `language` is ISO 639-1; `took_seconds` is the engine's own work.

    `version` (of the engine) and `settings` (what JSON can hold, and no names) are kept with the text.
    """

    segments: tuple[Segment, ...]
    language: str
    engine: str
    model: str
    took_seconds: float
    version: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class EngineConfig:
    """What the operator chose: the settings TRANSCRIPTION_ENGINE, WHISPER_… and TRANSCRIPTION_API_…."""

    engine: str = "faster_whisper"
    whisper_model: str = "tiny.en"
    whisper_compute_type: str = "int8"
    whisper_threads: int = 1
    api_url: str = ""
    api_model: str = ""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class EngineOptions:
    """What one recording is transcribed with.

    `language` is ISO 639-1, empty for whatever is spoken. `vocabulary` are names that may occur; an engine may ignore
    them. `deadline` is a `time.monotonic()`. `on_progress` is called with the seconds of sound that are done.
    """

    language: str = ""
    vocabulary: tuple[str, ...] = ()
    deadline: float = float("inf")
    on_progress: Progress | None = None


DEFAULT_OPTIONS = EngineOptions()


class Engine(Protocol):
    """An engine that sends recordings to another machine has an attribute `destination`: the name of that host."""

    @classmethod
    def from_config(cls, config: EngineConfig) -> "Engine":
        """An engine for `config`, whose model is not loaded yet. Raises EngineUnavailable."""

    def load(self) -> None:
        """Get ready, so that the first recording does not wait. Raises EngineUnavailable; harmless to repeat."""

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        """Turn mono samples at 16 kHz into text. Raises EngineError, and whatever `options.on_progress` raises."""
