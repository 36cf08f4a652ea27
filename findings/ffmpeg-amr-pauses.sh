#!/usr/bin/env bash
# FFmpeg's own AMR decoder in PyAV 18.1.0: the pauses of a telephone recording are errors, not silence.
#
# The guess: `av.open("note.amr").decode(audio=0)` reads what a telephone records, as AMR is a codec that FFmpeg
# decodes itself; and a build that has libopencore as well decodes the same files with either.
#
# The behaviour: a telephone stops sending speech in a pause (DTX) and writes frames with only the noise of the room
# (SID) or nothing at all. For each of the first FFmpeg's decoder `amrnb`, which is the one taken without asking, raises
# PatchWelcomeError, for each of the second InvalidDataError. So a loop that stops at the first error ends at the first
# pause, and one that goes on loses the pause and all times behind it. `libopencore_amrnb`, in the same package, decodes
# every frame.
#
# Seen (2026-11-29), of 1 s of tone, 2 s of silence and 1 s of tone, encoded with `dtx`:
#   frames in the file: 201, of which SID: 13, empty: 79
#   amrnb: 109 frames decoded, errors: InvalidDataError 79, PatchWelcomeError 13
#   libopencore_amrnb: 201 frames decoded, errors: none
#
# What follows: decode AMR with `av.CodecContext.create("libopencore_amrnb", "r")` and hand it the packets; check that
# the decoder is there (`av.codecs_available`), as other builds lack it. Test with a file that has a pause: one of
# steady sound decodes with both.
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
from collections import Counter

import av

RATE, FRAME = 8000, 160


def recording():
    tone = [round(12000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)]
    sound = array.array("h", tone + [0] * 2 * RATE + tone)
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(sound))
    frame.sample_rate = RATE
    frame.planes[0].update(sound.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    file = io.BytesIO()
    with av.open(file, "w", format="amr") as output:
        stream = output.add_stream("libopencore_amrnb", rate=RATE, layout="mono", options={"dtx": "1"})
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def decode(data, decoder):
    samples, errors = 0, Counter()
    with av.open(io.BytesIO(data)) as source:
        context = av.CodecContext.create(decoder, "r") if decoder else source.streams.audio[0].codec_context
        for packet in source.demux(audio=0):
            try:
                samples += sum(frame.samples for frame in context.decode(packet if packet.size else None))
            except av.FFmpegError as error:
                errors[type(error).__name__] += 1
        listed = ", ".join(f"{name} {count}" for name, count in sorted(errors.items())) or "none"
        return context.codec.name, samples // FRAME, listed


data = recording()
with av.open(io.BytesIO(data)) as source:  # a packet's first byte holds the frame's type: 8 is SID, 15 is empty
    types = Counter(bytes(packet)[0] >> 3 & 15 for packet in source.demux(audio=0) if packet.size)
print("PyAV", av.__version__, "libavcodec", ".".join(map(str, av.library_versions["libavcodec"])))
print(f"frames in the file: {types.total()}, of which SID: {types[8]}, empty: {types[15]}")
results = []
for decoder in (None, "libopencore_amrnb"):
    results.append(decode(data, decoder))
    print("{}: {} frames decoded, errors: {}".format(*results[-1]))

speech = types.total() - types[8] - types[15]
seen = [
    ("amrnb", speech, f"InvalidDataError {types[15]}, PatchWelcomeError {types[8]}"),
    ("libopencore_amrnb", types.total(), "none"),
]
if results != seen or not types[8] or not types[15] or not speech:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
