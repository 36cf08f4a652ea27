#!/usr/bin/env bash
# FFmpeg's Ogg demuxer in PyAV 18.1.0: of chained Ogg Opus files only those before a change of channels are read.
#
# The guess: Ogg files may be joined by joining their bytes (RFC 3533 calls it chaining), so what reads two mono files
# in a row reads a mono and a stereo one too: Opus decodes either to any number of channels.
#
# The behaviour: two mono files decode to the end. Where the second file has another number of channels, `demux()`
# itself raises PatchWelcomeError, between two packets: everything behind it is out of reach, in both directions.
#
# Seen (2026-11-29), of two files of one second each:
#   mono + mono: 2.00 s, no error
#   stereo + stereo: 2.00 s, no error
#   mono + stereo: 1.00 s, then PatchWelcomeError
#   stereo + mono: 1.00 s, then PatchWelcomeError
#
# What follows: recordings that may differ in channels (a pause, then another microphone) must be decoded one by one
# and not be joined by their bytes. Whoever accepts such a file from outside must catch the error around the loop over
# `demux()`, not only around `decode()`, and tell a file that is intact and half read from one that is damaged.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0

"$tmp/venv/bin/python" - <<'PY'
import array
import io
import math
import sys

import av

RATE = 48000


def opus(layout):
    channels = {"mono": 1, "stereo": 2}[layout]
    tone = array.array("h")
    for n in range(RATE):
        tone.extend([round(12000 * math.sin(2 * math.pi * 440 * n / RATE))] * channels)
    frame = av.AudioFrame(format="s16", layout=layout, samples=RATE)
    frame.sample_rate = RATE
    frame.planes[0].update(tone.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as output:
        stream = output.add_stream("libopus", rate=RATE, layout=layout)
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def read(data):
    samples, end = 0, "no error"
    try:
        with av.open(io.BytesIO(data)) as source:
            for packet in source.demux(audio=0):
                samples += sum(frame.samples for frame in packet.decode())
    except av.FFmpegError as error:
        end = f"then {type(error).__name__}"
    return f"{samples / RATE:.2f} s, {end}"


print("PyAV", av.__version__, "libavformat", ".".join(map(str, av.library_versions["libavformat"])))
files = {layout: opus(layout) for layout in ("mono", "stereo")}
seen = {
    ("mono", "mono"): "2.00 s, no error",
    ("stereo", "stereo"): "2.00 s, no error",
    ("mono", "stereo"): "1.00 s, then PatchWelcomeError",
    ("stereo", "mono"): "1.00 s, then PatchWelcomeError",
}
results = {}
for first, second in seen:
    results[first, second] = read(files[first] + files[second])
    print(f"{first} + {second}: {results[first, second]}")
if results != seen:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
