"""Names of the booking, written as they are spelt, where a small model wrote what they sound like.

The smallest models write down any names that they are shown as if they had been spoken, so they are shown none. Here
a name only replaces words that the model doubted itself and that sound like it, and that are no words of the language:
"two extra towels" stay towels when Grace Towle books them. Only a whole name that is made of such words itself, as
those of properties are, may stand in their place. The words stay doubtful. Figures are in docs/voice-figures.md.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.fuzz import ratio

from notes.engines.base import Segment, Word
from notes.engines.dictionary import is_word

DOUBTED_BELOW = 0.5  # the least probable of the words that are replaced
# A whole name of several words: nearly the same letters. "old mill of loft" and "Old Mill Loft" are alike by 92.
SHORTEST_NAME, NAME_ALIKE = 8, 85  # letters, per cent
# One word of a name: the same consonants, too. "Klafflin" and "Claflin" are alike by 80.
SHORTEST_WORD, WORD_ALIKE = 5, 75
IDENTICAL = 100.0
# What sounds the same, in this order.
_SOUNDS = [
    (r"ph", "f"), (r"ck|q|c(?![eiyh])", "k"), (r"c(?=[eiy])|z", "s"), (r"x", "ks"),
    (r"[aeiouyhw]", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip


def correct_names(segments: Sequence[Segment], names: Sequence[str], *, language: str = "en") -> list[Segment]:
    """With the names in place of doubtful words of a text in `language` that sound like them."""
    wanted = list(_wanted(names))
    return [_corrected(segment, wanted, language) for segment in segments]


def _wanted(names: Sequence[str]) -> Iterator[list[str]]:
    """Whole names first, then their words: a surname may be spoken alone."""
    split = [name.split() for name in names]
    yield from (words for words in split if len(words) > 1 and len(_letters("".join(words))) >= SHORTEST_NAME)
    yield from ([word] for word in dict.fromkeys(itertools.chain(*split)) if len(_letters(word)) >= SHORTEST_WORD)


def _corrected(segment: Segment, wanted: list[list[str]], language: str) -> Segment:
    words = list(segment.words)
    for name in wanted:
        found = [(_alike(words[start:end], name), start, end) for start, end in _places(words, name)]
        alike, start, end = max(found, default=(0.0, 0, 0))
        if 0 < alike < IDENTICAL and not _are_meant(words[start:end], name, language):
            words[start:end] = _written(words[start:end], name)
    if words == list(segment.words):
        return segment
    return replace(segment, text=" ".join(word.text for word in words), words=tuple(words))


def _places(words: list[Word], name: list[str]) -> Iterator[tuple[int, int]]:
    """Where the name may stand: as many words as it has, or for a longer one also one fewer or more."""
    lengths = (len(name), len(name) + 1, len(name) - 1) if len(name) > 1 else (1,)
    for length in lengths:
        yield from ((start, start + length) for start in range(len(words) - length + 1))


def _alike(words: list[Word], name: list[str]) -> float:
    """Per cent; 0 when the words are beyond doubt or not alike enough. What is right already is IDENTICAL."""
    heard, wanted = _letters("".join(word.text for word in words)), _letters("".join(name))
    if heard == wanted:
        return IDENTICAL
    if min(word.probability or 0.0 for word in words) >= DOUBTED_BELOW:
        return 0.0
    alone = len(name) == 1
    if alone and (len(heard) < SHORTEST_WORD or _sound(heard) != _sound(wanted)):
        return 0.0
    return ratio(heard, wanted, score_cutoff=WORD_ALIKE if alone else NAME_ALIKE)


def _are_meant(words: list[Word], name: list[str], language: str) -> bool:
    """Ordinary words, each of them, in the place of which a name would be a surprise."""
    parts = {_letters(part) for part in name}
    heard = [word for word in (_letters(word.text) for word in words) if word not in parts]
    if not all(is_word(word, language) for word in heard):
        return False
    return len(name) == 1 or not all(is_word(part, language) for part in parts)


def _written(words: list[Word], name: list[str]) -> list[Word]:
    """Word for word, and the last of the shorter side takes what is left of the other."""
    last = min(len(words), len(name)) - 1
    texts = [*name[:last], " ".join(name[last:]) + _end(words[-1].text)]
    merged = replace(words[last], end=words[-1].end, probability=min(word.probability or 0.0 for word in words[last:]))
    return [replace(word, text=text) for word, text in zip([*words[:last], merged], texts, strict=True)]


def _end(text: str) -> str:
    """Its full stop, comma, or other mark."""
    return text[len(text.rstrip(".,;:!?")) :]


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalpha())


def _sound(letters: str) -> str:
    """Its consonants, those that sound alike being one."""
    for pattern, sound in _SOUNDS:
        letters = re.sub(pattern, sound, letters)
    return letters
