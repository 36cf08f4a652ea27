"""Agreed nights keep their price, added nights cost what the rate table says, and the rest is asked about.

The stay is from Friday to Sunday, two nights at €198 that were agreed; today's rate is €150, on Sundays €176.
"""

import datetime as dt

import pytest

from properties.money import Money
from reservations import booking
from reservations.booking.prices import kept_price
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.factories import eur, make_change, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

FRIDAY = dt.date(2027, 5, 7)


@pytest.fixture
def hotel():
    """101 and 102 are doubles, 201 is a suite for €220."""
    hotel = make_hotel(["101", "102", "201"])
    double, suite = make_room_type(hotel, nightly_rate=150), make_room_type(hotel, "Suite", nightly_rate=220)
    hotel.units.update(room_type=double)
    hotel.units.filter(name="201").update(room_type=suite)
    make_rate(hotel, room_type=double, nightly_rate=176, weekdays=[7])
    return hotel


@pytest.fixture
def weekend(hotel):
    double = hotel.room_types.get(name="Double")
    stay = make_reservation(hotel, arrival=FRIDAY, nights=2, nightly_rates=[198, 198], room_type=double)
    return Reservation.objects.with_unit().get(pk=stay.pk)


def nights(first, count):
    """From the day so many days after Friday."""
    return Stay.of_nights(FRIDAY + dt.timedelta(days=first), count)


def move(stay, *, to, room=None, pricing=None):
    unit = room and stay.property.units.get(name=room)
    moved = booking.move(reservation=stay, stay=to, unit=unit, pricing=pricing, actor=None)
    return [int(rate) for rate in moved.nightly_rates]


class TestAddedNights:
    @pytest.mark.parametrize("pricing", [None, "keep"])
    def test_after_the_agreed_ones_cost_what_the_table_says(self, weekend, pricing):
        assert move(weekend, to=nights(0, 4), pricing=pricing) == [198, 198, 176, 150]

    def test_before_the_agreed_ones_too(self, weekend):
        assert move(weekend, to=nights(-1, 3)) == [150, 198, 198]

    def test_today_s_price_for_all_nights_is_taken_by_who_says_so(self, weekend):
        assert move(weekend, to=nights(0, 3), pricing="requote") == [150, 150, 176]

    def test_are_of_the_type_that_was_sold_when_the_guest_got_a_better_room_for_it(self, weekend):
        booking.move(reservation=weekend, unit=weekend.property.units.get(name="201"), pricing="keep", actor=None)

        assert move(weekend, to=nights(0, 3)) == [198, 198, 176]

    def test_of_a_stay_without_a_type_are_of_the_type_of_its_room(self, weekend):
        Reservation.objects.update(room_type=None)
        weekend = Reservation.objects.with_unit().get()

        assert move(weekend, to=nights(0, 3)) == [198, 198, 176]

    def test_of_a_stay_without_type_and_room_cost_the_ordinary_rate(self, weekend):
        weekend.occupancies.all().delete()
        Reservation.objects.update(room_type=None)
        weekend = Reservation.objects.with_unit().get()

        assert move(weekend, to=nights(0, 3)) == [198, 198, 90]


