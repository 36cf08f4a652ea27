"""Editing a note, deleting it and trying it again, on its screens."""

import json

import pytest
from django.urls import reverse

from notes.models import Failure, Status, VoiceNote
from tests.notes.notes import make_note
from tests.notes.screens import is_page, page_of, row, text_of

pytestmark = pytest.mark.django_db


class TestEditing:
    def test_it_opens_in_the_row_with_the_player_and_the_text(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.get(f"/voice-notes/{note.pk}/edit/", headers=row(note))

        page = response.content.decode()
        assert page.lstrip().startswith(f'<li class="note" id="note-{note.pk}"')
        assert "Two towels.</textarea>" in page
        assert "<voice-player" in page

    def test_it_is_a_page_without_scripts(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.get(f"/voice-notes/{note.pk}/edit/")

        assert is_page(response)
        assert "Two towels.</textarea>" in response.content.decode()

    def test_the_row_comes_back_with_the_new_text(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(
            f"/voice-notes/{note.pk}/edit/", {"text": "Two  large\n towels.", "seen": "Two towels."}, headers=row(note)
        )

        assert response.status_code == 200
        assert response.content.decode().lstrip().startswith(f'<li class="note" id="note-{note.pk}"')
        note.transcript.refresh_from_db()
        assert note.transcript.text == "Two large\ntowels."
        assert note.transcript.machine_text == "Two towels."
        assert note.transcript.edited_by == desk.user

    def test_without_scripts_it_leads_back_to_the_reservation(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(
            f"/voice-notes/{note.pk}/edit/", {"text": "Two large towels.", "seen": "Two towels."}, follow=True
        )

        assert response.redirect_chain == [(page_of(note.reservation), 302)]
        assert "The text is saved." in text_of(response)
        assert "Two large towels." in text_of(response)

    def test_a_note_without_text_can_be_typed(self, desk):
        note = make_note(status=Status.NO_SPEECH)

        response = desk.post(f"/voice-notes/{note.pk}/edit/", {"text": "Two towels."}, headers=row(note))

        assert "Two towels." in text_of(response)

    def test_an_empty_text_is_refused_beside_the_field(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(f"/voice-notes/{note.pk}/edit/", {"text": " "}, headers=row(note))

        assert response.status_code == 422
        assert "Write what was said" in text_of(response)
        note.transcript.refresh_from_db()
        assert note.transcript.text == "Two towels."

    def test_text_that_changed_meanwhile_is_shown_beside_what_was_typed(self, desk):
        note = make_note(transcript="Two towels.")
        address = f"/voice-notes/{note.pk}/edit/"
        desk.post(address, {"text": "Three towels.", "seen": "Two towels."})

        conflict = desk.post(address, {"text": "Four towels.", "seen": "Two towels."}, headers=row(note))
        again = desk.post(address, {"text": "Four towels.", "seen": "Three towels."}, headers=row(note))

        assert conflict.status_code == 409
        assert "The text was changed while you were typing." in text_of(conflict)
        assert "The note says now: Three towels." in text_of(conflict)
        assert "Four towels.</textarea>" in conflict.content.decode()
        assert 'name="seen" value="Three towels."' in conflict.content.decode()
        assert "Four towels." in text_of(again)

    def test_the_machines_text_is_shown_and_can_be_restored(self, desk):
        note = make_note(transcript="Two towels.")
        desk.post(f"/voice-notes/{note.pk}/edit/", {"text": "Three towels.", "seen": "Two towels."})

        form = desk.get(f"/voice-notes/{note.pk}/edit/", headers=row(note))
        response = desk.post(f"/voice-notes/{note.pk}/revert/", headers=row(note))

        assert "What the machine wrote Two towels. Restore" in text_of(form)
        assert "Two towels." in text_of(response)
        assert "Three" not in text_of(response)


class TestDeleting:
    def test_the_row_goes_and_a_toast_offers_undo(self, desk):
        note = make_note()

        response = desk.post(f"/voice-notes/{note.pk}/delete/", headers=row(note))

        [toast] = json.loads(response["HX-Trigger"])["toast"]
        assert (response.status_code, response.content) == (200, b"")
        assert toast["text"] == "The voice note is deleted."
        assert toast["undo"] == f"/voice-notes/{note.pk}/restore/"
        assert not VoiceNote.objects.not_deleted().exists()

    def test_undo_brings_it_back_and_leads_to_it(self, desk):
        note = make_note(transcript="Two towels.")
        page = desk.post(f"/voice-notes/{note.pk}/delete/", follow=True)

        response = desk.post(f"/voice-notes/{note.pk}/restore/", follow=True)

        assert f'action="/voice-notes/{note.pk}/restore/"' in page.content.decode()
        assert response.redirect_chain == [(f"{page_of(note.reservation)}#note-{note.pk}", 302)]
        assert "Two towels." in text_of(response)

    @pytest.mark.parametrize("name", ["delete", "restore", "retry", "revert"])
    def test_a_link_alone_changes_nothing(self, desk, name):
        note = make_note(status=Status.FAILED, failure=Failure.ENGINE)

        assert desk.get(reverse(f"notes:{name}", args=[note.pk])).status_code == 405


class TestTryingAgain:
    def test_the_row_comes_back_queued(self, desk):
        note = make_note(status=Status.FAILED, failure=Failure.ENGINE)

        response = desk.post(f"/voice-notes/{note.pk}/retry/", headers=row(note))

        assert response.status_code == 200
        assert "Queued" in text_of(response)
        assert 'data-poll="700"' in response.content.decode()

    def test_what_cannot_be_tried_again_is_said_and_nothing_swapped(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(f"/voice-notes/{note.pk}/retry/", headers=row(note))

        [toast] = json.loads(response["HX-Trigger"])["toast"]
        assert (response.status_code, response["HX-Reswap"]) == (409, "none")
        assert "has its text already" in toast["text"]

    def test_without_scripts_the_words_are_on_a_page(self, desk):
        note = make_note(transcript="Two towels.")

        response = desk.post(f"/voice-notes/{note.pk}/retry/")

        assert response.status_code == 409
        assert "has its text already" in text_of(response)
