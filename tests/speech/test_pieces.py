"""A minute of real speech, heard piece by piece while it comes in."""

import uuid
from difflib import SequenceMatcher

import numpy as np
import pytest

from notes.engines.base import EngineOptions
from notes.ingest import recording
from notes.models import Piece, Recording, Status
from notes.sound import audio
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcription import live_recordings
from tests.factories import make_reservation
from tests.notes.clips import SAMPLE_RATE, browser_recording, silence
from tests.speech.manifest import CLIPS, clips_in, word_errors

pytestmark = [pytest.mark.speech, pytest.mark.full, pytest.mark.django_db]

LATE = 60  # seconds
APART = 0.3  # seconds between two hearings of one word
MORE_ERRORS = 0.04  # in one minute, three words; over many minutes see docs/voice-figures.md


def test_pieces_say_what_one_pass_says_and_when(engine, alice):
    clips = clips_in(CLIPS)
    spoken = [audio.decode(clip.path, max_seconds=60).samples for clip in [*clips, *clips[:4]]]
    samples = np.concatenate([part for sound in spoken for part in (sound, silence(0.6))])

    note = spoken_while_a_worker_listens(samples, alice, InProcessTranscriber(engine))

    whole = engine.transcribe(samples, EngineOptions(language="en"))
    assert note.status == Status.TRANSCRIBED
    assert note.seconds == pytest.approx(len(samples) / SAMPLE_RATE, abs=0.1)
    said = " ".join(clip.reference for clip in [*clips, *clips[:4]])
    assert word_errors([(said, note.transcript.text)]) < word_errors([(said, whole.text)]) + MORE_ERRORS
    apart = distances(
        words_of(note.transcript.segments), [vars(word) for part in whole.segments for word in part.words]
    )
    assert len(apart) > 10
    assert np.quantile(apart, 0.9) < APART


def spoken_while_a_worker_listens(samples, author, transcriber):
    """The note of a recording that comes in second by second; a worker looks when it is called."""
    who, reservation = {"key": uuid.uuid4(), "author": author}, make_reservation()
    data, seconds = browser_recording(samples), len(samples) // SAMPLE_RATE
    size = -(-len(data) // seconds)
    for index in range(seconds):
        chunk, look_at = data[index * size : (index + 1) * size], looked_at(who)
        recording.add_chunk(**who, index=index, data=chunk, reservation=reservation, seconds=index + 1.0)
        if index + 1 >= look_at:
            live_recordings.listen(str(who["key"]), transcriber=transcriber)
    assert Piece.objects.count() >= 2
    recording.stop(**who, chunks=seconds, seconds=seconds)
    live_recordings.listen(str(who["key"]), transcriber=transcriber)
    return recording.save(**who, chunks=seconds)


def looked_at(who):
    found = Recording.objects.filter(pk=who["key"]).first()
    return found.look_at_seconds if found else live_recordings.FIRST_LOOK_SECONDS


def words_of(segments):
    return [word for segment in segments for word in segment["words"]]


def distances(words, others):
    """Seconds between the starts of late words that both have heard; what is said early is said again late."""
    words, others = ([word for word in each if word["start"] >= LATE] for each in (words, others))
    texts = [[word["text"] for word in each] for each in (words, others)]
    blocks = SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks()
    pairs = [(words[block.a + n], others[block.b + n]) for block in blocks for n in range(block.size)]
    return [abs(word["start"] - other["start"]) for word, other in pairs]
