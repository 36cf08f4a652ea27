"""The ordinary words of a language, from pyspellchecker's lists: what stands there is more likely than a name.

A list takes 0.25 s of work to read, once, when it is first asked, and 1.5 MB as it is kept.
"""

import functools

from spellchecker import SpellChecker


def is_word(text: str, language: str) -> bool:
    """In letters of any case. Where there is no list of the language every word may be one."""
    words = _words(language)
    return not words or f"\n{text.lower()}\n" in words


@functools.lru_cache(maxsize=2)
def _words(language: str) -> str:
    """One a line, with a line break at either end; empty where there is no list."""
    try:
        words = SpellChecker(language=language).word_frequency.words()
    except ValueError:
        return ""
    return "\n".join(["", *words, ""])
