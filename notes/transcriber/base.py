"""What it takes to turn recordings into text, wherever that is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from notes.engines.base import EngineConfig, Progress, Transcription

# Work that a recording may take whatever its length, in seconds: a busy machine, a first look, a model that was asleep.
HEAD_START_SECONDS = 20


@dataclass(frozen=True)
class TranscriberConfig:
    """`pace`: the most seconds of work for each second of sound, on top of HEAD_START_SECONDS.

    `memory_mib`: the subprocess's address space in MiB; 0 is as much as the machine has.
    """

    engine: EngineConfig
    pace: float = 1.0
    memory_mib: int = 0


@dataclass(frozen=True)
class TranscriptionRequest:
    """A recording to transcribe from `start` (seconds) on, whose files' sounds follow each other.

    With `until_pause`, only up to a pause in the speech after about 20 s, at the latest after 30. `level_before` is how
    loud the recording was before `start`, see `notes.sound.levels`. A sound of more than `max_seconds` is refused.
    `language`, `vocabulary` and `deadline` are the engine's, see EngineOptions.
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
    """What is known before the engine starts. Times in seconds of the whole sound, [start, end)."""

    start: float
    end: float
    loudness: tuple[float, ...]  # as notes.sound.waveform.loudness measures it
    is_damaged: bool


@dataclass(frozen=True)
class TranscribedAudio:
    """Times, those of segments and words too, in seconds of the whole sound, [start, end)."""

    transcription: Transcription
    start: float
    end: float
    loudness: tuple[float, ...]  # as notes.sound.waveform.loudness measures it
    is_damaged: bool
    is_hard_to_hear: bool = False  # from a telephone's loudspeaker


class Transcriber(Protocol):
    def load(self) -> None:
        """Get ready, so that the first recording does not wait. Raises EngineUnavailable; harmless to repeat."""

    def transcribe(
        self,
        request: TranscriptionRequest,
        *,
        on_decoded: Callable[[DecodedAudio], None] | None = None,
        on_progress: Progress | None = None,
    ) -> TranscribedAudio | None:
        """What is said; None when there is no pause to cut at yet, which only happens with `until_pause`.

        The work ends with DeadlineExceeded at the request's deadline, or when it takes longer than a recording of this
        length may (`allowance`). `on_progress` is told seconds of the whole sound; where a subprocess works without a
        word, it is told the same again every few seconds. Raises OSError, BadAudio, EngineError, and whatever
        `on_decoded` and `on_progress` raise.
        """


def allowance(seconds: float, pace: float) -> float:
    """Seconds that the work on `seconds` of sound may take, at `pace` seconds of work for each of them."""
    return HEAD_START_SECONDS + pace * seconds
