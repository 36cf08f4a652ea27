"""Requests to transcribers and their results, and the interface of a transcriber."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from notes.engines.base import EngineConfig, Progress, Transcription

# Seconds of work that every recording may take, whatever its length: a busy machine, or a model that was swapped out.
HEAD_START_SECONDS = 20


@dataclass(frozen=True)
class TranscriberConfig:
    """How a transcriber works. `pace` is the most seconds of work for each second of sound, besides HEAD_START_SECONDS.

    `memory_mib` is the size of the subprocess's address space in MiB; 0 is all memory of the machine.
    """

    engine: EngineConfig
    pace: float = 1.0
    memory_mib: int = 0


@dataclass(frozen=True)
class TranscriptionRequest:
    """A recording to transcribe from `start` (seconds) on. Its files, `paths`, follow each other in time.

    With `until_pause`, it is transcribed up to a pause in the speech after at least 20 s, or up to 30 s. `level_before`
    is the level of the recording before `start`, see `notes.sound.levels`. A recording of more than `max_seconds` is
    refused. `language`, `vocabulary` and `deadline` are as in EngineOptions.
    """

    paths: Sequence[str | Path]
    max_seconds: float
    start: float = 0.0
    until_pause: bool = False
    level_before: float = 0.0
    language: str = ""
    vocabulary: tuple[str, ...] = ()
    deadline: float = float("inf")


@dataclass(frozen=True)
class DecodedAudio:
    """What is known before the engine starts. [start, end) is in seconds of the whole recording."""

    start: float
    end: float
    loudness: tuple[float, ...]  # as notes.sound.waveform.loudness measures it
    is_damaged: bool


@dataclass(frozen=True)
class TranscribedAudio:
    """The result. [start, end) and the times of segments and words are in seconds of the whole recording."""

    transcription: Transcription
    start: float
    end: float
    loudness: tuple[float, ...]  # as notes.sound.waveform.loudness measures it
    is_damaged: bool
    is_hard_to_hear: bool = False  # when a telephone's loudspeaker plays it


class Transcriber(Protocol):
    def load(self) -> None:
        """Load the model, so that the first recording does not wait. Raises EngineUnavailable; harmless to repeat."""

    def transcribe(
        self,
        request: TranscriptionRequest,
        *,
        on_decoded: Callable[[DecodedAudio], None] | None = None,
        on_progress: Progress | None = None,
    ) -> TranscribedAudio | None:
        """Transcribe the recording. Returns None if there is no pause yet, which only happens with `until_pause`.

        `on_decoded` is called once, before the engine starts. `on_progress` is called with the seconds of the whole
        recording that are done; while a subprocess reports nothing, with the same number every few seconds. Raises
        OSError, BadAudio, EngineError, and whatever `on_decoded` and `on_progress` raise; DeadlineExceeded at the
        request's deadline, or when the work takes longer than the `allowance` for the recording's length.
        """


def allowance(seconds: float, pace: float) -> float:
    """The most seconds of work on `seconds` of sound, at `pace` seconds of work for each of them."""
    return HEAD_START_SECONDS + pace * seconds
