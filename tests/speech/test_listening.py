"""The real model in its child process."""

import os
import signal

import pytest

from notes.engines.base import EngineCrashed, EngineOutOfMemory
from notes.listening.child import Child
from notes.listening.in_process import InProcess
from tests.speech.manifest import CLIPS, clips_in

pytestmark = pytest.mark.speech

CLIP = next(clip for clip in clips_in(CLIPS) if clip.path.name == "allergy.wav")


@pytest.fixture(scope="module")
def child():
    child = Child()
    child.load()
    yield child
    child.stop()


def hear(listener, **options):
    return listener.hear([CLIP.path], max_seconds=60, language="en", **options)


def test_it_hears_what_would_be_heard_here(child, engine):
    there, here = hear(child), hear(InProcess(engine))

    assert "nut allergy" in there.transcription.text
    assert there.transcription.segments == here.transcription.segments
    assert there.loudness == here.loudness


def test_the_second_recording_waits_for_no_model(child):
    hear(child)
    loaded = child.start().pid

    hear(child)

    assert child.start().pid == loaded


@pytest.mark.parametrize(("number", "error"), [(signal.SIGSEGV, EngineCrashed), (signal.SIGKILL, EngineOutOfMemory)])
def test_it_is_replaced_when_it_is_lost_in_the_middle_of_its_work(child, number, error):
    lost = child.start().pid

    with pytest.raises(error):
        hear(child, on_decoded=lambda decoded: os.kill(lost, number))

    assert "nut allergy" in hear(child).transcription.text
    assert child.start().pid != lost
