"""What the form of a group offers when the rooms asked for are not free: other rooms then, and the next dates."""

import datetime as dt
from decimal import Decimal

import pytest

from config import clock
from properties.money import Money
from reservations import booking
from reservations.models import Group, Reservation, Status
from reservations.offers.group_alternatives import HORIZON_DAYS, instead_of
from reservations.offers.group_hints import room_type_options
from reservations.stay import LAST_DAY, Stay
from tests.factories import ARRIVAL, make_hotel, make_reservation, make_room_type
from tests.reservations.test_groups import make_typed_hotel

pytestmark = pytest.mark.django_db

STAY = Stay.of_nights(ARRIVAL, 3)
NEW = "/reservations/new-group/"
NIGHTS = {"arrival": "2027-05-03", "departure": "2027-05-06"}
AS_TYPED = {"HX-Request": "true", "HX-Target": "group-rooms"}


def instead(hotel, *lines, stay=STAY):
    return instead_of(property=hotel, stay=stay, options=room_type_options(hotel, stay), lines=lines)


def take(hotel, room_type, count, arrival=ARRIVAL, nights=3, **fields):
    for unit in hotel.units.filter(room_type=room_type)[:count]:
        make_reservation(unit=unit, arrival=arrival, nights=nights, **fields)


def add_rooms(hotel, name, count, **fields):
    room_type = make_room_type(hotel, name, **fields)
    for number in range(count):
        hotel.units.create(name=f"{name} {number}", room_type=room_type)
    return room_type


def rooms_of(mix):
    return [(option.name, count, party) for option, count, party in mix.parts]


