import json
import logging
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_q.models import OrmQ, Task

from api.models import IdempotentResponse
from notes.erasure import erasing, reports
from notes.erasure.erasing import MoreToErase
from notes.erasure.of_guests import mentions_of, names_of, tally
from notes.files.deletion import delete_files
from notes.ingest import recording as recording_verbs
from notes.ingest.intake import AudioRefused, receive
from notes.models import (
    Erasure,
    FileToDelete,
    ReadReceipt,
    Recording,
    Transcript,
    VoiceNote,
    was_erased,
)
from notes.queue import enqueue
from notes.typed_notes import KeyTaken, type_note
from reservations import guests
from reservations.models import Event
from tests.factories import give_role, make_apartment, make_guest, make_hotel, make_reservation, make_user
from tests.notes.clips import browser_recording, recording
from tests.notes.erasure.erased import CANARY, REASON, erase, make_recording
from tests.notes.notes import make_note, make_transcript
from tests.notes.traces import audio, places_of

pytestmark = pytest.mark.django_db


def fill(guest):
    """A guest's notes of every kind, with the canary in each place that can hold a text."""
    bob, stay, hotel = make_user("bob"), make_reservation(guest=guest), make_hotel()
    said = make_note(reservation=stay, transcript=f"They said {CANARY}.")
    said.transcript.earlier_text = f"{CANARY} earlier"
    said.transcript.segments = [{"start": 0, "end": 1, "text": CANARY, "words": []}]
    said.transcript.save()
    ReadReceipt.objects.create(note=said, user=bob)
    edited = make_note(reservation=make_reservation(unit=hotel.units.first(), guest=guest), deleted_at=timezone.now())
    make_transcript(edited, text=CANARY, machine_text="x", edited_at=timezone.now(), edited_by=bob)
    waiting = make_note(reservation=stay, is_protected=True)
    enqueue(waiting.pk)
    coming = make_recording(stay, data=f"\x1aE{CANARY}".encode())
    enqueue(coming.pk)
    now = timezone.now()
    Task.objects.create(
        id=uuid.uuid4().hex, name="t", func="notes.tasks.transcribe", args=(str(said.pk),), result=f"Broke {CANARY}",
        started=now, stopped=now, success=False,
    )  # fmt: skip
    body = json.dumps({"id": str(said.pk), "text": CANARY})
    IdempotentResponse.objects.create(user=bob, key="one", fingerprint="x", status=200, body=body)
    return [said, edited, waiting, coming]


def commit(write):
    """What a commit looks at is looked at."""
    with transaction.atomic():
        write()
        connection.check_constraints()


def test_nothing_of_a_guests_notes_is_left_anywhere(guest):
    erased = fill(guest)
    other = make_note(transcript="Of somebody else.")
    enqueue(other.pk)
    assert {"notes_transcript", "notes_piece", "notes_chunk", "queue", "api_idempotentresponse"} <= places_of(CANARY)

    report = erase(guest)

    keys = [str(each.pk) for each in erased]
    assert places_of(CANARY) == set()
    assert places_of(*keys) == {"erasures.jsonl"}
    assert {str(each.key) for each in report.notes.all()} == set(keys)
    assert [path.name for path in audio()] == [f"{other.pk}.wav"]
    assert Transcript.objects.get().text == "Of somebody else."
    assert [row.args() for row in OrmQ.objects.all()] == [(str(other.pk),)]
    assert not FileToDelete.objects.exists()


def test_the_report_counts_each_kind_and_names_nobody(guest, alice):
    fill(guest)

    report = erase(guest, actor=alice)

    report.refresh_from_db()
    assert report.counts == {
        "notes": 3, "audio": 3, "texts": 2, "read_receipts": 1, "recordings": 1, "chunks": 1, "pieces": 1,
        "queue_tasks": 2, "queue_results": 1,
    }  # fmt: skip
    assert (report.kind, report.actor, report.guest_key, report.reason) == ("guest", alice, guest.pk, REASON)
    assert "okafor" not in json.dumps(reports.as_data(report)).lower()


