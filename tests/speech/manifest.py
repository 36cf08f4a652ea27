"""Real recordings and what is said in them."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import jiwer

CLIPS = Path(__file__).parents[2] / "config" / "demo" / "clips"
CHECKOUT = Path(__file__).parents[2]

_SPOKEN_ALIKE = {r"[-–—]": " ", r"\bo'clock\b": "", r"\bcheckout\b": "check out", r"\bhandover\b": "hand over"}
_WORDS = jiwer.Compose([
    jiwer.ToLowerCase(),
    jiwer.SubstituteRegexes(_SPOKEN_ALIKE),
    jiwer.RemovePunctuation(),
    jiwer.RemoveMultipleSpaces(),
    jiwer.Strip(),
    jiwer.ReduceToListOfListOfWords(),
])  # fmt: skip


@dataclass(frozen=True)
class Clip:
    path: Path
    language: str
    reference: str

    def __str__(self):
        return f"{self.path.parent.name}/{self.path.name}"


def clips_in(folder):
    """As its manifest.tsv lists them."""
    with (folder / "manifest.tsv").open(newline="", encoding="utf-8") as file:
        return [
            Clip(folder / row["file"], row["language"], row["reference"].strip())
            for row in csv.DictReader(file, delimiter="\t")
        ]


def more_speech(config):
    """The folder of further recordings that is not part of the project, or None."""
    named = config.getoption("--speech-folder") or os.environ.get("ROOMTONE_SPEECH_FOLDER")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "speech"
    return folder if folder.is_dir() else None


def word_errors(pairs):
    """Word error rate over all (reference, heard) pairs: numbers in digits count as errors, cases and commas do not."""
    references, heard = zip(*pairs, strict=True)
    return jiwer.wer(list(references), list(heard), reference_transform=_WORDS, hypothesis_transform=_WORDS)
