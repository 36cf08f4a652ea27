#!/usr/bin/env bash
# PyAV 18.1.0: sound made from an AudioFrame without `pts` comes late out of an MP4 file; with `pts = 0` it does not.
#
# The guess: a frame made by hand has `pts = None`, and the encoder counts the samples itself, so leaving it is the
# same as beginning at 0.
#
# The behaviour: AAC and Opus begin with samples that only fill the encoder (1024 and 312 of them). With `pts = 0` the
# first packet gets a negative time, and the edit list of the file cuts that part off: the sound is at its place. With
# `pts = None` the packets are counted from 0: nothing is cut, and all of the sound is 21 ms (AAC) or 6.5 ms (Opus)
# late, with no error and no warning. Only FLAC makes it plain: its packets then have no time and MP4 refuses them.
#
# Seen (2026-11-29), of a tone that begins at 1.000 s:
#   aac, pts None: tone at 1.021 s; pts 0: tone at 1.000 s; 1024 samples late
#   libopus, pts None: tone at 1.007 s; pts 0: tone at 1.000 s; 312 samples late
#   flac, pts None: ArgumentError; pts 0: tone at 1.000 s
#
# What follows: set `frame.pts = 0` and `frame.time_base` (and count on from there), also for sound that is encoded in
# one go. Each pass of decoding to samples and encoding those without it adds its delay, and times that were marked in
# the sound no longer fit.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0 numpy==2.4.6

"$tmp/venv/bin/python" - <<'PY'
import io
import sys
from fractions import Fraction

import av
import numpy

RATE = 48000
TONE = numpy.sin(2 * numpy.pi * 440 * numpy.arange(RATE) / RATE) * 12000
SOUND = numpy.concatenate([numpy.zeros(RATE), TONE]).astype(numpy.int16)


def encode(codec, pts):
    frame = av.AudioFrame.from_ndarray(SOUND.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = pts
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream(codec, rate=RATE, layout="mono")
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def onset(data):
    """When the tone begins, by the times of the decoded frames: the first sample above a third of its height."""
    with av.open(io.BytesIO(data)) as source:
        for frame in source.decode(audio=0):
            samples = frame.to_ndarray()[0]
            full = 1.0 if samples.dtype.kind == "f" else float(numpy.iinfo(samples.dtype).max)
            loud = numpy.flatnonzero(numpy.abs(samples / full) > 0.12)
            if loud.size:
                return float(frame.pts * frame.time_base) + loud[0] / RATE


print("PyAV", av.__version__)
late = {}
for codec in ("aac", "libopus"):
    none, zero = onset(encode(codec, None)), onset(encode(codec, 0))
    late[codec] = round((none - zero) * RATE)
    print(f"{codec}, pts None: tone at {none:.3f} s; pts 0: tone at {zero:.3f} s; {late[codec]} samples late")
try:
    flac = f"tone at {onset(encode('flac', None)):.3f} s"
except av.FFmpegError as error:
    flac = type(error).__name__
zero = f"{onset(encode('flac', 0)):.3f}"
print(f"flac, pts None: {flac}; pts 0: tone at {zero} s")
if late != {"aac": 1024, "libopus": 312} or (flac, zero) != ("ArgumentError", "1.000"):
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
