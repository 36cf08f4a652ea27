"""Programs that send the same recording at once, and one that waits for its text."""

import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notes.api.views import detail
from notes.engines.fake import FakeEngine
from notes.models import VoiceNote
from notes.transcription.saved_notes import transcribe
from tests.api.programs import Program
from tests.concurrency.crowd import at_once
from tests.factories import make_reservation, make_user
from tests.notes.clips import recording
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST_WAIT = 20


def test_one_key_is_one_note_and_one_file_however_often_it_is_sent_at_once(settings):
    user, data = make_user(), recording("wav")
    path = f"/reservations/{make_reservation().reference}/voice-notes/"
    programs = [Program.of(user) for _ in range(8)]

    def send(number):
        return programs[number].upload(path, {"audio_file": SimpleUploadedFile("a", data)}, idempotency_key="one")

    answers = at_once(len(programs), send)

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert VoiceNote.objects.get().audio.read() == data
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


def test_who_waits_reads_the_text_as_soon_as_it_is_there(settings, monkeypatch):
    settings.WEB_THREADS = 4
    user, note, looked, is_done = make_user(), make_note(), threading.Event(), detail._is_done
    program = Program.of(user)

    def look(pk):
        found = is_done(pk)
        looked.set()
        return found

    monkeypatch.setattr(detail, "_is_done", look)

    def act(number):
        if number:
            assert looked.wait(LONGEST_WAIT)
            return transcribe(str(note.pk), engine=FakeEngine())
        begun = time.monotonic()
        answer = program.get(f"/voice-notes/{note.pk}/", {"wait": LONGEST_WAIT})
        return answer, time.monotonic() - begun

    (answer, seconds), _ = at_once(2, act)

    assert answer.json()["status"] == "transcribed"
    assert answer.json()["text"]
    assert "Retry-After" not in answer.headers
    assert seconds < LONGEST_WAIT / 2


def test_who_has_waited_long_enough_is_told_what_there_is(settings):
    settings.WEB_THREADS = 4
    program, note = Program.of(make_user()), make_note()

    answer = program.get(f"/voice-notes/{note.pk}/", {"wait": 1})

    assert (answer.json()["status"], answer.headers["Retry-After"]) == ("queued", "1")
