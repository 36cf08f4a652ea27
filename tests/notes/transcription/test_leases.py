"""A note has one worker at a time: it holds a claim, and loses it with its lease."""

import datetime as dt
import subprocess
import sys
import uuid

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from notes import leases
from notes.engines.fake import FakeEngine
from notes.leases import LEASE, LostLease
from notes.models import Failure, Status, Transcript
from notes.sweep import sweep
from notes.transcription import saved_notes
from notes.transcription.saved_notes import MAX_ATTEMPTS, claim, complete
from tests.concurrency.crowd import at_once
from tests.notes.clips import recording, tone
from tests.notes.notes import make_note
from tests.notes.transcription.attempts import SAID, attempt
from tests.processes import environment_of_this_test
from tests.server import ROOT

DIES_WHILE_LISTENING = """
import os, signal, sys, django
django.setup()
from notes.transcription import saved_notes
from notes.engines.fake import FakeEngine

class Deadly(FakeEngine):
    def transcribe(self, samples, options):
        os.kill(os.getpid(), signal.SIGKILL)

saved_notes.transcribe(sys.argv[1], engine=Deadly())
"""


@pytest.fixture
def note(alice):
    return make_note(audio=recording("webm", tone(2)), container="webm")


def test_only_one_gets_the_claim(note):
    first, second = claim(str(note.pk)), claim(str(note.pk))

    note.refresh_from_db()
    assert second is None
    assert note.claim == first.token
    assert note.status == Status.TRANSCRIBING
    assert note.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_workers_gets_the_claim():
    for _ in range(5):
        note = make_note()

        claims = at_once(8, lambda number, note=note: claim(str(note.pk)))

        note.refresh_from_db()
        assert [each.token for each in claims if each] == [note.claim]
        assert note.attempts == 1


@pytest.mark.parametrize("status", [Status.TRANSCRIBED, Status.NO_SPEECH, Status.UPLOADING])
def test_nobody_claims_a_note_that_does_not_wait(db, status):
    assert claim(str(make_note(status=status).pk)) is None


def test_nobody_claims_a_note_that_is_not_there(db):
    assert claim(str(uuid.uuid4())) is None


def test_a_note_is_taken_over_when_its_lease_is_over(note, database_clock):
    database_clock.stop_at(timezone.now())
    first = claim(str(note.pk))

    database_clock.shift(LEASE - dt.timedelta(seconds=1))
    assert claim(str(note.pk)) is None
    database_clock.shift(dt.timedelta(seconds=2))
    second = claim(str(note.pk))

    with pytest.raises(LostLease):
        complete(first, SAID)
    assert not Transcript.objects.exists()
    complete(second, SAID)
    note.refresh_from_db()
    assert note.status == Status.TRANSCRIBED
    assert note.attempts == 2


def test_a_result_counts_once(note):
    lease = claim(str(note.pk))
    complete(lease, SAID)

    with pytest.raises(LostLease):
        complete(lease, SAID)


def test_progress_renews_the_lease_but_not_each_time(note, monkeypatch):
    passed, leases = 0, []
    monkeypatch.setattr(saved_notes.time, "monotonic", lambda: passed)

    class Slow(FakeEngine):
        def transcribe(self, samples, options):
            nonlocal passed
            for _ in range(8):
                passed += 4
                options.on_progress(1.0)
                note.refresh_from_db()
                leases.append(note.lease_until)
            return SAID

    attempt(note, Slow())

    assert note.status == Status.TRANSCRIBED
    assert len(set(leases)) == 3  # at 12 and at 24 s, and from before that


def test_an_engine_is_stopped_when_the_note_was_taken_over(note, monkeypatch):
    monkeypatch.setattr(leases, "RENEW_AFTER", dt.timedelta(0))
    winner = uuid.uuid4()

    class Overtaken(FakeEngine):
        def transcribe(self, samples, options):
            type(note).objects.filter(pk=note.pk).update(claim=winner)
            options.on_progress(1.0)
            pytest.fail("the work went on")

    attempt(note, Overtaken())

    assert note.claim == winner
    assert note.status == Status.TRANSCRIBING


def test_progress_says_how_far_it_is_and_an_attempt_begins_at_nothing(note, monkeypatch):
    monkeypatch.setattr(saved_notes, "WRITE_PROGRESS_AFTER", dt.timedelta(0))
    type(note).objects.filter(pk=note.pk).update(done_seconds=99)
    seen = []

    class Slow(FakeEngine):
        def transcribe(self, samples, options):
            for seconds in (0, 12.34):
                options.on_progress(seconds)
                seen.append(type(note).objects.get(pk=note.pk).done_seconds)
            return super().transcribe(samples, options)

    attempt(note, Slow())

    assert seen == [0, 12.3]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_loses_its_note_and_a_deadly_note_is_given_up(tmp_path):
    note, now = make_note(), timezone.now()

    for number in range(1, MAX_ATTEMPTS + 1):
        assert _run_until_it_dies(note, tmp_path) == -9
        note.refresh_from_db()
        assert (note.status, note.attempts) == (Status.TRANSCRIBING, number)
        now += 2 * LEASE
        type(note).objects.update(lease_until=now - dt.timedelta(seconds=1))
        sweep(now)

    note.refresh_from_db()
    assert (note.status, note.failure, note.claim) == (Status.FAILED, Failure.INTERRUPTED, None)
    assert note.audio.storage.exists(note.audio.name)


@pytest.mark.django_db(transaction=True)
def test_another_worker_finishes_the_note_of_one_that_died(tmp_path):
    note = make_note()
    _run_until_it_dies(note, tmp_path)

    sweep(timezone.now() + 2 * LEASE)

    assert OrmQ.objects.get().args() == (str(note.pk),)
    assert attempt(note).status == Status.TRANSCRIBED
    assert note.attempts == 2


def _run_until_it_dies(note, tmp_path):
    """The exit status of a process of its own that works on the note."""
    command = [sys.executable, "-c", DIES_WHILE_LISTENING, str(note.pk)]
    return subprocess.run(command, env=environment_of_this_test(tmp_path), cwd=ROOT, check=False).returncode
