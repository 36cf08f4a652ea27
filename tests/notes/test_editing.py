import pytest
from django.utils import timezone

from notes.editing import (
    NoMachineText,
    NoteDeleted,
    TextChanged,
    delete,
    edit_text,
    restore_machine_text,
    undelete,
)
from notes.engines.fake import FakeEngine
from notes.models import Failure, Status, Transcript, VoiceNote
from notes.transcription.saved_notes import claim, complete, transcribe
from tests.concurrency.crowd import at_once
from tests.factories import make_user
from tests.notes.notes import make_note


@pytest.fixture
def note(alice):
    return make_note(transcript="Rum one is ready.")


def test_it_keeps_what_the_machine_wrote(note, alice):
    transcript = edit_text(note=note, text="Room 1 is ready.", actor=alice, seen="Rum one is ready.")

    transcript.refresh_from_db()
    assert transcript.text == "Room 1 is ready."
    assert transcript.machine_text == "Rum one is ready."
    assert transcript.edited_by == alice
    assert transcript.edited_at
    assert not transcript.is_typed


def test_saving_without_a_change_is_no_edit(note, alice):
    edit_text(note=note, text="Rum one is ready.", actor=alice)

    assert Transcript.objects.get().edited_at is None


def test_it_does_not_lose_what_somebody_else_wrote(note, alice):
    bob = make_user("bob")
    edit_text(note=note, text="Room 1 is ready.", actor=alice, seen="Rum one is ready.")

    with pytest.raises(TextChanged) as conflict:
        edit_text(note=note, text="Room 7 is ready.", actor=bob, seen="Rum one is ready.")

    assert conflict.value.text == "Room 1 is ready."
    assert conflict.value.status == 409
    assert Transcript.objects.get().text == "Room 1 is ready."


def test_line_breaks_of_a_browser_are_no_change(alice):
    note = make_note(transcript="One.\nTwo.")

    edit_text(note=note, text="One. Two. Three.", actor=alice, seen="One.\r\nTwo.")

    assert Transcript.objects.get().text == "One. Two. Three."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told():
    note, staff = make_note(transcript="Rum one."), [make_user("bob"), make_user("carol")]

    answers = at_once(
        2, lambda n: edit_text(note=note, text=f"Room {n}.", actor=staff[n], seen="Rum one.").edited_by_id
    )

    [conflict] = [answer for answer in answers if isinstance(answer, TextChanged)]
    assert conflict.text == Transcript.objects.get().text


@pytest.mark.parametrize(("status", "failure"), [(Status.FAILED, Failure.UNREADABLE), (Status.NO_SPEECH, "")])
def test_people_may_type_what_no_machine_could(alice, status, failure):
    note = make_note(status=status, failure=failure)

    transcript = edit_text(note=note, text="Towels for room 1.", actor=alice, seen="")

    note.refresh_from_db()
    assert note.status == status
    assert note.transcript.text == "Towels for room 1."
    assert note.transcript.machine_text == ""
    assert transcript.is_typed


def test_emptying_a_typed_text_leaves_nothing(alice):
    note = make_note(status=Status.NO_SPEECH)
    edit_text(note=note, text="Towels.", actor=alice)

    assert edit_text(note=note, text="", actor=alice) is None
    assert edit_text(note=note, text="", actor=alice) is None

    assert not Transcript.objects.exists()


def test_emptying_a_machines_text_keeps_it_for_a_restore(note, alice):
    edit_text(note=note, text="", actor=alice)

    assert restore_machine_text(note=note, actor=alice).text == "Rum one is ready."


def test_a_worker_that_ends_later_leaves_the_typed_text(alice):
    note = make_note()
    held = claim(str(note.pk))
    edit_text(note=note, text="Typed meanwhile.", actor=alice)

    complete(held, FakeEngine("Heard.").transcribe([]))

    transcript = Transcript.objects.get()
    assert (transcript.text, transcript.machine_text) == ("Typed meanwhile.", "Heard.")


def test_it_restores_the_machines_text(note, alice):
    edit_text(note=note, text="Room 1 is ready.", actor=alice)

    restore_machine_text(note=note, actor=alice)

    transcript = Transcript.objects.get()
    assert transcript.text == "Rum one is ready."
    assert transcript.edited_at is None
    assert transcript.edited_by is None


def test_there_is_nothing_to_restore_of_a_typed_text(alice):
    note = make_note(status=Status.NO_SPEECH)
    edit_text(note=note, text="Towels.", actor=alice)

    with pytest.raises(NoMachineText):
        restore_machine_text(note=note, actor=alice)

    assert Transcript.objects.get().text == "Towels."


def test_a_deleted_note_is_hidden_and_comes_back(note, alice):
    delete(note=note, actor=alice)
    assert note.deleted_by == alice
    assert not VoiceNote.objects.not_deleted().exists()

    undelete(note=note, actor=alice)
    assert note.deleted_at is None
    assert VoiceNote.objects.not_deleted().get() == note
    assert note.audio.storage.exists(note.audio.name)


def test_deleting_twice_remembers_the_first(note, alice):
    delete(note=note, actor=alice)
    first = note.deleted_at

    delete(note=note, actor=make_user("bob"))

    assert (note.deleted_at, note.deleted_by) == (first, alice)


def test_nobody_edits_a_deleted_note(note, alice):
    VoiceNote.objects.update(deleted_at=timezone.now())

    with pytest.raises(NoteDeleted):
        edit_text(note=note, text="Room 1.", actor=alice)
    with pytest.raises(NoteDeleted):
        restore_machine_text(note=note, actor=alice)


def test_a_note_that_is_deleted_while_it_waits_has_its_text_when_it_comes_back(alice):
    note = make_note()
    delete(note=note, actor=alice)

    transcribe(str(note.pk), engine=FakeEngine("Heard."))
    undelete(note=note, actor=alice)

    assert note.status == Status.TRANSCRIBED
    assert note.transcript.text == "Heard."
