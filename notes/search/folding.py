"""Where the words of a search stand in a text as it is written.

The search compares folded text (`config.folding`); people read the text itself. Only the database folds, and promises
that it always does so alike: each letter is asked for once. A letter comes with the marks that follow it, which may
make another letter of it.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable

from django.db import connection

# A shorter word counts at the beginning of a word only: it has no trigram of its own, and would be everywhere. Letters
# of a script without spaces count everywhere: folded, each stands between two spaces.
SHORTEST_PART = 3

Span = tuple[int, int]  # [start, end) of a text

_folds: dict[str, str] = {}


class Folded:
    """A text, folded, that knows which letter of the text each of its own came from."""

    def __init__(self, text: str) -> None:
        letters = _letters(text)
        folds = _folded(letters)
        ends = list(itertools.accumulate(map(len, letters)))
        places = zip([0, *ends], ends, strict=False)
        self.text = "".join(folds)
        self._origins = [place for place, fold in zip(places, folds, strict=False) for _ in fold]

    def spans(self, words: Iterable[str]) -> list[Span]:
        """Where the folded `words` stand in the text: sorted [start, end), those that touch as one."""
        found = sorted(self._span(match) for word in words for match in _pattern(word).finditer(self.text))
        return _joined(found)

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether one of the folded `names` stands in the text, as a word of its own."""
        return any(re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", self.text) for name in names)

    def _span(self, match: re.Match[str]) -> Span:
        return self._origins[match.start()][0], self._origins[match.end() - 1][1]


def fold(text: str) -> str:
    return "".join(_folded(_letters(text)))


def _folded(letters: list[str]) -> list[str]:
    """One folded text, which may be of several letters or none, for each of `letters`."""
    _learn({letter for letter in letters if not letter.isascii()} - _folds.keys())
    return [_folds[letter] if letter in _folds else letter.lower().replace("`", "'") for letter in letters]


def _learn(letters: set[str]) -> None:
    known = {letter for letter in letters if not any(unicodedata.category(part) == "Cs" for part in letter)}
    _folds.update(dict.fromkeys(letters - known, ""))  # half a letter is none
    if known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT letter, searchable(letter) FROM unnest(%s) AS letter", [list(known)])
            _folds.update(cursor.fetchall())


def _letters(text: str) -> list[str]:
    """Each with the marks on it, and the parts of one Hangul syllable together."""
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
    """`text` in pairs of a piece and whether it is one of `spans`; no piece is empty."""
    edges = [0, *itertools.chain.from_iterable(spans), len(text)]
    pieces = [(text[start:end], bool(number % 2)) for number, (start, end) in enumerate(itertools.pairwise(edges))]
    return [piece for piece in pieces if piece[0]]
