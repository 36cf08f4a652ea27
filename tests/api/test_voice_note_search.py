"""A program looks for notes: all of them, some of them, one search."""

import datetime as dt

import pytest

from tests.factories import make_apartment, make_reservation, make_user
from tests.notes.each_state import make_one_of_each, make_spoken
from tests.notes.notes import make_note, make_transcript, make_typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def reservation():
    return make_reservation()


def notes_of(reservation, kind="voice"):
    return f"/reservations/{reservation.reference}/{kind}-notes/"


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


class TestFinding:
    def test_the_newest_come_first_and_pages_follow(self, program, reservation):
        notes = [make_typed(f"Note {number}.", reservation=reservation) for number in range(5)]

        first = program.get("/voice-notes/", {"limit": 2})
        second = program.client.get(first.json()["next"], headers=program.headers)
        third = program.client.get(second.json()["next"], headers=program.headers)

        assert ids(first) + ids(second) + ids(third) == [str(note.pk) for note in reversed(notes)]
        assert third.json()["next"] is None

    def test_a_place_shows_its_own_notes(self, program, reservation):
        about_stay = make_typed(reservation=reservation)
        handover = make_typed(property=reservation.property)
        make_typed(reservation=make_reservation())

        assert ids(program.get(notes_of(reservation))) == [str(about_stay.pk)]
        assert ids(program.get(f"/properties/{reservation.property_id}/voice-notes/")) == [str(handover.pk)]

    def test_the_list_can_be_narrowed(self, program, reservation, alice):
        tom, now = make_user("tom"), reservation.property.today()
        spoken = make_note(reservation=reservation, author=tom, transcript="Two towels.")
        typed = make_typed(property=make_apartment(), author=alice)
        old = make_typed(reservation=reservation, recorded_at=spoken.recorded_at - dt.timedelta(days=9))
        everything = [str(note.pk) for note in (typed, spoken, old)]
        asked = [
            ({"property": reservation.property_id}, [spoken, old]),
            ({"property": 999_999}, []),
            ({"reservation": reservation.reference}, [spoken, old]),
            ({"reservation": "RT-NNNNN"}, []),
            ({"author": tom.pk}, [spoken]),
            ({"status": "transcribed"}, [spoken]),
            ({"kind": "typed"}, [typed, old]),
            ({"since": now.isoformat()}, [typed, spoken]),
            ({"until": (now - dt.timedelta(days=2)).isoformat()}, [old]),
            ({"since": "0001-01-01", "until": "9999-12-31"}, [typed, spoken, old]),
            ({"until": "0001-01-01"}, []),
            ({"unread": "true"}, [spoken]),
            ({"kind": "typed", "property": reservation.property_id, "since": "2001-01-01"}, [old]),
        ]

        assert ids(program.get("/voice-notes/")) == everything
        for query, notes in asked:
            assert ids(program.get("/voice-notes/", query)) == [str(note.pk) for note in notes], query

    def test_a_search_gives_the_best_first_and_the_second_at_which_it_is_spoken(self, program, reservation):
        spoken = make_spoken(reservation)
        other = make_typed("A false fire alarmist.", reservation=reservation)

        answer = program.get("/voice-notes/", {"q": "alarm", "limit": 1})
        [row] = answer.json()["results"]
        following = program.client.get(answer.json()["next"], headers=program.headers)

        assert row["id"] == str(spoken.pk)
        assert row["hit"]["seconds"] == pytest.approx(2.45, abs=0.01)
        assert [piece["text"] for piece in row["hit"]["text"] if piece["is_hit"]] == ["alarm"]
        assert ids(following) == [str(other.pk)]
        assert following.json()["results"][0]["hit"]["seconds"] is None
        assert following.json()["next"] is None

    def test_a_search_goes_with_the_filters_and_with_fewer_fields(self, program, reservation):
        note = make_typed("Two towels.", reservation=reservation)
        make_typed("Three towels.", reservation=make_reservation())
        query = {"q": "towels", "reservation": reservation.reference, "fields": "id,text"}

        assert program.get("/voice-notes/", query).json()["results"] == [{"id": str(note.pk), "text": "Two towels."}]
        assert ids(program.get("/voice-notes/", {"q": "pillow"})) == []
        assert ids(program.get("/voice-notes/", {"q": "t"})) == []

    @pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "٣", "9" * 20])
    def test_a_cursor_of_a_search_is_one_of_ours(self, program, cursor):
        answer = program.get("/voice-notes/", {"q": "towels", "cursor": cursor})

        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_cursor")

    @pytest.mark.parametrize(("query", "count"), [({}, 7), ({"q": "fire"}, 8)])
    def test_it_asks_as_much_for_thirty_as_for_one(self, program, reservation, query, count, django_assert_num_queries):
        _, listening, *_ = make_one_of_each(reservation)
        make_transcript(listening, text="The fire", machine_text="The fire")
        program.get("/voice-notes/", query)  # the first use of a token is written down

        for number in range(2):
            with django_assert_num_queries(count):
                answer = program.get("/voice-notes/", query | {"limit": 40})
            assert len(ids(answer)) == [(8, 2), (38, 32)][number][bool(query)]
            for _ in range(30):
                make_typed("A fire.", reservation=make_reservation())
