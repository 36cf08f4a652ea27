"""What happened: the history of one reservation, and the feed of everything that misses nothing."""

import threading
from contextlib import closing

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction

from reservations import booking
from reservations.booking import lifecycle
from reservations.history import feed
from reservations.models import Event
from reservations.stay import Stay
from tests.api.programs import Program
from tests.concurrency.crowd import at_once
from tests.factories import ARRIVAL, make_apartment, make_booking, make_hotel, make_reservation

V1 = "/api/v1"


def book(property, guest="Amara Okafor", **fields):
    stay = Stay.of_nights(ARRIVAL, 2)
    return make_booking(property=property, stay=stay, guest_name=guest, party_size=1, actor=None, **fields)


def close(flat, actor=None):
    return booking.close(unit=flat.units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", actor=actor)


class TestHistory:
    @pytest.fixture
    def reservation(self, alice):
        reservation = book(make_apartment("Garden Flat"))
        booking.move(reservation=reservation, stay=Stay.of_nights(ARRIVAL, 3), actor=alice, pricing="keep")
        lifecycle.cancel(reservation=reservation, actor=alice, why="illness", reason="flew home")
        return reservation

    def test_it_is_told_newest_first_as_the_page_tells_it(self, program, reservation):
        page = program.get(f"/reservations/{reservation.reference}/events/").json()

        newest, moved, booked = page["results"]
        assert page["next"] is None
        assert (newest["action"], newest["from_status"], newest["to_status"]) == ("cancelled", "confirmed", "cancelled")
        reason = (newest["actor"], newest["reason_code"], newest["reason"])
        assert reason == ("Alice Moreau", "illness", "flew home")
        assert (newest["reservation"], newest["closure"]) == (reservation.reference, None)
        assert newest["property"]["name"] == "Garden Flat"
        assert moved["data"]["departure"] == ["2027-05-05", "2027-05-06"]
        assert "Departure Wed 5 May → Thu 6 May" in moved["changes"]
        assert (booked["actor"], booked["from_status"], booked["to_status"]) == (None, "", "confirmed")

    def test_it_comes_in_pages_and_in_part(self, program, reservation):
        first = program.get(f"/reservations/{reservation.reference}/events/", {"limit": 2, "fields": "action"}).json()
        second = program.client.get(first["next"], headers=program.headers).json()

        assert first["results"] == [{"action": "cancelled"}, {"action": "moved"}]
        assert (second["results"], second["next"]) == ([{"action": "booked"}], None)

    def test_of_others_it_tells_nothing(self, program, reservation):
        assert program.get(f"/reservations/{make_reservation().reference}/events/").json()["results"] == []
        assert program.get("/reservations/RT-22222/events/").status_code == 404

    def test_it_needs_the_scope(self, alice, reservation):
        for path in (f"/reservations/{reservation.reference}/events/", "/events/"):
            assert Program.of(alice, "availability").get(path).status_code == 403


class Poll:
    """A program that remembers `next` and nothing else."""

    def __init__(self, program, **query):
        self.program, self.query, self.address = program, query, f"{V1}/events/"

    def __call__(self):
        answer = self.program.client.get(self.address, self.query, headers=self.program.headers)
        assert answer.status_code == 200, answer.content
        page, self.query = answer.json(), None
        self.address = page["next"].removeprefix("http://testserver")
        return page["results"]


def subjects_and_actions(events):
    return [(event["reservation"] or event["closure"], event["action"]) for event in events]


@pytest.mark.django_db(transaction=True)
class TestFeed:
    def test_it_tells_everything_once_oldest_first_and_then_what_is_new(self, program):
        poll, flat = Poll(program), make_apartment()
        closure = close(flat)
        booking.reopen(closure=closure, actor=None)
        reservation = book(flat)

        first, nothing = poll(), poll()
        lifecycle.cancel(reservation=reservation, actor=None)

        assert subjects_and_actions(first) == [
            (closure.pk, "closed"),
            (closure.pk, "reopened"),
            (reservation.reference, "booked"),
        ]
        assert first[0]["property"]["id"] == flat.pk
        assert nothing == []
        assert subjects_and_actions(poll()) == [(reservation.reference, "cancelled")]
        assert poll() == []

    def test_pages_go_on_where_the_last_one_ended_also_within_one_transaction(self, program):
        hotel = make_hotel([f"{number}" for number in range(7)])
        booking.book_group(
            property=hotel, stay=Stay.of_nights(ARRIVAL, 2), booker_name="Moreau", rooms=[(None, 7, 1)], actor=None
        )
        poll = Poll(program, limit=3)

        pages = [poll() for _ in range(4)]

        assert [len(page) for page in pages] == [3, 3, 1, 0]
        assert len({event["id"] for page in pages for event in page}) == 7

    def test_an_event_committed_late_by_an_older_transaction_is_told_once(self, program):
        slow, quick = make_apartment(), make_apartment()
        poll, looks = Poll(program), []
        has_written, may_commit = threading.Event(), threading.Event()

        def act(number):
            if number == 0:
                with transaction.atomic():
                    book(slow)
                    has_written.set()
                    assert may_commit.wait(10)
                return
            assert has_written.wait(10)
            try:
                book(quick)  # begun later, committed earlier
                looks.append(poll())
            finally:
                may_commit.set()

        assert at_once(2, act) == [None, None]
        looks.append(poll())

        ids = [[event["property"]["id"] for event in look] for look in looks]
        assert ids == [[], [slow.pk, quick.pk]]
        assert poll() == []

    def test_a_transaction_of_another_database_holds_nothing_back(self, program):
        parameters = connection.get_connection_params() | {"dbname": "postgres"}
        with closing(psycopg2.connect(**parameters)) as elsewhere:
            elsewhere.cursor().execute("SELECT pg_current_xact_id()")
            reservation = book(make_apartment())

            assert subjects_and_actions(Poll(program)()) == [(reservation.reference, "booked")]

    def test_many_writers_at_once_are_all_told_once(self, program):
        flats, poll = [make_apartment() for _ in range(8)], Poll(program, limit=5)
        seen, done = [], []

        def act(number):
            if number == 0:
                while len(done) < 4:
                    seen.extend(poll())
                return
            try:
                with transaction.atomic():
                    for flat in flats[number - 1 :: 4]:
                        lifecycle.cancel(reservation=book(flat), actor=None)
            finally:
                done.append(number)

        answers = at_once(5, act)
        while events := poll():
            seen += events

        assert answers == [None] * 5
        assert sorted(event["id"] for event in seen) == sorted(Event.objects.values_list("pk", flat=True))
        assert len(seen) == 8 * 2

    def test_filters_leave_out_what_is_not_asked_for_and_do_not_look_at_it_again(self, program):
        mine, theirs = make_apartment(), make_apartment()
        closure, reservation = close(mine), book(theirs)
        of_mine, of_none = Poll(program, property=mine.pk), Poll(program, property=2**30)
        booked, of_one = Poll(program, action="booked"), Poll(program, reservation=reservation.reference)

        assert subjects_and_actions(of_mine()) == [(closure.pk, "closed")]
        assert subjects_and_actions(booked()) == subjects_and_actions(of_one()) == [(reservation.reference, "booked")]
        assert of_none() == []
        before = of_none.address
        booking.reopen(closure=closure, actor=None)
        lifecycle.cancel(reservation=reservation, actor=None)

        assert of_none() == []
        assert of_none.address != before
        assert subjects_and_actions(of_mine()) == [(closure.pk, "reopened")]
        assert booked() == []
        assert subjects_and_actions(of_one()) == [(reservation.reference, "cancelled")]

    def test_a_hundred_events_take_as_many_queries_as_one(self, program, django_assert_num_queries):
        reservation = book(make_hotel(["101"]))
        program.get("/events/")

        for limit in (1, 100):
            with django_assert_num_queries(
                6
            ):  # who asks, what they may, how often; what runs elsewhere, what here; the rows
                events = program.get("/events/", {"limit": limit}).json()["results"]
            for number in range(100):
                booking.set_lock(reservation=reservation, is_locked=number % 2 == 0, actor=None)

        assert len(events) == 100

    # The last one is from beyond any transaction: of the database before a backup was restored.
    @pytest.mark.parametrize("cursor", ["x", "WzFlNDAwLCAxZTQwMF0", "W251bGwsIG51bGxd", "WzEwMDAwMDAwMDAwMDAsIDFd"])
    def test_a_cursor_that_is_none_is_refused_in_words(self, program, cursor):
        answer = program.get("/events/", {"cursor": cursor})

        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_cursor")

    def test_events_of_a_restored_database_come_first_and_new_ones_after_them(self, program):
        old = [book(make_apartment(), guest) for guest in ("Amara Okafor", "Bo Li")]
        as_if_restored(old)
        new = book(make_apartment())
        hidden = program.get("/events/").json()["results"]

        adopted = feed.adopt_restored()
        poll = Poll(program)

        assert subjects_and_actions(hidden) == [(new.reference, "booked")]
        assert (adopted, feed.adopt_restored()) == (2, 0)
        assert subjects_and_actions(poll()) == [(stay.reference, "booked") for stay in (*old, new)]
        lifecycle.cancel(reservation=new, actor=None)
        assert subjects_and_actions(poll()) == [(new.reference, "cancelled")]
        with pytest.raises(IntegrityError):
            Event.objects.update(reason="rewritten")


def as_if_restored(reservations):
    """Events of these were written by transactions far beyond those of this database."""
    keys = [reservation.pk for reservation in reservations]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(feed.IS_APPEND_ONLY.format("DISABLE"))
        cursor.execute(
            "UPDATE reservations_event SET written_in = 10000000000 - id WHERE reservation_id = ANY(%s)", [keys]
        )
        cursor.execute(feed.IS_APPEND_ONLY.format("ENABLE"))


@pytest.mark.django_db(transaction=True)
def test_the_feed_is_read_along_an_index_and_not_sorted_also_where_one_transaction_wrote_thousands():
    reservation = book(make_apartment())
    Event.objects.bulk_create(Event(reservation=reservation, action="changed") for _ in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reservations_event")

    plan = Event.objects.filter(written_in__gt=1).order_by("written_in", "pk")[:26].explain()

    assert "event_by_transaction" in plan
    assert "Sort" not in plan
