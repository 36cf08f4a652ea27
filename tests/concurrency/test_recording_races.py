"""Impatient browsers: the same chunk, save or discard at the same moment, on real connections."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from notes.ingest import recording
from notes.ingest.intake import AudioRefused
from notes.models import Chunk, Recording, VoiceNote
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import make_reservation, make_user
from tests.notes.clips import browser_recording

pytestmark = pytest.mark.django_db(transaction=True)

SOUND = browser_recording()
ROUNDS = 5


@pytest.fixture
def sent():
    """A recording of one chunk, ready to be saved."""
    who = {"key": uuid.uuid4(), "author": make_user()}
    reservation = make_reservation()
    recording.add_chunk(**who, index=0, data=SOUND, reservation=reservation)
    return who | {"reservation": reservation}


def test_a_first_chunk_that_arrives_many_times_at_once_is_taken_once():
    who, reservation = {"key": uuid.uuid4(), "author": make_user()}, make_reservation()

    states = at_once(8, lambda _: recording.add_chunk(**who, index=0, data=SOUND, reservation=reservation))

    assert [state.expected for state in states] == [1] * 8
    assert (Recording.objects.count(), Chunk.objects.count()) == (1, 1)


def test_a_chunk_is_acknowledged_when_it_is_committed_and_not_before(client):
    author, key = make_user(), uuid.uuid4()
    client.force_login(author)
    fields = {"reservation": make_reservation().reference, "segment": 0, "seconds": 1}
    answers = []

    def send():
        chunk = SimpleUploadedFile("chunk", SOUND)
        answers.append(client.post(f"/recordings/{key}/chunks/0/", fields | {"chunk": chunk}))

    with overtaken_by(send, after=keep_chunks_from_being_written):
        assert answers == []

    assert [answer.json()["expected"] for answer in answers] == [1]
    assert Chunk.objects.get().recording_id == key


def keep_chunks_from_being_written():
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE notes_chunk IN SHARE MODE")


def test_a_save_that_arrives_many_times_at_once_is_one_note(sent):
    who = {"key": sent["key"], "author": sent["author"]}

    notes = at_once(6, lambda _: recording.save(**who, chunks=1))

    assert {note.pk for note in notes} == {sent["key"]}
    assert VoiceNote.objects.count() == 1


def test_of_save_and_discard_at_once_there_is_a_whole_note_or_none():
    author, reservation = make_user(), make_reservation()
    for _ in range(ROUNDS):
        who = {"key": uuid.uuid4(), "author": author}
        recording.add_chunk(**who, index=0, data=SOUND, reservation=reservation)

        outcomes = at_once(2, lambda number, who=who: recording.discard(**who) if number else _save(who))
        assert outcomes == [None, None]

        note = VoiceNote.objects.filter(pk=who["key"]).first()
        assert note is None or note.size == note.audio.size


def _save(who):
    try:
        recording.save(**who, chunks=1)
    except (recording.OutOfOrder, recording.Gone, AudioRefused):
        return
