"""The screens of voice notes: what is shown and swapped, and what saving one answers, to whom."""

import datetime as dt
import html
import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notes.models import Failure, Status, VoiceNote
from tests.factories import make_apartment, make_reservation, make_user
from tests.notes.clips import recording
from tests.notes.notes import make_note, make_transcript
from tests.notes.screens import HOSTILE, htmx, is_page, page_of, row, sound, text_of, upload_to

pytestmark = pytest.mark.django_db


class TestWhoMayLook:
    @pytest.mark.parametrize("name", ["detail", "audio", "edit"])
    def test_nobody_reads_a_note_without_signing_in(self, client, name):
        address = reverse(f"notes:{name}", args=[make_note().pk])

        response = client.get(address)

        assert response.status_code == 302
        assert response.url == f"/accounts/login/?next={address}"

    @pytest.mark.parametrize("name", ["edit", "revert", "delete", "restore", "retry"])
    def test_nobody_changes_a_note_without_signing_in(self, client, name):
        note = make_note(status=Status.FAILED, failure=Failure.ENGINE)

        response = client.post(reverse(f"notes:{name}", args=[note.pk]), {"text": "mine"})

        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/")
        note.refresh_from_db()
        assert (note.status, note.deleted_at) == (Status.FAILED, None)
        assert not hasattr(note, "transcript")

    def test_nobody_adds_a_note_without_signing_in(self, client):
        response = client.post(upload_to(make_reservation()), {"audio": sound()})

        assert response.status_code == 302
        assert not VoiceNote.objects.exists()


class TestThePanel:
    def test_it_lists_the_notes_of_the_reservation_newest_first(self, desk):
        reservation, now = make_reservation(), timezone.now()
        for text, hours in (("the middle one", 2), ("the newest", 1), ("the oldest", 3)):
            make_note(reservation=reservation, transcript=text, recorded_at=now - dt.timedelta(hours=hours))
        make_note(transcript="of another reservation")

        read = text_of(desk.get(page_of(reservation)))

        assert read.index("the newest") < read.index("the middle one") < read.index("the oldest")
        assert "of another reservation" not in read

    def test_it_says_who_spoke_when_there_and_for_how_long(self, desk):
        note = make_note(
            reservation=make_reservation(make_apartment(time_zone="Asia/Tokyo")),
            author=make_user("tom", first_name="Tom", last_name="Byrne"),
            recorded_at=dt.datetime(2026, 11, 20, 22, 14, tzinfo=dt.UTC),
            seconds=67.98,
        )

        read = text_of(desk.get(page_of(note.reservation)))

        assert "Tom Byrne 21 Nov 2026, 07:14 1:07 Queued" in read

    def test_an_empty_one_says_what_it_is_for(self, desk):
        read = text_of(desk.get(page_of(make_reservation())))

        assert "No voice notes yet." in read

    def test_deleted_notes_are_not_in_it(self, desk):
        note = make_note(transcript="nobody should read this", deleted_at=timezone.now())

        assert "nobody should read this" not in text_of(desk.get(page_of(note.reservation)))

    def test_the_recorder_says_where_recordings_are_sent(self, desk, settings):
        address = page_of(make_reservation())
        assert "is sent to" not in text_of(desk.get(address))

        settings.TRANSCRIPTION_ENGINE, settings.TRANSCRIPTION_API_MODEL = "openai_api", "whisper-1"
        settings.TRANSCRIPTION_API_URL = "https://api.example.com/v1"

        assert "What you say here is sent to api.example.com to be written down." in text_of(desk.get(address))

    def test_the_recorder_knows_how_long_a_note_may_be(self, desk, settings):
        settings.MAX_RECORDING_SECONDS = 300

        page = desk.get(page_of(make_reservation())).content.decode()

        assert 'data-limit-seconds="300"' in page
        assert "0:00 / 5:00" in page

    def test_its_queries_do_not_grow_with_the_notes(self, desk):
        reservation = make_reservation()

        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(page_of(reservation)).status_code == 200
            return len(captured)

        make_note(reservation=reservation, transcript="one")
        make_note(reservation=reservation)
        one = queries()
        for author in ("bob", "carol"):
            user = make_user(author)
            note = make_note(reservation=reservation, transcript="more", author=user)
            note.transcript.edited_by, note.transcript.edited_at = user, timezone.now()
            note.transcript.save()
            make_note(reservation=reservation, author=user)

        assert queries() == one


