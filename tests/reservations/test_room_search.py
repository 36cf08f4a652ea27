import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Unit
from reservations.models import Closure, Occupancy, Status
from reservations.offers import room_search
from reservations.offers.room_search import Question
from reservations.stay import Stay
from tests.factories import ARRIVAL, eur, make_apartment, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def ask(*, arrival=ARRIVAL, nights=3, party_size=2, **about):
    return room_search.find(actor=None, question=Question(Stay.of_nights(arrival, nights), party_size, **about))


def only(answer):
    """The one property that is found."""
    (found,) = answer.page
    return found


def names(answer):
    return [found.property.name for found in answer.page if found.offers]


def alternatives(found):
    return [(near.how, near.offer.stay.arrival, near.offer.stay.nights) for near in found.alternatives]


class TestWhatIsFree:
    def test_rooms_are_told_by_type_with_the_price_of_all_nights(self):
        hotel = make_hotel(["101", "102", "201"])
        double = make_room_type(hotel, "Double", nightly_rate=Decimal(118), position=1)
        suite = make_room_type(hotel, "Suite", nightly_rate=Decimal(240), position=0)
        hotel.units.filter(name__startswith="1").update(room_type=double)
        hotel.units.filter(name="201").update(room_type=suite)

        offers = only(ask(nights=2)).offers

        assert [(offer.room_type, [room.name for room in offer.rooms], offer.quote.total) for offer in offers] == [
            (suite, ["201"], eur(480)),
            (double, ["101", "102"], eur(236)),
        ]

    def test_each_night_has_its_own_rate_and_equal_ones_make_one_line(self):
        flat = make_apartment(nightly_rate=Decimal(100))
        make_rate(flat, "Weekend", weekdays=[5, 6], nightly_rate=Decimal(150))

        (offer,) = only(ask(nights=6)).offers  # Monday to Saturday

        assert offer.quote.total == eur(4 * 100 + 2 * 150)
        assert [(line.first, line.nights, line.rate, line.name) for line in offer.quote.lines] == [
            (ARRIVAL, 4, eur(100), ""),
            (ARRIVAL + 4 * DAY, 2, eur(150), "Weekend"),
        ]

    def test_a_room_taken_for_one_of_the_nights_is_not_offered(self):
        hotel = make_hotel(["101", "102"])
        make_reservation(unit=hotel.units.get(name="101"), arrival=ARRIVAL + 2 * DAY, nights=1)

        (offer,) = only(ask()).offers

        assert [room.name for room in offer.rooms] == ["102"]

    def test_a_stay_may_begin_on_the_day_another_ends(self):
        make_reservation(make_apartment(), arrival=ARRIVAL - DAY, nights=1)

        assert only(ask()).offers

    def test_a_closed_room_is_not_free(self):
        unit = make_apartment().units.get()
        nights = DateRange(ARRIVAL, ARRIVAL + DAY)
        closure = Closure.objects.create(unit=unit, property=unit.property, nights=nights)
        Occupancy.objects.create(unit=unit, property=unit.property, closure=closure, nights=nights)

        assert not only(ask()).offers

    def test_a_lapsed_hold_is_free_at_once_and_an_unexpired_one_is_not(self):
        lapsed, unexpired = make_apartment("A"), make_apartment("B")
        now = timezone.now()
        make_reservation(lapsed, status=Status.HELD, hold_expires_at=now - dt.timedelta(minutes=1))
        make_reservation(unexpired, status=Status.HELD, hold_expires_at=now + dt.timedelta(minutes=1))

        assert names(ask()) == ["A"]

    def test_archived_rooms_and_properties_are_not_offered(self):
        make_apartment("Gone", archived_at=timezone.now())
        hotel = make_hotel(["101", "102"])
        hotel.units.filter(name="101").update(archived_at=timezone.now())

        (offer,) = only(ask()).offers

        assert [room.name for room in offer.rooms] == ["102"]

    def test_a_hotel_that_lists_no_rooms_takes_every_booking(self):
        hotel = make_hotel([], sleeps=4)
        make_reservation(hotel)

        (offer,) = only(ask()).offers
        refused = only(ask(party_size=5))

        assert offer.rooms == ()
        assert offer.quote.total == hotel.price * 3
        assert not refused.offers
        assert "sleeps 4" in refused.refusals[0]

    def test_a_hotel_whose_rooms_are_all_archived_is_full(self):
        make_hotel(["101"]).units.update(archived_at=timezone.now())

        found = only(ask(flexible_days=1))

        assert not found.offers
        assert not found.alternatives

    def test_what_is_free_comes_first_and_each_part_by_name(self):
        for name in ("Zum Löwen", "Älplerhof", "Quay 7", "Mill"):
            flat = make_apartment(name)
            if name in ("Quay 7", "Mill"):
                make_reservation(flat)

        answer = ask()

        assert [found.property.name for found in answer.page] == ["Älplerhof", "Zum Löwen", "Mill", "Quay 7"]
        assert (answer.properties_free, answer.rooms_free) == (2, 2)


