import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from reservations import booking
from reservations.booking import group_lifecycle
from reservations.models import Event, Group, Guest, Occupancy, Reservation
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    eur,
    make_apartment,
    make_booking,
    make_guest,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
)

pytestmark = pytest.mark.django_db

STAY = Stay.of_nights(ARRIVAL, 3)


def make_typed_hotel(doubles=3, singles=2, **fields):
    """Doubles sleep 2 and cost 118, singles sleep 1 and cost 80."""
    hotel = make_hotel([], **fields)
    double = make_room_type(hotel, "Double")
    single = make_room_type(hotel, "Single", sleeps=1, nightly_rate=Decimal(80))
    for room_type, count in ((double, doubles), (single, singles)):
        for number in range(count):
            hotel.units.create(name=f"{room_type} {number}", room_type=room_type)
    return hotel, double, single


def book_group(hotel, rooms, **fields):
    fields = {"booker_name": "Moreau Travel", "stay": STAY, "actor": None} | fields
    return booking.book_group(property=hotel, rooms=rooms, **fields)


class TestBookingAGroup:
    def test_every_room_is_a_reservation_of_its_own_under_one_booker(self):
        hotel, double, single = make_typed_hotel()

        group = book_group(hotel, [(double, 2, 2), (single, 1, 1)])

        made = group.reservations.order_by("pk")
        assert [(stay.room_type, stay.party_size, stay.price) for stay in made] == [
            (double, 2, eur(354)),
            (double, 2, eur(354)),
            (single, 1, eur(240)),
        ]
        assert {stay.guest for stay in made} == {group.booker}
        assert group.booker.name == "Moreau Travel"
        assert Occupancy.objects.values("unit").distinct().count() == 3

    def test_the_rate_table_counts(self):
        hotel, double, _ = make_typed_hotel()
        make_rate(hotel, nightly_rate=Decimal(200), room_type=double)

        stays = book_group(hotel, [(double, 2, 2)]).reservations.all()

        assert [stay.nightly_rates for stay in stays] == [[Decimal(200)] * 3] * 2

    def test_one_room_too_few_and_nothing_is_booked(self):
        hotel, double, single = make_typed_hotel(doubles=3, singles=1)
        make_reservation(unit=hotel.units.filter(room_type=double).first(), nights=3)

        with pytest.raises(booking.DatesTaken) as refused:
            book_group(hotel, [(double, 3, 2), (single, 2, 1)])

        assert refused.value.short == [(double, 3, 2, None), (single, 2, 1, None)]
        assert "2 of Double free, 3 wanted; 1 of Single free, 2 wanted" in refused.value.message
        assert Reservation.objects.count() == 1
        assert not Group.objects.exists()
        assert Guest.objects.count() == 1

    def test_any_room_takes_what_the_types_leave(self):
        hotel, double, single = make_typed_hotel(doubles=2, singles=1)

        group = book_group(hotel, [(None, 1, 1), (double, 2, 2)])

        assert group.reservations.get(party_size=1).room_type == single

    def test_a_party_of_two_is_given_no_room_for_one(self):
        hotel, double, _ = make_typed_hotel(doubles=1, singles=3)

        with pytest.raises(booking.DatesTaken, match="1 for 2 guests free, 2 wanted"):
            book_group(hotel, [(None, 2, 2)])
        with pytest.raises(booking.OutsideLimits, match="sleeps 2"):
            book_group(hotel, [(double, 2, 3)])

    def test_a_hotel_without_listed_rooms_takes_every_group(self):
        group = book_group(make_hotel([]), [(None, 4, 2)])

        assert [stay.unit for stay in group.reservations.all()] == [None] * 4

    def test_rooms_that_only_a_lapsed_hold_keeps_are_free(self):
        hotel = make_hotel(["101", "102"])
        make_reservation(hotel, status="held", hold_expires_at=timezone.now() - dt.timedelta(minutes=1))

        assert book_group(hotel, [(None, 2, 2)]).reservations.count() == 2

    def test_it_may_be_held(self):
        until = timezone.now() + dt.timedelta(hours=24)

        group = book_group(make_hotel(), [(None, 2, 2)], hold_until=until)

        assert {stay.status for stay in group.reservations.all()} == {"held"}
        assert {row.expires_at for row in Occupancy.objects.all()} == {until}

    def test_it_is_not_held_beyond_its_departure(self):
        with pytest.raises(booking.NotBookable, match="end after the departure"):
            book_group(make_hotel(), [(None, 2, 2)], hold_until=timezone.now() + dt.timedelta(days=700))

        assert not Group.objects.exists()

    def test_a_known_booker_keeps_the_profile(self):
        guest = make_guest("Moreau Travel")

        assert book_group(make_hotel(), [(None, 2, 2)], booker=guest).booker == guest

    def test_one_press_is_one_group(self):
        hotel, key = make_hotel(["1", "2", "3", "4"]), uuid.uuid4()

        first, second = (book_group(hotel, [(None, 2, 2)], request_key=key) for _ in range(2))

        assert first == second
        assert Reservation.objects.count() == 2

    def test_the_booking_is_one_act_and_taken_back_as_one(self):
        hotel = make_hotel()
        group = book_group(hotel, [(None, 2, 2)])

        booking.undo(event=Event.objects.filter(action="booked").first(), actor=None)

        assert {stay.status for stay in group.reservations.all()} == {"cancelled"}
        assert not Occupancy.objects.exists()

    def test_an_apartment_is_one_room(self):
        with pytest.raises(booking.DatesTaken, match="1 in all free, 2 wanted"):
            book_group(make_apartment(), [(None, 2, 2)])


class TestAllAtOnce:
    def test_all_are_cancelled_but_who_is_in_the_house_and_it_is_taken_back_at_once(self):
        group = book_group(make_hotel(["1", "2", "3"]), [(None, 3, 2)])
        in_house = group.reservations.first()
        Reservation.objects.filter(pk=in_house.pk).update(status="in_house")

        cancelled = group_lifecycle.cancel_group(group=group, actor=None, reason="Group called it off")

        assert sorted(stay.status for stay in group.reservations.all()) == ["cancelled", "cancelled", "in_house"]
        booking.undo(event=cancelled[0].events.first(), actor=None)
        assert sorted(stay.status for stay in group.reservations.all()) == ["confirmed", "confirmed", "in_house"]

    def test_all_holds_are_confirmed_or_none(self):
        hotel, until = make_hotel(["1", "2"]), timezone.now() + dt.timedelta(hours=24)
        group = book_group(hotel, [(None, 2, 2)], hold_until=until)
        first, second = group.reservations.order_by("pk")
        lapsed = timezone.now() - dt.timedelta(minutes=1)
        Reservation.objects.filter(pk=second.pk).update(hold_expires_at=lapsed)
        Occupancy.objects.filter(reservation=second).update(expires_at=lapsed)
        newcomer = make_booking(property=hotel, unit=second.unit, stay=STAY, guest_name="X", party_size=1, actor=None)

        with pytest.raises(booking.DatesTaken):
            group_lifecycle.confirm_group(group=group, actor=None)

        first.refresh_from_db()
        assert first.status == "held"
        booking.undo(event=newcomer.events.get(), actor=None)
        group_lifecycle.confirm_group(group=group, actor=None)
        assert {stay.status for stay in group.reservations.all()} == {"confirmed"}

    def test_there_must_be_something_to_do(self):
        group = book_group(make_hotel(), [(None, 2, 2)])

        with pytest.raises(group_lifecycle.NothingToDo):
            group_lifecycle.confirm_group(group=group, actor=None)
