"""What people type, as it may be stored: composed (NFC), and nothing in it that the eye cannot see. No Django."""

import itertools
import re
import unicodedata

# Shown by no font and needed by no script: soft hyphen, zero-width space, word joiner, byte order mark. Two names that
# differ only by them would look the same. Overrides and isolates would turn around what follows them on the page:
# messengers and address books wrap each number and name in them, so they are taken off and not refused.
_NEVER_SEEN = dict.fromkeys(
    map(ord, "\u00ad\u180e\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
# Between paragraphs of two directions they keep a full stop where it belongs; on one line they are pasted along.
_MARKS_OF_DIRECTION = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))
# Letters and symbols by their Unicode category, blank to the eye.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# No script stacks more marks on one letter; more of them reach into the lines above and below.
_MAX_MARKS = 8

_HIDDEN = "There are hidden characters in this. Please type it by hand instead of pasting it."
_STACKED = "There are more accents on one letter here than a page can show."


class UnfitText(ValueError):
    """The text cannot be stored; the message is for the desk."""


def tidy(text: str, *, paragraphs: bool = False) -> str:
    """`text` in NFC, each run of white space one space, invisible characters dropped; "" when nothing is left to see.

    With `paragraphs` line breaks are kept, at most one empty line at a time. Joiners inside a word stay.
    Raises UnfitText for control characters, NUL and lone surrogates among them, and marks stacked higher than any
    script does.
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
    """`cell` as it may stand in a table for a spreadsheet, which would run a text that begins like a formula."""
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
