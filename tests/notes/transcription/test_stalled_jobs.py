import datetime as dt
import os
import time
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ

from notes.files.spool import LEFT_BEHIND, spool_file
from notes.leases import LEASE
from notes.models import Failure, Status, VoiceNote
from notes.queue import enqueue
from notes.sweep import sweep
from notes.transcription.saved_notes import MAX_ATTEMPTS
from notes.transcription.stalled_jobs import HANDED_OUT, PAUSE_WITHOUT_MODEL, PAUSES, STUCK
from tests.notes.notes import make_note

SECOND = dt.timedelta(seconds=1)
NOW = dt.datetime(2026, 11, 20, 9, 14, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _database(db):
    pass


def waiting(**fields):
    return make_note(queued_at=fields.pop("queued_at", NOW), **fields)


def working(*, lease_until, **fields):
    return make_note(status=Status.TRANSCRIBING, claim=uuid.uuid4(), lease_until=lease_until, **fields)


def hide_tasks(until):
    """As if a worker had fetched them."""
    OrmQ.objects.update(lock=until)


def queued():
    return [row.args()[0] for row in OrmQ.objects.order_by("pk")]


def test_it_takes_notes_from_workers_whose_lease_is_over():
    lost = working(lease_until=NOW - SECOND, attempts=1)
    leased = working(lease_until=NOW + SECOND, attempts=1)

    swept = sweep(NOW)

    lost.refresh_from_db()
    leased.refresh_from_db()
    assert (lost.status, lost.claim, lost.failure, lost.attempts) == (Status.QUEUED, None, Failure.INTERRUPTED, 1)
    assert leased.status == Status.TRANSCRIBING
    assert swept.given_up == 0


def test_a_note_of_a_dead_worker_does_not_wait_for_the_task_that_died_too():
    note = make_note(status=Status.TRANSCRIBING, claim=uuid.uuid4(), lease_until=NOW - SECOND, queued_at=NOW - SECOND)
    enqueue(note.pk)
    OrmQ.objects.update(lock=NOW + dt.timedelta(hours=1))  # a worker has fetched it

    assert sweep(NOW).requeued == 1


def test_it_gives_up_a_note_that_killed_its_workers():
    note = working(lease_until=NOW - SECOND, attempts=MAX_ATTEMPTS)

    swept = sweep(NOW)

    note.refresh_from_db()
    assert (note.status, note.failure, note.claim) == (Status.FAILED, Failure.INTERRUPTED, None)
    assert (swept.given_up, swept.requeued) == (1, 0)
    assert queued() == []


def test_it_queues_a_note_whose_task_is_gone():
    note = waiting()

    assert sweep(NOW).requeued == 1

    assert queued() == [str(note.pk)]
    assert sweep(NOW).requeued == 0


def test_it_queues_a_note_whose_task_cannot_be_read_any_more():
    note = waiting()
    enqueue(note.pk)
    OrmQ.objects.update(payload="signed with another key", lock=NOW)

    assert sweep(NOW).requeued == 1


def test_it_leaves_a_note_alone_whose_task_waits_or_was_just_handed_out():
    note = waiting()
    enqueue(note.pk)

    hide_tasks(until=NOW)
    assert sweep(NOW).requeued == 0
    hide_tasks(until=NOW + dt.timedelta(minutes=30))
    assert sweep(NOW + HANDED_OUT).requeued == 0
    assert sweep(NOW + HANDED_OUT + SECOND).requeued == 1


@pytest.mark.parametrize("attempts", range(len(PAUSES)))
def test_it_lets_a_note_rest_after_a_failed_attempt(attempts):
    waiting(attempts=attempts, failure=Failure.ENGINE)
    rested = NOW + PAUSES[attempts]

    assert sweep(rested - SECOND).requeued == 0
    assert sweep(rested).requeued == 1


def test_it_lets_a_note_rest_while_there_is_no_model():
    waiting(failure=Failure.NO_MODEL)

    assert sweep(NOW + PAUSE_WITHOUT_MODEL - SECOND).requeued == 0
    assert sweep(NOW + PAUSE_WITHOUT_MODEL).requeued == 1


@pytest.mark.parametrize("status", [Status.TRANSCRIBED, Status.NO_SPEECH, Status.FAILED, Status.UPLOADING])
def test_it_leaves_notes_alone_that_do_not_wait(status):
    make_note(status=status, failure=Failure.ENGINE, lease_until=NOW - LEASE, queued_at=NOW - LEASE)

    swept = sweep(NOW)

    assert (swept.requeued, swept.given_up, swept.is_stuck) == (0, 0, False)
    assert VoiceNote.objects.get().status == status


def test_it_sees_a_worker_that_starts_nothing():
    note = waiting()
    enqueue(note.pk)
    hide_tasks(until=NOW)

    assert not sweep(NOW + STUCK).is_stuck
    assert sweep(NOW + STUCK + SECOND).is_stuck


def test_a_note_that_was_lost_until_now_is_no_sign_of_a_stuck_worker():
    waiting(queued_at=NOW - dt.timedelta(hours=9))

    assert not sweep(NOW).is_stuck


@pytest.mark.parametrize(
    "life",
    [
        {"status": Status.TRANSCRIBING, "claim": uuid.uuid4(), "lease_until": NOW + SECOND},
        {"status": Status.TRANSCRIBED, "lease_until": NOW + LEASE - STUCK + SECOND},
    ],
)
def test_a_busy_worker_is_not_stuck(life):
    enqueue(waiting(queued_at=NOW - dt.timedelta(hours=1)).pk)
    hide_tasks(until=NOW)
    make_note(**life)

    assert not sweep(NOW).is_stuck


def test_it_removes_what_killed_processes_left_in_the_spool(settings):
    settings.SPOOL_DIR.mkdir(parents=True, exist_ok=True)
    young, old = (settings.SPOOL_DIR / f"spool-{name}" for name in ("young", "old"))
    with spool_file() as used:
        for path, age in ((young, LEFT_BEHIND - 20 * SECOND), (old, LEFT_BEHIND + SECOND), (used, 1000 * LEFT_BEHIND)):
            path.touch()
            os.utime(path, times=(time.time() - age.total_seconds(),) * 2)

        sweep(timezone.now())

        assert [path.exists() for path in (young, old, used)] == [True, False, True]


def test_the_command_says_what_it_did(capsys):
    make_note()
    working(lease_until=timezone.now() - SECOND, attempts=MAX_ATTEMPTS)

    assert call_command("sweep_notes") == ""

    assert capsys.readouterr().out == "1 note queued again, 1 given up.\n"


def test_the_command_says_nothing_when_it_is_told_to_be_quiet(capsys):
    make_note()

    assert call_command("sweep_notes", verbosity=0) == ""

    assert capsys.readouterr().out == ""


def test_the_command_returns_that_the_worker_is_stuck():
    note = make_note(queued_at=timezone.now() - dt.timedelta(hours=1))
    enqueue(note.pk)

    assert call_command("sweep_notes", verbosity=0) == "stuck"
