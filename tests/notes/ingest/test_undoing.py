"""Stop saved a recording, and somebody took that back."""

import pytest

from notes.ingest import recording
from notes.models import Chunk, Failure, Recording, Status, VoiceNote
from notes.transcription import saved_notes
from notes.transcription.stalled_jobs import requeue
from tests.factories import make_user
from tests.notes.ingest.senders import Sender
from tests.notes.transcription.attempts import SAID, attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(alice):
    return Sender(alice)


@pytest.fixture
def note(sender):
    return sender.save(sender.send())


def test_a_note_that_is_taken_back_is_hidden_and_keeps_its_audio(sender, note):
    recording.undo_save(**sender.who)
    recording.undo_save(**sender.who)

    note.refresh_from_db()
    assert (note.deleted_by, bool(note.audio)) == (sender.who["author"], True)
    assert not VoiceNote.objects.not_deleted().exists()
    assert not Recording.objects.exists()


def test_no_text_is_written_for_it(sender, note):
    recording.undo_save(**sender.who)

    attempt(note)
    requeue(note.recorded_at)

    note.refresh_from_db()
    assert (note.status, note.failure) == (Status.FAILED, Failure.UNDONE)
    assert not hasattr(note, "transcript")


def test_a_worker_that_is_writing_it_down_loses_its_lease(sender, note):
    Recording.objects.all().delete()
    lease = saved_notes.claim(str(note.pk))

    recording.undo_save(**sender.who)

    with pytest.raises(saved_notes.LostLease):
        saved_notes.complete(lease, SAID)


def test_a_text_that_is_there_already_stays_with_the_hidden_note(sender, note):
    Recording.objects.all().delete()
    attempt(note)

    recording.undo_save(**sender.who)

    note.refresh_from_db()
    assert (note.status, note.transcript.text) == (Status.TRANSCRIBED, "Room one is ready.")


def test_it_can_be_taken_back_before_it_is_saved(sender):
    sender.send()

    recording.undo_save(**sender.who)

    assert not Chunk.objects.exists()
    assert recording.state_of(**sender.who).expected == 0


def test_nobody_takes_back_what_somebody_else_saved(sender, note):
    stranger = {"key": note.pk, "author": make_user("bob")}

    with pytest.raises(recording.Gone):
        recording.undo_save(**stranger)
    Recording.objects.all().delete()  # as once the text is there
    recording.undo_save(**stranger)

    assert VoiceNote.objects.not_deleted().get() == note
