import datetime as dt

import pytest

from reservations.stay import BadStay, Stay

MAY_3 = dt.date(2027, 5, 3)


def test_it_counts_nights_not_days():
    assert Stay(MAY_3, dt.date(2027, 5, 6)).nights == 3


def test_a_night_over_a_change_of_the_clocks_is_one_night():
    assert Stay(dt.date(2027, 3, 27), dt.date(2027, 3, 29)).nights == 2


@pytest.mark.parametrize(
    ("arrival", "departure", "field"),
    [
        (MAY_3, MAY_3, "departure"),
        (MAY_3, dt.date(2027, 5, 2), "departure"),
        (dt.date(1, 1, 1), MAY_3, "arrival"),
        (dt.date(1999, 12, 31), dt.date(2000, 1, 2), "arrival"),
        (dt.date(9999, 12, 30), dt.date(9999, 12, 31), "arrival"),
        (dt.date(2099, 12, 31), dt.date(2100, 1, 2), "departure"),
        (MAY_3, MAY_3 + dt.timedelta(days=731), "departure"),
    ],
)
def test_it_refuses_what_is_no_stay_and_names_the_field(arrival, departure, field):
    with pytest.raises(BadStay) as refused:
        Stay(arrival, departure)

    assert refused.value.field == field


def test_it_takes_the_longest_stay_and_the_last_night_of_the_calendar():
    assert Stay.of_nights(MAY_3, 730).nights == 730
    assert Stay(dt.date(2099, 12, 31), dt.date(2100, 1, 1)).nights == 1


def test_a_departure_day_is_free_for_the_next_arrival():
    before, after = Stay.of_nights(MAY_3, 2), Stay.of_nights(dt.date(2027, 5, 5), 2)

    assert not before.overlaps(after)
    assert not after.overlaps(before)
