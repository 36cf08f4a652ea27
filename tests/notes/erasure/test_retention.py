"""Each rule of retention with the clock standing still; days are counted to the second."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.test import TestCase
from django_q.models import OrmQ, Schedule

from config.environment import days
from notes import tasks
from notes.apps import schedule_retention
from notes.erasure import retention
from notes.erasure.retention import expire
from notes.models import (
    PENDING,
    Erasure,
    FileToDelete,
    ReadReceipt,
    Recording,
    Status,
    Transcript,
    VoiceNote,
    was_erased,
)
from notes.transcription.saved_notes import CannotRetry, retry
from tests.factories import make_apartment, make_user
from tests.notes.notes import make_note
from tests.notes.traces import audio, places_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 9, 14, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
CANARY = "zqxcanary"


@pytest.fixture(autouse=True)
def _ninety_days_of_audio(settings):
    settings.AUDIO_KEEP_DAYS, settings.TEXT_KEEP_DAYS, settings.DELETED_KEEP_DAYS = 90, 0, 0


@pytest.fixture(autouse=True)
def _frozen_clock():
    with time_machine.travel(NOW, tick=False):
        yield


def aged(days, **fields):
    return make_note(recorded_at=NOW - days * DAY, **{"transcript": f"They said {CANARY}."} | fields)


def run(now=NOW):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return expire(now)


def test_audio_goes_when_its_days_are_over_and_the_note_says_that_it_was_there():
    note = aged(90, seconds=1.0, peaks=[1, 2], upload_sha256="a" * 64)
    Transcript.objects.update(audio_sha256=note.sha256)
    Recording.objects.create(pk=note.pk, property=note.property, reservation=note.reservation, author=note.author)

    assert run() is None
    assert len(audio()) == 1
    report = run(NOW + SECOND)

    note.refresh_from_db()
    assert (note.audio, note.container, note.sha256, note.upload_sha256, note.size, note.peaks) == ("",) * 4 + (0, None)
    assert note.audio_erased_at == NOW + SECOND
    assert note.text_erased_at is None
    assert (note.status, note.seconds, note.transcript.text) == (Status.TRANSCRIBED, 1.0, f"They said {CANARY}.")
    assert note.transcript.audio_sha256 == ""
    assert audio() == []
    assert not FileToDelete.objects.exists()
    assert not Recording.objects.exists()
    assert (report.kind, report.actor, report.counts, report.at) == ("retention", None, {"audio": 1}, NOW + SECOND)
    assert not was_erased(note.pk)
    assert run(NOW + SECOND) is None
    assert Erasure.objects.count() == 1


def test_text_goes_when_its_days_are_over_with_all_that_it_said_before(settings):
    settings.AUDIO_KEEP_DAYS, settings.TEXT_KEEP_DAYS = 0, 30
    note, young = aged(31), make_note(recorded_at=NOW - 29 * DAY, transcript="young")
    Transcript.objects.filter(note=note).update(earlier_text=CANARY)

    report = run()

    note.refresh_from_db()
    assert not hasattr(note, "transcript")
    assert places_of(CANARY) == set()
    assert (note.text_erased_at, note.audio_erased_at) == (NOW, None)
    assert note.audio.open("rb").read()
    assert list(Transcript.objects.all()) == [young.transcript]
    assert report.counts == {"texts": 1}


def test_a_deleted_note_goes_for_good_some_days_later_counted_from_its_deletion(settings):
    settings.AUDIO_KEEP_DAYS, settings.DELETED_KEEP_DAYS = 0, 30
    fresh = aged(400, deleted_at=NOW - 30 * DAY)
    gone = aged(40, deleted_at=NOW - 31 * DAY)
    ReadReceipt.objects.create(note=gone, user=make_user("bob"))

    report = run()

    assert list(VoiceNote.objects.all()) == [fresh]
    assert [path.stem for path in audio()] == [str(fresh.pk)]
    assert report.counts == {"notes": 1, "audio": 1, "texts": 1, "read_receipts": 1}
    assert [note.key for note in report.notes.all()] == [gone.pk]
    assert was_erased(gone.pk)


def test_by_default_only_deleted_notes_go(settings):
    settings.AUDIO_KEEP_DAYS = 0
    aged(5000)
    aged(5000, deleted_at=NOW - 5000 * DAY)

    assert run() is None


@pytest.mark.parametrize(
    "fields",
    [
        {"is_protected": True},
        {"is_protected": True, "deleted_at": NOW - 200 * DAY},
        *({"status": status, "claim": uuid.uuid4(), "lease_until": NOW - DAY} for status in PENDING),
        # a second pass over a note that has its text already
        {"claim": uuid.uuid4(), "lease_until": NOW + SECOND},
    ],
)
def test_what_is_kept_or_still_worked_on_is_left_alone(settings, fields):
    settings.TEXT_KEEP_DAYS, settings.DELETED_KEEP_DAYS = 90, 30
    note = aged(400, **fields)

    assert run() is None

    note.refresh_from_db()
    assert note.audio.open("rb").read()
    assert note.transcript.text


def test_a_worker_that_died_over_a_second_pass_holds_nothing_up():
    aged(400, claim=uuid.uuid4(), lease_until=NOW - SECOND)

    assert run().counts == {"audio": 1}


def test_notes_of_a_property_and_typed_ones_are_no_exception(settings):
    settings.TEXT_KEEP_DAYS = 90
    note = aged(91, property=make_apartment())
    default_storage.delete(note.audio.name)
    VoiceNote.objects.update(audio="", container="", sha256="", size=0, status=Status.TYPED)

    assert run().counts == {"texts": 1}

    note.refresh_from_db()
    assert (note.audio_erased_at, note.text_erased_at) == (None, NOW)


def test_without_audio_there_is_nothing_to_try_again(alice):
    note = aged(91, transcript=None, status=Status.NO_SPEECH)
    run()
    note.refresh_from_db()

    with pytest.raises(CannotRetry, match="is gone"):
        retry(note=note, actor=alice)


class TestInHelpings:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 2)
        monkeypatch.setattr(retention, "MOST", 5)

    def test_the_task_asks_for_another_until_there_is_nothing(self):
        for _ in range(7):
            aged(91)

        runs = 0
        OrmQ.objects.all().delete()
        while runs == 0 or OrmQ.objects.exists():
            OrmQ.objects.all().delete()
            with TestCase.captureOnCommitCallbacks(execute=True):
                tasks.expire()
            runs += 1

        assert runs == 3
        assert audio() == []
        assert [report.counts for report in Erasure.objects.order_by("counts__audio")] == [{"audio": 2}, {"audio": 5}]

    def test_one_that_breaks_off_has_lost_nothing_and_the_next_goes_on(self, monkeypatch):
        for _ in range(4):
            aged(91)
        step, calls = retention._erase_audio, []

        def breaks_off(*arguments):
            calls.append(arguments)
            step(*arguments)
            if len(calls) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(retention, "_erase_audio", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            expire(NOW)
        # As if killed before it came to the files: a row without audio, a file that waits to be deleted.
        assert VoiceNote.objects.filter(audio="").count() == 2
        assert FileToDelete.objects.count() == 2
        assert Erasure.objects.get().counts == {"audio": 2}
        run()

        assert VoiceNote.objects.filter(audio="").count() == 4
        assert audio() == []


def test_it_asks_as_often_for_many_notes_as_for_few(django_assert_num_queries):
    for _ in range(3):
        aged(91)
    with django_assert_num_queries(11) as few:
        expire(NOW)
    for _ in range(9):
        aged(91)

    with django_assert_num_queries(len(few)):
        expire(NOW)


def test_it_runs_each_night_and_a_start_does_not_put_it_off():
    schedule_retention()
    first = Schedule.objects.get(func="notes.tasks.expire")
    Schedule.objects.filter(pk=first.pk).update(next_run=NOW)
    schedule_retention()

    again = Schedule.objects.get(func="notes.tasks.expire")
    assert (again.schedule_type, again.next_run) == (Schedule.DAILY, NOW)
    assert first.next_run.hour == 3
    files = Schedule.objects.get(func="notes.tasks.delete_files")
    assert (files.schedule_type, files.minutes) == (Schedule.MINUTES, 15)


class TestSettings:
    @pytest.mark.parametrize(("text", "value"), [("0", 0), (" 90 ", 90), ("3650", 3650)])
    def test_days_are_whole(self, monkeypatch, text, value):
        monkeypatch.setenv("AUDIO_KEEP_DAYS", text)
        assert days("AUDIO_KEEP_DAYS", default=1) == value

    @pytest.mark.parametrize("text", ["", "-1", "1.5", "90 days", "never", "٣", "1000000"])
    def test_what_is_no_number_of_days_stops_the_start(self, monkeypatch, text):
        monkeypatch.setenv("AUDIO_KEEP_DAYS", text)
        with pytest.raises(ImproperlyConfigured, match="AUDIO_KEEP_DAYS must be a number of days"):
            days("AUDIO_KEEP_DAYS", default=1)