class TestARow:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"status": Status.QUEUED}, "Queued"),
            ({"transcript": "Two towels."}, "Transcribed Two towels."),
            ({"status": Status.NO_SPEECH}, "No words were found in the recording. The audio is kept"),
            ({"status": Status.NO_SPEECH, "peaks": [0, 3] * 48}, "The recording is silent. The audio is kept"),
            (
                {"status": Status.NO_SPEECH, "peaks": [0, 100] * 48},
                "There is sound, but no words were found. The audio is kept",
            ),
            (
                {"status": Status.FAILED, "failure": Failure.UNREADABLE},
                "The recording is damaged and no sound could be read from it. The audio is kept",
            ),
            ({"is_damaged": True}, "Parts of the recording are damaged"),
        ],
    )
    def test_it_says_in_words_how_the_note_stands(self, desk, fields, words):
        note = make_note(**fields)

        assert words in text_of(desk.get(f"/voice-notes/{note.pk}/", headers=row(note)))

    def test_it_looks_again_by_itself_until_the_note_is_done(self, desk):
        waiting, done = make_note(), make_note(transcript="Two towels.")

        looks = f'data-poll="700" hx-get="/voice-notes/{waiting.pk}/?seen=queued" hx-trigger="poll"'
        assert looks in desk.get(f"/voice-notes/{waiting.pk}/", headers=row(waiting)).content.decode()
        assert "data-poll" not in desk.get(f"/voice-notes/{done.pk}/", headers=row(done)).content.decode()

    def test_it_looks_less_often_at_a_note_that_has_waited_long(self, desk):
        note = make_note(queued_at=timezone.now() - dt.timedelta(minutes=2))

        assert 'data-poll="5000"' in desk.get(f"/voice-notes/{note.pk}/", headers=row(note)).content.decode()

    @pytest.mark.parametrize("status", [Status.FAILED, Status.NO_SPEECH])
    def test_it_offers_to_try_again_and_to_type_the_note(self, desk, status):
        note = make_note(status=status, failure=Failure.ENGINE)

        read = text_of(desk.get(f"/voice-notes/{note.pk}/", headers=row(note)))

        assert "Try again" in read
        assert "Type the note" in read

    def test_markup_that_was_spoken_is_shown_as_text(self, desk):
        words = [{"start": 0, "end": 1, "text": HOSTILE, "probability": 0.2}]
        note = make_note(status=Status.TRANSCRIBED)
        segments = [{"start": 0, "end": 1, "text": HOSTILE, "words": words}]
        make_transcript(note, text=HOSTILE, machine_text=HOSTILE, segments=segments)

        for address in (page_of(note.reservation), f"/voice-notes/{note.pk}/", f"/voice-notes/{note.pk}/edit/"):
            page = desk.get(address).content.decode()

            assert "<script>alert" not in page
            assert '<b hx-get="/boom"' not in page
            assert "&lt;script&gt;alert" in page

    def test_each_word_knows_its_time_and_doubtful_ones_are_marked(self, desk):
        note = make_note(status=Status.TRANSCRIBED)
        text = "A baby cot, by nine."
        words = [
            {"start": 0.5, "end": 0.9, "text": "cot,", "probability": 0.3},
            {"start": 1.2, "end": 1.5, "text": "by", "probability": 0.9},
        ]
        segments = [{"start": 0.0, "end": 2.0, "text": text, "words": words}]
        make_transcript(note, text=text, machine_text=text, segments=segments)

        response = desk.get(f"/voice-notes/{note.pk}/", headers=row(note))

        assert '<span class="w unsure" data-start="0.5" title="Not sure about this one: listen to it">cot,</span>' in (
            response.content.decode()
        )
        assert '<span class="w" data-start="1.2">by</span>' in response.content.decode()
        assert text in text_of(response)

    def test_text_that_people_wrote_says_so(self, desk):
        note = make_note(status=Status.TRANSCRIBED)
        facts = {"edited_at": timezone.now(), "edited_by": make_user("bob", first_name="Bob")}
        make_transcript(note, text="Two large towels.", machine_text="Two towels.", **facts)

        response = desk.get(f"/voice-notes/{note.pk}/", headers=row(note))

        assert "edited by Bob" in text_of(response)
        assert "Two large towels." in text_of(response)


