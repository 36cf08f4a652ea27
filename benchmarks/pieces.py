"""Text heard piece by piece beside one pass over the whole: `python -m benchmarks.pieces [--speech FOLDER]`.

Recordings of one to five minutes are put together from real clips, encoded as a browser does, and heard as a worker
hears them while they come in. Printed for each: word errors at Stop and of one pass, the work of both, and the work
that was left after Stop. Work is seconds of processor time, which do not depend on what else the machine does; the
model has one thread. FOLDER holds clips; it, or the folder it is in, a manifest.tsv with what is said in them.
"""

import argparse
import datetime as dt
import itertools
import os
import platform
import random
import tempfile
import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from notes.sound import audio
from notes.speech import get_engine
from notes.transcriber.base import TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcription.live_recordings import FIRST_LOOK_SECONDS, LAST_SECONDS, LOOK_AGAIN_SECONDS
from tests.notes.clips import SAMPLE_RATE, browser_recording, silence
from tests.speech.manifest import CLIPS, Clip, clips_in, word_errors

SECONDS = (60, 90, 120, 180, 300)
PAUSES = (0.2, 1.2)  # between clips, in seconds: as one who reads on, and as one who thinks


@dataclass
class Heard:
    """What came out of one way of listening, and the work that it was: all of it, and what was left after Stop."""

    words: list
    worked: float = 0.0
    after_stop: float = 0.0
    pieces: int = 0

    @property
    def text(self):
        return " ".join(word.text for word in self.words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, default=CLIPS, help="a folder of clips to put together")
    options = parser.parse_args()
    transcriber, clips = InProcessTranscriber(get_engine()), list(spoken_clips(options.speech))
    transcriber.load()
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, {len(clips)} clips\n")
    print("| recording | pieces | errors at Stop | errors of one pass | work / one pass | after Stop | words apart |")
    print("|---|---|---|---|---|---|---|")
    rows = []
    for seconds in SECONDS:
        rows.append(compare(transcriber, *recording(clips, seconds)))
        print_row(f"{seconds} s", rows[-1:])
    print_row("all", rows)


def print_row(name, rows):
    at_stop = word_errors([(said, pieces.text) for said, pieces, _ in rows])
    one_pass = word_errors([(said, whole.text) for said, _, whole in rows])
    work = sum(pieces.worked for _, pieces, _ in rows) / sum(whole.worked for *_, whole in rows)
    count = sum(pieces.pieces for _, pieces, _ in rows)
    tail = max(pieces.after_stop for _, pieces, _ in rows)
    apart = max(apart_by(pieces.words, whole.words) for _, pieces, whole in rows)
    print(
        f"| {name} | {count} | {at_stop:.1%} | {one_pass:.1%} | {work:.2f} | {tail:.2f} s | {apart:.2f} s |", flush=True
    )


def spoken_clips(folder):
    """The English ones of a folder, as its manifest or its parent's lists them."""
    listed = folder if (folder / "manifest.tsv").exists() else folder.parent
    for clip in clips_in(listed):
        if clip.path.parent == folder and clip.language == "en" and clip.reference:
            yield clip


def recording(clips: list[Clip], seconds):
    """What is said in it, and its bytes: clips in an order of its own until it is that long."""
    chance = random.Random(seconds)
    order = itertools.chain.from_iterable(chance.sample(clips, len(clips)) for _ in itertools.count())
    said, samples = [], silence(0)
    while len(samples) < seconds * SAMPLE_RATE:
        clip = next(order)
        said.append(clip.reference)
        sound = audio.decode(clip.path, max_seconds=seconds).samples
        samples = np.concatenate([samples, sound, silence(chance.uniform(*PAUSES))])
    return " ".join(said), browser_recording(samples), len(samples) / SAMPLE_RATE


def compare(transcriber, said, data, seconds):
    return said, in_pieces(transcriber, data, seconds), in_one(transcriber, data)


def in_one(transcriber, data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        heard, took = timed(transcriber, file.name)
    return Heard(words_of(heard), took, took, 1)


def in_pieces(transcriber, data, seconds):
    """A look whenever a worker would look, at as many bytes as had come by then."""
    result, at, look = Heard([]), 0.0, FIRST_LOOK_SECONDS
    with tempfile.NamedTemporaryFile() as file:
        while look < seconds:
            come_in(file, data, look / seconds)
            heard, took = timed(transcriber, file.name, start=at, until_pause=True)
            result.worked += took
            if heard:
                keep(result, heard)
                at, look = heard.end, max(look, heard.end + FIRST_LOOK_SECONDS)
            else:
                look += LOOK_AGAIN_SECONDS
        come_in(file, data, 1)
        while seconds - at > LAST_SECONDS and (
            heard := after_stop(result, transcriber, file.name, at, until_pause=True)
        ):
            at = heard.end
        after_stop(result, transcriber, file.name, at)
    return result


def after_stop(result, transcriber, path, at, **options):
    heard, took = timed(transcriber, path, start=at, **options)
    result.worked += took
    result.after_stop += took
    if heard:
        keep(result, heard)
    return heard


def come_in(file, data, share):
    file.seek(0)
    file.write(data[: round(len(data) * share)])
    file.flush()


def keep(result, heard):
    result.words += words_of(heard)
    result.pieces += 1


def timed(transcriber, path, **options):
    started = time.process_time()
    heard = transcriber.transcribe(TranscriptionRequest([path], max_seconds=3600, language="en", **options))
    return heard, time.process_time() - started


def words_of(heard):
    return [word for segment in heard.transcription.segments for word in segment.words]


def apart_by(words, others):
    """What nine of ten words differ by at most that both have heard, from start to start, in seconds."""
    texts = [[word.text for word in each] for each in (words, others)]
    blocks = SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks()
    pairs = [(words[block.a + n], others[block.b + n]) for block in blocks for n in range(block.size)]
    return float(np.quantile([abs(word.start - other.start) for word, other in pairs], 0.9))


if __name__ == "__main__":
    main()
