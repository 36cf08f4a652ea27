"""Notes that are typed: on the same list as spoken ones, with the same rights."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from notes import editing
from notes.models import Status, Transcript, VoiceNote
from notes.read_receipts import mark_read, unread_by_reservation
from notes.transcription import saved_notes
from notes.typed_notes import KeyTaken, type_note
from tests.concurrency.crowd import at_once
from tests.factories import make_apartment, make_hotel, make_reservation, make_user
from tests.notes.notes import make_note, make_typed
from tests.notes.screens import HOSTILE, htmx, is_page, page_of, row, sound, text_of

pytestmark = pytest.mark.django_db


def type_on(reservation):
    return f"/reservations/{reservation.reference}/voice-notes/typed/"


class TestTyping:
    def test_it_is_a_note_without_sound(self, alice):
        stay = make_reservation()

        note = type_note(text="Two towels.", author=alice, reservation=stay)

        note.refresh_from_db()
        assert (note.reservation, note.property, note.author) == (stay, stay.property, alice)
        assert (note.status, note.audio.name, note.size) == (Status.TYPED, "", 0)
        assert note.transcript.text == "Two towels."
        assert note.transcript.machine_text == ""
        assert note.transcript.is_typed
        assert not note.transcript.is_edited

    def test_it_may_be_for_whoever_comes_next_at_a_property(self, alice):
        hotel = make_hotel()

        note = type_note(text="The lift is out of order.", author=alice, property=hotel)

        assert (note.property, note.reservation) == (hotel, None)

    def test_the_same_again_is_the_same_note(self, alice):
        stay, key = make_reservation(), uuid.uuid4()

        first = type_note(text="Two towels.", author=alice, reservation=stay, key=key)
        again = type_note(text="Two towels.", author=alice, reservation=stay, key=key)

        assert first == again
        assert VoiceNote.objects.count() == 1

    def test_the_key_of_another_note_is_refused(self, alice):
        stay, key = make_reservation(), uuid.uuid4()
        type_note(text="Two towels.", author=alice, reservation=stay, key=key)
        others = [
            {"text": "Three towels."},
            {"author": make_user("bob")},
            {"reservation": make_reservation()},
            {"reservation": None, "property": stay.property},
            {"key": make_note(author=alice, reservation=stay).pk},
        ]

        for other in others:
            with pytest.raises(KeyTaken):
                type_note(**{"text": "Two towels.", "author": alice, "reservation": stay, "key": key} | other)

        assert Transcript.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_save_that_is_sent_twice_at_once_is_one_note(self):
        alice, stay, key = make_user(), make_reservation(), uuid.uuid4()

        answers = at_once(2, lambda _: type_note(text="Two towels.", author=alice, reservation=stay, key=key).pk)

        assert answers == [key, key]
        assert VoiceNote.objects.count() == 1

    def test_there_is_no_sound_to_try_again(self, alice):
        with pytest.raises(saved_notes.CannotRetry):
            saved_notes.retry(note=make_typed(), actor=alice)


class TestOnTheReservation:
    def test_it_goes_to_the_top_of_the_list_and_the_form_is_empty_again(self, desk):
        stay, key = make_reservation(), uuid.uuid4()

        response = desk.post(type_on(stay), {"text": "Two towels.", "key": key}, headers=htmx("type-note"))

        assert response.status_code == 201
        assert not is_page(response)
        page = response.content.decode()
        assert f'hx-swap-oob="afterbegin:#voice-notes-list"><li class="note" id="note-{key}"' in page.replace(
            "\n", ""
        ).replace("      ", "")
        assert f'value="{key}"' not in page
        assert "<details" in page
        assert " open" not in page
        assert "The note is saved." in response.headers["HX-Trigger"]

    def test_without_javascript_it_leads_back(self, desk):
        stay = make_reservation()

        response = desk.post(type_on(stay), {"text": "Two towels."}, follow=True)

        assert response.redirect_chain == [(page_of(stay), 302)]
        assert "The note is saved." in text_of(response)
        assert "Alice Moreau" in text_of(response)
        assert "Typed Two towels." in text_of(response)

    @pytest.mark.parametrize("headers", [{}, htmx("type-note")])
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"text": " \n "}, "Write the note first."),
            ({"text": "x" * 20_001}, "Keep this to 20000 characters"),
            ({"text": "a\x00b"}, "There are hidden characters in this."),
            ({"text": "Towels.", "key": "nonsense"}, "This page is out of date."),
        ],
    )
    def test_what_cannot_be_saved_is_said_and_stays_in_the_form(self, desk, fields, words, headers):
        response = desk.post(type_on(make_reservation()), fields, headers=headers)

        assert response.status_code == 422
        assert words in text_of(response)
        assert is_page(response) == (not headers)
        assert not VoiceNote.objects.exists()

    def test_another_text_from_the_same_page_is_asked_for_once_more(self, desk):
        stay, key = make_reservation(), uuid.uuid4()
        desk.post(type_on(stay), {"text": "One.", "key": key})

        response = desk.post(type_on(stay), {"text": "Two.", "key": key}, headers=htmx("type-note"))

        assert response.status_code == 409
        assert "Another note was already saved from here." in text_of(response)
        assert ">Two.</textarea>" in response.content.decode().replace("\n", "")
        assert f'value="{key}"' not in response.content.decode()

    def test_what_is_typed_is_text_and_no_markup(self, desk):
        stay = make_reservation()
        desk.post(type_on(stay), {"text": HOSTILE})

        assert HOSTILE not in desk.get(page_of(stay)).content.decode()

    @pytest.mark.parametrize("path", ["/reservations/RT-NONE2/voice-notes/typed/", "/properties/0/voice-notes/typed/"])
    def test_a_place_that_is_not_there_takes_no_note(self, desk, path):
        assert desk.post(path, {"text": "Towels."}).status_code == 404

    def test_strangers_type_nothing(self, client):
        assert client.post(type_on(make_reservation()), {"text": "Towels."}).status_code == 302
        assert not VoiceNote.objects.exists()


class TestARow:
    def test_it_has_no_player_and_nothing_to_download(self, desk):
        note = make_typed("Two towels.")

        page = desk.get(f"/voice-notes/{note.pk}/", headers=row(note)).content.decode()

        assert "Two towels." in page
        assert "voice-player" not in page
        assert "Download" not in page
        assert "edited by" not in page
        assert desk.get(f"/voice-notes/{note.pk}/audio").status_code == 404

    def test_it_is_edited_deleted_and_brought_back_like_any_other(self, desk):
        note = make_typed("Two towels.", property=make_hotel())

        assert "<voice-player" not in desk.get(f"/voice-notes/{note.pk}/edit/", headers=row(note)).content.decode()
        desk.post(f"/voice-notes/{note.pk}/edit/", {"text": "Three towels.", "seen": "Two towels."})
        note.refresh_from_db()
        assert note.transcript.text == "Three towels."
        assert "edited by Alice Moreau" in text_of(desk.get(f"/voice-notes/{note.pk}/"))

        assert desk.post(f"/voice-notes/{note.pk}/delete/").url == f"/properties/{note.property_id}/"
        assert desk.post(f"/voice-notes/{note.pk}/restore/").url == f"/properties/{note.property_id}/#note-{note.pk}"
        assert VoiceNote.objects.not_deleted().get() == note

    def test_who_has_read_it_is_said(self, desk):
        note = make_typed(author=make_user("tom"))
        assert unread_by_reservation([note.reservation_id], desk.user) == {note.reservation_id: 1}

        mark_read(notes=[note], user=desk.user)

        assert "Read by Alice Moreau" in text_of(desk.get(f"/voice-notes/{note.pk}/"))
        assert unread_by_reservation([note.reservation_id], desk.user) == {}

    def test_there_is_no_machines_text_to_restore(self, alice):
        with pytest.raises(editing.NoMachineText):
            editing.restore_machine_text(note=make_typed(), actor=alice)


class TestForWhoeverComesNext:
    """Notes of a property, which are on no reservation."""

    def test_the_propertys_page_shows_them_and_not_those_of_its_stays(self, desk):
        hotel = make_hotel()
        make_typed("The lift is out of order.", property=hotel)
        make_typed("Of a stay.", reservation=make_reservation(hotel))
        make_typed("Of another property.", property=make_apartment())

        read = text_of(desk.get(f"/properties/{hotel.pk}/"))

        assert "The lift is out of order." in read
        assert "Of a stay." not in read
        assert "Of another property." not in read

    @pytest.mark.parametrize("make", [make_typed, make_note])
    def test_every_page_of_one_works(self, desk, make):
        hotel = make_hotel(name="Harbour Hotel")
        note = make(property=hotel, author=make_user("tom"))

        for path in (
            f"/voice-notes/{note.pk}/",
            f"/voice-notes/{note.pk}/edit/",
            "/",
            "/notes/",
            "/admin/notes/voicenote/",
        ):
            if path.startswith("/admin"):
                desk.user.is_superuser = desk.user.is_staff = True
                desk.user.save()
            response = desk.get(path)
            assert response.status_code == 200
            assert "Harbour Hotel" in text_of(response) or "/admin" in path

    def test_they_are_uploaded_typed_and_heard_there(self, desk):
        hotel = make_hotel()
        place = f"/properties/{hotel.pk}/voice-notes/"

        assert "Record a voice note" in text_of(desk.get(place))
        assert desk.post(place, {"audio": sound()}).url == f"/properties/{hotel.pk}/"
        assert desk.post(f"{place}typed/", {"text": "The lift."}).url == f"/properties/{hotel.pk}/"
        assert desk.post(place, {}).status_code == 422
        VoiceNote.objects.update(author=make_user("tom"))
        assert "2 unheard" in text_of(desk.get(place))
        elsewhere = make_typed(author=make_user("ines"), reservation=make_reservation(hotel))
        assert desk.post(f"{place}read/").url == f"/properties/{hotel.pk}/"
        assert list(VoiceNote.objects.unread_by(desk.user)) == [elsewhere]

    def test_only_so_many_are_on_the_propertys_page(self, desk, monkeypatch):
        monkeypatch.setattr("notes.panel.MOST", 2)
        hotel, tom = make_hotel(), make_user("tom")
        for number in range(3):
            make_typed(f"Number {number}.", property=hotel, author=tom, recorded_at=timezone.now())

        read = text_of(desk.get(f"/properties/{hotel.pk}/"))

        assert "Number 0." not in read
        assert "3 unheard" in read
        assert "Older notes" in read

    def test_the_panel_asks_as_often_for_many_as_for_one(self, desk, django_assert_max_num_queries):
        hotel = make_hotel()
        for name in ("tom", "ines", "bob"):
            make_typed(property=hotel, author=make_user(name))

        with django_assert_max_num_queries(16):
            desk.get(f"/properties/{hotel.pk}/")

    def test_reverse_knows_both_kinds_of_place(self):
        assert reverse("notes:mark_read", kwargs={"pk": 7}) == "/properties/7/voice-notes/read/"
        assert (
            reverse("notes:mark_read", kwargs={"reference": "RT-7K3QX"}) == "/reservations/RT-7K3QX/voice-notes/read/"
        )
        assert reverse("notes:mark_read") == "/notes/read/"