def test_stays_and_their_history_remain_and_never_held_a_text(guest):
    stay = make_reservation(guest=guest)
    Event.objects.create(reservation=stay, action=Event.Action.CONFIRMED)
    make_note(reservation=stay, transcript=CANARY)
    assert "reservations_event" not in places_of(CANARY)

    erase(guest)

    assert Event.objects.filter(reservation=stay).count() == 1
    stay.refresh_from_db()


def test_notes_of_merged_profiles_go_too(guest):
    duplicate, twin = make_guest("A. Okafor"), make_guest("Amara Okafor-Lind")
    for each in (guest, duplicate, twin):
        make_note(reservation=make_reservation(guest=each), transcript=CANARY)
    guests.merge(keep=duplicate, duplicate=twin, actor=None)
    guests.merge(keep=guest, duplicate=duplicate, actor=None)
    stray = make_note(reservation=make_reservation(guest=make_guest()), transcript="stays")
    left_behind = make_note(reservation=make_reservation(), transcript=CANARY)
    left_behind.reservation.guest = twin  # given to the duplicate after the merge
    left_behind.reservation.save()

    assert tally(guest).notes == 4
    erase(duplicate)  # whichever of the profiles is asked for

    assert list(VoiceNote.objects.all()) == [stray]
    assert names_of(guest) == ["Amara", "Lind", "Okafor"]


def test_a_name_without_spaces_around_it_is_a_mention(guest):
    guest.name = "小明 王 Σταύρος"
    guest.save()
    for text in ("房间是小明的", "ΣΤΑΥΡΟΣ ΡΩΤΗΣΕ", "大王来了", "Σταύρου"):
        make_note(reservation=make_reservation(), transcript=text)

    assert names_of(guest) == ["Σταύρος", "小明"]
    assert {note.transcript.text for note in mentions_of(guest)} == {"房间是小明的", "ΣΤΑΥΡΟΣ ΡΩΤΗΣΕ"}


def test_it_refuses_when_more_is_there_than_was_shown(guest):
    note = make_note(reservation=make_reservation(guest=guest))
    make_recording(note.reservation)

    with pytest.raises(MoreToErase):
        erase(guest, seen=1)

    assert VoiceNote.objects.exists()
    assert not Erasure.objects.exists()
    erase(guest, seen=2)
    assert not VoiceNote.objects.exists()


