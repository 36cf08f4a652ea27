"""Room types and the rooms that are of them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from properties import inventory, room_types
from properties.inventory import Archived, CentsInTheRates, ForeignRoomType, NameTaken, NotForApartments
from properties.models import RoomType
from properties.room_types import NotItsRoom, StillUsed, TypeGone
from tests.concurrency.crowd import at_once
from tests.factories import make_apartment, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

ARCHIVED = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
FACTS = {"sleeps": 2, "nightly_rate": Decimal("118.00"), "min_nights": None, "max_nights": None}


def types_of(hotel):
    return {unit.name: unit.room_type and unit.room_type.name for unit in hotel.units.select_related("room_type")}


class TestMaking:
    def test_types_keep_the_order_they_were_added_in(self):
        hotel = make_hotel()

        for name in ("Double", "Attic", "Family"):
            room_types.add_room_type(actor=None, hotel=hotel, name=name, **FACTS)

        assert [room_type.name for room_type in hotel.room_types.all()] == ["Double", "Attic", "Family"]

    def test_a_name_is_there_once_in_a_hotel_and_again_in_another(self):
        hotel = make_hotel(name="Harbour Hotel")
        make_room_type(hotel, "Double")
        suite = make_room_type(hotel, "Suite")

        with pytest.raises(NameTaken, match="Harbour Hotel already has a room type called DOUBLE"):
            room_types.add_room_type(actor=None, hotel=hotel, name="DOUBLE", **FACTS)
        with pytest.raises(NameTaken):
            room_types.change_room_type(actor=None, room_type=suite, name="double")

        assert room_types.add_room_type(actor=None, hotel=make_hotel(), name="Double", **FACTS).pk

    def test_an_apartment_has_none(self):
        with pytest.raises(NotForApartments):
            room_types.add_room_type(actor=None, hotel=make_apartment(), name="Double", **FACTS)

    def test_an_archived_hotels_types_do_not_change(self):
        hotel = make_hotel(["101"], archived_at=ARCHIVED)
        double = make_room_type(hotel)

        for attempt in (
            lambda: room_types.add_room_type(actor=None, hotel=hotel, name="Suite", **FACTS),
            lambda: room_types.change_room_type(actor=None, room_type=double, sleeps=3),
            lambda: room_types.assign_rooms(actor=None, room_type=double, rooms=list(hotel.units.all())),
            lambda: room_types.remove_room_type(actor=None, room_type=double),
        ):
            with pytest.raises(Archived):
                attempt()

    def test_a_new_price_leaves_what_was_agreed(self):
        hotel = make_hotel(["101"])
        double = make_room_type(hotel)
        booked = make_reservation(hotel, room_type=double, nightly_rates=[Decimal("118")] * 3)

        room_types.change_room_type(actor=None, room_type=double, nightly_rate=Decimal("200"))

        booked.refresh_from_db()
        double.refresh_from_db()
        assert (booked.nightly_rates, double.nightly_rate) == ([Decimal("118")] * 3, Decimal("200"))


class TestRemoving:
    def test_one_that_nothing_is_of_goes(self):
        double = make_room_type(make_hotel())

        assert room_types.remove_room_type(actor=None, room_type=double).name == "Double"
        assert not RoomType.objects.exists()

    def test_one_with_rooms_or_rates_is_refused_in_words(self):
        hotel = make_hotel(["101", "102"])
        double = make_room_type(hotel)
        line = make_rate(hotel, room_type=double)

        with pytest.raises(StillUsed, match=r"Double still has 1 line of the rate table\. Give them"):
            room_types.remove_room_type(actor=None, room_type=double)
        hotel.units.update(room_type=double, archived_at=ARCHIVED)
        with pytest.raises(StillUsed, match="Double still has 2 rooms and 1 line of the rate table"):
            room_types.remove_room_type(actor=None, room_type=double)
        line.delete()
        with pytest.raises(StillUsed, match=r"Double still has 2 rooms\."):
            room_types.remove_room_type(actor=None, room_type=double)

    def test_one_that_was_ever_booked_stays(self):
        hotel = make_hotel(["101"])
        double = make_room_type(hotel)
        make_reservation(hotel, room_type=double)

        with pytest.raises(StillUsed, match="Double was booked before"):
            room_types.remove_room_type(actor=None, room_type=double)

    def test_what_was_removed_meanwhile_is_gone(self):
        double = make_room_type(make_hotel())
        RoomType.objects.all().delete()

        for attempt in (
            lambda: room_types.change_room_type(actor=None, room_type=double, sleeps=3),
            lambda: room_types.assign_rooms(actor=None, room_type=double, rooms=[]),
            lambda: room_types.remove_room_type(actor=None, room_type=double),
        ):
            with pytest.raises(TypeGone, match="Double was removed meanwhile"):
                attempt()


class TestRooms:
    def test_rooms_are_assigned_taken_over_and_let_go(self):
        hotel = make_hotel(["101", "102", "103"])
        double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite")
        hotel.units.filter(name="101").update(room_type=double)
        hotel.units.filter(name="103").update(room_type=suite)

        changed = room_types.assign_rooms(actor=None, room_type=double, rooms=list(hotel.units.exclude(name="101")))

        assert types_of(hotel) == {"101": None, "102": "Double", "103": "Double"}
        assert len(changed) == 3

    def test_another_hotels_room_and_an_archived_one_are_refused(self):
        hotel, other = make_hotel(["101"]), make_hotel(["201"])
        double = make_room_type(hotel)
        hotel.units.update(archived_at=ARCHIVED)

        for foreign in (other, hotel):
            with pytest.raises(NotItsRoom, match="is no room of this hotel any more"):
                room_types.assign_rooms(actor=None, room_type=double, rooms=list(foreign.units.all()))

    def test_an_archived_room_keeps_its_type(self):
        hotel = make_hotel(["101"])
        double = make_room_type(hotel)
        hotel.units.update(archived_at=ARCHIVED, room_type=double)

        room_types.assign_rooms(actor=None, room_type=double, rooms=[])

        assert types_of(hotel) == {"101": "Double"}

    def test_rooms_are_added_with_type_and_floor(self):
        hotel = make_hotel([])
        double = make_room_type(hotel)

        inventory.add_rooms(actor=None, hotel=hotel, names=["101", "102"], room_type=double, floor="1")

        assert types_of(hotel) == {"101": "Double", "102": "Double"}
        assert {unit.floor for unit in hotel.units.all()} == {"1"}

    def test_a_rooms_type_and_floor_change_and_its_name_stays(self):
        hotel = make_hotel(["101"])
        double = make_room_type(hotel)

        room = inventory.change_room(actor=None, unit=hotel.units.get(), room_type=double, floor="Ground")

        room.refresh_from_db()
        assert (room.name, room.room_type, room.floor) == ("101", double, "Ground")

    def test_another_hotels_type_is_refused(self):
        hotel, foreign = make_hotel(["101"]), make_room_type(make_hotel())

        with pytest.raises(ForeignRoomType):
            inventory.add_rooms(actor=None, hotel=hotel, names=["102"], room_type=foreign)
        with pytest.raises(ForeignRoomType):
            inventory.change_room(actor=None, unit=hotel.units.get(), room_type=foreign)

        assert types_of(hotel) == {"101": None}


class TestCurrency:
    @pytest.mark.parametrize("make", [make_room_type, make_rate])
    @pytest.mark.parametrize(
        ("rate", "currency", "words"),
        [
            ("99.50", "JPY", "The Japanese Yen has no cents, and the price of Early Bird has some. Round it first."),
            ("99.505", "EUR", "The Euro has two digits after the point, and the price of Early Bird has more."),
        ],
    )
    def test_types_and_lines_with_more_digits_forbid_a_currency(self, make, rate, currency, words):
        hotel = make_hotel(currency="KWD")
        make(hotel, "Early Bird", nightly_rate=Decimal(rate))

        with pytest.raises(CentsInTheRates, match=words):
            inventory.update_property(actor=None, property=hotel, currency=currency)

        hotel.refresh_from_db()
        assert hotel.currency == "KWD"

    def test_whole_amounts_do_not(self):
        hotel = make_hotel()
        make_room_type(hotel, nightly_rate=Decimal("99.00"))

        assert inventory.update_property(actor=None, property=hotel, currency="JPY").currency == "JPY"


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("room_type_rate_not_negative", {"nightly_rate": Decimal("-1")}),
            ("room_type_sleeps_someone", {"sleeps": 0}),
            ("room_type_min_nights_positive", {"min_nights": 0}),
            ("room_type_max_nights_not_below_min", {"min_nights": 3, "max_nights": 2}),
        ],
    )
    def test_it_refuses_what_goes_around_the_verbs(self, constraint, facts):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            make_room_type(make_hotel(), **facts)


@pytest.mark.django_db(transaction=True)
def test_a_type_that_many_add_at_once_is_there_once():
    hotel = make_hotel()

    outcomes = at_once(5, lambda number: room_types.add_room_type(actor=None, hotel=hotel, name="Double", **FACTS))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NameTaken"] * 4 + ["RoomType"]
