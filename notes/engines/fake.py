"""An engine without a model, for tests and pictures of the screens."""

import time
from typing import Self

import numpy as np
from numpy.typing import NDArray

from notes.engines.base import (
    DEFAULT_OPTIONS,
    DeadlineExceeded,
    EngineConfig,
    EngineOptions,
    Segment,
    Transcription,
    Word,
)
from notes.sound.audio import SAMPLE_RATE


class FakeEngine:
    """Returns `text`, one word each 0.5 s, whatever the sound; or raises `error`."""

    def __init__(self, text: str = "This is what the fake engine heard.", error: Exception | None = None) -> None:
        self.text = text
        self.error = error

    @classmethod
    def from_config(cls, config: EngineConfig) -> Self:
        return cls()

    def load(self) -> None:
        """There is nothing to load."""

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        if self.error:
            raise self.error
        if time.monotonic() > options.deadline:
            raise DeadlineExceeded
        if options.on_progress:
            options.on_progress(len(samples) / SAMPLE_RATE)
        words = tuple(Word(n / 2, (n + 1) / 2, word, 1.0) for n, word in enumerate(self.text.split()))
        segments = (Segment(0.0, words[-1].end, self.text, words),) if words else ()
        return Transcription(segments, options.language or "en", engine="fake", model="fake", took_seconds=0.0)
