"""The ordinary words of a language, from the lists of pyspellchecker. Such a word is more likely than a name.

A list is read when it is first used, which takes 0.25 s; it then needs 1.5 MB of memory.
"""

import functools

from spellchecker import SpellChecker


def is_word(text: str, language: str) -> bool:
    """Whether `text`, in any case, is a word of the language. Always true for a language without a list."""
    words = _words(language)
    return not words or f"\n{text.lower()}\n" in words


@functools.lru_cache(maxsize=2)
def _words(language: str) -> str:
    """The words, each between two line breaks; empty for a language without a list."""
    try:
        words = SpellChecker(language=language).word_frequency.words()
    except ValueError:
        return ""
    return "\n".join(["", *words, ""])
