"""The Notes page: all notes of the properties one may see, as the address asks for them."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notes.models import ReadReceipt, Status, VoiceNote
from notes.read_receipts import mark_read
from tests.factories import make_apartment, make_guest, make_hotel, make_reservation, make_user
from tests.notes.notes import make_note, make_typed
from tests.notes.screens import HOSTILE, htmx, is_page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(db):
    return make_user("tom", first_name="Tom", last_name="Byrne")


def listed(desk, **question):
    """Of the notes that the page lists, the texts that are one word of lower-case letters."""
    page = desk.get("/notes/", question).content.decode()
    return re.findall(r"data-transcript>\s*(?:<mark>)?([a-z]+)(?:</mark>)?<", page)


def say(*texts, **fields):
    return [
        make_typed(text, recorded_at=timezone.now() - dt.timedelta(minutes=n), **fields) for n, text in enumerate(texts)
    ]


class TestThePage:
    def test_it_lists_all_notes_newest_first_with_where_they_belong(self, desk, tom):
        stay = make_reservation(make_hotel(name="Harbour Hotel"), guest="Amara Okafor", reference="RT-7K3QX")
        say("newest", "middle", reservation=stay, author=tom)
        make_typed(
            "oldest", property=make_apartment("Quay 7"), author=tom, recorded_at=timezone.now() - dt.timedelta(days=9)
        )

        read = text_of(desk.get("/notes/"))

        assert listed(desk) == ["newest", "middle", "oldest"]
        assert "Amara Okafor RT-7K3QX · Harbour Hotel" in read
        assert "Hand-over · Quay 7" in read
        assert "Latest notes 3 unheard Mark all as heard" in read

    def test_a_spoken_one_is_played_in_place(self, desk):
        note = make_note(transcript="towels")

        assert f'src="/voice-notes/{note.pk}/audio"' in desk.get("/notes/").content.decode()

    def test_strangers_see_nothing(self, client):
        make_typed("towels")

        assert client.get("/notes/").status_code == 302

    def test_a_site_without_notes_says_what_the_page_is_for(self, desk):
        assert "Nothing was said yet." in text_of(desk.get("/notes/"))

    def test_an_empty_result_says_what_to_do(self, desk):
        make_typed("towels")

        assert "No note holds all of “boiler”." in text_of(desk.get("/notes/", {"q": "boiler"}))
        assert "No note of these holds all of" in text_of(desk.get("/notes/", {"q": "boiler", "kind": "typed"}))
        assert "No note is like that." in text_of(desk.get("/notes/", {"kind": "spoken"}))
        assert "Write at least two letters" in text_of(desk.get("/notes/", {"q": "b"}))

    def test_deleted_notes_are_not_on_it(self, desk):
        make_typed("towels", deleted_at=timezone.now())

        assert listed(desk) == []

    def test_a_row_that_is_drawn_anew_still_says_where_it_belongs(self, desk):
        note = make_typed("towels", property=make_apartment("Quay 7"))
        headers = htmx(f"note-{note.pk}") | {"HX-Current-URL": "http://testserver/notes/?q=x"}

        assert "Hand-over · Quay 7" in text_of(desk.get(f"/voice-notes/{note.pk}/", headers=headers))
        headers["HX-Current-URL"] = f"http://testserver/properties/{note.property_id}/"
        assert "Hand-over" not in text_of(desk.get(f"/voice-notes/{note.pk}/", headers=headers))

    def test_its_queries_do_not_grow(self, desk):
        def ask(**question):
            desk.get("/notes/", question)
            with CaptureQueriesContext(connection) as asked:
                desk.get("/notes/", question)
            return len(asked)

        def add(number):
            author = make_user(f"user{number}")
            note = make_note(transcript="towels", author=author, reservation=make_reservation(guest=f"Guest {number}"))
            mark_read(notes=[note], user=make_user(f"listener{number}"))
            make_typed("towels", property=make_hotel(), author=author)

        questions = [{}, {"q": "towels"}, {"unread": "on", "since": "2020-01-01"}]
        add(0)
        one = [ask(**question) for question in questions]
        for number in range(1, 4):
            add(number)

        assert [ask(**question) for question in questions] == one
        assert max(one) <= 16


class TestPages:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr("notes.search.listing.PER_PAGE", 2)

    def older(self, page):
        [address] = re.findall(r'rel="next" href="([^"]*)"', page) or [None]
        return address and address.replace("&amp;", "&")

    @pytest.mark.parametrize("question", ["", "q=to", "kind=typed"])
    def test_each_note_once_by_its_links(self, desk, question):
        say("toa", "tob", "toc", "tod", "toe")
        address, texts = f"/notes/?{question}", []

        while address:
            page = desk.get(address).content.decode()
            texts += re.findall(r"data-transcript>(?:<mark>)?(to)(?:</mark>)?([a-e])<", page)
            address = self.older(page)

        assert ["".join(text) for text in texts] == ["toa", "tob", "toc", "tod", "toe"]

    def test_a_note_that_comes_in_meanwhile_is_no_reason_to_show_one_twice(self, desk):
        say("a", "b", "c", "d")
        address = self.older(desk.get("/notes/").content.decode())
        make_typed("new", recorded_at=timezone.now() + dt.timedelta(seconds=1))

        assert re.findall(r"data-transcript>([a-z]+)<", desk.get(address).content.decode()) == ["c", "d"]

    def test_notes_of_one_instant_are_all_shown(self, desk):
        now = timezone.now()
        for text in ("a", "b", "c"):
            make_typed(text, recorded_at=now)

        first = desk.get("/notes/").content.decode()
        second = desk.get(self.older(first)).content.decode()

        assert sorted(re.findall(r"data-transcript>([a-z]+)<", first + second)) == ["a", "b", "c"]

    def test_further_rows_come_alone(self, desk):
        say("a", "b", "c")

        response = desk.get(self.older(desk.get("/notes/").content.decode()), headers=htmx("notes-older"))

        assert not is_page(response)
        assert "notes-found" not in response.content.decode()
        assert "data-transcript>c<" in response.content.decode()
        assert "autofocus" in response.content.decode()

    @pytest.mark.parametrize(
        "page",
        [
            "before=nonsense",
            "before=26653ee6-ad55-49cc-b7a2-0d0a40fc88e9",
            "page=0",
            "page=x",
            "page=99999",
            "page=200&q=ab",
        ],
    )
    def test_a_page_that_is_not_there_breaks_nothing(self, desk, page):
        say("a", "b", "c")

        assert desk.get(f"/notes/?{page}").status_code == 200


class TestFilters:
    def test_each_narrows_and_all_together(self, desk, tom):
        hotel = make_hotel()
        stay = make_reservation(hotel)
        make_typed("one", reservation=stay, author=tom)
        make_typed("two", property=hotel, author=desk.user)
        make_note(transcript="three", reservation=stay, author=desk.user)
        make_typed("four", property=make_apartment(), author=tom)

        assert set(listed(desk, property=hotel.pk)) == {"one", "two", "three"}
        assert set(listed(desk, author=tom.pk)) == {"one", "four"}
        assert set(listed(desk, kind="typed")) == {"one", "two", "four"}
        assert set(listed(desk, kind="spoken")) == {"three"}
        assert set(listed(desk, about="handover")) == {"two", "four"}
        assert set(listed(desk, about="stays")) == {"one", "three"}
        assert set(listed(desk, status="transcribed")) == {"three"}
        assert set(listed(desk, unread="on")) == {"one", "four"}
        assert set(listed(desk, property=hotel.pk, kind="typed", unread="on", q="one")) == {"one"}

    def test_a_day_is_one_where_the_property_stands(self, desk):
        instant = dt.datetime(2026, 5, 3, 22, 30, tzinfo=dt.UTC)
        make_typed("lisbon", property=make_hotel(time_zone="Europe/Lisbon"), recorded_at=instant)  # 23:30 on the 3rd
        make_typed("tokyo", property=make_hotel(time_zone="Asia/Tokyo"), recorded_at=instant)  # 7:30 on the 4th

        assert listed(desk, since="2026-05-04") == ["tokyo"]
        assert listed(desk, until="2026-05-03") == ["lisbon"]
        assert set(listed(desk, since="2026-05-03", until="2026-05-04")) == {"lisbon", "tokyo"}
        assert listed(desk, since="2026-05-04", until="2026-05-03") == []
        tokyo = VoiceNote.objects.get(property__time_zone="Asia/Tokyo").property
        assert listed(desk, property=tokyo.pk, since="2026-05-04", until="2026-05-04") == ["tokyo"]

    @pytest.mark.parametrize("said", ["yesterday", "gestern", "sun", "3 may"])
    def test_the_notes_of_yesterday_are_found_by_the_date_at_the_property(self, desk, said):
        """It is Sunday still in London when it is Monday there."""
        far = make_hotel(time_zone="Pacific/Auckland")
        make_typed("old", property=far, recorded_at=dt.datetime(2026, 5, 2, 22, tzinfo=dt.UTC))  # Sunday there
        make_typed("new", property=far, recorded_at=dt.datetime(2026, 5, 3, 22, tzinfo=dt.UTC))  # Monday there

        with time_machine.travel("2026-05-03T23:00:00Z", tick=False):
            found = listed(desk, property=far.pk, since=said, until=said)

        assert found == ["old"]

    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ({"since": "soon"}, "Write a day such as 5 dec"),
            ({"since": "0001-01-01"}, "Choose a day after 1999."),
            ({"until": "9999-12-31"}, "Choose a day before 2101."),
            ({"property": "99999"}, "Select a valid choice."),
            ({"author": "x"}, "Select a valid choice."),
            ({"kind": "sung"}, "Select a valid choice."),
            ({"q": "a\x00b"}, "There are hidden characters in this."),
        ],
    )
    def test_what_cannot_be_read_is_said_and_not_filtered_by(self, desk, question, words):
        make_typed("towels")

        assert words in text_of(desk.get("/notes/", question))
        assert listed(desk, **question) == ["towels"]

    def test_those_who_never_wrote_are_not_offered(self, desk, tom):
        make_typed("towels", author=desk.user)

        page = desk.get("/notes/").content.decode()

        assert f'<option value="{desk.user.pk}" translate="no">Alice Moreau</option>' in page
        assert "Tom Byrne" not in page

    def test_a_property_offers_to_leave_a_note_there(self, desk):
        hotel = make_hotel(name="Harbour Hotel")

        page = desk.get("/notes/", {"property": hotel.pk})

        assert "Leave a note for Harbour Hotel" in text_of(page)
        assert f'href="/properties/{hotel.pk}/voice-notes/"' in page.content.decode()

    def test_with_htmx_only_the_list_is_answered(self, desk):
        make_typed("towels")

        response = desk.get("/notes/", {"q": "tow"}, headers=htmx("notes-found"))

        assert not is_page(response)
        assert "<mark>tow</mark>els" in response.content.decode()


class TestASearch:
    def test_hits_are_marked_and_play_from_the_word(self, desk):
        guest = make_guest("Marta Wójcik")
        note = make_note(transcript="Two towels", reservation=make_reservation(guest=guest, reference="RT-7K3QX"))
        note.transcript.segments = [
            {"start": 0, "end": 14, "text": "Two towels", "words": [
                {"start": 0.5, "end": 1, "text": "Two"}, {"start": 12.34, "end": 13, "text": "towels"},
            ]},
        ]  # fmt: skip
        note.transcript.save()

        page = desk.get("/notes/", {"q": "wojcik towel"}).content.decode()

        assert "Two <mark>towel</mark>s" in page
        assert "Marta <mark>Wójcik</mark>" in page
        assert 'data-start="12.34"' in page
        assert "Play from 0:12" in page
        assert f'href="/voice-notes/{note.pk}/#t=12.3"' in page
        assert f'src="/voice-notes/{note.pk}/audio#t=12.3"' in page

    def test_what_was_said_is_text_and_no_markup(self, desk):
        make_typed(HOSTILE, reservation=make_reservation(guest=HOSTILE))

        for q in ("script", "alert", "<script>", '"'):
            assert HOSTILE not in desk.get("/notes/", {"q": q}).content.decode()


class TestMarkAll:
    def test_it_marks_what_the_filter_shows_and_leads_back_to_it(self, desk, tom):
        hotel = make_hotel()
        shown, other = make_typed("one", property=hotel, author=tom), make_typed("two", author=tom)

        response = desk.post(f"/notes/read/?property={hotel.pk}&page=3", follow=True)

        assert response.redirect_chain == [(f"/notes/?property={hotel.pk}", 302)]
        assert "1 note is marked as heard. Undo" in text_of(response)
        assert shown.is_read_by(desk.user)
        assert not other.is_read_by(desk.user)

    def test_it_marks_what_a_search_finds_and_can_be_undone(self, desk, tom):
        make_typed("one", author=tom)
        make_typed("two", author=tom)

        response = desk.post("/notes/read/?q=one", headers=htmx("voice-notes-unread"))

        assert text_of(response) == ""
        assert ReadReceipt.objects.get().note.transcript.text == "one"
        [undo] = re.findall(r'"undo": "([^"]*)"', response.headers["HX-Trigger"])
        assert desk.post(undo).url == "/notes/?q=one"
        assert not ReadReceipt.objects.exists()

    def test_those_that_were_read_are_marked_by_name(self, desk, tom):
        first, second = make_typed("one", author=tom), make_typed("two", author=tom)

        response = desk.post("/notes/read/?kind=typed", {"note": [first.pk, "nonsense"]}, headers=htmx("x"))

        assert text_of(response) == "1 unheard Mark all as heard"
        assert 'hx-post="/notes/read/?kind=typed"' in response.content.decode()
        assert not second.is_read_by(desk.user)

    def test_names_that_are_none_mark_nothing(self, desk, tom):
        make_typed("one", author=tom)

        desk.post("/notes/read/", {"note": ["nonsense"]})

        assert not ReadReceipt.objects.exists()

    @pytest.mark.parametrize("path", ["/notes/read/", "/notes/read/1/undo/", "/notes/typed/"])
    def test_a_link_alone_changes_nothing(self, desk, path):
        assert desk.get(path).status_code == 405


class TestTyping:
    def test_a_note_for_a_property_is_typed_here(self, desk):
        hotel = make_hotel(name="Harbour Hotel")

        response = desk.post("/notes/typed/", {"property": hotel.pk, "text": "The lift."}, headers=htmx("type-note"))

        assert response.status_code == 201
        assert "Hand-over · Harbour Hotel" in text_of(response)
        note = VoiceNote.objects.get()
        assert (note.property, note.reservation, note.status) == (hotel, None, Status.TYPED)

    def test_without_javascript_too(self, desk):
        response = desk.post("/notes/typed/", {"property": make_hotel().pk, "text": "The lift."}, follow=True)

        assert response.redirect_chain == [("/notes/", 302)]
        assert "The note is saved." in text_of(response)

    @pytest.mark.parametrize("headers", [{}, htmx("type-note")])
    def test_a_property_must_be_chosen_and_what_was_typed_stays(self, desk, headers):
        response = desk.post("/notes/typed/", {"text": "The lift."}, headers=headers)

        assert response.status_code == 422
        assert "Choose a property." in text_of(response)
        assert "The lift." in text_of(response)
        assert not VoiceNote.objects.exists()
