"""Files with several tracks, such as a call with a track for each side. Each track is transcribed by itself.

When tracks are mixed, a model understands neither of two people who speak at once. The segments of all tracks are
sorted by their times.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import numpy as np

from notes.engines.base import Engine, EngineOptions, Progress, Transcription
from notes.sound import audio
from notes.sound.levels import leveled
from notes.sound.opening import BadAudio, track_starts
from notes.sound.waveform import loudness, rms
from notes.transcriber.recording_files import decode_all

# A track that is quieter than the loudest one by more than this (60 dB) has no voice in it.
INAUDIBLE = 0.001
SAME = 0.9  # above this correlation, two tracks are the same sound in two codecs


def distinct_tracks(path: str | Path, *, start: float, max_seconds: float) -> list[audio.Sound]:
    """The sounds of the tracks, without silent ones and copies of others, but at least one. Raises as `decode_all`."""
    starts = track_starts(path)
    if len(starts) < 2:
        return [decode_all([path], start=start, max_seconds=max_seconds)]
    sounds = [_track(path, number, late - min(starts), max_seconds) for number, late in enumerate(starts)]
    if not any(sound.seconds for sound in sounds):
        return [decode_all([path], start=start, max_seconds=max_seconds)]
    return [_without_beginning(sound, start) for sound in _distinct(sounds)]


def _track(path: str | Path, number: int, late: float, max_seconds: float) -> audio.Sound:
    """The track's sound, after silence of `late` seconds. A track that cannot be read is damaged and has no samples."""
    try:
        sound = audio.decode(path, track=number, max_seconds=max_seconds)
    except audio.TooLong:
        raise
    except BadAudio as error:
        return audio.Sound(np.zeros(0, np.float32), breaks=() if isinstance(error, audio.Empty) else (math.inf,))
    silence = np.zeros(round(late * audio.SAMPLE_RATE), np.float32)
    breaks = tuple(moment + late for moment in sound.breaks)
    return audio.Sound(np.concatenate([silence, sound.samples]), breaks=breaks)


def _without_beginning(sound: audio.Sound, start: float) -> audio.Sound:
    first = min(round(start * audio.SAMPLE_RATE), len(sound.samples))
    breaks = tuple(moment for moment in sound.breaks if moment >= start)
    return audio.Sound(sound.samples[first:], start=first / audio.SAMPLE_RATE, breaks=breaks)


def _distinct(sounds: list[audio.Sound]) -> list[audio.Sound]:
    loudest = max(rms(sound.samples) for sound in sounds)
    found: list[audio.Sound] = []
    for sound in sounds:
        is_audible = rms(sound.samples) > INAUDIBLE * loudest
        if sound.is_damaged and not is_audible:
            found.append(sound)  # so that the damage is reported
        elif is_audible and not any(_is_same(sound, other) for other in found):
            found.append(sound)
    return found or sounds[:1]


def _is_same(one: audio.Sound, other: audio.Sound) -> bool:
    length = min(len(one.samples), len(other.samples))
    product = rms(one.samples[:length]) * rms(other.samples[:length]) * length
    return bool(product) and abs(float(np.dot(one.samples[:length], other.samples[:length]))) > SAME * product


def loudest(sounds: Sequence[audio.Sound], *, digits: int = 4) -> tuple[float, ...]:
    """For each slice the loudness of the loudest sound, as `waveform.loudness` measures it."""
    each = (loudness(sound.samples, digits=digits) for sound in sounds)
    return tuple(max(levels) for levels in zip_longest(*each, fillvalue=0.0))


def transcribe(
    engine: Engine,
    sounds: Sequence[audio.Sound],
    options: EngineOptions,
    *,
    level_before: float = 0.0,
) -> Transcription:
    """Transcribe sounds that began at the same time; the segments of all are sorted by time."""
    said = [
        engine.transcribe(
            leveled(sound.samples, before=level_before),
            replace(options, on_progress=options.on_progress and _progress_of_all(options.on_progress, number, sounds)),
        )
        for number, sound in enumerate(sounds)
    ]
    if len(said) == 1:
        return said[0]
    segments = sorted((segment for each in said for segment in each.segments), key=lambda segment: segment.start)
    took = round(math.fsum(each.took_seconds for each in said), 3)
    return replace(said[0], segments=tuple(segments), took_seconds=took)


def _progress_of_all(on_progress: Progress, number: int, sounds: Sequence[audio.Sound]) -> Callable[[float], None]:
    """The progress of all tracks, from that of the track `number`: with two, half is done after the first."""
    whole = sounds[number].seconds
    return lambda seconds: on_progress((number * whole + seconds) / len(sounds))