class TestWhere:
    @pytest.mark.parametrize("place", ["lisboa", "LISBOA graca", "graça", "jardim", "Casa"])
    def test_a_place_is_found_in_name_location_and_description_whatever_case_and_accents(self, place):
        make_apartment("Casa Velha", location="Lisboa, Graça", description="Com jardim.")
        make_apartment("Quay 7", location="Porto")

        assert names(ask(place=place)) == ["Casa Velha"]

    def test_only_properties_of_the_kind_are_found(self):
        make_apartment("Flat")
        make_hotel(name="Hotel")

        assert names(ask(kind="hotel")) == ["Hotel"]
        assert names(ask(kind="apartment")) == ["Flat"]
        assert names(ask()) == ["Flat", "Hotel"]

    def test_a_full_property_of_that_place_is_named_and_others_are_not(self):
        make_reservation(make_apartment("Casa", location="Lisboa"))
        make_apartment("Quay 7", location="Porto")

        assert only(ask(place="lisboa")).property.name == "Casa"


class TestLimits:
    def test_a_type_too_small_for_the_party_is_left_out_and_said(self):
        hotel = make_hotel(["101", "201"])
        double, suite = make_room_type(hotel, "Double", sleeps=2), make_room_type(hotel, "Suite", sleeps=4, position=1)
        hotel.units.filter(name="101").update(room_type=double)
        hotel.units.filter(name="201").update(room_type=suite)

        found = only(ask(party_size=3))

        assert [offer.room_type for offer in found.offers] == [suite]
        assert found.refusals == ["Double sleeps 2; this party has 3."]

    def test_a_party_that_fits_nowhere_gets_the_reason_and_no_alternative(self):
        make_reservation(make_apartment("Flat", sleeps=2))

        found = only(ask(party_size=3, flexible_days=3))

        assert not found.offers
        assert not found.alternatives
        assert found.refusals == ["Flat sleeps 2; this party has 3."]

    @pytest.mark.parametrize(("nights", "is_offered"), [(2, False), (3, True), (5, True), (6, False)])
    def test_the_length_of_a_stay_is_respected(self, nights, is_offered):
        make_apartment(min_nights=3, max_nights=5)

        found = only(ask(nights=nights))

        assert bool(found.offers) == is_offered
        assert bool(found.refusals) != is_offered

    def test_a_limit_of_the_whole_property_is_said_once(self):
        hotel = make_hotel(["101", "102"], min_nights=3)
        for room in hotel.units.all():
            Unit.objects.filter(pk=room.pk).update(room_type=make_room_type(hotel, f"Type {room}"))

        assert len(only(ask(nights=2)).refusals) == 1

    def test_a_shorter_stay_below_the_limit_is_no_alternative(self):
        flat = make_apartment(min_nights=3)
        make_reservation(flat, arrival=ARRIVAL + 2 * DAY, nights=1)

        assert alternatives(only(ask())) == [("next free", ARRIVAL + 3 * DAY, 3)]

    def test_a_type_that_would_do_but_is_full_is_named(self):
        hotel = make_hotel(["101", "201"])
        double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite", position=1)
        hotel.units.filter(name="101").update(room_type=double)
        hotel.units.filter(name="201").update(room_type=suite)
        make_reservation(unit=hotel.units.get(name="101"))

        assert only(ask()).full == [double]


