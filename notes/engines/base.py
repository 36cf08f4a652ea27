"""The interface of speech engines. To add one: copy another module here, and name its class in `__init__`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# A function that an engine calls with the seconds of sound that are done. It may raise to stop the work.
Progress = Callable[[float], None]


class EngineError(Exception):
    """There is no text. The message is for the operator's log, and must not hold what was said."""


class EngineUnavailable(EngineError):
    """The engine cannot start, whatever the recording: its model is missing or cannot be loaded."""


class DeadlineExceeded(EngineError):
    """The work was stopped at its deadline."""


class EngineFailed(EngineError):
    """The engine stopped with an error on this recording."""


class EngineCrashed(EngineFailed):
    """The engine's process died, or its answer could not be read."""


class EngineOutOfMemory(EngineFailed):
    """The engine needed more memory than its limit, or than there is."""


class EngineUnreachable(EngineError):
    """A service did not answer, or is overloaded; a later attempt may succeed."""


class EngineRefused(EngineError):
    """A service refuses this recording, and will refuse it later, too."""


@dataclass(frozen=True)
class Word:
    """A word; `text` has no spaces. Times are in seconds of the samples; the probability is 0-1, None if not known."""

    start: float
    end: float
    text: str
    probability: float | None


@dataclass(frozen=True)
class Segment:
    """A part of the text, such as a sentence. Times are in seconds of the samples. `words` may be empty."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


# Models write UTF-8 byte by byte, and sometimes only the first byte of a character: it is decoded as this one.
_REPLACEMENT_CHARACTER = "\ufffd"


def without_replacement_characters(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments without replacement characters; segments and words with no other characters are left out."""
    for segment in segments:
        if text := _cleaned(segment.text):
            words = (replace(word, text=_cleaned(word.text)) for word in segment.words)
            yield replace(segment, text=text, words=tuple(word for word in words if word.text))


def _cleaned(text: str) -> str:
    return " ".join(text.replace(_REPLACEMENT_CHARACTER, "").split()) if _REPLACEMENT_CHARACTER in text else text


@dataclass(frozen=True)
class Transcription:
    """The result of an engine; without segments nothing was said.

    `language` is ISO 639-1. `took_seconds` is how long the engine worked. `version` (of the engine) and `settings` are
    stored with the text; the settings must be JSON, without vocabulary.
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
    """The operator's settings: TRANSCRIPTION_ENGINE, WHISPER_… and TRANSCRIPTION_API_…."""

    engine: str = "faster_whisper"
    whisper_model: str = "tiny.en"
    whisper_compute_type: str = "int8"
    whisper_threads: int = 1
    api_url: str = ""
    api_model: str = ""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class EngineOptions:
    """How one recording is transcribed.

    `language` is ISO 639-1; when it is empty the language is detected. `vocabulary` are names that may occur; an engine
    may ignore them. `deadline` is a `time.monotonic()`.
    """

    language: str = ""
    vocabulary: tuple[str, ...] = ()
    deadline: float = float("inf")
    on_progress: Progress | None = None


DEFAULT_OPTIONS = EngineOptions()


class Engine(Protocol):
    """A speech engine. One that sends recordings to another machine has an attribute `destination`, the host's name."""

    @classmethod
    def from_config(cls, config: EngineConfig) -> "Engine":
        """An engine for `config`, whose model is not loaded yet. Raises EngineUnavailable."""

    def load(self) -> None:
        """Load the model, so that the first recording does not wait. Raises EngineUnavailable; harmless to repeat."""

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        """Turn mono samples at 16 kHz into text. Raises EngineError, and whatever `options.on_progress` raises."""
