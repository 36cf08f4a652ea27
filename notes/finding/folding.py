"""Words without accents and case, as the database folds them, and where they stand in a text as it is written.

The search compares folded text; people read the text itself. Only the database knows its rules ("ß" is "ss", "Ł" is
"l"), and promises that they never change: each letter is asked for once.
"""

import itertools
import re
import unicodedata

from django.db import connection

# A shorter word counts at the beginning of a word only: it has no trigram of its own, and would be everywhere.
SHORTEST_PART = 3

_folds: dict[str, str] = {}


class Folded:
    """A text, folded, that knows which letter of the text each of its own came from."""

    def __init__(self, text):
        letters = fold_letters(text)
        self.text = "".join(letters)
        self._origins = [number for number, letter in enumerate(letters) for _ in letter]

    def spans(self, words):
        """Where the folded `words` stand in the text: sorted [start, end), those that touch as one."""
        found = sorted(self._span(match) for word in words for match in _pattern(word).finditer(self.text))
        return _joined(found)

    def _span(self, match):
        return self._origins[match.start()], self._origins[match.end() - 1] + 1


def fold(text):
    return "".join(fold_letters(text))


def fold_letters(text):
    """One folded text, which may be of several letters or none, for each letter of `text`."""
    _learn({letter for letter in text if not letter.isascii()} - _folds.keys())
    return [letter.lower() if letter.isascii() else _folds[letter] for letter in text]


def _learn(letters):
    known = {letter for letter in letters if unicodedata.category(letter) != "Cs"}  # half a letter is none
    _folds.update(dict.fromkeys(letters - known, ""))
    if known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT letter, folded(letter) FROM unnest(%s) AS letter", [list(known)])
            _folds.update(cursor.fetchall())


def _pattern(word):
    return re.compile(("" if len(word) >= SHORTEST_PART else r"(?<!\S)") + re.escape(word))


def _joined(spans):
    joined = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def marked(text, spans):
    """`text` in pairs of a piece and whether it is one of `spans`; no piece is empty."""
    edges = [0, *itertools.chain.from_iterable(spans), len(text)]
    pieces = [(text[start:end], bool(number % 2)) for number, (start, end) in enumerate(itertools.pairwise(edges))]
    return [piece for piece in pieces if piece[0]]
