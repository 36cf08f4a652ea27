"""Which changes by other transactions the chart gets, with real connections: none is missed, however late."""

import datetime as dt
import threading

import pytest
from django.db import transaction
from django.utils import timezone

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.tape import changes
from reservations.tape.changes import UnreadableCursor
from tests.concurrency.crowd import at_once
from tests.factories import ARRIVAL, make_apartment, make_booking, make_hotel

pytestmark = pytest.mark.django_db(transaction=True)


def book(property, guest="Amara Okafor", **fields):
    stay = Stay.of_nights(ARRIVAL, 2)
    return make_booking(property=property, stay=stay, guest_name=guest, party_size=1, actor=None, **fields)


def unit_of(property):
    return property.units.get().pk


def test_nothing_has_changed_since_just_now():
    book(make_apartment())

    assert not changes.since(changes.cursor())


def test_a_booking_since_is_told_once():
    flat = make_apartment()
    cursor = changes.cursor()
    book(flat)

    changed = changes.since(cursor)

    assert (changed.units, changed.lanes) == ({unit_of(flat)}, {flat.pk})
    assert not changes.since(changed.cursor)


def test_an_event_committed_late_by_an_older_transaction_is_still_seen():
    slow, quick = make_apartment(), make_apartment()
    cursor = changes.cursor()
    has_written, may_commit = threading.Event(), threading.Event()
    looks = []

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
            looks.append(changes.since(cursor))
        finally:
            may_commit.set()
        return

    assert at_once(2, act) == [None, None]
    looks.append(changes.since(looks[0].cursor))

    assert [look.units for look in looks] == [{unit_of(quick)}, {unit_of(slow)}]
    assert not changes.since(looks[1].cursor)


def test_a_move_is_told_of_both_rooms():
    hotel = make_hotel(["1", "2", "3"])
    one, two, _ = hotel.units.all()
    stay = book(hotel, unit=one)
    cursor = changes.cursor()

    booking.move(reservation=stay, unit=two, actor=None)

    assert changes.since(cursor).units == {one.pk, two.pk}


def test_a_cancelled_stay_is_told_of_the_room_it_left():
    flat = make_apartment()
    stay = book(flat)
    cursor = changes.cursor()

    lifecycle.cancel(reservation=stay, actor=None)

    assert changes.since(cursor).units == {unit_of(flat)}


def test_a_closure_and_its_end_are_told():
    flat = make_apartment()
    cursor = changes.cursor()

    closure = booking.close(
        unit=flat.units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", note="", actor=None
    )
    closed = changes.since(cursor)
    booking.reopen(closure=closure, actor=None)

    assert closed.units == changes.since(closed.cursor).units == {unit_of(flat)}


def test_a_hold_that_lapsed_between_two_looks_is_told_although_nothing_was_written():
    flat = make_apartment()
    book(flat, hold_until=timezone.now() + dt.timedelta(hours=1))
    cursor = changes.cursor()
    now = timezone.now()
    with transaction.atomic():  # as if the hour had passed: nobody writes an event then
        Reservation.objects.update(hold_expires_at=now)
        Occupancy.objects.update(expires_at=now)

    changed = changes.since(cursor)

    assert (changed.units, changed.lanes) == ({unit_of(flat)}, {flat.pk})
    assert not changes.since(changed.cursor)
    assert Reservation.objects.get().status == Status.HELD


@pytest.mark.parametrize("cursor", ["", "1", "5:5:@", "5:5:@1'", "a:b:c@1", "9" * 60, "9:5:@1"])
def test_what_is_no_cursor_is_refused_in_words(cursor):
    with pytest.raises(UnreadableCursor):
        changes.since(cursor)


class TestOverHttp:
    @pytest.fixture(autouse=True)
    def signed_in(self, desk):
        self.desk = desk

    def look(self, cursor, **shown):
        query = "&".join(f"{name}={value}" for name, value in {"first": "2027-05-01", "days": 14, **shown}.items())
        return self.desk.get("/calendar/changes/", {"since": cursor, "shown": query})

    def test_nothing_new_is_an_empty_answer_with_a_new_cursor(self):
        make_apartment()

        answer = self.look(changes.cursor())

        assert (answer.status_code, answer.content) == (204, b"")
        assert self.look(answer["X-Cursor"]).status_code == 204

    def test_only_the_changed_rows_come_with_the_counts(self):
        hotel = make_hotel(["1", "2", "3"])
        other = make_hotel(["7"])
        cursor = changes.cursor()
        one = hotel.units.get(name="1")
        book(hotel, "Marta Wójcik", unit=one)

        answer = self.look(cursor)
        content = answer.content.decode()

        assert answer.status_code == 200
        assert "Marta Wójcik" in content
        assert f'id="row-{one.pk}"' in content
        assert content.count('id="row-') == 1
        assert f'id="free-hotel-{hotel.pk}"' in content
        assert f'id="free-hotel-{other.pk}"' not in content
        assert ">50%<" not in content  # one of four rooms
        assert content.count(">25%<") == 2
        assert "<html" not in content
        assert "tape-chart" not in content

    def test_what_the_filters_leave_out_does_not_come(self):
        hotel, other = make_hotel(["1"]), make_hotel(["2"])
        cursor = changes.cursor()
        book(other)

        assert 'id="row-' not in self.look(cursor, property=hotel.pk).content.decode()

    def test_a_strange_cursor_is_a_bad_request(self):
        assert self.look("x").status_code == 400
