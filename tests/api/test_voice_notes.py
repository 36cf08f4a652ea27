"""A program adds voice notes, reads their text, finds them, deletes them."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from api import idempotency
from notes import editing
from notes.files.storage import DurableFileSystemStorage
from notes.models import Failure, ReadReceipt, Status, VoiceNote
from notes.transcription import saved_notes
from tests.api.programs import V1, Program
from tests.factories import make_apartment, make_reservation, make_user
from tests.notes.clips import recording, tone
from tests.notes.each_state import TEXT, make_one_of_each, make_spoken
from tests.notes.notes import make_doubted, make_note

pytestmark = pytest.mark.django_db

DATA = recording("wav")


@pytest.fixture
def reservation():
    return make_reservation()


def notes_of(reservation, kind="voice"):
    return f"/reservations/{reservation.reference}/{kind}-notes/"


def one(note, verb=""):
    return f"/voice-notes/{note.pk}/{verb}"


def a_file(data=DATA, name="note.wav", media_type="audio/wav"):
    return {"audio_file": SimpleUploadedFile(name, data, content_type=media_type)}


def stored_files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


class TestAdding:
    def test_a_recording_is_stored_and_queued_and_the_answer_says_where_it_is(self, program, reservation, alice):
        answer = program.upload(notes_of(reservation), a_file())

        note, shown = VoiceNote.objects.get(), answer.json()
        assert answer.status_code == 202
        assert (note.reservation, note.author, note.status) == (reservation, alice, Status.QUEUED)
        assert (shown["id"], shown["status"], shown["text"]) == (str(note.pk), "queued", None)
        assert shown["reservation"] == reservation.reference
        assert shown["audio"]["sha256"] == shown["audio"]["upload_sha256"] == hashlib.sha256(DATA).hexdigest()
        assert (shown["audio"]["size"], shown["audio"]["media_type"]) == (len(DATA), "audio/wav")
        assert shown["seconds"] == 1.0
        assert answer.headers["Location"] == f"http://testserver{V1}{one(note)}"
        assert answer.headers["Retry-After"] == "1"
        assert OrmQ.objects.get().args() == (str(note.pk),)

    def test_a_property_takes_notes_for_whoever_comes_next(self, program):
        flat = make_apartment()

        answer = program.upload(f"/properties/{flat.pk}/voice-notes/", a_file())

        note = VoiceNote.objects.get()
        assert answer.status_code == 202
        assert (note.property, note.reservation) == (flat, None)
        assert answer.json()["reservation"] is None

    def test_a_note_can_be_typed(self, program, reservation, alice):
        answer = program.post(notes_of(reservation, "typed"), {"text": "The boiler was reset.\n\nTwice."})

        note = VoiceNote.objects.get()
        assert answer.status_code == 201
        assert (note.status, note.author, note.transcript.text) == ("typed", alice, "The boiler was reset.\n\nTwice.")
        assert (answer.json()["text"], answer.json()["audio"]) == (note.transcript.text, None)
        assert answer.headers["Location"].endswith(one(note))

    def test_a_note_can_be_typed_for_whoever_comes_next(self, program):
        flat = make_apartment()

        assert program.post(f"/properties/{flat.pk}/typed-notes/", {"text": "Keys are in the safe."}).status_code == 201
        assert VoiceNote.objects.get().property == flat

    @pytest.mark.parametrize("kind", ["voice", "typed"])
    @pytest.mark.parametrize("place", ["/reservations/RT-NNNNN", "/properties/9999999"])
    def test_a_place_that_is_gone_takes_none(self, program, place, kind):
        path = f"{place}/{kind}-notes/"
        answer = program.upload(path, a_file()) if kind == "voice" else program.post(path, {"text": "x"})

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert not VoiceNote.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "field", "code", "words"),
        [
            ({}, "audio_file", "required", "missing"),
            ({"audio": a_file()["audio_file"]}, "audio", "unknown_field", "audio_file"),
            ({"audio_file": "note.wav"}, "audio_file", "invalid", "file name"),
            (a_file() | {"key": "1"}, "key", "unknown_field", "no such field"),
        ],
    )
    def test_a_form_that_is_none_of_ours_says_what_to_change(self, program, reservation, fields, field, code, words):
        answer = program.upload(notes_of(reservation), fields)

        [error] = answer.json()["errors"]
        assert answer.status_code == 400
        assert (error["field"], error["code"]) == (field, code)
        assert words in error["detail"]
        assert not VoiceNote.objects.exists()

    def test_what_is_no_form_is_refused(self, program, reservation):
        headers = program.headers
        plain = program.client.post(V1 + notes_of(reservation), DATA, content_type="audio/wav", headers=headers)
        torn = program.client.post(
            V1 + notes_of(reservation), DATA, content_type="multipart/form-data", headers=headers
        )

        assert (plain.status_code, plain.json()["code"]) == (415, "unsupported_media_type")
        assert "multipart/form-data" in plain.json()["detail"]
        assert (torn.status_code, torn.json()["code"]) == (400, "parse_error")
        assert "boundary" not in torn.json()["detail"]

    def test_a_full_disk_keeps_nothing_and_says_when_to_try_again(self, program, reservation, monkeypatch):
        def full(*_):
            raise OSError("No space left on device")

        monkeypatch.setattr(DurableFileSystemStorage, "_save", full)

        answer = program.upload(notes_of(reservation), a_file())

        assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
        assert "page" not in answer.json()["detail"]
        assert answer.headers["Retry-After"]
        assert not VoiceNote.objects.exists()


class TestTooLarge:
    @pytest.fixture(autouse=True)
    def limit(self, settings):
        settings.MAX_UPLOAD_BYTES = 2**20

    @pytest.mark.parametrize("key", [{}, {"idempotency_key": "one"}])
    def test_a_form_that_says_so_is_refused_before_it_is_read(self, program, reservation, key):
        class Unread:
            def read(self, *_):
                raise AssertionError("it was read")

            readline = read

        answer = program.client.generic(
            "POST",
            V1 + notes_of(reservation),
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(40 * 2**20),
            headers=program.headers | {name.replace("_", "-"): value for name, value in key.items()},
            **{"wsgi.input": Unread()},
        )

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.json()["detail"].startswith("This file is larger than 1 MB.")

    def test_a_file_that_just_fits_into_the_form_is_refused_as_well(self, program, reservation, settings):
        answer = program.upload(notes_of(reservation), a_file(bytes(2**20 + 1)))

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert stored_files(settings) == []

    def test_a_form_of_unknown_length_is_refused(self, program, reservation):
        answer = program.client.generic(
            "POST",
            V1 + notes_of(reservation),
            content_type="multipart/form-data; boundary=x",
            headers=program.headers | {"Transfer-Encoding": "chunked"},
            CONTENT_LENGTH="",
        )

        assert (answer.status_code, answer.json()["code"]) == (411, "length_missing")
        assert "Content-Length" in answer.json()["detail"]


class TestOnce:
    def test_without_a_key_each_upload_is_a_note(self, program, reservation):
        first, second = (program.upload(notes_of(reservation), a_file()).json()["id"] for _ in range(2))

        assert first != second

    def test_the_same_file_with_the_same_key_is_one_note(self, program, reservation, settings):
        first = program.upload(notes_of(reservation), a_file(), idempotency_key="one")
        again = program.upload(notes_of(reservation), a_file(name="again.bin"), idempotency_key="one")

        assert (first.status_code, again.status_code) == (202, 202)
        assert first.content == again.content
        assert again.headers["Location"] == first.headers["Location"]
        assert len(stored_files(settings)) == VoiceNote.objects.count() == OrmQ.objects.count() == 1
        assert VoiceNote.objects.get().audio.read() == DATA

    def test_another_file_with_the_same_key_is_refused(self, program, reservation, settings):
        program.upload(notes_of(reservation), a_file(), idempotency_key="one")
        other = program.upload(notes_of(reservation), a_file(recording("wav", tone(2))), idempotency_key="one")

        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
        assert len(stored_files(settings)) == VoiceNote.objects.count() == 1

    def test_what_was_refused_may_be_sent_again_with_the_same_key(self, program, reservation, settings):
        refused = program.upload(notes_of(reservation), a_file(b"<html>"), idempotency_key="one")
        taken = program.upload(notes_of(reservation), a_file(), idempotency_key="one")

        assert (refused.status_code, taken.status_code) == (415, 202)
        assert len(stored_files(settings)) == 1

    def test_when_the_answer_cannot_be_kept_neither_note_nor_file_is_left(
        self, program, reservation, settings, monkeypatch
    ):
        monkeypatch.setattr(idempotency, "_store", lambda *_: 1 / 0)

        answer = program.upload(notes_of(reservation), a_file(), idempotency_key="one")

        assert answer.status_code == 500
        assert not VoiceNote.objects.exists()
        assert stored_files(settings) == []


class TestReading:
    def test_a_note_shows_what_the_screens_show(self, program, reservation, alice):
        note = make_spoken(reservation)
        editing.edit_text(note=note, text="Nobody was hurt.", actor=alice)

        shown = program.get(one(note)).json()

        assert (shown["status"], shown["text"], shown["is_edited"]) == ("transcribed", "Nobody was hurt.", True)
        assert shown["edited_by"] == {"id": alice.pk, "name": "Alice Moreau"}
        assert (shown["language"], shown["engine"], shown["model"]) == ("en", "fake", "fake")
        assert " ".join(segment["text"] for segment in shown["segments"]) == TEXT
        words = [word for segment in shown["segments"] for word in segment["words"]]
        assert words[0] == {"start": 0.0, "end": 0.35, "text": "Incident", "probability": 0.9, "is_doubtful": False}
        assert [word["text"] for word in words if word["is_doubtful"]] == ["steam"]
        assert len(shown["peaks"]) == 96
        assert (shown["seconds"], shown["failure"], shown["progress"]) == (7.88, None, None)

    def test_it_says_what_the_machine_doubted_and_assumed(self, program, reservation):
        doubted, sure = make_doubted(reservation=reservation), make_spoken(reservation)

        shown = [program.get(one(note)).json() for note in (doubted, sure)]

        assert [(note["is_doubtful"], note["is_language_assumed"]) for note in shown] == [(True, True), (False, False)]

    def test_every_state_can_be_read_alone_and_in_the_list(self, program, reservation):
        notes = make_one_of_each(reservation)

        rows = {row["id"]: row for row in program.get(notes_of(reservation)).json()["results"]}

        for note in notes:
            shown = program.get(one(note)).json()
            assert shown["status"] == note.status
            assert {name: shown[name] for name in shown.keys() & rows[str(note.pk)].keys()} == {
                name: value for name, value in rows[str(note.pk)].items() if name != "hit"
            }

    def test_a_note_without_a_text_says_so(self, program, reservation):
        shown = program.get(one(make_note(reservation=reservation))).json()

        assert (shown["text"], shown["segments"], shown["edited_by"]) == (None, [], None)
        assert (shown["is_edited"], shown["language"], shown["engine"], shown["model"]) == (False, "", "", "")

    def test_a_failure_is_said_in_words(self, program, reservation):
        note = make_note(reservation=reservation, status=Status.FAILED, failure=Failure.CRASHED)

        shown = program.get(one(note)).json()

        assert (shown["failure"], shown["failure_detail"]) == ("crashed", Failure.CRASHED.label)

    def test_it_says_how_far_a_pending_note_is(self, program, reservation):
        _, listening, *_ = make_one_of_each(reservation)

        answer = program.get(one(listening))

        assert answer.json()["progress"] == {"done_seconds": 20, "text": "Hand over for the morning shift."}
        assert answer.headers["Retry-After"] == "1"

    def test_a_note_without_times_for_words_has_segments_without_words(self, program, reservation):
        note = make_spoken(reservation)
        note.transcript.segments = [{"start": 0, "end": 2.5, "text": "All of it."}]
        note.transcript.save()

        shown = program.get(one(note)).json()

        assert shown["segments"] == [{"start": 0, "end": 2.5, "text": "All of it.", "words": []}]

    def test_reading_through_the_api_marks_nothing_as_read(self, program, reservation):
        tom = make_user("tom")
        note = make_note(reservation=reservation, author=tom, transcript="Two towels.")
        ReadReceipt.objects.create(note=note, user=tom)

        first, again = (program.get(one(note)).json() for _ in range(2))

        assert first["is_read"] is again["is_read"] is False
        assert [receipt["user"]["name"] for receipt in again["read_by"]] == ["Tom"]

    def test_who_spoke_it_has_heard_it(self, program, reservation, alice):
        assert program.get(one(make_note(reservation=reservation, author=alice))).json()["is_read"] is True

    @pytest.mark.parametrize("verb", ["", "audio"])
    def test_a_deleted_note_is_not_there(self, program, reservation, alice, verb):
        note = make_note(reservation=reservation)
        editing.delete(note=note, actor=alice)

        assert program.get(one(note, verb)).status_code == 404

    @pytest.mark.parametrize("wait", ["21", "-1", "1.5", "x", ""])
    def test_a_wait_is_a_whole_number_to_20(self, program, reservation, wait):
        answer = program.get(one(make_note(reservation=reservation)), {"wait": wait})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "wait"

    def test_a_note_that_is_done_is_not_waited_for(self, program, reservation, monkeypatch):
        monkeypatch.setattr("notes.api.views.detail.wait_for_change", lambda *_, **__: 1 / 0)

        assert program.get(one(make_spoken(reservation)), {"wait": 20}).status_code == 200


class TestDeleting:
    def test_a_note_is_deleted_and_brought_back(self, program, reservation, alice):
        note = make_note(reservation=reservation, transcript="Two towels.")

        gone = program.delete(one(note))
        note.refresh_from_db()
        assert (gone.status_code, gone.content) == (204, b"")
        assert note.deleted_by == alice
        assert ids(program.get("/voice-notes/")) == []
        assert program.delete(one(note)).status_code == 404

        back = program.post(one(note, "restore/"))
        assert (back.status_code, back.json()["text"]) == (200, "Two towels.")
        assert ids(program.get("/voice-notes/")) == [str(note.pk)]

    def test_a_failed_note_is_tried_again(self, program, reservation):
        note = make_note(reservation=reservation, status=Status.FAILED, failure=Failure.ENGINE)

        answer = program.post(one(note, "retry/"))
        again = program.post(one(note, "retry/"))

        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        assert (again.status_code, again.json()["code"]) == (409, saved_notes.CannotRetry.code)
        assert OrmQ.objects.count() == 1


class TestScopes:
    def test_reading_needs_one_scope_and_writing_another(self, alice, reservation):
        note = make_note(reservation=reservation)
        reader, writer = Program.of(alice, "notes:read"), Program.of(alice, "notes:write")
        reading = ["/voice-notes/", notes_of(reservation), one(note), one(note, "audio")]
        writing = [notes_of(reservation, "typed"), one(note, "retry/"), one(note, "restore/")]

        assert {reader.get(path).status_code for path in reading} == {200}
        assert {writer.get(path).status_code for path in reading} == {403}
        assert {reader.post(path).status_code for path in writing} == {403}
        assert reader.upload(notes_of(reservation), a_file()).status_code == 403
        assert reader.delete(one(note)).status_code == 403
        assert writer.upload(notes_of(reservation), a_file()).status_code == 202
        assert writer.delete(one(note)).status_code == 204

    def test_nobody_gets_anything_without_a_token(self, reservation):
        nobody, note = Program(), make_note(reservation=reservation)

        for path in ("/voice-notes/", notes_of(reservation), one(note), one(note, "audio")):
            assert nobody.get(path).status_code == 401
        assert nobody.upload(notes_of(reservation), a_file()).status_code == 401
