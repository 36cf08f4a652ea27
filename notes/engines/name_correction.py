"""Corrects the spelling of names that a small model has written as they sound.

The smallest models write the names of a vocabulary as if they had been spoken, so they get none. Instead, a known name
replaces words in their text. The model must have given the words a low probability, they must sound like the name, and
they must not be ordinary words: "two extra towels" stay towels when Grace Towle asks for them. Only a name of several
words that are ordinary words itself, such as that of a hotel, may replace ordinary words. Probabilities are not raised.
Figures are in docs/voice-figures.md.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.fuzz import ratio

from notes.engines.base import Segment, Word
from notes.engines.dictionary import is_word

DOUBTED_BELOW = 0.5  # words are replaced if one of them has a lower probability
# A whole name of several words must have so many letters, and a similarity of so many per cent with the text. That of
# "old mill of loft" and "Old Mill Loft" is 92.
SHORTEST_NAME, SIMILAR_NAME = 8, 85
# For one word of a name the consonants must sound the same, too. The similarity of "Klafflin" and "Claflin" is 80.
SHORTEST_WORD, SIMILAR_WORD = 5, 75
IDENTICAL = 100.0
# Replacements, in this order, after which consonants that sound alike are the same. Vowels are left out.
_SOUNDS = [
    (r"ph", "f"), (r"ck|q|c(?![eiyh])", "k"), (r"c(?=[eiy])|z", "s"), (r"x", "ks"),
    (r"[aeiouyhw]", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip


def correct_names(segments: Sequence[Segment], names: Sequence[str], *, language: str = "en") -> list[Segment]:
    """The segments, with `names` in place of doubtful words that sound like them. `language` is ISO 639-1."""
    candidates = list(_candidates(names))
    return [_corrected(segment, candidates, language) for segment in segments]


def _candidates(names: Sequence[str]) -> Iterator[list[str]]:
    """The words of each whole name first, then each word by itself: a surname may be spoken alone."""
    split = [name.split() for name in names]
    yield from (words for words in split if len(words) > 1 and len(_letters("".join(words))) >= SHORTEST_NAME)
    yield from ([word] for word in dict.fromkeys(itertools.chain(*split)) if len(_letters(word)) >= SHORTEST_WORD)


def _corrected(segment: Segment, candidates: list[list[str]], language: str) -> Segment:
    words = list(segment.words)
    for name in candidates:
        found = [(_similarity(words[start:end], name), start, end) for start, end in _windows(words, name)]
        similarity, start, end = max(found, default=(0.0, 0, 0))
        if 0 < similarity < IDENTICAL and not _are_ordinary(words[start:end], name, language):
            words[start:end] = _replaced(words[start:end], name)
    if words == list(segment.words):
        return segment
    return replace(segment, text=" ".join(word.text for word in words), words=tuple(words))


def _windows(words: list[Word], name: list[str]) -> Iterator[tuple[int, int]]:
    """[start, end) of the words that the name may replace: its number of words; if several, also one more or fewer."""
    lengths = (len(name), len(name) + 1, len(name) - 1) if len(name) > 1 else (1,)
    for length in lengths:
        yield from ((start, start + length) for start in range(len(words) - length + 1))


def _similarity(words: list[Word], name: list[str]) -> float:
    """In per cent; 0 if the words are not doubtful or not similar enough, IDENTICAL if they are the name already."""
    written, expected = _letters("".join(word.text for word in words)), _letters("".join(name))
    if written == expected:
        return IDENTICAL
    if min(word.probability or 0.0 for word in words) >= DOUBTED_BELOW:
        return 0.0
    is_one_word = len(name) == 1
    if is_one_word and (len(written) < SHORTEST_WORD or _consonants(written) != _consonants(expected)):
        return 0.0
    return ratio(written, expected, score_cutoff=SIMILAR_WORD if is_one_word else SIMILAR_NAME)


def _are_ordinary(words: list[Word], name: list[str], language: str) -> bool:
    """Whether all the words are ordinary ones, so that the name must not replace them."""
    parts = {_letters(part) for part in name}
    others = [word for word in (_letters(word.text) for word in words) if word not in parts]
    if not all(is_word(word, language) for word in others):
        return False
    return len(name) == 1 or not all(is_word(part, language) for part in parts)


def _replaced(words: list[Word], name: list[str]) -> list[Word]:
    """The words of the name with the times of `words`. If one side is longer, its last words become one."""
    last = min(len(words), len(name)) - 1
    texts = [*name[:last], " ".join(name[last:]) + _final_punctuation(words[-1].text)]
    merged = replace(words[last], end=words[-1].end, probability=min(word.probability or 0.0 for word in words[last:]))
    return [replace(word, text=text) for word, text in zip([*words[:last], merged], texts, strict=True)]


def _final_punctuation(text: str) -> str:
    return text[len(text.rstrip(".,;:!?")) :]


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalpha())


def _consonants(letters: str) -> str:
    """The consonants, of which those that sound alike are the same."""
    for pattern, sound in _SOUNDS:
        letters = re.sub(pattern, sound, letters)
    return letters
