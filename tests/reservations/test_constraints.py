"""The database keeps the calendar true whoever writes: these go around every verb."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from reservations.models import Closure, Event, Occupancy, Reservation
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db


def occupy(unit, nights, reservation=None):
    """Raw SQL, as a shell or an import would write it; `nights` is a range literal. Without a stay it is a closure."""
    closure = None if reservation else Closure.objects.create(unit=unit, property=unit.property, nights=nights)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reservations_occupancy (unit_id, property_id, reservation_id, closure_id, nights)"
            " VALUES (%s, %s, %s, %s, %s)",
            [unit.pk, unit.property_id, reservation and reservation.pk, closure and closure.pk, nights],
        )


def violated(error):
    return error.value.__cause__.diag.constraint_name


def test_two_occupancies_of_a_unit_never_share_a_night():
    reservation = make_reservation(arrival=ARRIVAL, nights=3)

    with pytest.raises(IntegrityError) as error:
        occupy(reservation.unit, "[2027-05-05,2027-05-09)", reservation)

    assert violated(error) == "occupancy_no_two_share_a_night"


def test_a_departure_day_may_be_the_next_arrival():
    reservation = make_reservation(arrival=ARRIVAL, nights=3)

    occupy(reservation.unit, "[2027-05-06,2027-05-07)")

    assert Occupancy.objects.count() == 2


def test_two_rooms_may_be_taken_in_the_same_night():
    hotel = make_hotel(["101", "102"])

    for unit in hotel.units.all():
        make_reservation(unit=unit, arrival=ARRIVAL)

    assert Occupancy.objects.count() == 2


@pytest.mark.parametrize(
    "nights",
    ["empty", "[2027-05-03,2027-05-03)", "(,2027-05-03)", "[2027-05-03,)", "[2027-05-03,infinity)",
     "[1999-12-31,2000-01-02)", "[2099-12-31,2100-01-02)", "[2027-05-03,9999-12-31]"],
)  # fmt: skip
def test_empty_endless_and_far_away_nights_are_refused(nights):
    flat = make_apartment()
    reservation = make_reservation(flat, arrival=dt.date(2030, 1, 1))

    with pytest.raises(IntegrityError) as error:
        occupy(flat.units.get(), nights, reservation)

    assert violated(error) == "occupancy_has_nights_in_window"


@pytest.mark.parametrize("nights", [0, -1])
def test_a_reservation_has_nights(nights):
    reservation = make_reservation()

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Reservation.objects.update(departure=reservation.arrival + dt.timedelta(days=nights))

    assert violated(error) == "reservation_has_nights_in_window"


def test_a_party_is_not_empty():
    make_reservation()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.update(party_size=0)


@pytest.mark.parametrize("rewrite", [lambda events: events.update(reason="x"), lambda events: events.all().delete()])
def test_history_cannot_be_rewritten(rewrite):
    Event.objects.create(reservation=make_reservation(), action=Event.Action.BOOKED, data={})

    with pytest.raises(IntegrityError), transaction.atomic():
        rewrite(Event.objects)

    assert Event.objects.count() == 1
