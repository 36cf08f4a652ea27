"""Speech for Chromium's fake microphone, which takes 48 kHz, mono, 16-bit WAV."""

import wave

import av
import numpy as np

RATE = 48_000


def samples_of(path):
    """A recording's samples at RATE, as 16-bit integers."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in [*frames, *resampler.resample(None)]])


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.int16)


def write(path, *parts):
    """One WAV of all parts; returns `path`."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(parts).astype("<i2").tobytes())
    return path
