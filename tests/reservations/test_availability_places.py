"""Availability where dates are peculiar: at the date line, on leap days, when clocks change, where stays are long."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from reservations.availability import answer, free_by_night, free_by_type, free_everywhere, is_free, next_free
from reservations.models import SHORT_NIGHTS
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

NIGHT = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "today"), [("Pacific/Kiritimati", dt.date(2027, 5, 4)), ("Pacific/Pago_Pago", dt.date(2027, 5, 2))]
)
def test_tonight_is_the_propertys_own_on_both_sides_of_the_date_line(zone, today):
    with time_machine.travel(dt.datetime(2027, 5, 3, 10, 30, tzinfo=dt.UTC), tick=False):
        flat = make_apartment(time_zone=zone)
        make_reservation(flat, arrival=flat.today(), nights=1)

        found = answer(property=flat, unit=None, stay=Stay.of_nights(flat.today(), 1))

    assert found.in_the_way[0].stay == Stay.of_nights(today, 1)
    assert found.next_free[0] == Stay.of_nights(today + NIGHT, 1)


def test_the_same_date_is_asked_of_both_sides_of_the_date_line():
    east, west = make_apartment(time_zone="Pacific/Kiritimati"), make_apartment(time_zone="Pacific/Pago_Pago")
    make_reservation(east, arrival=ARRIVAL, nights=1)

    [free] = free_everywhere(stay=Stay.of_nights(ARRIVAL, 1))
    assert free.pk == west.units.get().pk
    [free] = free_everywhere(stay=Stay.of_nights(ARRIVAL + NIGHT, 1), properties=[east.pk])
    assert free.pk == east.units.get().pk


def test_a_hold_lapses_at_its_instant_wherever_it_is():
    flats = [make_apartment(time_zone=zone) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    for flat, end in zip(flats, (timezone.now(), timezone.now() + dt.timedelta(minutes=1)), strict=True):
        make_reservation(flat, arrival=ARRIVAL, status="held", hold_expires_at=end)

    assert [is_free(unit=flat.units.get(), stay=Stay.of_nights(ARRIVAL, 1)) for flat in flats] == [True, False]


def test_the_night_of_29_february_is_one_that_can_be_taken_and_free():
    flat = make_apartment()
    make_reservation(flat, arrival=dt.date(2028, 2, 29), nights=1)

    free = free_by_night(property=flat, unit=None, first=dt.date(2028, 2, 28), days=3)

    assert free == [1, 0, 1]
    found = next_free(property=flat, nights=2, since=dt.date(2028, 2, 28))
    assert found[0] == Stay(dt.date(2028, 3, 1), dt.date(2028, 3, 3))


@pytest.mark.parametrize("changed", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_the_night_in_which_the_clocks_change_counts_as_one(changed):
    flat = make_apartment(time_zone="Europe/Lisbon")
    make_reservation(flat, arrival=changed - NIGHT, nights=1)

    assert free_by_night(property=flat, unit=None, first=changed - NIGHT, days=3) == [0, 1, 1]
    assert next_free(property=flat, nights=1, since=changed - NIGHT)[0] == Stay.of_nights(changed, 1)


@pytest.mark.parametrize("nights", range(SHORT_NIGHTS - 1, SHORT_NIGHTS + 4))
@pytest.mark.parametrize("shared", [1, 2])
def test_a_stay_that_goes_on_for_weeks_is_seen_from_its_first_nights(nights, shared):
    hotel = make_hotel(["101"])
    taken = make_reservation(hotel, arrival=ARRIVAL, nights=nights)
    requested = Stay(ARRIVAL - NIGHT, ARRIVAL + shared * NIGHT)

    assert free_everywhere(stay=requested) == []
    counted = free_by_type(property=hotel, first=requested.arrival, days=requested.nights)
    assert counted == {None: [1] + [0] * shared}
    assert len(free_everywhere(stay=Stay.of_nights(taken.departure, 1))) == 1
