"""The real worker: django-q2's cluster in a process of its own, with the real model, on this test's database."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django_q.models import Failure, OrmQ

from notes.ingest.intake import receive
from notes.models import Status
from tests.factories import make_reservation, make_user
from tests.notes.clips import recording
from tests.processes import environment_of_this_test
from tests.server import ROOT
from tests.speech.manifest import CLIPS, clips_in, word_errors

pytestmark = [pytest.mark.speech, pytest.mark.django_db(transaction=True)]

# Seconds until a note must have its text, on a busy machine and with the model still to be loaded.
PATIENCE = 90


def test_the_worker_turns_an_upload_into_text(tmp_path):
    clip = next(clip for clip in clips_in(CLIPS) if clip.path.name == "boiler-handover.wav")
    upload = ContentFile(clip.path.read_bytes())

    note = receive(reservation=make_reservation(), author=make_user(), upload=upload)
    with cluster(tmp_path):
        wait_until(lambda: not _reread(note).is_pending and not OrmQ.objects.exists())

    assert note.status == Status.TRANSCRIBED
    assert note.attempts == 1
    assert word_errors([(clip.reference, note.transcript.text)]) < 0.45
    assert not Failure.objects.exists()


def test_without_a_model_notes_wait_and_the_worker_lives(tmp_path):
    clip = clips_in(CLIPS)[0]

    note = receive(reservation=make_reservation(), author=make_user(), upload=ContentFile(clip.path.read_bytes()))
    with cluster(tmp_path, WHISPER_MODEL=str(tmp_path / "missing")) as process:
        wait_until(lambda: _reread(note).failure and not OrmQ.objects.exists())
        assert process.poll() is None

    assert (note.status, note.failure, note.attempts) == (Status.QUEUED, "no_model", 0)


def test_a_recording_that_crashes_the_engine_says_so_and_the_worker_lives(tmp_path):
    """The language says what this engine does."""
    troubled = {"TRANSCRIPTION_ENGINE": "tests.notes.transcriber.engines.Troubled", "WHISPER_LANGUAGE": "crash"}

    note = receive(reservation=make_reservation(), author=make_user(), upload=ContentFile(recording("wav")))
    with cluster(tmp_path, **troubled) as process:
        wait_until(lambda: _reread(note).failure and not OrmQ.objects.exists())
        assert process.poll() is None

    assert (note.status, note.failure, note.attempts) == (Status.QUEUED, "crashed", 1)
    assert note.peaks
    assert not Failure.objects.exists()


@contextmanager
def cluster(tmp_path, **environment):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=environment_of_this_test(tmp_path, **environment),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(is_so):
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "the worker did not come to it in time"
        time.sleep(0.1)


def _reread(note):
    note.refresh_from_db()
    return note