def test_nothing_goes_when_the_commit_fails(guest, monkeypatch):
    note = make_note(reservation=make_reservation(guest=guest), transcript=CANARY)
    monkeypatch.setattr(erasing.task_queue, "forget", lambda keys: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        erase(guest)

    note.refresh_from_db()
    assert note.audio.open("rb").read()
    assert not FileToDelete.objects.exists()


def test_a_file_that_cannot_be_deleted_is_tried_again(guest, monkeypatch, caplog):
    note = make_note(reservation=make_reservation(guest=guest))
    path = default_storage.path(note.audio.name)
    away = pytest.MonkeyPatch()
    away.setattr(type(default_storage._wrapped), "delete", lambda self, name: (_ for _ in ()).throw(OSError(path)))

    with caplog.at_level(logging.WARNING):
        erase(guest)

    assert len(audio()) == 1
    assert FileToDelete.objects.get().attempts == 1
    assert str(note.pk) not in caplog.text
    assert delete_files() == 1
    away.undo()
    assert delete_files() == 0
    assert audio() == []
    assert not FileToDelete.objects.exists()


class TestComingBack:
    def test_what_is_sent_again_under_an_erased_key_is_refused(self, guest, alice):
        key, data = uuid.uuid4(), recording()

        def send():
            upload = SimpleUploadedFile("note.wav", data)
            return receive(author=alice, upload=upload, reservation=stay, key=key)

        stay = make_reservation(guest=guest)
        send()
        erase(guest)

        with pytest.raises(AudioRefused) as refused:
            send()
        assert (refused.value.code, refused.value.status) == ("erased", 410)
        assert was_erased(key)
        assert not was_erased(uuid.uuid4())
        assert audio() == []

    def test_a_browser_that_is_still_sending_is_told_at_whatever_it_asks(self, guest, alice):
        reservation, who = make_reservation(guest=guest), {"key": uuid.uuid4(), "author": alice}
        begin = {"index": 0, "data": browser_recording(), "reservation": reservation}
        recording_verbs.add_chunk(**who, **begin)
        assert tally(guest).recordings == 1
        report = erase(guest)
        assert report.counts == {"recordings": 1, "chunks": 1}

        for ask in (
            lambda: recording_verbs.add_chunk(**who, **begin | {"index": 1}),
            lambda: recording_verbs.add_chunk(**who, **begin),
            lambda: recording_verbs.stop(**who, chunks=2, seconds=3),
            lambda: recording_verbs.save(**who, chunks=2),
            lambda: recording_verbs.state_of(**who),
        ):
            with pytest.raises(AudioRefused) as refused:
                ask()
            assert refused.value.code == "erased"
        recording_verbs.discard(**who)
        assert not Recording.objects.exists()

    def test_a_typed_note_is_taken_under_a_new_key_only(self, guest, alice):
        fields = {"text": CANARY, "author": alice, "reservation": make_reservation(guest=guest), "key": uuid.uuid4()}
        type_note(**fields)
        erase(guest)

        with pytest.raises(KeyTaken):
            type_note(**fields)
        assert not VoiceNote.objects.exists()

    def test_the_recording_that_a_note_was_made_of_goes_with_it_and_counts_once(self, guest, alice):
        reservation, who = make_reservation(guest=guest), {"key": uuid.uuid4(), "author": alice}
        recording_verbs.add_chunk(**who, index=0, data=browser_recording(), reservation=reservation)
        recording_verbs.save(**who, chunks=1)
        assert (tally(guest).all, tally(guest).recordings) == (1, 0)

        report = erase(guest, seen=1)

        assert report.counts["notes"] == report.counts["recordings"] == 1
        assert not Recording.objects.exists()
        assert audio() == []

    def test_the_database_refuses_it_from_whoever_does_not_ask(self, guest):
        note = make_note(reservation=make_reservation(guest=guest))
        coming = make_recording(note.reservation)
        erase(guest)

        for again in (
            lambda: make_note(pk=note.pk, reservation=note.reservation),
            lambda: make_recording(note.reservation, pk=note.pk),
            lambda: make_note(pk=coming.pk, reservation=note.reservation),
            lambda: make_recording(note.reservation, pk=coming.pk),
        ):
            with pytest.raises(IntegrityError, match="note was erased"):
                commit(again)


class TestMentions:
    def test_other_notes_with_a_part_of_the_name_are_listed_and_left(self, guest):
        flat = make_apartment()
        hers = make_note(reservation=make_reservation(guest=guest), transcript="Okafor wants towels.")
        handed_over = make_note(property=flat, transcript="ökafor's key is in the safe.")
        make_note(transcript="Amarant is a plant, okaforian is no word.")
        make_note(transcript="Amara called.", deleted_at=timezone.now())

        assert list(mentions_of(guest)) == [handed_over]
        erase(guest)

        assert not VoiceNote.objects.filter(pk=hers.pk).exists()
        assert list(mentions_of(guest)) == [handed_over]

    @pytest.mark.parametrize("name", ["李", "…", "a.* \\y (", "Jo Li"])
    def test_a_name_is_no_pattern_and_a_short_one_finds_nothing(self, name):
        make_note(transcript="Whatever was said, jo li or a.* \\y ( here.")

        assert list(mentions_of(make_guest(name))) == []


def test_erasing_asks_as_often_for_many_notes_as_for_few(guest, django_assert_max_num_queries):
    stay = make_reservation(guest=guest)
    for _ in range(12):
        make_note(reservation=stay, transcript=CANARY)
    FileToDelete.objects.all().delete()

    with pytest.MonkeyPatch.context() as patch, django_assert_max_num_queries(40):
        patch.setattr(erasing, "finish", lambda: None)  # one statement for each file
        author = VoiceNote.objects.first().author
        give_role(author)
        erase(guest, actor=author)