class TestAsking:
    @pytest.mark.parametrize(
        ("to", "room", "kept", "requoted"),
        [
            (nights(0, 2), "201", 396, 440),  # another type
            (nights(0, 3), "201", 616, 660),  # another type, and a night more
            (nights(0, 1), None, 198, 150),  # a night is given up
            (nights(1, 2), None, 396, 326),  # one for another
            (nights(1, 3), None, 524, 476),  # one given up, two more
            (nights(7, 2), None, 396, 300),  # all for others
            (nights(7, 3), None, 572, 476),  # all for others, and a night more
        ],
    )
    def test_is_for_agreed_nights_that_would_change(self, weekend, to, room, kept, requoted):
        with pytest.raises(booking.PriceWouldChange) as asked:
            move(weekend, to=to, room=room)

        assert (asked.value.kept, asked.value.requoted) == (eur(kept), eur(requoted))
        assert sum(move(weekend, to=to, room=room, pricing="keep")) == kept

    def test_is_left_out_where_both_prices_are_the_same(self, weekend):
        Reservation.objects.update(nightly_rates=[150, 150])
        weekend = Reservation.objects.with_unit().get()

        assert move(weekend, to=nights(0, 1)) == [150]

    def test_is_left_out_for_another_room_of_the_type(self, weekend):
        assert move(weekend, to=nights(0, 2), room="102") == [198, 198]

    def test_says_what_was_agreed_and_what_is_added(self, weekend):
        with pytest.raises(booking.PriceWouldChange) as asked:
            move(weekend, to=nights(0, 3), room="201")

        assert asked.value.message == (
            "The price would change. Keep what was agreed (€396.00 agreed + €220.00 Sun = €616.00), "
            "or take today’s rates (€660.00)?"
        )

    def test_in_another_currency_no_night_is_added_at_a_foreign_rate(self, weekend):
        type(weekend.property).objects.update(currency="CHF")

        with pytest.raises(booking.PriceWouldChange) as asked:
            move(weekend, to=nights(0, 3))

        assert (asked.value.kept, asked.value.requoted) == (eur(594), Money(476, "CHF"))


class TestInHouse:
    """Who has slept two of four nights, at €150 and €198, gets another room for the nights still to come."""

    @pytest.fixture
    def guest(self, hotel):
        hotel.units.get(name="102").delete()
        double, today = hotel.room_types.get(name="Double"), hotel.today()
        make_reservation(
            hotel,
            arrival=today - dt.timedelta(days=2),
            nights=4,
            nightly_rates=[150, 198, 198, 198],
            room_type=double,
            status=Status.IN_HOUSE,
        )
        hotel.rates.all().delete()
        return Reservation.objects.with_unit().get()

    @pytest.mark.parametrize("pricing", [None, "keep"])
    def test_nights_that_are_added_cost_what_the_table_says(self, guest, pricing):
        longer = Stay.of_nights(guest.arrival, 5)

        assert move(guest, to=longer, pricing=pricing) == [150, 198, 198, 198, 150]

    def test_a_better_room_is_asked_about_for_the_nights_to_come(self, guest):
        with pytest.raises(booking.PriceWouldChange) as asked:
            move(guest, to=guest.stay, room="201")

        assert (asked.value.kept, asked.value.requoted) == (eur(744), eur(788))

    def test_slept_nights_keep_their_rates_when_today_s_are_taken(self, guest):
        assert move(guest, to=guest.stay, room="201", pricing="requote") == [150, 198, 220, 220]

        guest = Reservation.objects.with_unit().get()
        assert guest.room_type.name == "Suite"
        assert move_end(guest, 1) == [150, 198, 220, 220, 220]

    def test_who_has_overstayed_pays_the_nights_that_were_slept_since(self, guest):
        Reservation.objects.update(
            arrival=guest.arrival - dt.timedelta(days=3), departure=guest.departure - dt.timedelta(days=3)
        )
        guest.occupancies.all().delete()
        guest = Reservation.objects.with_unit().get()

        assert move_end(guest, 1, pricing="requote") == [150, 198, 198, 198, 150]


def move_end(stay, days, **how):
    """Move the departure by so many days, each segment in its room."""
    to = Stay(stay.arrival, stay.departure + dt.timedelta(days=days))
    changed = make_change(reservation=stay, stay=to, keeps_rooms=True, **how)
    return [int(rate) for rate in changed.nightly_rates]


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        (nights(0, 2), "€396.00"),
        (nights(0, 3), "€396.00 agreed + €176.00 Sun = €572.00"),
        (nights(-2, 4), "€396.00 agreed + 2 × €150.00 from Wed 5 May = €696.00"),
        (nights(-1, 4), "€396.00 agreed + €150.00 Thu + €176.00 Sun = €722.00"),
        (nights(0, 5), "€396.00 agreed + €176.00 Sun + 2 × €150.00 from Mon 10 May = €872.00"),
    ],
)
def test_the_price_in_words(weekend, stay, words):
    assert str(kept_price(weekend, stay)) == words
