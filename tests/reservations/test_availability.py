import datetime as dt

import pytest
from django.utils import timezone

from reservations.availability import answer, free_by_night, free_everywhere, priced_everywhere
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    make_apartment,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
)

HORIZON = 40  # days; hypothesis puts stays into these and the oracle looks at each


def day(offset):
    return ARRIVAL + dt.timedelta(days=offset)


def stay(first, nights):
    return Stay.of_nights(day(first), nights)


@pytest.mark.django_db
class TestAnswer:
    def test_a_free_apartment_is_free(self):
        flat = make_apartment()

        found = answer(property=flat, unit=None, stay=stay(0, 3))

        assert found.is_free
        assert found.room == flat.units.get()

    def test_it_says_who_is_there_and_when_it_is_free_next(self):
        flat = make_apartment()
        make_reservation(flat, arrival=day(0), nights=4, guest="Amara Okafor")
        make_reservation(flat, arrival=day(6), nights=1)

        found = answer(property=flat, unit=None, stay=stay(2, 3))

        assert not found.is_free
        assert [taken.reservation.guest.name for taken in found.in_the_way] == ["Amara Okafor"]
        assert list(found.next_free) == [stay(7, 3)]

    def test_same_day_turnover_is_free_on_both_sides(self):
        flat = make_apartment()
        make_reservation(flat, arrival=day(0), nights=2)
        make_reservation(flat, arrival=day(4), nights=2)

        assert answer(property=flat, unit=None, stay=stay(2, 2)).is_free

    def test_a_hotel_is_free_as_long_as_one_room_is(self):
        hotel = make_hotel(["101", "102"])
        make_reservation(unit=hotel.units.get(name="101"), arrival=day(0), nights=5)

        found = answer(property=hotel, unit=None, stay=stay(1, 2))

        assert found.is_free
        assert found.room.name == "102"

    def test_a_taken_room_offers_the_other_rooms(self):
        hotel = make_hotel(["101", "102", "103"])
        room = hotel.units.get(name="101")
        make_reservation(unit=room, arrival=day(0), nights=5)

        found = answer(property=hotel, unit=room, stay=stay(1, 2))

        assert not found.is_free
        assert [other.name for other in found.other_rooms] == ["102", "103"]

    def test_a_full_hotel_offers_another_property_for_the_same_nights(self):
        hotel, flat = make_hotel(["101"]), make_apartment()
        make_reservation(hotel, arrival=day(0), nights=5)

        found = answer(property=hotel, unit=None, stay=stay(1, 2))

        assert list(found.other_properties) == [flat]

    def test_the_same_place_comes_before_the_same_kind(self):
        full = make_apartment(location="Leith")
        make_reservation(full, arrival=day(0), nights=5)
        make_apartment("A Flat Elsewhere", location="Porto")
        near = make_hotel(["1"], name="The Hotel Next Door", location="Leith")

        found = answer(property=full, unit=None, stay=stay(1, 2))

        assert found.other_properties[0] == near

    def test_a_property_that_is_taken_too_is_not_offered(self):
        hotel, flat = make_hotel(["101"]), make_apartment()
        make_reservation(hotel, arrival=day(0), nights=5)
        make_reservation(flat, arrival=day(2), nights=1)

        found = answer(property=hotel, unit=None, stay=stay(1, 2))

        assert found.other_properties == ()

    def test_a_hotel_without_listed_rooms_takes_all(self):
        found = answer(property=make_hotel([]), unit=None, stay=stay(0, 3))

        assert found.is_free
        assert found.room is None

    def test_the_reservation_that_moves_is_not_in_its_own_way(self):
        flat = make_apartment()
        mine = make_reservation(flat, arrival=day(0), nights=4)

        assert answer(property=flat, unit=None, stay=stay(1, 4), ignoring=mine).is_free

    def test_any_room_is_the_one_whose_gap_the_stay_fills_most_tightly(self):
        hotel = make_hotel(["101", "102"])
        tight = hotel.units.get(name="102")
        make_reservation(unit=tight, arrival=day(-2), nights=2)
        make_reservation(unit=tight, arrival=day(3), nights=2)

        assert answer(property=hotel, unit=None, stay=stay(0, 3)).room == tight

    def test_the_number_of_queries_does_not_grow_with_rooms_or_stays(self, django_assert_max_num_queries):
        hotel = make_hotel([str(n) for n in range(20)])
        for unit in hotel.units.all():
            make_reservation(unit=unit, arrival=day(0), nights=5)
            make_reservation(unit=unit, arrival=day(9), nights=5)

        with django_assert_max_num_queries(6):
            found = answer(property=hotel, unit=None, stay=stay(1, 3))

        assert list(found.next_free) == [stay(5, 3), stay(14, 3)]

    def test_archived_rooms_are_not_offered(self):
        hotel = make_hotel(["101", "102"])
        hotel.units.filter(name="102").update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        make_reservation(unit=hotel.units.get(name="101"), arrival=day(0), nights=5)

        assert not answer(property=hotel, unit=None, stay=stay(1, 2)).is_free


