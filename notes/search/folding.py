"""Finds the words of a search in a text, as it is shown to people.

The search compares folded text (see `config.folding`). Only the database folds text; it folds the same letter to the
same result each time, so the result for each letter is cached here. A letter is taken with the marks that follow it,
because marks can change it.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable

from django.db import connection

# A shorter word is found at the beginning of a word only: it has no trigram, and would be found everywhere. In scripts
# without spaces it is found anywhere, because folding puts each letter between spaces.
SHORTEST_PART = 3

Span = tuple[int, int]  # [start, end), indexes of a text

_folds: dict[str, str] = {}


class Folded:
    """A folded text; for each of its letters it knows the place in the original text."""

    def __init__(self, text: str) -> None:
        letters = _letters(text)
        folds = _folded(letters)
        ends = list(itertools.accumulate(map(len, letters)))
        places = zip([0, *ends], ends, strict=False)
        self.text = "".join(folds)
        self._origins = [place for place, fold in zip(places, folds, strict=False) for _ in fold]

    def spans(self, words: Iterable[str]) -> list[Span]:
        """Where the folded `words` are in the original text, sorted; spans that touch or overlap are joined."""
        found = sorted(self._span(match) for word in words for match in _pattern(word).finditer(self.text))
        return _joined(found)

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether one of the folded `names` is in the text as a word of its own."""
        return any(re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", self.text) for name in names)

    def _span(self, match: re.Match[str]) -> Span:
        return self._origins[match.start()][0], self._origins[match.end() - 1][1]


def fold(text: str) -> str:
    """`text` folded as the database does it. Makes a query if there are letters that were not folded before."""
    return "".join(_folded(_letters(text)))


def _folded(letters: list[str]) -> list[str]:
    """Each of `letters` folded; the result of one may be several letters or none."""
    _fold_new_letters({letter for letter in letters if not letter.isascii()} - _folds.keys())
    return [_folds[letter] if letter in _folds else letter.lower().replace("`", "'") for letter in letters]


def _fold_new_letters(letters: set[str]) -> None:
    known = {letter for letter in letters if not any(unicodedata.category(part) == "Cs" for part in letter)}
    _folds.update(dict.fromkeys(letters - known, ""))  # a lone surrogate is no letter
    if known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT letter, searchable(letter) FROM unnest(%s) AS letter", [list(known)])
            _folds.update(cursor.fetchall())


def _letters(text: str) -> list[str]:
    """The letters of the text, each with its marks; the parts of a Hangul syllable are one letter."""
    letters: list[str] = []
    for letter in text:
        if letters and not letter.isascii() and _continues(letter):
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters


def _continues(letter: str) -> bool:
    return "\u1160" <= letter <= "\u11ff" or unicodedata.category(letter)[0] == "M"


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(("" if len(word) >= SHORTEST_PART else r"(?<!\S)") + re.escape(word))


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: Iterable[Span]) -> list[tuple[str, bool]]:
    """Pieces of `text`, none empty, each with whether it is one of `spans`, which must be sorted."""
    edges = [0, *itertools.chain.from_iterable(spans), len(text)]
    pieces = [(text[start:end], bool(number % 2)) for number, (start, end) in enumerate(itertools.pairwise(edges))]
    return [piece for piece in pieces if piece[0]]
