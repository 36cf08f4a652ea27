"""How far a text is from what was said, in words. Spelling, commas and ways to write numbers do not count."""

import csv
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jiwer
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer


@dataclass(frozen=True)
class Errors:
    """Words to be put in, taken out or changed, of so many that were said. Errors add up."""

    count: int = 0
    words: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.count + other.count, self.words + other.words)

    @property
    def rate(self) -> float:
        """0 is right; above 1 when more was made up than said."""
        return self.count / self.words if self.words else float(bool(self.count))


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it; `language` is ISO 639-1, or "-" where nobody speaks."""

    path: Path
    language: str
    reference: str

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def word_errors(said: str, heard: str, *, language: str = "en") -> Errors:
    normal = _normaliser(language)
    wanted, got = normal(said).strip(), normal(heard).strip()
    if not wanted or not got:
        return Errors(len(wanted.split()) + len(got.split()), len(wanted.split()))
    found = jiwer.process_words(wanted, got)
    missed = found.substitutions + found.deletions
    return Errors(missed + found.insertions, missed + found.hits)


def clips_in(folder: Path) -> Iterator[Clip]:
    """As its manifest.tsv lists them: file, language, reference, and what else it may say. Raises OSError, KeyError.

    Files are named from the folder on; a part of a larger collection may name them from there.
    """
    with (folder / "manifest.tsv").open(newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            path = folder / row["file"]
            here = path if path.exists() else folder / path.name
            yield Clip(here, row["language"], row["reference"].strip())


@functools.cache
def _normaliser(language: str) -> Callable[[str], str]:
    """Whisper's own: that of its paper for English, one that knows no words for all others."""
    normaliser: Callable[[str], str] = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    return normaliser
