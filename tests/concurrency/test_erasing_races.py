"""A guest's notes are erased while somebody works on them. Whoever comes second finds them gone, and says nothing."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django_q.models import OrmQ, Task

from notes import editing, tasks
from notes.engines.fake import FakeEngine
from notes.erasure.erasing import erase_notes_of
from notes.erasure.retention import expire
from notes.ingest import recording as verbs
from notes.ingest.intake import AudioRefused, receive
from notes.models import Chunk, Erasure, Recording, Status, Transcript, VoiceNote, was_erased
from notes.queue import enqueue
from notes.transcriber.in_process import InProcessTranscriber
from reservations import guests
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import make_guest, make_reservation, make_user
from tests.notes.clips import browser_recording, recording
from tests.notes.notes import make_note, make_transcript
from tests.notes.traces import audio, places_of

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "zqxcanary"


@pytest.fixture
def alice():
    return make_user("alice", role="manager")


@pytest.fixture
def stay():
    return make_reservation(guest=make_guest("Amara Okafor"))


@pytest.fixture
def erase(stay, alice):
    return lambda: erase_notes_of(guest=stay.guest, actor=alice, reason="Asked for.")


class Overheard(FakeEngine):
    """Waits in the middle of its work until it may go on; then it has heard the canary, or breaks."""

    def __init__(self, error=None):
        super().__init__(f"They said {CANARY}.", error)
        self.begun, self.may_end = threading.Event(), threading.Event()

    def transcribe(self, *arguments, **options):
        self.begun.set()
        assert self.may_end.wait(10)
        return super().transcribe(*arguments, **options)


@pytest.mark.parametrize("error", [None, RuntimeError(CANARY)])
def test_a_worker_in_the_middle_of_a_note_writes_nothing_of_it(stay, erase, monkeypatch, caplog, error):
    note, engine = make_note(reservation=stay), Overheard(error)
    enqueue(note.pk)
    monkeypatch.setattr("notes.transcription.saved_notes.get_transcriber", lambda: InProcessTranscriber(engine))

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(_closing, lambda: tasks.transcribe(str(note.pk)))
        assert engine.begun.wait(10)
        assert VoiceNote.objects.get().status == Status.TRANSCRIBING
        report = erase()
        engine.may_end.set()
        working.result()  # or what it raised, which the queue would keep

    assert report.counts["notes"] == 1
    assert places_of(CANARY) == set()
    assert places_of(str(note.pk)) == {"erasures.jsonl"}
    assert audio() == []
    assert (OrmQ.objects.count(), Task.objects.count()) == (0, 0)
    assert CANARY not in caplog.text


def test_a_worker_that_listens_to_a_recording_meanwhile_writes_no_piece_of_it(stay, erase, alice, monkeypatch):
    who, engine = {"key": uuid.uuid4(), "author": alice}, Overheard()
    verbs.add_chunk(**who, index=0, data=browser_recording(), reservation=stay, seconds=1)
    verbs.stop(**who, chunks=1, seconds=1)
    monkeypatch.setattr("notes.transcription.live_recordings.get_transcriber", lambda: InProcessTranscriber(engine))

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(_closing, lambda: tasks.listen(str(who["key"])))
        assert engine.begun.wait(10)
        report = erase()
        engine.may_end.set()
        working.result()

    assert report.counts == {"recordings": 1, "chunks": 1, "queue_tasks": 1}
    assert places_of(CANARY) == set()
    assert places_of(str(who["key"])) == {"erasures.jsonl"}


def test_a_second_pass_over_a_note_that_is_erased_meanwhile_writes_nothing(stay, erase, monkeypatch):
    note, engine = make_note(reservation=stay, transcript="They said that."), Overheard()
    Transcript.objects.update(from_pieces=True)
    monkeypatch.setattr("notes.transcription.second_pass.get_transcriber", lambda: InProcessTranscriber(engine))

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(_closing, lambda: tasks.improve(str(note.pk)))
        assert engine.begun.wait(10)
        erase()
        engine.may_end.set()
        working.result()

    assert places_of(CANARY) == set()
    assert not Transcript.objects.exists()


def test_a_worker_that_writes_its_result_at_this_moment_is_waited_for(stay, erase):
    note = make_note(reservation=stay, status=Status.TRANSCRIBING, claim=uuid.uuid4(), lease_until=_later())

    with overtaken_by(erase) as outcome:
        VoiceNote.objects.filter(pk=note.pk).update(status=Status.TRANSCRIBED, claim=None)
        _say(note)

    assert outcome[0].counts == {"audio": 1, "notes": 1, "texts": 1}
    assert places_of(CANARY) == set()


def test_a_recording_that_becomes_a_note_at_this_moment_is_erased_as_one_or_the_other(stay, erase, alice):
    key = _recording(stay, alice).pk

    with overtaken_by(erase) as outcome:
        Recording.objects.select_for_update().get(pk=key).delete()
        note = make_note(pk=key, reservation=stay)
        _say(note)

    assert outcome[0].counts["notes"] == 1
    assert was_erased(note.pk)
    assert places_of(CANARY) == set()
    assert audio() == []


def test_a_note_that_was_on_its_way_does_not_come_back_when_the_recording_was_erased(stay, erase, alice):
    """Its writer did not look: the database refuses at the commit, after it has waited for the erasure."""
    coming = _recording(stay, alice)
    written, erased = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            note = make_note(pk=coming.pk, reservation=stay)
            _say(note)
            written.set()
            assert erased.wait(10)

    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(_closing, save)
        assert written.wait(10)
        erase()
        erased.set()
        with pytest.raises(IntegrityError, match="note was erased"):
            saving.result()

    assert not VoiceNote.objects.exists()
    assert places_of(CANARY) == set()


def test_a_note_that_is_committed_during_the_erasure_waits_for_its_end_and_is_refused(stay, erase, alice):
    coming = _recording(stay, alice)

    def save():
        with transaction.atomic():
            make_note(pk=coming.pk, reservation=stay)

    with overtaken_by(save) as outcome:
        erase()

    assert isinstance(outcome[0], IntegrityError)
    assert "note was erased" in str(outcome[0])
    assert not VoiceNote.objects.exists()


def test_a_save_that_has_stored_its_file_finds_the_recording_gone(stay, erase, alice, monkeypatch):
    who = {"key": uuid.uuid4(), "author": alice}
    verbs.add_chunk(**who, index=0, data=browser_recording(), reservation=stay)
    stored, erased = threading.Event(), threading.Event()
    start_transcription = verbs._start_transcription

    def slowly(note):
        stored.set()
        assert erased.wait(10)
        start_transcription(note)

    monkeypatch.setattr(verbs, "_start_transcription", slowly)
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(_closing, lambda: verbs.save(**who, chunks=1))
        assert stored.wait(10)
        erase()
        erased.set()
        with pytest.raises(AudioRefused) as refused:
            saving.result()

    assert refused.value.code == "erased"
    assert not VoiceNote.objects.exists()
    assert audio() == []


def test_a_browser_that_sends_chunk_after_chunk_meanwhile_ends_refused(stay, erase, alice):
    who, data = {"key": uuid.uuid4(), "author": alice}, browser_recording()
    half = threading.Event()

    def send(number):
        if number == 0:
            assert half.wait(10)
            return erase()
        for index in range(200):
            try:
                verbs.add_chunk(**who, index=index, data=data[index : index + 9] or b"x", reservation=stay)
            except AudioRefused as refused:
                return refused.code
            if index == 5:
                half.set()
        return "was never told"

    outcomes = at_once(2, send)

    assert outcomes[0].counts["recordings"] == 1
    assert outcomes[1] == "erased"
    assert (Recording.objects.count(), Chunk.objects.count()) == (0, 0)


def test_an_upload_that_is_sent_again_and_again_meanwhile_ends_refused(stay, erase, alice):
    key, data = uuid.uuid4(), recording()

    def send(number):
        if number == 0:
            return erase()
        return receive(author=alice, upload=SimpleUploadedFile("n.wav", data), reservation=stay, key=key)

    send(1)
    outcomes = at_once(6, send)

    assert isinstance(outcomes[0], Erasure)
    for outcome in outcomes[1:]:
        assert isinstance(outcome, VoiceNote) or outcome.code == "erased", outcome
    assert not VoiceNote.objects.exists()
    assert audio() == []
    with pytest.raises(AudioRefused):
        send(1)


def test_a_chunk_that_comes_meanwhile_stays_nowhere(stay, erase, alice):
    coming = _recording(stay, alice)

    with overtaken_by(erase) as outcome:
        Recording.objects.select_for_update().get(pk=coming.pk)
        Chunk.objects.create(recording=coming, index=1, data=CANARY.encode(), sha256="0" * 64)

    assert outcome[0].counts == {"recordings": 1, "chunks": 2}
    assert places_of(CANARY) == set()


def test_a_profile_that_is_merged_at_this_moment_is_erased_as_what_it_became(stay, erase, alice):
    keep = make_guest("Amara O.")
    make_note(reservation=stay, transcript=CANARY)
    make_note(reservation=make_reservation(guest=keep), transcript=CANARY)

    with overtaken_by(erase):
        guests.merge(keep=keep, duplicate=stay.guest, actor=alice)

    assert places_of(CANARY) == set()


def test_someone_who_edits_meanwhile_is_told(stay, erase, alice):
    note = make_note(reservation=stay, transcript="Before.")

    def edit():
        return editing.edit_text(note=note, text=CANARY, actor=alice)

    with overtaken_by(edit) as outcome:
        erase()

    assert isinstance(outcome[0], editing.NoteDeleted)
    assert places_of(CANARY) == set()


def test_erasing_twice_at_once_is_one_erasure_and_one_of_nothing(stay, erase):
    make_note(reservation=stay, transcript=CANARY)

    reports = at_once(2, lambda number: erase())

    assert sorted(report.counts.get("notes", 0) for report in reports) == [0, 1]


def test_several_runs_of_retention_at_once_erase_each_note_once(stay, settings):
    settings.AUDIO_KEEP_DAYS = 1
    for _ in range(6):
        make_note(reservation=stay, transcript=CANARY)

    reports = at_once(3, lambda number: expire(_later(days=2)))

    assert sum(report.counts["audio"] for report in reports if report) == 6
    assert audio() == []


def _say(note):
    make_transcript(note, text=CANARY, machine_text=CANARY)


def _recording(stay, author):
    coming = Recording.objects.create(property=stay.property, reservation=stay, author=author, chunks_received=1)
    Chunk.objects.create(recording=coming, index=0, data=CANARY.encode(), sha256="0" * 64)
    return coming


def _later(**age):
    return dt.datetime.now(dt.UTC) + dt.timedelta(**(age or {"minutes": 2}))


def _closing(act):
    try:
        return act()
    finally:
        connection.close()
