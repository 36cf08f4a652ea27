"""Spoken clips of a wanted length, as Chromium's fake microphone takes them: 48 kHz, mono, 16-bit WAV."""

import wave
from pathlib import Path

import av
import numpy as np

RATE = 48_000
PAUSE_SECONDS = 0.4
DESK = Path(__file__).resolve().parent.parent / "config" / "demo" / "clips"


def spoken(seconds, *, folder=DESK):
    """Samples of `seconds` of speech: the clips of `folder` by name with short pauses, over again if they end."""
    pause = np.zeros(int(PAUSE_SECONDS * RATE), np.int16)
    once = np.concatenate([part for path in sorted(folder.glob("*.wav")) for part in (_decoded(path), pause)])
    return np.resize(once, int(seconds * RATE))  # repeats what is too short


def write(samples, path):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def _decoded(path):
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in [*frames, *resampler.resample(None)]])
