"""The real model in its child process."""

import os
import signal

import pytest

from notes.engines.base import EngineConfig, EngineCrashed, EngineOutOfMemory
from notes.transcriber.base import TranscriberConfig, TranscriptionRequest
from notes.transcriber.in_process import InProcessTranscriber
from notes.transcriber.subprocess_transcriber import SubprocessTranscriber
from tests.speech.manifest import CLIPS, clips_in

pytestmark = pytest.mark.speech

CLIP = next(clip for clip in clips_in(CLIPS) if clip.path.name == "allergy.wav")


@pytest.fixture(scope="module")
def child():
    child = SubprocessTranscriber(TranscriberConfig(EngineConfig()))
    child.load()
    yield child
    child.stop()


def transcribe(transcriber, **callbacks):
    return transcriber.transcribe(TranscriptionRequest([CLIP.path], max_seconds=60, language="en"), **callbacks)


def test_it_hears_what_would_be_heard_here(child, engine):
    there, here = transcribe(child), transcribe(InProcessTranscriber(engine))

    assert "nut allergy" in there.transcription.text
    assert there.transcription.segments == here.transcription.segments
    assert there.loudness == here.loudness


def test_the_second_recording_waits_for_no_model(child):
    transcribe(child)
    loaded = child.start().pid

    transcribe(child)

    assert child.start().pid == loaded


@pytest.mark.parametrize(("number", "error"), [(signal.SIGSEGV, EngineCrashed), (signal.SIGKILL, EngineOutOfMemory)])
def test_it_is_replaced_when_it_is_lost_in_the_middle_of_its_work(child, number, error):
    lost = child.start().pid

    with pytest.raises(error):
        transcribe(child, on_decoded=lambda decoded: os.kill(lost, number))

    assert "nut allergy" in transcribe(child).transcription.text
    assert child.start().pid != lost
