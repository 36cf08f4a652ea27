"""Prints the voice notes' table of `docs/voice-figures.md`: `python -m benchmarks.run [--repeat 3] [--speech FOLDER]`.

1. Seconds from *Stop* to the complete text on the page, for recordings of 10, 60 and 300 s: a real Chromium with a fake
   microphone against a whole Roomtone. Beside it, in the same run, the same sound sent as one file after *Stop*: heard
   by the warm worker, and by an engine that loads its model each time and runs with the library's defaults.
2. The same with four people who record 60 s at once.
3. Transcription alone: our engine beside plain faster-whisper with its own defaults, on the same clips.

It takes about half an hour: what is spoken takes as long as it takes.
"""

import argparse
import datetime as dt
import os
import platform
import tempfile
from pathlib import Path

from benchmarks import clips, stop_to_text, transcription_speed
from tests.notes.clips import browser_recording
from tests.spoken import RATE, write

SECONDS = (10, 60, 300)
AT_ONCE, AT_ONCE_SECONDS = 4, 60
LONG_SECONDS = 300
SECONDS_APART = 7
RATE_RATIO = RATE // 16_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each length; the median is printed")
    parser.add_argument("--long", type=int, help="measurements of what is spoken for five minutes; default: --repeat")
    parser.add_argument("--speech", type=Path, default=clips.DESK, help="a folder of WAV files to speak")
    parser.add_argument("--seconds", type=int, nargs="+", default=SECONDS, help="lengths to measure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roomtone-") as name:
        folder = Path(name)
        wavs = {
            n: [_spoken(folder / f"{n}-{turn}.wav", n, turn, options.speech) for turn in range(_turns(n, options))]
            for n in options.seconds
        }
        files = {n: _as_recorded(folder / f"{n}.webm", n, options.speech) for n in options.seconds}
        naive = {"TRANSCRIPTION_ENGINE": "benchmarks.naive.Naive"}
        by_path = [
            stop_to_text.spoken(wavs, folder / "ours"),
            stop_to_text.uploaded(files, folder / "whole", repeat=options.repeat),
            stop_to_text.uploaded(files, folder / "naive", repeat=options.repeat, **naive),
        ]
        long = write(folder / "at-once.wav", clips.spoken(AT_ONCE_SECONDS, folder=options.speech))
        crowd = stop_to_text.spoken_at_once((AT_ONCE_SECONDS, long), folder / "crowd", people=AT_ONCE)
        speeds = transcription_speed.measure({n: turns[0] for n, turns in wavs.items()}, repeat=options.repeat)
    _print(options.seconds, by_path, crowd, speeds)


def _turns(seconds, options):
    return options.long if options.long and seconds >= LONG_SECONDS else options.repeat


def _spoken(path, seconds, turn, speech):
    """Each turn begins elsewhere, so that the pauses, and with them what is left after *Stop*, are not the same."""
    return write(path, clips.spoken(seconds, folder=speech, after=turn * SECONDS_APART))


def _as_recorded(path, seconds, speech):
    samples = clips.spoken(seconds, folder=speech)[::RATE_RATIO].astype("float32") / 32768
    path.write_bytes(browser_recording(samples))
    return path


def _print(lengths, by_path, crowd, speeds):
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, model tiny.en int8\n")
    print("| note | from Stop to text | sent whole after Stop | naive | naive / ours |")
    print("|---|---|---|---|---|")
    for seconds in lengths:
        ours, whole, naive = (waits[seconds] for waits in by_path)
        print(f"| {seconds} s | {ours:.2f} s | {whole:.2f} s | {naive:.2f} s | {naive / ours:.1f} |")
    waits = ", ".join(f"{wait:.2f}" for wait in sorted(crowd))
    print(f"\n{AT_ONCE} people who record {AT_ONCE_SECONDS} s at once and stop together: {waits} s\n")
    print("| clip | transcription alone | plain faster-whisper | ours / plain |")
    print("|---|---|---|---|")
    for seconds, (ours, plain) in speeds.items():
        print(f"| {seconds} s | {ours:.2f} s | {plain:.2f} s | {ours / plain:.2f} |")


if __name__ == "__main__":
    main()
