"""Real recordings and what is said in them."""

import os
from pathlib import Path

from notes.transcription import accuracy
from notes.transcription.accuracy import Clip, Errors

__all__ = ["CLIPS", "Clip", "clips_in", "more_speech", "word_errors"]

CLIPS = Path(__file__).parents[2] / "config" / "demo" / "clips"
CHECKOUT = Path(__file__).parents[2]


def clips_in(folder):
    return list(accuracy.clips_in(folder))


def more_speech(config):
    """The folder of further recordings that is not part of the project, or None."""
    named = config.getoption("--speech-folder") or os.environ.get("ROOMTONE_SPEECH_FOLDER")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "speech"
    return folder if folder.is_dir() else None


def word_errors(pairs):
    """Word error rate over all (reference, heard) pairs."""
    return sum((accuracy.word_errors(*pair) for pair in pairs), Errors()).rate