class TestWhatIsNear:
    def test_nothing_is_suggested_beside_a_free_property_unless_days_are_flexible(self):
        make_apartment()

        assert only(ask()).alternatives == []
        assert alternatives(only(ask(flexible_days=1))) == [
            ("1 day earlier", ARRIVAL - DAY, 3),
            ("1 day later", ARRIVAL + DAY, 3),
        ]

    def test_days_are_flexible_as_far_as_asked_and_the_nearest_comes_first(self):
        make_reservation(make_apartment(), arrival=ARRIVAL + DAY, nights=2)

        found = only(ask(nights=2, flexible_days=3))

        assert alternatives(found) == [
            ("1 day earlier", ARRIVAL - DAY, 2),
            ("2 days earlier", ARRIVAL - 2 * DAY, 2),
            ("3 days earlier", ARRIVAL - 3 * DAY, 2),
            ("3 days later", ARRIVAL + 3 * DAY, 2),
            ("1 night shorter", ARRIVAL, 1),
        ]

    def test_a_night_less_may_be_the_last_or_the_first(self):
        flat = make_apartment()
        make_reservation(flat, arrival=ARRIVAL + 2 * DAY, nights=1)
        other = make_apartment()
        make_reservation(other, arrival=ARRIVAL - DAY, nights=2)

        first, second = sorted(ask().page, key=lambda found: found.property.pk)

        assert alternatives(first) == [("1 night shorter", ARRIVAL, 2), ("next free", ARRIVAL + 3 * DAY, 3)]
        assert alternatives(second) == [("1 night shorter", ARRIVAL + DAY, 2), ("next free", ARRIVAL + DAY, 3)]

    def test_a_stay_of_one_night_is_not_made_shorter(self):
        make_reservation(make_apartment(), nights=1)

        assert alternatives(only(ask(nights=1))) == [("next free", ARRIVAL + DAY, 1)]

    def test_the_next_free_nights_are_the_first_gap_long_enough_in_any_room(self):
        hotel = make_hotel(["101", "102"])
        for room, arrival, nights in (
            ("101", 0, 4),
            ("101", 6, 20),  # a gap of two nights: too short
            ("102", 0, 9),
            ("102", 12, 1),  # a gap of three nights, from the tenth day on
        ):
            make_reservation(unit=hotel.units.get(name=room), arrival=ARRIVAL + arrival * DAY, nights=nights)

        assert alternatives(only(ask())) == [("next free", ARRIVAL + 9 * DAY, 3)]

    def test_a_property_that_is_full_for_half_a_year_has_no_next_nights(self):
        make_reservation(make_apartment(), arrival=ARRIVAL, nights=400)

        assert only(ask()).alternatives == []

    def test_nights_beyond_what_was_looked_at_are_not_promised(self):
        flat = make_apartment()
        edge = ARRIVAL + 3 * DAY + room_search.HORIZON
        make_reservation(flat, arrival=ARRIVAL, nights=(edge - ARRIVAL).days - 1)
        make_reservation(flat, arrival=edge, nights=2)

        assert only(ask()).alternatives == []

    def test_an_alternative_costs_what_the_cheapest_free_type_costs(self):
        hotel = make_hotel(["101", "201"])
        cheap = make_room_type(hotel, "Double", nightly_rate=Decimal(100))
        dear = make_room_type(hotel, "Suite", nightly_rate=Decimal(300), position=1)
        hotel.units.filter(name="101").update(room_type=cheap)
        hotel.units.filter(name="201").update(room_type=dear)
        make_reservation(unit=hotel.units.get(name="101"), nights=3)
        make_reservation(unit=hotel.units.get(name="201"), nights=1)

        shorter, following = only(ask()).alternatives

        assert (shorter.offer.room_type, shorter.offer.quote.total, shorter.is_cheapest) == (dear, eur(600), False)
        assert (following.offer.room_type, following.offer.stay.arrival) == (dear, ARRIVAL + DAY)

    @time_machine.travel("2027-05-03T23:30:00Z")  # already the fourth in Tokyo
    def test_nothing_before_the_propertys_own_today_is_suggested(self):
        make_reservation(make_apartment("Tokyo", time_zone="Asia/Tokyo"))
        make_reservation(make_apartment("Lisbon", time_zone="Europe/Lisbon"))

        lisbon, tokyo = ask(arrival=ARRIVAL + DAY, nights=1, flexible_days=1).page

        assert alternatives(lisbon) == [("next free", ARRIVAL + 3 * DAY, 1)]
        assert alternatives(tokyo) == [("next free", ARRIVAL + 3 * DAY, 1)]
        make_apartment("Lima", time_zone="America/Lima")
        make_apartment("Auckland", time_zone="Pacific/Auckland")
        auckland, lima = list(ask(arrival=ARRIVAL + DAY, nights=1, flexible_days=1).page)[:2]
        assert alternatives(auckland) == [("1 day later", ARRIVAL + 2 * DAY, 1)]
        assert alternatives(lima)[0] == ("1 day earlier", ARRIVAL, 1)

    def test_the_calendars_ends_are_no_error(self):
        make_apartment()

        ask(arrival=dt.date(2000, 1, 1), nights=1, flexible_days=3)
        ask(arrival=dt.date(2099, 12, 31), nights=1, flexible_days=3)


class TestTonight:
    @time_machine.travel("2027-05-03T23:30:00Z")
    def test_it_is_the_earliest_date_of_any_property(self):
        make_apartment(time_zone="Asia/Tokyo")
        assert room_search.earliest_today() == dt.date(2027, 5, 4)

        make_apartment(time_zone="America/Lima")
        assert room_search.earliest_today() == dt.date(2027, 5, 3)

    def test_without_a_property_there_is_one_too(self):
        assert room_search.earliest_today()


def test_the_number_of_queries_does_not_grow_with_properties_rooms_and_stays():
    def count():
        with CaptureQueriesContext(connection) as queries:
            answer = ask(flexible_days=3, place="inn")
            for found in answer.page:
                for offer in found.offers:
                    assert offer.quote.lines
        return len(queries)

    for size in (1, 8):
        for number in range(size):
            hotel = make_hotel([f"{room}" for room in range(size + 1)], name=f"Inn {size} {number}")
            kind = make_room_type(hotel)
            hotel.units.update(room_type=kind)
            make_rate(hotel)
            make_reservation(unit=hotel.units.first())
            make_reservation(make_apartment(f"Inn flat {size} {number}"), nights=size)
        if size == 1:
            few = count()

    assert count() == few == 9


def test_a_page_shows_so_many_properties_and_the_counts_are_of_all():
    for number in range(room_search.PER_PAGE + 1):
        make_apartment(f"Flat {number:02}")

    answer = room_search.find(actor=None, question=Question(Stay.of_nights(ARRIVAL, 1), 2), page=2)

    assert [found.property.name for found in answer.page] == [f"Flat {room_search.PER_PAGE}"]
    assert answer.page.object_list[0].offers
    assert answer.properties_free == room_search.PER_PAGE + 1
