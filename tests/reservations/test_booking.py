import datetime as dt
import uuid

import pytest
from django.utils import timezone

from config.errors import Busy
from reservations import availability, booking
from reservations.booking import lifecycle
from reservations.models import Event, Guest, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    eur,
    make_apartment,
    make_booking,
    make_change,
    make_hotel,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db


def stay(first, nights):
    return Stay.of_nights(ARRIVAL + dt.timedelta(days=first), nights)


def book(property, requested=None, unit=None, **wanted):
    wanted = {"guest_name": "Marta Wójcik", "party_size": 2, "actor": None} | wanted
    return make_booking(property=property, unit=unit, stay=requested or stay(0, 3), **wanted)


class TestBook:
    def test_it_takes_the_nights_and_keeps_the_agreed_rate(self):
        flat = make_apartment(nightly_rate=140)

        reservation = book(flat, stay(0, 4))
        flat.nightly_rate = 200
        flat.save()

        assert reservation.unit == flat.units.get()
        assert Reservation.objects.get().price == eur(560)

    def test_it_writes_the_event_with_the_actor(self):
        alice = make_user()

        reservation = book(make_apartment(), actor=alice)

        event = reservation.events.get()
        assert (event.action, event.to_status, event.actor) == (Event.Action.BOOKED, Status.CONFIRMED, alice)

    def test_a_reference_that_is_in_use_is_drawn_again(self, monkeypatch):
        flat, drawn = make_apartment(), iter(["RT-22222", "RT-22222", "RT-33333"])
        monkeypatch.setattr(booking.stays, "make_reference", lambda: next(drawn))
        unsaved = Guest(name="Marta Wójcik")

        references = [book(flat, stay(day, 1), guest=unsaved).reference for day in (0, 1)]

        assert references == ["RT-22222", "RT-33333"]
        assert Guest.objects.count() == 2

    def test_when_every_reference_drawn_is_in_use_it_gives_up_and_books_nothing(self, monkeypatch):
        flat, other = make_apartment(), make_reservation()
        drawn = []
        monkeypatch.setattr(booking.stays, "make_reference", lambda: drawn.append(other.reference) or other.reference)

        with pytest.raises(Busy):
            book(flat)

        assert len(drawn) == booking.nights.ATTEMPTS
        assert Reservation.objects.get() == other
        assert Guest.objects.get() == other.guest

    def test_nights_that_became_free_while_alternatives_were_looked_for_are_booked(self, monkeypatch):
        flat, answer = make_apartment(), availability.answer
        other = make_reservation(flat)

        def answer_after_a_cancellation(**asked):
            lifecycle.cancel(reservation=other, actor=None)
            return answer(**asked)

        monkeypatch.setattr(availability, "answer", answer_after_a_cancellation)

        made = book(flat)

        assert Occupancy.objects.get().reservation == made
        assert Reservation.objects.get(pk=other.pk).status == Status.CANCELLED

    def test_only_a_manager_overbooks(self, alice):
        hotel = make_hotel(["101"])

        with pytest.raises(booking.NotAllowed, match="Only a manager may overrule the calendar"):
            book(hotel, overbook_reason="The fair.", actor=alice)

        assert not Reservation.objects.exists()
        assert not Guest.objects.exists()

    def test_it_refuses_overlapping_dates_and_says_who_is_there_and_when_next(self):
        flat = make_apartment("Garden Flat")
        make_reservation(flat, arrival=ARRIVAL, nights=4, guest="Amara Okafor")

        with pytest.raises(booking.DatesTaken) as taken:
            book(flat, stay(2, 3))

        assert taken.value.message == (
            "Garden Flat is not free: Amara Okafor is there until Fri 7 May."
            " The next 3 nights in a row are free from Fri 7 May."
        )

    @pytest.mark.parametrize(
        ("first", "nights"),
        [(-1, 2), (2, 2), (0, 3), (1, 1), (-2, 9)],
        ids=["eve", "last night", "equal", "in", "around"],
    )
    def test_it_refuses_every_kind_of_overlap(self, first, nights):
        flat = make_apartment()
        make_reservation(flat, arrival=ARRIVAL, nights=3)

        with pytest.raises(booking.DatesTaken):
            book(flat, stay(first, nights))

        assert Reservation.objects.count() == 1

    @pytest.mark.parametrize(("first", "nights"), [(-2, 2), (3, 2)])
    def test_it_takes_same_day_turnover(self, first, nights):
        flat = make_apartment()
        make_reservation(flat, arrival=ARRIVAL, nights=3)

        book(flat, stay(first, nights))

        assert Occupancy.objects.count() == 2

    def test_a_hotel_fills_room_by_room_and_then_refuses(self):
        hotel = make_hotel(["101", "102"])

        rooms = {book(hotel).unit.name, book(hotel).unit.name}

        assert rooms == {"101", "102"}
        with pytest.raises(booking.DatesTaken, match="No room of"):
            book(hotel)

    def test_a_hotel_without_listed_rooms_takes_all(self):
        hotel = make_hotel([])

        taken = [book(hotel) for _ in range(3)]

        assert [reservation.unit for reservation in taken] == [None, None, None]

    def test_a_hotel_whose_rooms_are_all_archived_is_full_not_endless(self):
        hotel = make_hotel(["101"], name="Harbour Hotel")
        hotel.units.update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        with pytest.raises(booking.DatesTaken, match="Harbour Hotel has no room that takes bookings"):
            book(hotel)

    def test_a_room_of_another_hotel_is_refused(self):
        with pytest.raises(booking.NotBookable):
            book(make_hotel(), unit=make_hotel().units.first())

    @pytest.mark.parametrize("rooms", [["101"], []])
    def test_an_archived_property_is_refused(self, rooms):
        hotel = make_hotel(rooms, archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        with pytest.raises(booking.NotBookable, match="archived"):
            book(hotel)

    def test_a_double_click_books_once(self):
        hotel, key = make_hotel(), uuid.uuid4()

        first, second = book(hotel, request_key=key), book(hotel, request_key=key)

        assert first == second
        assert Reservation.objects.count() == 1

    def test_what_was_cancelled_meanwhile_is_booked_anew_and_once(self, alice):
        hotel, key = make_hotel(), uuid.uuid4()
        gone = book(hotel, request_key=key)
        lifecycle.cancel(reservation=gone, actor=alice)

        anew, again = book(hotel, request_key=key), book(hotel, request_key=key)

        assert anew != gone
        assert again == anew
        assert Reservation.objects.blocking().get() == anew

    def test_a_hold_that_has_lapsed_is_booked_anew(self):
        hotel, key = make_hotel(), uuid.uuid4()
        lapsed = book(hotel, request_key=key, hold_until=timezone.now() + dt.timedelta(hours=1))
        Reservation.objects.filter(pk=lapsed.pk).update(hold_expires_at=timezone.now() - dt.timedelta(hours=1))
        Occupancy.objects.update(expires_at=timezone.now() - dt.timedelta(hours=1))

        assert book(hotel, request_key=key) != lapsed


class TestChange:
    def change(self, reservation, requested, **wanted):
        wanted = {"guest_name": "Marta Wójcik", "party_size": 2, "actor": None} | wanted
        return make_change(reservation=reservation, stay=requested, **wanted)

    def test_it_may_overlap_its_own_old_nights(self):
        reservation = book(make_apartment(), stay(0, 3))

        self.change(reservation, stay(1, 4))

        assert Occupancy.objects.get().stay == stay(1, 4)

    def test_it_keeps_the_room_when_it_can(self):
        hotel = make_hotel(["101", "102", "103"])
        reservation = book(hotel, unit=hotel.units.get(name="103"))

        self.change(reservation, stay(1, 5))

        assert Occupancy.objects.get().unit.name == "103"

    def test_it_moves_to_the_room_asked_for(self):
        hotel = make_hotel(["101", "102"])
        reservation = book(hotel, unit=hotel.units.get(name="101"))

        self.change(reservation, stay(0, 3), unit=hotel.units.get(name="102"))

        assert Occupancy.objects.get().unit.name == "102"

    def test_a_party_in_the_house_keeps_the_nights_it_has_slept(self):
        hotel = make_hotel(["101", "102"])
        today = hotel.today()
        first, second = hotel.units.all()
        stay = Stay(today - dt.timedelta(days=2), today + dt.timedelta(days=2))
        guest = make_reservation(unit=first, arrival=stay.arrival, nights=4, status=Status.IN_HOUSE)
        make_reservation(unit=second, arrival=stay.arrival, nights=1)  # in the other room when ours was not there

        changed = self.change(guest, stay, unit=second)

        segments = [
            (segment.unit, segment.stay) for segment in Reservation.objects.with_unit().get(pk=changed.pk).segments
        ]
        assert segments == [(first, Stay(stay.arrival, today)), (second, Stay(today, stay.departure))]

    def test_whoever_is_in_the_house_has_arrived(self):
        flat = make_apartment()
        guest = make_reservation(flat, arrival=flat.today(), status=Status.IN_HOUSE)

        with pytest.raises(booking.NotMovable, match="its arrival stays"):
            self.change(guest, Stay.of_nights(flat.today() + dt.timedelta(days=1), 2))

    def test_a_refused_change_changes_nothing(self):
        flat = make_apartment()
        reservation = book(flat, stay(0, 3))
        book(flat, stay(5, 3))

        with pytest.raises(booking.DatesTaken):
            self.change(reservation, stay(3, 4), guest_name="Someone Else")

        reservation = Reservation.objects.with_unit().get(pk=reservation.pk)
        assert (reservation.stay, reservation.guest.name) == (stay(0, 3), "Marta Wójcik")
        assert Occupancy.objects.count() == 2

    def test_it_remembers_what_was_before(self):
        reservation = book(make_apartment(), stay(0, 3))

        self.change(reservation, stay(0, 4), party_size=3)

        event = reservation.events.filter(action=Event.Action.CHANGED).get()
        assert event.data["departure"] == ["2027-05-06", "2027-05-07"]
        assert event.data["party_size"] == [2, 3]
        assert event.data.keys() == {"departure", "party_size", "segments", "nightly_rates", "currency"}

    @pytest.mark.parametrize("rooms", [["101"], []], ids=["unassigned", "no rooms listed"])
    def test_a_stay_without_a_room_gets_another_party_and_guest_all_the_same(self, rooms):
        manager, hotel = make_user(role="manager"), make_hotel(rooms)
        room_type = make_room_type(hotel)
        hotel.units.update(room_type=room_type)
        book(hotel, stay(0, 3))
        overbooked = book(hotel, stay(0, 3), room_type=room_type, actor=manager, overbook_reason="The fair.")

        self.change(overbooked, stay(0, 3), party_size=1, guest_name="Tom Byrne")

        changed = Reservation.objects.get(pk=overbooked.pk)
        assert (changed.guest.name, changed.party_size, changed.unit) == ("Tom Byrne", 1, None)
        assert changed.room_type == room_type

    def test_a_change_of_nothing_leaves_no_line_in_the_history(self):
        reservation = book(make_apartment(), stay(0, 3))

        self.change(reservation, stay(0, 3))

        assert reservation.events.count() == 1

    def test_a_cancelled_one_cannot_be_changed(self):
        reservation = make_reservation(status=Status.CANCELLED)

        with pytest.raises(booking.NotOpen, match="cancelled"):
            self.change(reservation, stay(0, 3))


class TestMove:
    @pytest.mark.parametrize("rooms", [["101"], []], ids=["unassigned", "no rooms listed"])
    def test_a_stay_without_a_room_changes_its_dates_all_the_same(self, rooms):
        manager = make_user(role="manager")
        reservation = book(make_hotel(rooms), stay(0, 2), actor=manager, overbook_reason="The fair.")

        moved = booking.move(reservation=reservation, stay=stay(5, 3), actor=manager)

        assert (moved.stay, len(moved.nightly_rates)) == (stay(5, 3), 3)
        assert Reservation.objects.get().stay == stay(5, 3)

    def test_it_has_arrived_and_keeps_its_arrival_without_a_room_too(self):
        hotel = make_hotel([])
        guest = make_reservation(hotel, arrival=hotel.today(), status=Status.IN_HOUSE)

        with pytest.raises(booking.NotMovable, match="its arrival stays"):
            booking.move(reservation=guest, stay=Stay.of_nights(hotel.today() + dt.timedelta(days=1), 2), actor=None)


class TestSplit:
    def test_back_into_the_first_room_names_who_is_there_then(self):
        hotel = make_hotel(["101", "102"])
        first, second = hotel.units.all()
        reservation = make_reservation(unit=first, arrival=ARRIVAL, nights=6)
        booking.split(reservation=reservation, night=ARRIVAL + dt.timedelta(days=2), unit=second, actor=None)
        make_reservation(unit=first, arrival=ARRIVAL + dt.timedelta(days=5), nights=3, guest="Tom Byrne")

        with pytest.raises(booking.DatesTaken, match="Tom Byrne is there"):
            booking.split(reservation=reservation, night=ARRIVAL + dt.timedelta(days=4), unit=first, actor=None)


class TestSwap:
    def test_nights_that_one_has_slept_are_not_given_to_the_other(self):
        hotel = make_hotel(["101", "102"])
        since, (first, second) = hotel.today() - dt.timedelta(days=2), hotel.units.all()
        there = make_reservation(unit=first, arrival=since, nights=4, status=Status.IN_HOUSE)
        late = make_reservation(unit=second, arrival=since, nights=4)

        with pytest.raises(booking.NotMovable, match="has slept in room 101"):
            booking.swap(first=there, second=late, actor=None)


class TestCancelAndReinstate:
    def test_cancelling_gives_the_nights_back(self):
        flat = make_apartment()
        reservation = book(flat)

        lifecycle.cancel(reservation=reservation, actor=None, reason="flight cancelled")

        assert book(flat).unit == flat.units.get()
        event = reservation.events.filter(action=Event.Action.CANCELLED).get()
        assert (event.from_status, event.reason) == (Status.CONFIRMED, "flight cancelled")

    def test_cancelling_twice_is_refused(self):
        reservation = book(make_apartment())
        lifecycle.cancel(reservation=reservation, actor=None)

        with pytest.raises(lifecycle.NotThisStep):
            lifecycle.cancel(reservation=reservation, actor=None)

    def test_taking_back_returns_to_the_same_room(self):
        hotel = make_hotel(["101", "102", "103"])
        reservation = book(hotel, unit=hotel.units.get(name="102"))
        lifecycle.cancel(reservation=reservation, actor=None)

        lifecycle.reinstate(reservation=reservation, actor=None)

        assert Occupancy.objects.get().unit.name == "102"
        assert Reservation.objects.get().status == Status.CONFIRMED

    def test_taking_back_is_refused_when_the_nights_are_gone(self):
        flat = make_apartment()
        reservation = book(flat)
        lifecycle.cancel(reservation=reservation, actor=None)
        book(flat, guest_name="Amara Okafor")

        with pytest.raises(booking.DatesTaken, match="Amara Okafor"):
            lifecycle.reinstate(reservation=reservation, actor=None)

        assert Reservation.objects.get(pk=reservation.pk).status == Status.CANCELLED
