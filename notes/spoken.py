"""When each word of a note's text is spoken in its audio."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from notes.models import Transcript

# Words to which the model gave a lower probability than this were more often wrong than right.
DOUBTFUL_BELOW = 0.5
# An edited text is compared with the machine's when neither has more words than this: ten minutes of speech, which
# take about 10 ms.
MOST_COMPARED = 1500


@dataclass(frozen=True)
class Word:
    """`start` is in seconds of the audio; `line` is the index of the transcript's segment that the word is in."""

    text: str
    start: float
    line: int
    is_doubtful: bool = False


@dataclass
class Line:
    """The words of one segment. `before` is the text between the line before and this one.

    `words` are pairs: the text between the word before and this one, and the word.
    """

    before: str
    number: int = -1
    words: list[tuple[str, Word]] = field(default_factory=list)


def lines(transcript: Transcript) -> list[Line]:
    """All of the text, in order. The last line has no words; its `before` is the rest of the text.

    An engine that gives no times for words makes lines of one Word, the text of the segment. In a text that people
    have edited, only the words that they did not change have times, and none of them is doubtful.
    """
    found: list[Line] = []
    position = 0
    for start, word in words_with_index(transcript):
        gap = transcript.text[position:start]
        if found and found[-1].number == word.line:
            found[-1].words.append((gap, word))
        else:
            found.append(Line(gap, word.line, [("", word)]))
        position = start + len(word.text)
    return [*found, Line(transcript.text[position:])]


def words_with_index(transcript: Transcript) -> Iterator[tuple[int, Word]]:
    """The words of the text whose times are known, in order: pairs of the index in the text and the Word."""
    words = list(_machine_words(transcript))
    if transcript.text != transcript.machine_text:
        yield from _unchanged_words(transcript.text, words)
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


def _unchanged_words(text: str, words: list[Word]) -> Iterator[tuple[int, Word]]:
    tokens = list(re.finditer(r"\S+", text))
    if len(tokens) > MOST_COMPARED or len(words) > MOST_COMPARED:
        return
    compared = SequenceMatcher(
        None, [_normalised(word.text) for word in words], [_normalised(token[0]) for token in tokens], autojunk=False
    )
    for block in compared.get_matching_blocks():
        for word, token in zip(words[block.a :][: block.size], tokens[block.b :][: block.size], strict=True):
            yield token.start(), Word(token[0], word.start, word.line)


def _normalised(word: str) -> str:
    """The word without punctuation and capitals, so that "Two," and "two" are the same."""
    return re.sub(r"\W", "", word).casefold() or word
