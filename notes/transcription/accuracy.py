"""Word errors of a transcript, after normalisation: spelling, commas and ways to write numbers do not count."""

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
    """`count` words were inserted, deleted or substituted, of `words` that were said. Errors can be added."""

    count: int = 0
    words: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.count + other.count, self.words + other.words)

    @property
    def rate(self) -> float:
        """The word error rate; above 1 when there are more errors than words."""
        return self.count / self.words if self.words else float(bool(self.count))


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it; `language` is ISO 639-1, or "-" where nobody speaks."""

    path: Path
    language: str
    reference: str

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def word_errors(reference: str, text: str, *, language: str = "en") -> Errors:
    """The errors of `text`, if `reference` is what was said. `language` is ISO 639-1."""
    normalise = _normaliser(language)
    expected, got = normalise(reference).strip(), normalise(text).strip()
    if not expected or not got:
        return Errors(len(expected.split()) + len(got.split()), len(expected.split()))
    found = jiwer.process_words(expected, got)
    missing = found.substitutions + found.deletions
    return Errors(missing + found.insertions, missing + found.hits)


def clips_in(folder: Path) -> Iterator[Clip]:
    """The clips in the folder's manifest.tsv, by its columns file, language and reference. Raises OSError and KeyError.

    A file's path is relative to the folder. If there is no such file, its name alone is looked for in the folder,
    because a manifest may be copied from a larger collection.
    """
    with (folder / "manifest.tsv").open(newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            path = folder / row["file"]
            here = path if path.exists() else folder / path.name
            yield Clip(here, row["language"], row["reference"].strip())


@functools.cache
def _normaliser(language: str) -> Callable[[str], str]:
    """Whisper's normaliser: the one for English, or the basic one for every other language."""
    normaliser: Callable[[str], str] = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    return normaliser
