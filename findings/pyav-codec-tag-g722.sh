#!/usr/bin/env bash
# PyAV 18.1.0 (its own FFmpeg): asking for the codec tag of a G.722 WAV file raises UnicodeDecodeError.
#
# The guess: `stream.codec_context.codec_tag` is a string of four characters for any file that opens and decodes, so
# it may be logged or compared ("mp4a") without a second thought.
#
# The behaviour: FFmpeg's tag is a number of four bytes, and PyAV decodes them as ASCII. In a WAV file the tag is the
# two-byte format number, and those of less usual codecs have bytes beyond ASCII: G.722 is 0x028F. The file opens,
# its codec is known and every frame decodes; only reading this attribute raises. PCM (0x0001) gives '\x01\x00\x00\x00'.
#
# Seen (2026-11-29):
#   pcm_s16le: codec_tag '\x01\x00\x00\x00', 1.00 s decoded
#   g722: codec_tag UnicodeDecodeError 'ascii' codec can't decode byte 0x8f in position 0, 1.00 s decoded
#
# What follows: tell codecs apart by `codec_context.name`, never by the tag, where files come from outside; or read
# the tag with an `except UnicodeDecodeError`, which is a ValueError and none of PyAV's own errors.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0

"$tmp/venv/bin/python" - "$tmp" <<'PY'
import array
import math
import sys
from pathlib import Path

import av

RATE = 16000
folder = Path(sys.argv[1])


def write(path, codec):
    tone = array.array("h", (round(12000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)))
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(tone))
    frame.sample_rate = RATE
    frame.planes[0].update(tone.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    with av.open(str(path), "w", format="wav") as output:
        stream = output.add_stream(codec, rate=RATE, layout="mono")
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def tag(path):
    with av.open(str(path)) as source:
        try:
            return repr(source.streams.audio[0].codec_context.codec_tag)
        except UnicodeDecodeError as error:
            return f"UnicodeDecodeError {str(error).split(':')[0]}"


def seconds(path):
    with av.open(str(path)) as source:
        return sum(frame.samples for frame in source.decode(audio=0)) / RATE


print("PyAV", av.__version__)
results = []
for codec in ("pcm_s16le", "g722"):
    path = folder / f"{codec}.wav"
    write(path, codec)
    results.append((tag(path), f"{seconds(path):.2f}"))
    print(f"{codec}: codec_tag {results[-1][0]}, {results[-1][1]} s decoded")

seen = [
    (r"'\x01\x00\x00\x00'", "1.00"),
    ("UnicodeDecodeError 'ascii' codec can't decode byte 0x8f in position 0", "1.00"),
]
if results != seen:
    sys.exit("changed: this is not what was seen")
print("as seen")
PY
