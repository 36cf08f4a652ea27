import pytest
from django.urls import reverse

from tests.notes.notes import make_note


@pytest.fixture
def superuser(client, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)
    return client


@pytest.mark.parametrize("model", ["voicenote", "transcript"])
def test_lists_show_nothing_that_was_said(superuser, model):
    make_note(transcript="Mrs Okafor has a nut allergy.")

    page = superuser.get(reverse(f"admin:notes_{model}_changelist")).content.decode()

    assert "1 " in page
    assert "allergy" not in page


def test_a_note_is_read_only_and_its_audio_goes_through_our_view(superuser):
    note = make_note(transcript="Mrs Okafor has a nut allergy.")

    page = superuser.get(reverse("admin:notes_voicenote_change", args=[note.pk])).content.decode()

    assert reverse("notes:audio", args=[note.pk]) in page
    assert note.audio.name not in page
    assert 'name="_save"' not in page


def test_nothing_is_deleted_there(superuser):
    note = make_note()

    response = superuser.post(reverse("admin:notes_voicenote_delete", args=[note.pk]), {"post": "yes"})

    assert response.status_code == 403
    note.refresh_from_db()
    assert note.audio.storage.exists(note.audio.name)