@pytest.mark.django_db
class TestFreeByNight:
    def test_it_counts_free_rooms_night_by_night(self):
        hotel = make_hotel(["101", "102"])
        make_reservation(unit=hotel.units.get(name="101"), arrival=day(1), nights=2)

        assert free_by_night(property=hotel, unit=None, first=day(0), days=4) == [2, 1, 1, 2]

    def test_it_does_not_count_what_lists_no_rooms(self):
        assert free_by_night(property=make_hotel([]), unit=None, first=day(0), days=2) == [None, None]

    def test_a_hotel_whose_rooms_are_all_archived_has_none(self):
        hotel = make_hotel(["101"])
        hotel.units.update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        assert free_by_night(property=hotel, unit=None, first=day(0), days=2) == [0, 0]

    def test_a_stay_that_began_before_counts_from_the_first_night(self):
        flat = make_apartment()
        make_reservation(flat, arrival=day(-3), nights=4)

        assert free_by_night(property=flat, unit=None, first=day(0), days=2) == [0, 1]


@pytest.mark.django_db
class TestFreeEverywhere:
    def test_it_lists_free_units_of_all_active_properties(self):
        hotel, flat, closed = make_hotel(["101", "102"]), make_apartment(), make_apartment(archived_at=timezone.now())
        make_reservation(unit=hotel.units.get(name="101"), arrival=day(0), nights=2)

        found = free_everywhere(stay=stay(1, 2))

        assert [(room.name, room.property_id) for room in found] == [(flat.name, flat.pk), ("102", hotel.pk)]
        assert closed.units.get().pk not in [room.pk for room in found]

    def test_a_lapsed_hold_is_free_and_an_unexpired_one_is_not(self):
        lapsed, unexpired = make_apartment(), make_apartment()
        hour = dt.timedelta(hours=1)
        make_reservation(lapsed, arrival=day(0), status="held", hold_expires_at=timezone.now() - hour)
        make_reservation(unexpired, arrival=day(0), status="held", hold_expires_at=timezone.now() + hour)

        assert [room.pk for room in free_everywhere(stay=stay(0, 1))] == [lapsed.units.get().pk]

    def test_each_is_priced_by_the_rate_table_or_else_the_ordinary_rate_of_its_type(self):
        hotel, flat = make_hotel(["101", "201", "202"], currency="GBP"), make_apartment(nightly_rate=140)
        double = make_room_type(hotel, nightly_rate=118)
        hotel.units.filter(name__startswith="2").update(room_type=double)
        make_rate(hotel, room_type=double, weekdays=[2], nightly_rate=150)

        priced = priced_everywhere(stay=stay(0, 2))

        assert [(str(room), str(total)) for room, total in priced] == [
            (flat.name, "€280.00"),
            ("101", "£180.00"),
            ("201", "£268.00"),
            ("202", "£268.00"),
        ]

    def test_it_is_narrowed_to_properties_by_words_and_by_keys(self):
        leith, porto = make_apartment("Harbour Loft", location="Leith"), make_apartment("Loft", location="Porto")

        assert [room.property_id for room in free_everywhere(stay=stay(0, 1), text="loft leith")] == [leith.pk]
        assert [room.property_id for room in free_everywhere(stay=stay(0, 1), properties=[porto.pk])] == [porto.pk]
        assert free_everywhere(stay=stay(0, 1), text="leith", properties=[porto.pk]) == []
