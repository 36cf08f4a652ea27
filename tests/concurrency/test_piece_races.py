"""Workers, Save and Discard on one recording at the same moment, on real connections."""

import pytest

from notes.ingest import recording
from notes.ingest.intake import AudioRefused
from notes.models import Piece, Recording, Status, Transcript, VoiceNote
from notes.transcription import live_recordings
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import make_reservation, make_user
from tests.notes.letters import Reader, Speaker, let_letters_be_sound

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = "abcdefghijklmnopqrst uvw"
SAID = "a b c d e f g h i j k l m n o p q r s t u v w"
ROUNDS = 8


@pytest.fixture(autouse=True)
def _letters(monkeypatch):
    let_letters_be_sound(monkeypatch)


@pytest.fixture
def speak():
    """A speaker who has stopped, and whose recording is heard but for the tail."""
    author, reservation = make_user(), make_reservation()

    def speak():
        speaker = Speaker(author, reservation)
        speaker.say(LETTERS)
        live_recordings.listen(speaker.key, transcriber=Reader())
        speaker.stop()
        return speaker

    return speak


def test_of_many_workers_one_listens(speak):
    speaker, readers = speak(), [Reader() for _ in range(6)]

    assert at_once(6, lambda number: live_recordings.listen(speaker.key, transcriber=readers[number])) == [None] * 6

    assert [heard for reader in readers for heard in reader.heard] == [(21, 24)]
    assert Piece.objects.count() == 2


def test_of_save_and_the_last_piece_the_second_gives_the_note_its_text(speak):
    for _ in range(ROUNDS):
        speaker = speak()
        acts = (speaker.save, lambda key=speaker.key: live_recordings.listen(key, transcriber=Reader()))

        outcomes = at_once(2, lambda number, acts=acts: acts[number]())
        live_recordings.finish(speaker.key, transcriber=Reader())  # the task that Save may have left

        assert not any(isinstance(outcome, Exception) for outcome in outcomes)
        assert VoiceNote.objects.get(pk=speaker.key).status == Status.TRANSCRIBED
        assert Transcript.objects.get(pk=speaker.key).text == SAID
        assert not Recording.objects.exists()


def test_a_save_that_waits_for_the_last_piece_finds_the_recording_heard(speak):
    speaker = speak()

    with overtaken_by(speaker.save) as saved:
        live_recordings.listen(speaker.key, transcriber=Reader())

    assert saved[0].status == Status.TRANSCRIBED
    assert Transcript.objects.get().text == SAID


def test_a_last_piece_that_waits_for_the_save_finds_the_note(speak):
    speaker = speak()

    with overtaken_by(lambda: live_recordings.listen(speaker.key, transcriber=Reader())):
        speaker.save()

    assert VoiceNote.objects.get().status == Status.TRANSCRIBED
    assert Transcript.objects.get().text == SAID


def test_of_discard_and_the_last_piece_nothing_is_left(speak):
    for _ in range(ROUNDS):
        speaker = speak()
        acts = (speaker.discard, lambda key=speaker.key: live_recordings.listen(key, transcriber=Reader()))

        assert at_once(2, lambda number, acts=acts: acts[number]()) == [None, None]

        assert not Recording.objects.exists()
        assert not Piece.objects.exists()


def test_of_save_discard_and_the_last_piece_there_is_one_whole_note_or_none(speak):
    for _ in range(ROUNDS):
        speaker = speak()
        acts = (
            speaker.discard,
            lambda save=speaker.save: _unless_gone(save),
            lambda key=speaker.key: live_recordings.listen(key, transcriber=Reader()),
        )

        assert at_once(3, lambda number, acts=acts: acts[number]()) == [None] * 3

        live_recordings.finish(speaker.key, transcriber=Reader())
        assert not Recording.objects.exists()
        for note in VoiceNote.objects.filter(pk=speaker.key):
            # Without its recording it waits for a pass over the whole.
            assert note.status == Status.QUEUED or note.transcript.text == SAID


def _unless_gone(save):
    try:
        save()
    except (recording.OutOfOrder, recording.Gone, AudioRefused):
        return
