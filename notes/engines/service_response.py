"""Reads the responses of transcription services.

OpenAI's have scores for segments and a separate list of words without commas; those of speaches have words with commas
and probabilities in each segment; others have nothing but text.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.language_names import code_of
from notes.engines.base import EngineFailed, Segment, Word
from notes.engines.hallucination_filter import Background, drop_loops, is_doubtful, is_noise
from notes.sound.audio import SAMPLE_RATE


@dataclass(frozen=True)
class ServiceSegment:
    """A segment. Times are in seconds; a figure that the service does not give is NaN."""

    text: str
    start: float
    end: float
    no_speech_prob: float = nan
    avg_logprob: float = nan
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class ServiceResponse:
    """The whole response; `language` is ISO 639-1, or empty."""

    text: str = ""
    segments: tuple[ServiceSegment, ...] = ()
    language: str = ""


def read_text(body: bytes) -> ServiceResponse:
    """Raises EngineFailed."""
    text = body.decode(errors="replace").strip()
    if text.startswith("<"):
        raise EngineFailed("the answer is a web page")
    return ServiceResponse(text)


def read_json(body: bytes) -> ServiceResponse:
    """Raises EngineFailed."""
    try:
        data = json.loads(body)
        words = [_word(word) for word in data.get("words") or ()]
        segments = tuple(_segment(segment, words) for segment in data.get("segments") or ())
        return ServiceResponse(str(data["text"]).strip(), segments, code_of(str(data.get("language") or "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineFailed(f"the answer could not be read: {type(error).__name__}") from error


def drop_hallucinations(answer: ServiceResponse, samples: NDArray[np.float32], *, is_voiced: bool) -> Iterator[Segment]:
    """The segments without invented ones. If no voice was detected, only those with good scores are left."""
    segments: Sequence[ServiceSegment] = answer.segments
    if not segments and answer.text:
        segments = [ServiceSegment(answer.text, 0.0, round(len(samples) / SAMPLE_RATE, 2))]
    is_invented = is_noise if is_voiced else is_doubtful
    for segment in drop_loops(segments, Background(samples)):
        if segment.text and not is_invented(segment):
            yield Segment(segment.start, segment.end, segment.text, segment.words)


def _segment(given: dict[str, Any], words: list[Word]) -> ServiceSegment:
    """The segment with its own words, or else with those words of the whole response whose middle is in it."""
    start, end = _seconds(given["start"]), _seconds(given["end"])
    own = [_word(word) for word in given.get("words") or ()]
    inside = own or [word for word in words if start <= (word.start + word.end) / 2 < end]
    no_speech, logprob = (_figure(given.get(name)) for name in ("no_speech_prob", "avg_logprob"))
    return ServiceSegment(str(given["text"]).strip(), start, end, no_speech, logprob, tuple(inside))


def _word(given: dict[str, Any]) -> Word:
    probability = given.get("probability")
    return Word(
        _seconds(given["start"]),
        _seconds(given["end"]),
        str(given["word"]).strip(),
        None if probability is None else round(float(probability), 3),
    )


def _figure(given: Any) -> float:
    return nan if given is None else float(given)


def _seconds(moment: Any) -> float:
    return round(max(float(moment), 0.0), 2)