class TestLookingAtANote:
    def test_a_look_that_finds_nothing_new_swaps_nothing(self, desk):
        note = make_note()

        response = desk.get(f"/voice-notes/{note.pk}/?seen=queued", headers=row(note))

        assert response.status_code == 204
        assert response.content == b""

    def test_a_look_that_finds_the_text_gets_the_row_alone(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.get(f"/voice-notes/{note.pk}/?seen=queued", headers=row(note))

        assert response.content.decode().lstrip().startswith(f'<li class="note" id="note-{note.pk}"')
        assert "Two towels." in text_of(response)

    def test_the_client_cannot_choose_another_partial(self, desk):
        note = make_note()

        assert is_page(desk.get(f"/voice-notes/{note.pk}/", headers=htmx("problem")))

    def test_a_note_has_a_page_of_its_own(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.get(f"/voice-notes/{note.pk}/?seen=transcribed")

        assert is_page(response)
        assert page_of(note.reservation) in response.content.decode()

    @pytest.mark.parametrize("name", ["detail", "edit"])
    def test_a_deleted_or_unknown_note_is_not_there(self, desk, name):
        deleted = make_note(deleted_at=timezone.now())

        assert desk.get(reverse(f"notes:{name}", args=[deleted.pk])).status_code == 404
        assert desk.get(reverse(f"notes:{name}", args=[uuid.uuid4()])).status_code == 404

    @pytest.mark.parametrize("name", ["edit", "revert", "delete", "retry"])
    def test_a_deleted_or_unknown_note_cannot_be_changed(self, desk, name):
        deleted = make_note(deleted_at=timezone.now())

        assert desk.post(reverse(f"notes:{name}", args=[deleted.pk])).status_code == 404
        assert desk.post(reverse(f"notes:{name}", args=[uuid.uuid4()])).status_code == 404


class TestSavingANote:
    def test_the_recorder_gets_the_new_row_for_the_top_of_the_list(self, desk):
        reservation, key = make_reservation(), uuid.uuid4()

        response = desk.post(
            upload_to(reservation), {"audio": sound("webm"), "key": str(key)}, headers=htmx("voice-notes-list")
        )

        note = VoiceNote.objects.get()
        assert response.status_code == 201
        assert (note.pk, note.author, note.reservation) == (key, desk.user, reservation)
        assert response.content.decode().lstrip().startswith(f'<li class="note" id="note-{key}"')
        assert "Queued" in text_of(response)

    def test_without_scripts_it_leads_back_to_the_reservation(self, desk):
        reservation = make_reservation()

        response = desk.post(upload_to(reservation), {"audio": sound()}, follow=True)

        assert response.redirect_chain == [(page_of(reservation), 302)]
        assert "The voice note is saved." in text_of(response)
        assert VoiceNote.objects.get().reservation == reservation

    def test_a_save_that_is_sent_twice_is_one_note(self, desk):
        reservation, key, data = make_reservation(), str(uuid.uuid4()), recording()

        for _ in range(2):
            upload = {"audio": SimpleUploadedFile("note.wav", data), "key": key}
            response = desk.post(upload_to(reservation), upload, headers=htmx("voice-notes-list"))
            assert response.status_code == 201

        assert str(VoiceNote.objects.get().pk) == key

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"audio": SimpleUploadedFile("note.txt", b"<html>")}, "not a sound file"),
            ({"audio": SimpleUploadedFile("note.wav", b"")}, "file is empty"),
            ({}, "Choose a sound file"),
        ],
    )
    def test_what_is_no_recording_is_refused_in_words(self, desk, data, words):
        response = desk.post(upload_to(make_reservation()), data)

        assert response.status_code == 422
        assert is_page(response)
        assert words in text_of(response)
        assert not VoiceNote.objects.exists()

    def test_too_large_a_file_is_413_without_scripts(self, desk, settings):
        settings.MAX_UPLOAD_BYTES = 1000

        response = desk.post(upload_to(make_reservation()), {"audio": sound()})

        assert response.status_code == 413
        assert "larger than" in text_of(response)

    def test_the_recorder_is_told_why_as_a_422_that_htmx_swaps_beside_it(self, desk, settings):
        settings.MAX_UPLOAD_BYTES = 1000

        response = desk.post(upload_to(make_reservation()), {"audio": sound()}, headers=htmx("voice-notes-list"))

        assert response.status_code == 422
        assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#voice-note-problem", "innerHTML")
        assert "larger than" in text_of(response)
        assert not is_page(response)

    def test_a_key_that_is_none_is_refused_in_words(self, desk):
        response = desk.post(
            upload_to(make_reservation()), {"audio": sound(), "key": "1; DROP"}, headers=htmx("voice-notes-list")
        )

        assert response.status_code == 422
        assert "This page is out of date." in text_of(response)

    def test_htmx_swaps_what_these_answers_count_on(self, desk):
        page = desk.get(page_of(make_reservation())).content.decode()

        config = json.loads(html.unescape(re.search(r"name=\"htmx-config\" content='([^']*)'", page)[1]))
        swaps = {rule["code"]: rule["swap"] for rule in config["responseHandling"]}
        assert swaps == {"204": False, "[23]..": True, "409|422": True, "[45]..": False}

    def test_an_unknown_reservation_is_not_there(self, desk):
        assert desk.post("/reservations/RT-22222/voice-notes/", {"audio": sound()}).status_code == 404
