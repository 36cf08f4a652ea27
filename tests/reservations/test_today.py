import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from reservations.models import Status
from tests.factories import make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db


class TestToday:
    @time_machine.travel("2027-05-03 22:30Z")
    def test_today_is_the_propertys_own_date(self, desk):
        auckland = make_apartment(time_zone="Pacific/Auckland")
        lisbon = make_apartment(time_zone="Europe/Lisbon")
        make_reservation(auckland, arrival=dt.date(2027, 5, 4), guest="Arrives On The Fourth")
        make_reservation(lisbon, arrival=dt.date(2027, 5, 4), guest="Arrives On Another Fourth")

        desk.force_login(desk.user)  # the session of the other year is over
        due_in = desk.get("/").context["today"].due_in

        assert [each.guest.name for each in due_in] == ["Arrives On The Fourth"]

    @time_machine.travel("2027-05-04 12:00Z")
    def test_nobody_is_in_two_lists(self, desk):
        hotel = make_hotel(["1", "2", "3"])
        there, coming = Status.IN_HOUSE, Status.CONFIRMED
        for unit, arrival, status in zip(hotel.units.all(), (2, 3, 4), (there, there, coming), strict=True):
            arrival = dt.date(2027, 5, arrival)
            make_reservation(unit=unit, arrival=arrival, nights=2, guest=f"Since {arrival.day}", status=status)

        desk.force_login(desk.user)
        today = desk.get("/").context["today"]

        assert [each.guest.name for each in today.due_out] == ["Since 2"]
        assert [each.guest.name for each in today.in_house] == ["Since 3"]
        assert [each.guest.name for each in today.due_in] == ["Since 4"]

    @time_machine.travel("2027-05-04 12:00Z")
    def test_who_is_late_comes_first_and_is_marked(self, desk):
        hotel = make_hotel(["1", "2", "3"])
        units = list(hotel.units.all())
        make_reservation(unit=units[0], arrival=dt.date(2027, 5, 4), guest="Due Today")
        make_reservation(unit=units[1], arrival=dt.date(2027, 5, 3), guest="Due Yesterday")
        make_reservation(unit=units[2], arrival=dt.date(2027, 5, 1), nights=2, guest="Never Left", status="in_house")

        desk.force_login(desk.user)
        response = desk.get("/")

        today = response.context["today"]
        assert [each.guest.name for each in today.due_in] == ["Due Yesterday", "Due Today"]
        assert [each.guest.name for each in today.due_out] == ["Never Left"]
        assert "Arrival delayed" in response.content.decode()
        assert "Departure delayed" in response.content.decode()

    def test_holds_that_end_soon_and_stays_without_a_room_are_not_forgotten(self, desk):
        hotel = make_hotel(["1"])
        soon = timezone.now() + dt.timedelta(hours=3)
        make_reservation(hotel, status=Status.HELD, hold_expires_at=soon, guest="Thinking It Over")
        lost = make_reservation(hotel, arrival=hotel.today(), guest="Overbooked")
        lost.occupancies.all().delete()

        today = desk.get("/").context["today"]

        assert [each.guest.name for each in today.holds] == ["Thinking It Over"]
        assert [each.guest.name for each in today.unassigned] == ["Overbooked"]

    def test_its_queries_do_not_grow(self, desk, django_assert_max_num_queries):
        for _ in range(5):
            flat = make_apartment()
            make_reservation(flat, arrival=flat.today())

        with django_assert_max_num_queries(12):  # session and user among them
            desk.get("/")

    def test_a_guest_is_checked_in_from_the_list_and_the_list_comes_back(self, desk):
        flat = make_apartment()
        reservation = make_reservation(flat, arrival=flat.today())

        response = desk.post(
            f"/reservations/{reservation.reference}/check-in/", headers={"Referer": "http://testserver/"}, follow=True
        )

        assert response.redirect_chain[0][0] == "/"
        assert "is checked in" in response.content.decode()
        assert [each.pk for each in response.context["today"].in_house] == [reservation.pk]
