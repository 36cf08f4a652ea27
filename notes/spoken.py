"""Where in a note's sound each word of its text is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from notes.models import Transcript

# A word that the model gave less than this was more often wrong than right.
DOUBTFUL_BELOW = 0.5
# Words of a changed text that are compared with the machine's: ten minutes of speech, in about 10 ms.
MOST_COMPARED = 1500


@dataclass(frozen=True)
class Word:
    """`start` in seconds of the sound; `line` counts what was said in one breath."""

    text: str
    start: float
    line: int
    is_doubtful: bool = False


@dataclass
class Line:
    """`before` is the text in front of it; `words` are pairs of what stands before a word, and the word."""

    before: str
    number: int = -1
    words: list[tuple[str, Word]] = field(default_factory=list)


def lines(transcript: Transcript) -> list[Line]:
    """All of the text, in order; the last line has no words, only what is left.

    Engines without times for words give lines of one "word". In a text that people have changed, the words that they
    left as they were keep their times, and none is doubtful any more.
    """
    found: list[Line] = []
    position = 0
    for start, word in placed(transcript):
        gap = transcript.text[position:start]
        if found and found[-1].number == word.line:
            found[-1].words.append((gap, word))
        else:
            found.append(Line(gap, word.line, [("", word)]))
        position = start + len(word.text)
    return [*found, Line(transcript.text[position:])]


def placed(transcript: Transcript) -> Iterator[tuple[int, Word]]:
    """Where in the text its words are, from first to last."""
    words = list(_machine_words(transcript))
    if transcript.text != transcript.machine_text:
        yield from _left_alone(transcript.text, words)
        return
    position = 0
    for word in words:
        start = transcript.text.find(word.text, position)
        if start >= 0:
            yield start, word
            position = start + len(word.text)


def _machine_words(transcript: Transcript) -> Iterator[Word]:
    for number, segment in enumerate(transcript.segments):
        for word in segment.get("words") or [segment]:
            probability = word.get("probability")
            is_doubtful = probability is not None and probability < DOUBTFUL_BELOW
            yield Word(word["text"], word["start"], number, is_doubtful)


def _left_alone(text: str, words: list[Word]) -> Iterator[tuple[int, Word]]:
    tokens = list(re.finditer(r"\S+", text))
    if len(tokens) > MOST_COMPARED or len(words) > MOST_COMPARED:
        return
    compared = SequenceMatcher(
        None, [_bare(word.text) for word in words], [_bare(token[0]) for token in tokens], autojunk=False
    )
    for block in compared.get_matching_blocks():
        for word, token in zip(words[block.a :][: block.size], tokens[block.b :][: block.size], strict=True):
            yield token.start(), Word(token[0], word.start, word.line)


def _bare(word: str) -> str:
    """As far as it is the same word: "Two," and "two" are."""
    return re.sub(r"\W", "", word).casefold() or word
