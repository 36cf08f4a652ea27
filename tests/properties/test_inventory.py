"""The verbs, and the constraints of the database that hold without them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from config.errors import Busy
from properties import inventory
from properties.inventory import Archived, NameTaken, NotForApartments
from properties.models import Property, Unit
from tests.concurrency.crowd import at_once
from tests.concurrency.waiting import overtaken_by
from tests.factories import make_apartment, make_hotel

pytestmark = pytest.mark.django_db

FACTS = {"time_zone": "Europe/Lisbon", "currency": "EUR", "nightly_rate": Decimal("140.00")}


def room_names(hotel):
    return [unit.name for unit in hotel.units.all()]


class TestMaking:
    def test_an_apartment_has_its_one_unit_from_the_moment_it_is_made(self):
        flat = inventory.create_property(actor=None, kind="apartment", name="Garden Flat", **FACTS)

        assert room_names(flat) == ["Garden Flat"]

    def test_a_hotel_has_the_rooms_it_lists_in_natural_order(self):
        hotel = inventory.create_property(
            actor=None, kind="hotel", name="Harbour Hotel", rooms=["10", "9", "A"], **FACTS
        )

        assert room_names(hotel) == ["9", "10", "A"]

    def test_the_longest_name_fits_the_apartment_and_its_unit(self):
        flat = inventory.create_property(actor=None, kind="apartment", name="N" * 120, **FACTS)

        assert room_names(flat) == ["N" * 120]

    def test_a_name_that_an_active_property_has_is_refused_in_words(self):
        make_apartment("Café Flat")

        with pytest.raises(NameTaken, match="already a property called CAFÉ FLAT") as refused:
            inventory.create_property(actor=None, kind="hotel", name="CAFÉ FLAT", rooms=["1"], **FACTS)

        assert refused.value.field == "name"
        assert Property.objects.count() == Unit.objects.count() == 1

    def test_the_name_of_an_archived_property_is_free(self):
        make_apartment("Garden Flat", archived_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))

        assert inventory.create_property(actor=None, kind="apartment", name="Garden Flat", **FACTS).pk

    def test_a_new_one_is_offered_the_customs_of_the_latest(self):
        make_apartment(time_zone="Europe/Dublin", currency="GBP", check_in_time=dt.time(14))

        defaults = inventory.defaults_for_new()

        assert (defaults["time_zone"], defaults["currency"]) == ("Europe/Dublin", "GBP")
        assert defaults["check_in_time"] == dt.time(14)


class TestChanging:
    def test_renaming_an_apartment_renames_its_unit(self):
        flat = make_apartment("Garden Flat")

        inventory.update_property(actor=None, property=flat, name="Rose Flat", nightly_rate=Decimal("150.00"))

        flat.refresh_from_db()
        assert (flat.name, flat.nightly_rate, room_names(flat)) == ("Rose Flat", Decimal("150.00"), ["Rose Flat"])

    def test_renaming_a_hotel_leaves_its_rooms(self):
        hotel = make_hotel(["101"])

        inventory.update_property(actor=None, property=hotel, name="Harbour Hotel")

        assert room_names(hotel) == ["101"]

    def test_a_taken_name_changes_nothing(self):
        make_apartment("Garden Flat")
        other = make_apartment("Quay 7")

        with pytest.raises(NameTaken):
            inventory.update_property(actor=None, property=other, name="garden flat", location="Lisbon")

        other.refresh_from_db()
        assert (other.name, other.location) == ("Quay 7", "")

    def test_it_may_change_the_case_of_its_own_name(self):
        flat = make_apartment("garden flat")

        assert inventory.update_property(actor=None, property=flat, name="Garden Flat").name == "Garden Flat"

    def test_what_was_archived_meanwhile_does_not_change(self):
        flat = make_apartment("Garden Flat")
        Property.objects.update(archived_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))

        with pytest.raises(Archived, match="Garden Flat is archived"):
            inventory.update_property(actor=None, property=flat, name="Rose Flat")


class TestRooms:
    def test_added_rooms_take_their_place_among_the_others(self):
        hotel = make_hotel(["101", "103"])

        added = inventory.add_rooms(actor=None, hotel=hotel, names=["104", "102"])

        assert {unit.name for unit in added} == {"102", "104"}
        assert room_names(hotel) == ["101", "102", "103", "104"]

    def test_rooms_that_are_there_are_named_and_none_is_added(self):
        hotel = make_hotel(["101", "Attic"], name="Harbour Hotel")

        with pytest.raises(NameTaken, match="101, ATTIC are already in Harbour Hotel") as refused:
            inventory.add_rooms(actor=None, hotel=hotel, names=["101", "102", "ATTIC"])

        assert refused.value.field == "rooms"
        assert room_names(hotel) == ["101", "Attic"]

    def test_an_archived_room_leaves_its_name_to_a_new_one(self):
        hotel = make_hotel(["101"])
        hotel.units.update(archived_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))

        inventory.add_rooms(actor=None, hotel=hotel, names=["101"])

        assert hotel.units.active().count() == 1

    def test_an_apartment_never_gets_a_second_unit(self):
        flat = make_apartment()

        with pytest.raises(NotForApartments):
            inventory.add_rooms(actor=None, hotel=flat, names=["Annexe"])
        with pytest.raises(NotForApartments):
            inventory.change_room(actor=None, unit=flat.units.get(), name="Annexe")

    def test_a_renamed_room_moves_to_its_place(self):
        hotel = make_hotel(["101", "102", "103"])

        inventory.change_room(actor=None, unit=hotel.units.get(name="101"), name="201")

        assert room_names(hotel) == ["102", "103", "201"]

    def test_a_room_is_not_renamed_to_another_ones_name(self):
        hotel = make_hotel(["101", "Attic"])

        with pytest.raises(NameTaken, match="attic is already in") as refused:
            inventory.change_room(actor=None, unit=hotel.units.get(name="101"), name="attic")

        assert refused.value.field == "name"

    def test_an_archived_room_is_not_renamed(self):
        hotel = make_hotel(["101"])
        hotel.units.update(archived_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))

        with pytest.raises(Archived, match="Room 101 is archived"):
            inventory.change_room(actor=None, unit=hotel.units.get(), name="102")


class TestTheDatabaseItself:
    """Around the verbs: a shell, an import or a bug meets the same walls."""

    @pytest.mark.parametrize("name", ["Garden Flat", "GARDEN FLAT"])
    def test_it_refuses_a_second_active_property_of_a_name(self, name):
        make_apartment("Garden Flat")

        with pytest.raises(IntegrityError, match="property_name_unique_while_active"), transaction.atomic():
            Property.objects.create(kind="hotel", name=name, **FACTS)

    def test_it_refuses_a_second_active_room_of_a_name(self):
        hotel = make_hotel(["Attic"])

        with pytest.raises(IntegrityError, match="unit_name_unique_in_property"), transaction.atomic():
            Unit.objects.create(property=hotel, name="ATTIC")

    def test_it_refuses_a_negative_rate(self):
        with pytest.raises(IntegrityError, match="property_rate_not_negative"), transaction.atomic():
            make_apartment(nightly_rate=Decimal("-1"))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_room_that_many_add_at_once_is_there_once(self):
        hotel = make_hotel(["101"])

        outcomes = at_once(6, lambda number: inventory.add_rooms(actor=None, hotel=hotel, names=["102", f"20{number}"]))

        winners = [outcome for outcome in outcomes if isinstance(outcome, list)]
        assert len(winners) == 1
        assert {type(outcome) for outcome in outcomes} == {list, NameTaken}
        assert hotel.units.count() == 3

    def test_a_property_that_many_make_at_once_is_there_once(self):
        def make(number):
            return inventory.create_property(actor=None, kind="apartment", name="Garden Flat", **FACTS)

        outcomes = at_once(6, make)

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NameTaken"] * 5 + ["Property"]
        assert Unit.objects.count() == 1

    def test_a_room_added_around_the_lock_is_refused_in_the_same_words(self):
        hotel = make_hotel([], name="Harbour Hotel")

        with overtaken_by(lambda: inventory.add_rooms(actor=None, hotel=hotel, names=["101"])) as outcome:
            Unit.objects.create(property=hotel, name="101")

        assert isinstance(outcome[0], NameTaken)
        assert outcome[0].message == "101 is already in Harbour Hotel. Choose another name."

    def test_waiting_too_long_for_the_lock_is_busy_and_changes_nothing(self):
        hotel = make_hotel(["101"])

        def add(number):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            return inventory.add_rooms(actor=None, hotel=hotel, names=["102"])

        with transaction.atomic():
            inventory.lock_with_units(hotel)
            [outcome] = at_once(1, add)

        assert isinstance(outcome, Busy)
        assert room_names(hotel) == ["101"]
