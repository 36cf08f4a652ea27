"""Cleaning of text that people type: composed (NFC), without invisible characters. Without Django."""

import itertools
import re
import unicodedata

# Invisible characters that no script needs: soft hyphen, zero-width space, word joiner, byte order mark. Two names that
# differ only by them would look the same. Directional overrides and isolates would change the direction of what follows
# on the page. Messengers and address books add them to numbers and names, so all of these are removed and not refused.
_NEVER_SEEN = dict.fromkeys(
    map(ord, "\u00ad\u180e\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
# Directional marks. They are needed in paragraphs with two directions; in a single line they were pasted by mistake.
_MARKS_OF_DIRECTION = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
# Characters that are letters or symbols by their Unicode category, but look blank.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# The most combining marks on a letter. No script needs more, and they would reach into the lines above and below.
_MAX_MARKS = 8

_HIDDEN = "There are hidden characters in this. Please type it by hand instead of pasting it."
_STACKED = "There are more accents on one letter here than a page can show."


class UnfitText(ValueError):
    """The text cannot be stored. The message is for staff."""


def tidy(text: str, *, paragraphs: bool = False) -> str:
    """`text` in NFC, with single spaces and without invisible characters; "" if no visible character is left.

    With `paragraphs` line breaks are kept, and at most one empty line in a row. Joiners inside a word are kept.
    Raises UnfitText for control characters such as NUL, for lone surrogates, and for too many combining marks on a
    letter.
    """
    hidden = _NEVER_SEEN if paragraphs else _NEVER_SEEN | _MARKS_OF_DIRECTION
    text = unicodedata.normalize("NFC", text.translate(hidden))
    characters = set(text)
    if any(map(_is_forbidden, characters)):
        raise UnfitText(_HIDDEN)
    if any(map(_is_mark, characters)) and _tallest_stack(text) > _MAX_MARKS:
        raise UnfitText(_STACKED)
    if not any(map(_is_visible, characters)):
        return ""
    return _paragraphs(text) if paragraphs else _line(text)


def harmless(cell: str) -> str:
    """`cell` for a CSV file. A text that a spreadsheet would execute as a formula gets an apostrophe in front."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _is_forbidden(character):
    if character in "\t\n\r":
        return False
    return unicodedata.category(character) in ("Cc", "Cs")


def _is_mark(character):
    return unicodedata.category(character) in ("Mn", "Me")


def _tallest_stack(text):
    return max((len(list(run)) for is_mark, run in itertools.groupby(text, key=_is_mark) if is_mark), default=0)


def _is_visible(character):
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def _line(text):
    return " ".join(text.split())


def _paragraphs(text):
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(_line, text.splitlines()))).strip()
