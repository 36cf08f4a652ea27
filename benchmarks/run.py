"""Prints what README quotes: `python -m benchmarks.run [--repeat 3] [--speech FOLDER]`.

1. Seconds from *Stop* to the text on the page, for notes of 5, 10, 30 and 60 s: a real Chromium with a fake microphone,
   a whole Roomtone with its worker, *Save note* pressed at once.
2. Transcription alone: our engine beside plain faster-whisper with its own defaults, on the same clips in the same run.
"""

import argparse
import datetime as dt
import os
import platform
import tempfile
from pathlib import Path

from benchmarks import clips, stop_to_text, transcription_speed
from tests.spoken import write

SECONDS = (5, 10, 30, 60)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each length; the median is printed")
    parser.add_argument("--speech", type=Path, default=clips.DESK, help="a folder of WAV files to speak")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roomtone-") as folder:
        spoken = {n: write(Path(folder) / f"{n}.wav", clips.spoken(n, folder=options.speech)) for n in SECONDS}
        waits = stop_to_text.measure(spoken, Path(folder) / "house", repeat=options.repeat)
        speeds = transcription_speed.measure(spoken, repeat=options.repeat)
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, model tiny.en int8\n")
    print("| note | from Stop to text | transcription alone | plain faster-whisper | ours / plain |")
    print("|---|---|---|---|---|")
    for seconds in SECONDS:
        ours, plain = speeds[seconds]
        print(f"| {seconds} s | {waits[seconds]:.2f} s | {ours:.2f} s | {plain:.2f} s | {ours / plain:.2f} |")


if __name__ == "__main__":
    main()
