"""What a transcription subprocess costs: time until it is ready, memory, and modules; of this checkout and of another.

    python -m benchmarks.transcription_process [--against FOLDER] [--repeat 5] [CLIP]

FOLDER is another checkout of Roomtone, such as `git worktree add FOLDER COMMIT` makes. Both sides run in turn, with the
same interpreter, the same weights and the same clip. Printed are the medians of each, and their ratio.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.clips import DESK

ROOT = Path(__file__).resolve().parent.parent
FIGURES = {
    "wall": "s until ready",
    "cpu": "s of processor time until ready",
    "ready_mib": "MiB resident when ready",
    "peak_mib": "MiB resident at most, after one clip",
    "modules": "modules",
}
# An engine that counts the modules of the process it runs in.
ENGINE = """
import sys
from dataclasses import replace
from notes.engines.faster_whisper import FasterWhisper

class Counting(FasterWhisper):
    def transcribe(self, *args, **options):
        return replace(super().transcribe(*args, **options), settings={"modules": len(sys.modules)})
"""
# A worker that starts the subprocess, as the checkout in the current folder does that.
WORKER = """
import json, sys, time
sys.path[:0] = [".", sys.argv[1]]
import django, psutil
django.setup()
try:
    from notes.speech import get_transcriber
except ModuleNotFoundError:  # as it was called until November 2026
    from notes.listening import get_listener as get_transcriber
transcriber = get_transcriber()
started = time.perf_counter()
process = psutil.Process(transcriber.start().pid)
transcriber.load()
wall = time.perf_counter() - started
times, ready = process.cpu_times(), process.memory_info().rss
transcribe = getattr(transcriber, "transcribe", None) or transcriber.hear
try:
    from notes.transcriber.base import TranscriptionRequest
except ImportError:
    result = transcribe([sys.argv[2]], max_seconds=60)
else:
    result = transcribe(TranscriptionRequest([sys.argv[2]], max_seconds=60))
status = open(f"/proc/{process.pid}/status").read()
[peak] = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
transcriber.stop()
print(json.dumps({
    "wall": wall, "cpu": times.user + times.system, "ready_mib": ready / 2**20, "peak_mib": peak / 2**10,
    "modules": result.transcription.settings["modules"],
}))
"""


def measure(checkout: Path, clip: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "counting_engine.py").write_text(ENGINE)
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "READ_DOTENV": "false",
            "TRANSCRIPTION_ENGINE": "counting_engine.Counting",
            "VAR_DIR": folder,
        }
        done = subprocess.run(
            [sys.executable, "-c", WORKER, folder, str(clip)],
            cwd=checkout,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, default=DESK / "late-checkout.wav")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    checkouts = [ROOT, *([options.against.resolve()] if options.against else [])]
    rounds = [[measure(each, options.clip.resolve()) for each in checkouts] for _ in range(options.repeat + 1)][
        1:
    ]  # the first one compiles, and fills the disk's cache
    for name, unit in FIGURES.items():
        ours, *other = (statistics.median(each[name] for each in side) for side in zip(*rounds, strict=True))
        against = f" against {other[0]:.2f}: {ours / other[0]:.2f}" if other else ""
        print(f"{ours:.2f}{against} {unit}")


if __name__ == "__main__":
    main()
