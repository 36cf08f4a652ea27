import csv
import datetime as dt
import io

import pytest

from reservations import booking, history
from reservations.booking import lifecycle
from reservations.booking.drafts import snapshot
from reservations.models import Reservation
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_booking, make_change, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


def book(property, **wanted):
    wanted = {"stay": Stay.of_nights(ARRIVAL, 3), "guest_name": "Amara Okafor", "party_size": 2, "actor": None} | wanted
    return make_booking(property=property, **wanted)


def entries(reservation):
    return [(line.title, [str(change) for change in line.changes]) for line in history.entries(reservation)]


def rows(reservation):
    return list(csv.DictReader(io.StringIO(history.as_csv(reservation))))


def test_it_says_field_by_field_what_changed():
    hotel = make_hotel(["101", "102"])
    reservation = book(hotel, unit=hotel.units.get(name="101"))

    make_change(
        reservation=reservation,
        unit=hotel.units.get(name="102"),
        stay=Stay.of_nights(ARRIVAL, 4),
        guest_name="Amara Okafor",
        party_size=1,
        actor=None,
    )

    changed = (
        "Changed",
        ["Departure Thu 6 May → Fri 7 May", "Room 101 → 102", "Guests 2 → 1", "Price €270.00 → €360.00"],
    )
    assert entries(reservation) == [changed, ("Booked", [])]


def test_a_stay_in_two_rooms_says_from_when_on():
    hotel = make_hotel(["101", "102"])
    reservation = book(hotel, unit=hotel.units.get(name="101"))

    booking.split(
        reservation=reservation, night=ARRIVAL + dt.timedelta(days=1), unit=hotel.units.get(name="102"), actor=None
    )

    assert entries(reservation)[0] == ("Split", ["Room 101 → 101 from Mon 3 May, 102 from Tue 4 May"])


def test_an_overbooking_is_told_as_one():
    made = book(make_hotel(["101"]), actor=make_user(role="manager"), overbook_reason="The fair.")

    assert entries(made) == [("Overbooked by a manager", [])]
    assert rows(made)[0]["Reason"] == "The fair."


def test_the_events_add_up_to_what_is():
    hotel = make_hotel(["101", "102"])
    reservation = book(hotel)
    booking.set_lock(reservation=reservation, is_locked=True, actor=None)
    lifecycle.cancel(reservation=reservation, actor=None)
    lifecycle.reinstate(reservation=reservation, actor=None)

    now = Reservation.objects.with_unit().get(pk=reservation.pk)
    assert history.replay(reservation.events.order_by("pk")) == snapshot(now, now.segments)


def test_the_table_has_a_row_for_each_field_in_the_propertys_time(database_clock):
    alice = make_user()
    database_clock.stop_at(dt.datetime(2027, 1, 10, 23, 30, tzinfo=dt.UTC))
    reservation = book(make_apartment(time_zone="Asia/Tokyo"), actor=alice)

    [row] = rows(reservation)
    assert (row["When"], row["Time zone"], row["Who"], row["What"]) == (
        "2027-01-11 08:30:00", "Asia/Tokyo", "Alice", "Booked",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+351", "-x", "@SUM(A1)", "\tx"])
def test_nothing_in_the_table_runs_in_a_spreadsheet(name):
    reservation = make_reservation(guest="Amara")
    make_change(
        reservation=reservation, stay=reservation.stay, guest_name=name, party_size=2, actor=None, pricing="keep"
    )

    assert rows(reservation)[-1]["After"] == f"'{name}"


def test_it_can_be_saved_from_the_page(desk):
    reservation = book(make_apartment())

    response = desk.get(f"/reservations/{reservation.reference}/history.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{reservation.reference}-history.csv" in response["Content-Disposition"]
    assert "Booked" in response.content.decode("utf-8-sig")
