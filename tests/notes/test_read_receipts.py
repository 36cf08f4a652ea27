"""Who has heard which note, and how the desk is told that something waits to be heard."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from notes.models import ReadReceipt, VoiceNote
from notes.read_receipts import mark_all_read, mark_read, unmark_read, unread_by_reservation, unread_lately
from tests.factories import make_hotel, make_reservation, make_user
from tests.notes.notes import make_note
from tests.notes.screens import htmx, is_page, page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(db):
    return make_user("tom", first_name="Tom", last_name="Byrne")


@pytest.fixture
def note(tom):
    """Spoken by Tom."""
    return make_note(author=tom, transcript="Two towels for room 12.")


def heard(reservation):
    return reverse("notes:mark_read", args=[reservation.reference])


class TestMarkHeard:
    def test_it_remembers_who_heard_a_note(self, note, alice):
        mark_read(notes=[note], user=alice)

        assert [receipt.user for receipt in note.read_receipts.all()] == [alice]
        assert note.is_read_by(alice)

    def test_it_may_be_repeated_and_keeps_the_first_instant(self, note, alice):
        mark_read(notes=[note], user=alice)
        first = ReadReceipt.objects.get().at

        mark_read(notes=[note], user=alice)

        assert ReadReceipt.objects.get().at == first

    def test_who_spoke_has_heard_it_anyway(self, note, tom):
        mark_read(notes=[note], user=tom)

        assert not ReadReceipt.objects.exists()
        assert note.is_read_by(tom)

    def test_it_takes_one_query_for_many_notes(self, tom, alice, django_assert_num_queries):
        notes = [make_note(author=tom) for _ in range(5)]

        with django_assert_num_queries(1):
            mark_read(notes=notes, user=alice)

        assert ReadReceipt.objects.count() == 5


class TestUnheardByReservation:
    def test_it_counts_what_others_said_and_one_has_not_heard(self, tom, alice):
        first, second, quiet = make_reservation(), make_reservation(), make_reservation()
        make_note(reservation=first, author=tom)
        make_note(reservation=first, author=tom)
        make_note(reservation=second, author=tom)
        make_note(reservation=second, author=alice)
        mark_read(notes=[make_note(reservation=quiet, author=tom)], user=alice)

        counts = unread_by_reservation([first.pk, second.pk, quiet.pk], alice)

        assert counts == {first.pk: 2, second.pk: 1}

    def test_what_another_has_heard_is_still_unread(self, note, alice):
        mark_read(notes=[note], user=make_user("ines"))

        assert unread_by_reservation([note.reservation_id], alice) == {note.reservation_id: 1}

    def test_deleted_notes_wait_for_nobody(self, tom, alice):
        note = make_note(author=tom, deleted_at=timezone.now())

        assert unread_by_reservation([note.reservation_id], alice) == {}

    def test_it_asks_once_for_any_number_of_reservations(self, tom, alice, django_assert_num_queries):
        keys = [make_note(author=tom).reservation_id for _ in range(4)]

        with django_assert_num_queries(2):  # the other one reads what the user may
            assert len(unread_by_reservation(keys, alice)) == 4


class TestUnheardLately:
    def test_it_counts_the_last_days_on_every_place(self, tom, alice):
        now = timezone.now()
        make_note(author=tom)
        make_note(author=tom, property=make_hotel())
        make_note(author=tom, recorded_at=now - dt.timedelta(days=8))
        make_note(author=tom, deleted_at=now)
        make_note(author=alice)
        mark_read(notes=[make_note(author=tom)], user=alice)

        assert unread_lately(alice) == 2

    def test_every_page_says_it_beside_notes(self, desk, note):
        assert "Notes1 unheard" in text_of(desk.get("/properties/"))

    def test_nobody_is_told_before_signing_in(self, client, note):
        assert "unheard" not in text_of(client.get("/accounts/login/"))


class TestThePanel:
    def test_it_says_how_many_are_unread_and_which(self, desk, note):
        make_note(reservation=note.reservation, author=desk.user, transcript="my own")

        read = text_of(desk.get(page_of(note.reservation)))

        assert "Voice notes 1 unheard Mark all as heard" in read
        assert read.count("Unheard") == 1

    def test_one_without_unread_notes_says_nothing(self, desk):
        note = make_note(author=desk.user, transcript="my own")

        read = text_of(desk.get(page_of(note.reservation)))

        assert "unheard" not in read.lower()
        assert "Mark all as heard" not in read

    def test_a_note_says_who_heard_it(self, desk, note):
        mark_read(notes=[note], user=desk.user)
        mark_read(notes=[note], user=make_user("ines", first_name="Ines", last_name="Faro"))

        assert "Heard by Alice Moreau, Ines Faro" in text_of(desk.get(page_of(note.reservation)))

    def test_looking_at_the_page_marks_nothing(self, desk, note):
        desk.get(page_of(note.reservation))
        desk.get(reverse("notes:detail", args=[note.pk]))
        desk.get(reverse("notes:audio", args=[note.pk]))

        assert not ReadReceipt.objects.exists()

    def test_its_queries_do_not_grow_with_its_notes(self, desk, note, tom, django_assert_max_num_queries):
        listeners = [make_user(f"user{n}") for n in range(3)]
        for _ in range(5):
            heard_by_all = make_note(reservation=note.reservation, author=tom)
            for user in listeners:
                mark_read(notes=[heard_by_all], user=user)

        with django_assert_max_num_queries(13):
            desk.get(page_of(note.reservation))


class TestMarkAllAsRead:
    def test_without_javascript_it_leads_back_to_the_reservation(self, desk, note):
        make_note(reservation=note.reservation, author=note.author)
        elsewhere = make_note(author=note.author)

        response = desk.post(heard(note.reservation), follow=True)

        assert response.redirect_chain == [(page_of(note.reservation), 302)]
        assert "2 notes are marked as heard." in text_of(response)
        assert unread_by_reservation([note.reservation_id, elsewhere.reservation_id], desk.user) == {
            elsewhere.reservation_id: 1
        }

    def test_with_htmx_the_header_is_answered_and_the_rows_are_told(self, desk, note):
        response = desk.post(heard(note.reservation), headers=htmx("voice-notes-unread"))

        assert response.status_code == 200
        assert not is_page(response)
        assert text_of(response) == ""
        trigger = json.loads(response.headers["HX-Trigger"])
        assert trigger["read"] == {}
        assert trigger["toast"][0]["text"] == "1 note is marked as heard."

    def test_it_can_be_undone_and_leaves_what_was_heard_before(self, desk, note):
        before = make_note(reservation=note.reservation, author=note.author)
        mark_read(notes=[before], user=desk.user)
        response = desk.post(heard(note.reservation), headers=htmx("voice-notes-unread"))
        [toast] = json.loads(response.headers["HX-Trigger"])["toast"]

        response = desk.post(toast["undo"], follow=True)

        assert response.redirect_chain == [(page_of(note.reservation), 302)]
        assert "1 note waits to be heard again." in text_of(response)
        assert before.is_read_by(desk.user)
        assert not note.is_read_by(desk.user)

    def test_nobody_takes_back_what_another_has_heard(self, desk, note):
        ines = make_user("ines")
        marked = mark_all_read(notes=VoiceNote.objects.all(), user=ines)

        unmark_read(user=desk.user, at=marked.at)

        assert note.is_read_by(ines)

    @pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
    def test_an_undo_leads_nowhere_else(self, desk, back):
        assert desk.post("/notes/read/1/undo/", query_params={"back": back}).url == "/notes/"

    def test_an_undo_of_no_instant_is_not_there(self, desk):
        assert desk.post("/notes/read/99999999999999999999999/undo/").status_code == 404

    def test_any_number_is_marked_by_one_query(self, desk, tom, django_assert_num_queries):
        for _ in range(3):
            make_note(author=tom)

        with django_assert_num_queries(2):  # the other one reads what the user may
            assert mark_all_read(notes=VoiceNote.objects.all(), user=desk.user).count == 3

    def test_only_the_named_notes_are_marked(self, desk, note):
        other = make_note(reservation=note.reservation, author=note.author)

        response = desk.post(heard(note.reservation), {"note": [note.pk]}, headers=htmx("voice-notes-unread"))

        assert text_of(response) == "1 unheard Mark all as heard"
        assert note.is_read_by(desk.user)
        assert not other.is_read_by(desk.user)

    @pytest.mark.parametrize("name", ["nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_note_that_is_not_of_the_reservation_marks_nothing(self, desk, note, name):
        desk.post(heard(note.reservation), {"note": [name]}, headers=htmx("voice-notes-unread"))

        assert not ReadReceipt.objects.exists()

    def test_it_is_a_post(self, desk, note):
        assert desk.get(heard(note.reservation)).status_code == 405

    def test_strangers_mark_nothing(self, client, note):
        client.post(heard(note.reservation))

        assert not ReadReceipt.objects.exists()


class TestBadges:
    def arrive_today(self, tom, notes=2):
        hotel = make_hotel(rooms=())
        stay = make_reservation(hotel, arrival=hotel.today(), guest="Amara Okafor")
        for _ in range(notes):
            make_note(reservation=stay, author=tom)
        return stay

    def test_today_says_what_waits_for_each_stay(self, desk, tom):
        self.arrive_today(tom)

        assert "Amara Okafor 2 unheard" in text_of(desk.get("/"))

    def test_today_says_it_of_holds_that_end_and_of_stays_without_a_room_too(self, desk, tom):
        hotel = make_hotel(["101"])
        held = {"status": "held", "hold_expires_at": timezone.now() + dt.timedelta(hours=1)}
        hold = make_reservation(hotel, arrival=hotel.today() + dt.timedelta(days=7), guest="Amara Okafor", **held)
        make_note(reservation=hold, author=tom)

        assert "Amara Okafor 1 unheard" in text_of(desk.get("/"))

    def test_todays_latest_notes_say_which_are_unread(self, desk, note):
        assert "Unheard" in text_of(desk.get("/"))

    def test_the_list_of_reservations_says_it_too(self, desk, tom):
        self.arrive_today(tom)

        assert "Amara Okafor 2 unheard" in text_of(desk.get("/reservations/"))
        assert "Amara Okafor 2 unheard" in text_of(desk.get("/reservations/", headers=htmx("reservation-list")))

    @pytest.mark.parametrize("path", ["/", "/reservations/"])
    def test_their_queries_do_not_grow_with_stays(self, desk, tom, path, django_assert_max_num_queries):
        for _ in range(6):
            self.arrive_today(tom, notes=1)

        with django_assert_max_num_queries(15):
            desk.get(path)