class TestOtherRooms:
    def test_what_is_free_needs_nothing_else(self):
        hotel, double, single = make_typed_hotel(doubles=3, singles=1)

        assert instead(hotel, (double, 3, 2), (single, 1, 1)) is None

    def test_those_asked_for_come_first_and_then_the_cheapest(self):
        hotel, double, _ = make_typed_hotel(doubles=3)
        add_rooms(hotel, "Suite", 2, nightly_rate=Decimal(300))
        add_rooms(hotel, "Twin", 1, nightly_rate=Decimal(99))

        mix = instead(hotel, (double, 4, 2)).mix

        assert rooms_of(mix) == [("Double", 3, 2), ("Twin", 1, 2)]
        assert mix.words == "3 Double and 1 Twin"
        assert mix.total == Money(Decimal(3 * (3 * 118 + 99)), "EUR")

    def test_three_types_are_said_in_words(self):
        hotel, double, _ = make_typed_hotel(doubles=1)
        add_rooms(hotel, "Suite", 1, nightly_rate=Decimal(300))
        add_rooms(hotel, "Twin", 1, nightly_rate=Decimal(99))

        assert instead(hotel, (double, 3, 2)).mix.words == "1 Double, 1 Twin and 1 Suite"

    def test_a_party_too_large_for_its_type_gets_larger_rooms(self):
        hotel, double, _ = make_typed_hotel()
        add_rooms(hotel, "Family", 2, sleeps=4, nightly_rate=Decimal(150))

        found = instead(hotel, (double, 2, 3))

        assert found.why == "Double sleeps 2; this party has 3."
        assert rooms_of(found.mix) == [("Family", 2, 3)]
        assert found.next_free == ()

    def test_fewer_larger_rooms_are_offered_when_there_are_not_as_many(self):
        hotel, double, _ = make_typed_hotel(doubles=2, singles=0)
        add_rooms(hotel, "Family", 1, sleeps=4, nightly_rate=Decimal(150))

        assert rooms_of(instead(hotel, (double, 4, 2)).mix) == [("Family", 1, 4), ("Double", 2, 2)]

    def test_more_smaller_rooms_are_offered_without_empty_beds(self):
        hotel, double, _ = make_typed_hotel(doubles=1, singles=4)

        assert rooms_of(instead(hotel, (double, 2, 2)).mix) == [("Double", 1, 2), ("Single", 2, 1)]

    def test_one_room_alone_is_no_group(self):
        hotel, double, _ = make_typed_hotel(doubles=1, singles=0)
        take(hotel, double, 1)
        add_rooms(hotel, "Dormitory", 1, sleeps=8)

        assert instead(hotel, (double, 3, 2)).mix is None

    def test_a_type_that_takes_no_such_stays_is_left_out(self):
        hotel, double, _ = make_typed_hotel(doubles=1, singles=0)
        add_rooms(hotel, "Suite", 5, min_nights=7)

        assert instead(hotel, (double, 2, 2)).mix is None

    def test_more_guests_than_are_reckoned_with_get_no_other_rooms(self):
        hotel = make_hotel(["101", "102", "103"])

        found = instead(hotel, (None, 4, 99))

        assert found.mix is None
        assert found.why == f"{hotel} has too few rooms, 3–6 May 2027: 3 in all free, 4 wanted."

    def test_rooms_without_a_type_and_without_a_limit_take_as_many_as_were_asked_for_one(self):
        hotel = make_hotel(["101", "102"])
        double = add_rooms(hotel, "Double", 1, sleeps=2)

        assert rooms_of(instead(hotel, (double, 2, 2)).mix) == [("Double", 1, 2), ("Any room", 1, 2)]
        assert instead(hotel, (None, 5, 3)).mix is None

    def test_hotels_that_count_no_rooms_take_all(self):
        assert instead(make_hotel([]), (None, 50, 2)) is None

    def test_it_says_what_the_refusal_says(self):
        hotel, double, single = make_typed_hotel(doubles=3, singles=1)
        take(hotel, double, 2)
        lines = [(double, 2, 2), (single, 2, 1)]

        with pytest.raises(booking.TooFewRooms) as refused:
            booking.book_group(property=hotel, stay=STAY, booker_name="Moreau", rooms=lines, actor=None)

        assert instead(hotel, *lines).why == refused.value.why

    def test_it_says_what_the_refusal_says_when_nothing_is_free(self):
        hotel = make_hotel(["101"])
        make_reservation(unit=hotel.units.get(), arrival=ARRIVAL)

        with pytest.raises(booking.TooFewRooms) as refused:
            booking.book_group(property=hotel, stay=STAY, booker_name="Moreau", rooms=[(None, 2, 2)], actor=None)

        assert instead(hotel, (None, 2, 2)).why == refused.value.why

    def test_a_room_that_a_party_should_have_left_is_given_only_when_asked_for(self):
        hotel, double, single = make_typed_hotel(doubles=1, singles=1)
        today = hotel.today()
        late = {"arrival": today - dt.timedelta(days=3), "nights": 2, "status": Status.IN_HOUSE}
        take(hotel, single, 1, **late)
        tonight = Stay.of_nights(today, 1)

        assert instead(hotel, (double, 1, 2), (single, 1, 1), stay=tonight) is None  # as the verb: it is free
        assert instead(hotel, (double, 2, 1), stay=tonight).mix is None


