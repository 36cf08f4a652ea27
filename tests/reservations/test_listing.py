import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reservations.models import Reservation, Status
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db


class TestList:
    @pytest.mark.parametrize("asked", ["okafor", "OKAFOR", "wojcik", "Wójcik", "harbour", "wójcik amara"])
    def test_it_finds_by_part_of_a_name_blind_to_case_and_accents(self, desk, asked):
        make_reservation(make_apartment("Harbour View"), guest="Amara Okafor-Wójcik")
        make_reservation(guest="Someone Else")

        page = desk.get("/reservations/", {"q": asked}).content.decode()

        assert "Amara Okafor-Wójcik" in page
        assert "Someone Else" not in page

    def test_it_finds_by_reference(self, desk):
        reservation = make_reservation(guest="Amara Okafor")
        make_reservation(guest="Someone Else")

        page = desk.get("/reservations/", {"q": reservation.reference.lower()}).content.decode()

        assert "Amara Okafor" in page
        assert "Someone Else" not in page

    def test_it_finds_the_stays_in_a_room_by_its_whole_name(self, desk):
        hotel = make_hotel(["302", "3021"])
        make_reservation(unit=hotel.units.get(name="302"), guest="Maria Silva")
        make_reservation(unit=hotel.units.get(name="3021"), guest="Tom Hughes")

        page = desk.get("/reservations/", {"q": "302"}).content.decode()

        assert "Maria Silva" in page
        assert "Tom Hughes" not in page

    def test_it_finds_who_sleeps_there_on_a_date(self, desk):
        make_reservation(arrival=ARRIVAL, nights=2, guest="Stays Over")
        make_reservation(arrival=ARRIVAL - dt.timedelta(days=2), nights=2, guest="Leaves That Day")

        page = desk.get("/reservations/", {"date": ARRIVAL.isoformat()}).content.decode()

        assert "Stays Over" in page
        assert "Leaves That Day" not in page

    @pytest.mark.parametrize(("asked", "found"), [("held", "Held Still"), ("expired", "Held Too Long")])
    def test_a_hold_that_has_lapsed_is_found_among_the_expired_ones(self, desk, asked, found):
        for guest, hours in [("Held Still", 1), ("Held Too Long", -1)]:
            ends = timezone.now() + dt.timedelta(hours=hours)
            make_reservation(guest=guest, status=Status.HELD, hold_expires_at=ends)

        page = desk.get("/reservations/", {"status": asked}).content.decode()

        assert [name for name in ("Held Still", "Held Too Long") if name in page] == [found]

    @pytest.mark.parametrize("hour", [9, 12, 23])
    @pytest.mark.parametrize(
        "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Auckland", "Europe/Lisbon"]
    )
    def test_what_is_past_goes_by_the_date_of_the_property(self, zone, hour):
        flat, lisbon = make_apartment(time_zone=zone), make_apartment()
        now = dt.datetime(2027, 5, 3, hour, 30, tzinfo=dt.UTC)
        ends = {}
        for property in (flat, lisbon):
            today = now.astimezone(property.zone).date()
            for days in (-1, 0):
                stay = make_reservation(
                    property, arrival=today + dt.timedelta(days=days - 2), nights=2, status="in_house"
                )
                ends[stay.pk] = days
                stay.occupancies.all().delete()

        with time_machine.travel(now):
            found = list(Reservation.objects.now_then_past())

        assert {stay.pk: stay.is_past for stay in found} == {key: days == -1 for key, days in ends.items()}
        assert [stay.is_past for stay in found] == [False, False, True, True]

    @pytest.mark.parametrize(
        "query",
        [
            "q=%25",
            "q=%5C",
            "q=_",
            "q='+OR+1=1",
            "date=abc",
            "property=abc",
            "status=x",
            "page=-1",
            "page=abc",
            "page=1e9",
        ],
    )
    def test_odd_questions_are_answered(self, desk, query):
        make_reservation()

        assert desk.get(f"/reservations/?{query}").status_code == 200

    def test_a_percent_sign_is_a_letter_like_any_other(self, desk):
        make_reservation(guest="Amara Okafor")

        assert "Amara Okafor" not in desk.get("/reservations/?q=%25").content.decode()

    def test_its_queries_do_not_grow_with_rows(self, desk):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                desk.get("/reservations/")
            return len(captured)

        make_reservation()
        few = queries()
        for _ in range(20):
            make_reservation()

        assert queries() == few
