"""The downtime pack: who is on which list, what stands in the rack, and five queries for any number of properties."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import Unit
from reservations.models import Closure, Guest, Occupancy, Status
from reservations.overview.downtime import pack
from tests.factories import make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 5, 3, 9, 5, tzinfo=dt.UTC)  # a Monday, 10:05 in Lisbon
TODAY = dt.date(2027, 5, 3)


def day(n):
    return TODAY + dt.timedelta(days=n)


@pytest.fixture(autouse=True)
def monday(database_clock):
    database_clock.stop_at(NOW)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hotel():
    return make_hotel(rooms=("101", "102", "103"), name="Harbour Hotel")


def room(hotel, name):
    return hotel.units.get(name=name)


def close(unit, first, nights):
    span = DateRange(first, first + dt.timedelta(days=nights))
    closure = Closure.objects.create(unit=unit, property=unit.property, nights=span, note="Boiler leaks")
    Occupancy.objects.create(unit=unit, property=unit.property, closure=closure, nights=span)


def make_unassigned(hotel, **fields):
    stay = make_reservation(hotel, **fields)
    with transaction.atomic():
        stay.occupancies.all().delete()
    return stay


def guests(lines):
    return [line.reservation.guest.name for line in lines]


def only_sheet(**options):
    (sheet,) = pack(None, **options)
    return sheet


class TestLists:
    def test_who_comes_leaves_and_stays_today(self, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(-2), nights=2, guest="Leaver", status=Status.IN_HOUSE)
        make_reservation(unit=room(hotel, "101"), arrival=day(0), nights=2, guest="Comer")
        make_reservation(unit=room(hotel, "102"), arrival=day(-1), nights=3, guest="Stayer", status=Status.IN_HOUSE)
        make_reservation(unit=room(hotel, "103"), arrival=day(5), nights=1, guest="Later")

        today, _ = only_sheet().days

        assert (guests(today.arrivals), guests(today.departures), guests(today.in_house)) == (
            ["Comer"],
            ["Leaver"],
            ["Stayer"],
        )

    def test_tomorrow_is_beside_it(self, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(0), nights=1, guest="Leaver")
        make_reservation(unit=room(hotel, "101"), arrival=day(1), nights=1, guest="Comer")
        make_reservation(unit=room(hotel, "102"), arrival=day(0), nights=3, guest="Stayer")

        _, tomorrow = only_sheet().days

        assert tomorrow.date == day(1)
        assert (guests(tomorrow.arrivals), guests(tomorrow.departures), guests(tomorrow.in_house)) == (
            ["Comer"],
            ["Leaver"],
            ["Stayer"],
        )

    def test_who_should_have_come_comes_today(self, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(-1), nights=3, guest="Late Arrival")

        today, tomorrow = only_sheet().days

        assert [line.reservation.guest.name for line in today.arrivals] == ["Late Arrival"]
        assert today.in_house == []
        assert tomorrow.arrivals == []

    def test_who_should_have_left_leaves_today_and_only_today(self, hotel):
        make_reservation(hotel, arrival=day(-4), nights=2, guest="Late", status=Status.IN_HOUSE)

        today, tomorrow = only_sheet().days

        assert guests(today.departures) == ["Late"]
        assert [line.room for line in today.departures] == ["101"]
        assert tomorrow.departures == []

    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.CHECKED_OUT, Status.EXPIRED])
    def test_who_does_not_sleep_here_is_on_no_list(self, hotel, status):
        make_reservation(hotel, arrival=day(0), status=status)

        today, tomorrow = only_sheet().days

        assert [*today.arrivals, *tomorrow.in_house] == []

    def test_on_the_day_of_a_move_both_rooms_are_named(self, hotel):
        with transaction.atomic():
            stay = make_reservation(unit=room(hotel, "101"), arrival=day(-1), nights=3, status=Status.IN_HOUSE)
            stay.occupancies.update(nights=DateRange(day(-1), day(1)))
            Occupancy.objects.create(
                unit=room(hotel, "102"), property=hotel, reservation=stay, nights=DateRange(day(1), day(2))
            )

        today, tomorrow = only_sheet().days

        assert [line.room for line in today.in_house] == ["101"]
        assert [line.room for line in tomorrow.in_house] == ["101 → 102"]

    def test_guests_are_sorted_by_name_when_they_come_and_by_room_when_they_stay(self, hotel):
        for name, guest in (("103", "Anna"), ("101", "Zoe"), ("102", "mia")):
            make_reservation(unit=room(hotel, name), arrival=day(0), guest=guest)

        today, tomorrow = only_sheet().days

        assert guests(today.arrivals) == ["Anna", "mia", "Zoe"]
        assert guests(tomorrow.in_house) == ["Zoe", "mia", "Anna"]

    def test_holds_that_end_by_tomorrow_night_are_listed_wherever_their_stay_is(self, hotel):
        held = {"status": Status.HELD, "arrival": day(200)}
        lisbon_midnight = dt.datetime(2027, 5, 4, 23, tzinfo=dt.UTC)
        make_reservation(
            unit=room(hotel, "101"), guest="Last", hold_expires_at=lisbon_midnight.replace(hour=22), **held
        )
        make_reservation(unit=room(hotel, "102"), guest="First", hold_expires_at=NOW + dt.timedelta(hours=1), **held)
        make_reservation(unit=room(hotel, "103"), guest="Later", hold_expires_at=lisbon_midnight, **held)

        assert guests(only_sheet().holds) == ["First", "Last"]

    def test_arrivals_without_a_room_are_listed(self, hotel):
        make_unassigned(hotel, arrival=day(3), guest="Overbooked")
        make_unassigned(hotel, arrival=day(30), guest="Far away")

        assert guests(only_sheet().unassigned) == ["Overbooked"]

    def test_a_hotel_that_counts_no_rooms_misses_none(self):
        make_reservation(make_hotel(rooms=()), arrival=day(0), guest="Nowhere")

        sheet = only_sheet()

        assert sheet.unassigned == []
        assert sheet.rack == []
        assert guests(sheet.days[0].arrivals) == ["Nowhere"]

    def test_closed_rooms_are_listed_while_they_are_closed(self, hotel):
        close(room(hotel, "102"), day(2), 2)
        close(room(hotel, "103"), day(20), 2)

        assert [closed.unit.name for closed in only_sheet().closures] == ["102"]


class TestRack:
    def test_each_row_fills_the_days_shown(self, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(-2), nights=3, guest="Early")
        make_reservation(unit=room(hotel, "101"), arrival=day(3), nights=20, guest="Long")
        close(room(hotel, "102"), day(0), 2)

        for days in (7, 14):
            sheet = only_sheet(days=days)

            assert len(sheet.dates) == days
            assert [sum(cell.nights for cell in row.cells) for row in sheet.rack] == [days] * 3

    def test_a_stay_is_cut_at_the_edges_and_says_so(self, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(-2), nights=3, guest="Early")
        make_reservation(unit=room(hotel, "101"), arrival=day(3), nights=20, guest="Long")

        early, _, _, long = only_sheet().rack[0].cells

        assert (early.nights, early.began_before, early.goes_on) == (1, True, False)
        assert (long.nights, long.began_before, long.goes_on) == (4, False, True)

    def test_a_lapsed_hold_leaves_its_nights_free(self, hotel):
        lapsed = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        make_reservation(unit=room(hotel, "101"), arrival=day(0), status=Status.HELD, hold_expires_at=lapsed)

        assert all(cell.taken is None for cell in only_sheet().rack[0].cells)

    def test_archived_rooms_have_no_row(self, hotel):
        Unit.objects.filter(name="102").update(archived_at=timezone.now())

        assert [row.unit.name for row in only_sheet().rack] == ["101", "103"]


class TestSheets:
    def test_a_hotel_has_one_and_apartments_of_a_zone_share_one(self, hotel):
        for name, zone in (("Quay 7", "Europe/Lisbon"), ("Loft", "Europe/Lisbon"), ("Shibuya 2", "Asia/Tokyo")):
            make_apartment(name, time_zone=zone)

        sheets = pack(None)

        assert [(sheet.name, [row.unit.name for row in sheet.rack]) for sheet in sheets] == [
            ("Harbour Hotel", ["101", "102", "103"]),
            ("Apartments", ["Loft", "Quay 7"]),
            ("Shibuya 2", ["Shibuya 2"]),
        ]

    def test_each_goes_by_its_own_date_and_clock(self, database_clock):
        make_apartment("Shibuya 2", time_zone="Asia/Tokyo")
        make_apartment("Sunset 5", time_zone="America/Los_Angeles")

        late = dt.datetime(2027, 5, 3, 23, 30, tzinfo=dt.UTC)
        database_clock.stop_at(late)
        with time_machine.travel(late, tick=False):
            tokyo, angeles = pack(None)

        assert (tokyo.days[0].date, f"{tokyo.printed_at:%H:%M}") == (day(1), "08:30")
        assert (angeles.days[0].date, f"{angeles.printed_at:%H:%M}") == (day(0), "16:30")

    def test_one_property_can_be_asked_for(self, hotel):
        flat = make_apartment("Quay 7")

        assert [sheet.name for sheet in pack(None, property=flat)] == ["Quay 7"]

    def test_five_queries_for_any_number_of_properties_and_stays(self, django_assert_num_queries):
        for _ in range(3):
            hotel = make_hotel(rooms=("1", "2", "3"))
            for unit in hotel.units.all():
                make_reservation(unit=unit, arrival=day(0))
            make_unassigned(make_apartment(), arrival=day(1))
            close(make_apartment().units.get(), day(0), 3)

        with django_assert_num_queries(5):
            assert len(pack(None)) == 4


class TestThePage:
    def text_of(self, response):
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())

    def test_it_shows_names_telephones_and_the_time(self, desk, hotel):
        make_reservation(unit=room(hotel, "101"), arrival=day(0), guest="Amara Okafor")
        Guest.objects.update(phone="+351 912 345 678")
        close(room(hotel, "103"), day(1), 2)

        response = desk.get("/downtime/")

        read = self.text_of(response)
        assert "As of Mon 3 May 2027, 10:05 (Europe/Lisbon)" in read
        assert re.search(r"Arrivals 1 .* 101 Amara Okafor .* \+351 912 345 678", read)
        assert "Out of order Boiler leaks" in read
        assert 'href="tel:+351912345678"' in response.content.decode()

    def test_the_browser_itself_keeps_no_copy(self, desk, hotel):
        assert desk.get("/downtime/").headers["Cache-Control"] == "private, no-store"

    def test_nothing_of_the_session_is_in_it(self, desk, hotel):
        page = desk.get("/downtime/").content.decode()

        assert "csrf" not in page
        assert "nonce=" not in page
        assert str(desk.user) not in page

    @pytest.mark.parametrize("query", ["?days=14", "?days=x&property=999", "?property=abc", ""])
    def test_any_question_is_answered(self, desk, hotel, query):
        response = desk.get(f"/downtime/{query}")

        assert response.status_code == 200
        assert response.content.decode().count('<th scope="col">') >= (14 if "14" in query else 7)

    def test_an_empty_site_says_so(self, desk):
        assert "There is no property yet." in self.text_of(desk.get("/downtime/"))

    @pytest.mark.parametrize("path", ["/", "/calendar/"])
    def test_it_is_one_press_away(self, desk, hotel, path):
        assert '<a class="btn btn-outline-secondary" href="/downtime/">Print</a>' in desk.get(path).content.decode()


class TestTheCopy:
    def test_the_worker_is_served_at_the_root(self, desk):
        response = desk.get("/service-worker.js")

        assert response.headers["Content-Type"].startswith("text/javascript")
        assert response.headers["Cache-Control"] == "no-cache"
        assert b'addEventListener("fetch"' in response.getvalue()

    def test_the_policy_lets_only_our_own_worker_in(self, desk):
        assert "worker-src 'self'" in desk.get("/").headers["Content-Security-Policy"]

    def test_pages_tell_which_files_the_copy_needs(self, desk, hotel):
        page, copied = desk.get("/").content.decode(), desk.get("/downtime/").content.decode()

        precached = re.search(
            r"<offline-pack data-worker=\"/service-worker.js\?[^\"]+\" data-pack=\"/downtime/\" data-files='\[(.*?)\]'",
            page,
        )[1]

        linked = re.findall(r'"(/static/[^"]*)"', copied)
        assert sorted(re.findall(r'"([^"]*)"', precached)) == sorted(linked)

    def test_who_is_signed_out_keeps_none(self, client):
        assert "<offline-pack" not in client.get("/accounts/login/").content.decode()

    def test_a_site_that_shares_its_desks_switches_it_off(self, desk, settings):
        settings.OFFLINE_PACK = False

        assert "<offline-pack hidden>" in desk.get("/").content.decode()
        assert desk.get("/service-worker.js").status_code == 404