class TestTheNextDates:
    def test_they_are_the_next_on_which_all_rooms_are_free(self):
        hotel, double, _ = make_typed_hotel(doubles=2)
        take(hotel, double, 1)
        take(hotel, double, 2, arrival=dt.date(2027, 5, 10), nights=1)

        found = instead(hotel, (double, 2, 2))

        assert found.next_free == (
            Stay.of_nights(dt.date(2027, 5, 6), 3),
            Stay.of_nights(dt.date(2027, 5, 11), 3),
            Stay.of_nights(dt.date(2027, 5, 14), 3),
        )
        assert found.dates[0] == ("6–9 May", "arrival=2027-05-06&departure=2027-05-09")

    def test_a_lapsed_hold_and_another_property_are_not_in_the_way(self):
        hotel, double, _ = make_typed_hotel(doubles=1)
        take(hotel, double, 1)
        lapsed = {"status": Status.HELD, "hold_expires_at": clock.now() - dt.timedelta(hours=1)}
        take(hotel, double, 1, arrival=dt.date(2027, 5, 6), **lapsed)
        make_reservation(arrival=dt.date(2027, 5, 6))

        assert instead(hotel, (double, 1, 2)).next_free[0].arrival == dt.date(2027, 5, 6)

    def test_there_are_none_where_there_are_too_few_rooms(self):
        hotel, double, _ = make_typed_hotel(doubles=1)

        assert instead(hotel, (double, 2, 2)).next_free == ()

    def test_they_end_with_the_horizon_and_the_calendar(self):
        hotel, double, _ = make_typed_hotel(doubles=1, singles=0)
        take(hotel, double, 1, nights=HORIZON_DAYS + 1)
        assert instead(hotel, (double, 1, 2)).next_free == ()

        last = Stay(LAST_DAY - dt.timedelta(days=3), LAST_DAY)
        take(hotel, double, 1, arrival=last.arrival, nights=3)
        assert instead(hotel, (double, 1, 2), stay=last).next_free == ()


class TestTheForm:
    @pytest.fixture(autouse=True)
    def hotel_of_two_types(self):
        self.hotel, self.double, self.single = make_typed_hotel(doubles=3, singles=1)
        self.twin = add_rooms(self.hotel, "Twin", 1, nightly_rate=Decimal(99))

    def page(self, browser, doubles, **fields):
        fields = {"property": self.hotel.pk, f"count_{self.double.pk}": doubles} | NIGHTS | fields
        return browser.get(NEW, fields)

    def test_one_press_takes_the_mixed_rooms_and_another_books_them(self, browser):
        page = self.page(browser, 4)

        page = page.press("Take 3 Double and 1 Twin", {"Booker": "Moreau Travel"})
        page.press("Reserve all")

        sold = sorted(stay.room_type.name for stay in Group.objects.get().reservations.all())
        assert sold == ["Double", "Double", "Double", "Twin"]

    def test_one_press_takes_other_dates(self, browser):
        take(self.hotel, self.double, 1)
        page = self.page(browser, 3).press("6–9 May", {"Booker": "Moreau Travel"})

        page.press("Reserve all")

        assert {stay.arrival for stay in Group.objects.get().reservations.all()} == {dt.date(2027, 5, 6)}

    def test_a_refusal_is_said_one_time_and_has_ways_out(self, browser):
        page = self.page(browser, 4, guest="Moreau Travel")
        words = "3 of Double free, 4 wanted."
        assert page.shown.count(words) == 1

        refused = page.press("Reserve all")

        assert refused.status_int == 409
        assert refused.shown.count(words) == 1
        assert refused.form_with("Reserve all").button("Take 3 Double and 1 Twin")
        assert not Reservation.objects.exists()

    def test_a_party_too_large_is_said_one_time(self, browser):
        page = self.page(browser, 2, guest="Moreau Travel", **{f"party_{self.double.pk}": 3})
        words = "Double sleeps 2; this party has 3."
        assert page.shown.count(words) == 1

        assert page.press("Reserve all").shown.count(words) == 1

    def test_wrong_dates_are_said_while_they_are_typed_and_one_time_when_they_are_sent(self, browser):
        words = "The departure is before the arrival. Swap the two dates."
        fields = {"property": self.hotel.pk, f"count_{self.double.pk}": 2, "arrival": "2027-05-03"}
        fields |= {"departure": "2027-05-01", "guest": "Moreau"}

        typed = browser.get(NEW, fields, headers=AS_TYPED)
        refused = browser.get(NEW, fields).press("Reserve all")

        assert typed.document.get_text().count(words) == 1
        assert refused.shown.count(words) == 1

    def test_more_rooms_than_a_group_may_have_are_not_reckoned(self, browser):
        assert not self.page(browser, 500).document.select("#group-rooms .notice")
