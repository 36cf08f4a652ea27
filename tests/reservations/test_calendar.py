"""The tape chart's page: its rows and counts, its filters, what it remembers and how often it asks."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from properties.models import RoomType
from reservations import booking
from reservations.models import Status
from reservations.tape import chart as tape_chart
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_rate, make_reservation, make_room_type
from tests.reservations.chart import MAY, bars, close, unassigned

pytestmark = pytest.mark.django_db


def make_types(hotel, **rooms_by_type):
    for position, (name, rooms) in enumerate(rooms_by_type.items()):
        kind = RoomType.objects.create(property=hotel, name=name, sleeps=2, nightly_rate=90, position=position)
        hotel.units.filter(name__in=rooms).update(room_type=kind)


def groups(response):
    return [group.name for group in response.context["chart"].groups]


def shown_rooms(response):
    return [row.room.name for group in response.context["chart"].groups for row in group.rows]


class TestRowsAndCounts:
    def test_hotels_come_by_type_and_apartments_together(self, desk):
        make_apartment("Flat A")
        make_types(make_hotel(["1", "2", "3"], name="Quay Hotel"), Family=["2"], Double=["1"])
        make_apartment("Flat B")

        response = desk.get("/calendar/", MAY)

        assert groups(response) == ["Family", "Double", "Quay Hotel", "Apartments"]
        assert shown_rooms(response) == ["2", "1", "3", "Flat A", "Flat B"]

    def test_free_rooms_and_occupancy_per_night(self, desk):
        hotel = make_hotel(["1", "2", "3", "4"])
        one, two, _, _ = hotel.units.all()
        make_reservation(unit=one, arrival=dt.date(2027, 5, 1), nights=2)
        close(two, dt.date(2027, 5, 2), 2)

        chart = desk.get("/calendar/", MAY).context["chart"]

        assert chart.groups[0].free[:4] == [3, 2, 3, 4]
        assert [day.percent for day in chart.days][:4] == [25, 33, 0, 0]

    def test_archived_rooms_have_no_row(self, desk):
        hotel = make_hotel(["1", "2"])
        hotel.units.filter(name="1").update(archived_at=timezone.now())

        assert shown_rooms(desk.get("/calendar/", MAY)) == ["2"]

    def test_beyond_the_most_rows_whole_properties_are_left_out_and_the_page_says_so(self, desk, monkeypatch):
        monkeypatch.setattr(tape_chart, "MOST_ROWS", 3)
        make_hotel(["1", "2"], name="A")
        make_hotel(["3", "4"], name="B")

        response = desk.get("/calendar/", MAY)

        assert shown_rooms(response) == ["1", "2"]
        assert "2 more rooms" in response.content.decode()

    def test_a_site_without_rooms_is_led_to_properties(self, desk):
        assert "Go to properties" in desk.get("/calendar/").content.decode()

    def test_a_collapsed_group_is_still_collapsed(self, desk):
        make_apartment()
        desk.cookies["calendar_collapsed"] = "type-7.apartments"

        content = desk.get("/calendar/", MAY).content.decode()

        assert re.search(r'id="group-apartments"[^>]*>', content)[0].endswith('">')


class TestFilters:
    def test_property_type_and_floor_leave_rows_out(self, desk):
        hotel = make_hotel(["1", "2", "3"])
        make_types(hotel, Double=["1", "2"])
        hotel.units.filter(name__in=["2", "3"]).update(floor="Upper")
        make_apartment("Flat A")

        def asked(**filters):
            return shown_rooms(desk.get("/calendar/", MAY | filters))

        assert asked(property=hotel.pk) == ["1", "2", "3"]
        assert asked(room_type=hotel.room_types.get().pk) == ["1", "2"]
        assert asked(floor="Upper") == ["2", "3"]
        assert asked(property=hotel.pk, floor="Upper", room_type=hotel.room_types.get().pk) == ["2"]

    def test_a_state_keeps_its_rows_and_pales_the_others_bars(self, desk):
        one, two, three = make_hotel(["1", "2", "3"]).units.all()
        make_reservation(unit=one, guest="Wanted", status=Status.IN_HOUSE)
        make_reservation(unit=one, guest="Beside", arrival=dt.date(2027, 5, 8), nights=1)
        make_reservation(unit=two, guest="Elsewhere")
        close(three, ARRIVAL, 1)

        response = desk.get("/calendar/", MAY | {"status": "in_house"})

        assert shown_rooms(response) == ["1"]
        assert {words.split(",")[0]: "is-faint" in bar["css"] for words, bar in bars(response).items()} == {
            "Wanted": False,
            "Beside": True,
        }
        assert shown_rooms(desk.get("/calendar/", MAY | {"status": "closed"})) == ["3"]

    def test_what_matches_nothing_is_said_in_words(self, desk):
        make_reservation()

        content = desk.get("/calendar/", MAY | {"status": "checked_out"}).content.decode()

        assert "nothing is like that: Checked out" in content

    def test_from_one_property_one_can_go_to_any_other(self, desk):
        hotel, other = make_hotel(["1"], name="Quay & Sons"), make_apartment("Flat <A>")
        make_hotel([], name="Without rooms")

        for asked in ({}, {"property": hotel.pk}):
            content = desk.get("/calendar/", MAY | asked).content.decode()
            [select] = re.findall(r'<select[^>]*name="property"[^>]*>.*?</select>', content)
            options = re.findall(r'<option value="(\d*)"( selected)?(?: translate="no")?>([^<]*)<', select)
            assert [(key, unescape(name)) for key, _, name in options] == [
                ("", "All properties"),
                (str(hotel.pk), "Quay & Sons"),
                (str(other.pk), "Flat <A>"),
            ]
            assert [key for key, selected, _ in options if selected] == [str(asked.get("property", ""))]

    def test_today_is_that_of_the_property_that_is_shown(self, desk):
        make_hotel(["1"], name="A")  # in Lisbon, where the 2nd has just begun
        far = make_hotel(["1"], name="B", time_zone="Pacific/Honolulu")

        with time_machine.travel("2027-05-01 23:30Z"):
            desk.force_login(desk.user)
            days = desk.get("/calendar/", MAY | {"property": far.pk}).context["chart"].days

        assert [day.date.day for day in days if day.is_today] == [1]

    def test_what_is_not_there_any_more_is_not_asked_for(self, desk):
        make_apartment("Flat A")

        response = desk.get("/calendar/", MAY | {"property": 999_999, "room_type": "x", "status": "asleep"})

        assert shown_rooms(response) == ["Flat A"]

    def test_an_htmx_filter_gets_the_calendar_alone(self, desk):
        make_apartment()

        content = desk.get("/calendar/", MAY, headers={"HX-Request": "true", "HX-Target": "calendar"}).content.decode()

        assert "<html" not in content
        assert 'id="calendar"' in content


class TestItRemembers:
    def test_span_position_and_filters_when_one_comes_back(self, desk):
        hotel = make_hotel(["1"])
        make_apartment()
        desk.get("/calendar/", {"first": "2027-05-10", "days": 56, "property": hotel.pk})

        position = desk.get("/calendar/").context["chart"].position

        assert (position.first, position.days, position.property) == (dt.date(2027, 5, 10), 56, hotel.pk)

    def test_now_is_not_a_place_to_come_back_to(self, desk):
        make_apartment()
        desk.get("/calendar/", MAY)

        desk.get("/calendar/", {"days": 14})

        chart = desk.get("/calendar/").context["chart"]
        assert any(day.is_today for day in chart.days)
        assert len(chart.days) == 14


class TestCards:
    def test_a_stays_card_answers_the_telephone(self, desk):
        stay = make_reservation(make_hotel(["12"]), guest="Marta Wójcik", nights=3)
        stay.guest.phone = "+351 912 000 111"
        stay.guest.save()

        content = desk.get(f"/calendar/card/{stay.reference}/").content.decode()

        for fact in ("Marta Wójcik", "3–6 May 2027, 3 nights", "12", "+351 912 000 111", "€270.00", "Confirmed"):
            assert fact in content

    def test_a_closures_card_says_why(self, desk):
        closure = close(make_apartment().units.get(), ARRIVAL, 2, note="Boiler")

        assert "Boiler" in desk.get(f"/calendar/closure/{closure.pk}/").content.decode()

    def test_what_is_not_there_has_none(self, desk):
        assert desk.get("/calendar/card/RT-ZZZZZ/").status_code == 404
        assert desk.get("/calendar/closure/7/").status_code == 404


def queries(desk, address, **asked):
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(address, asked).status_code == 200
    return len(captured)


def test_its_queries_do_not_grow_with_rows_stays_and_lanes(desk):
    make_reservation()
    few = queries(desk, "/calendar/", **MAY)
    for _ in range(8):
        hotel = make_hotel(["1", "2"])
        for unit in hotel.units.all():
            make_reservation(unit=unit, status=Status.HELD, hold_expires_at=timezone.now() + dt.timedelta(hours=2))
        unassigned(hotel, ARRIVAL, 2)

    assert queries(desk, "/calendar/", **MAY) == few <= 10
    assert queries(desk, "/calendar/", **MAY, property=hotel.pk) <= 10


class TestHeadAndNames:
    @pytest.mark.parametrize(
        ("first", "days", "named"),
        [
            ("2027-05-01", 14, [("May 2027", 14)]),
            ("2026-11-26", 56, [("Nov 2026", 5), ("December", 31), ("January 2027", 20)]),
            ("2027-04-29", 14, [("Apr", 2), ("May 2027", 12)]),
            ("2027-12-20", 14, [("December 2027", 12), ("Jan", 2)]),
        ],
    )
    def test_months_span_their_days_and_the_year_is_told_where_it_changes(self, desk, first, days, named):
        make_apartment()

        chart = desk.get("/calendar/", {"first": first, "days": days}).context["chart"]

        assert chart.months == named

    @pytest.mark.parametrize(
        ("name", "lines"),
        [
            ("101", ["101"]),
            ("Suite Kaiserin Elisabeth 101", ["Suite Kaiserin ", "Elisabeth 101"]),
            ("Garden & Sons 7", ["Garden ", "& Sons 7"]),
            ("Kaiserinelisabethsuite101", ["Kaiserinelis", "abethsuite101"]),
            ("The very long wing of the garden, room 12", ["The very long wing of the garden, ", "room 12"]),
        ],
    )
    def test_a_long_name_has_two_lines_and_its_end_is_never_cut(self, desk, name, lines):
        make_hotel([name])

        content = desk.get("/calendar/", MAY).content.decode()

        [shown] = re.findall(r'<div class="tape-unit"[^>]*><span[^>]*translate="no">(.*?)</span> <small>', content)
        assert [unescape(line) for line in re.sub(r"</?span>", "|", shown).split("|") if line] == lines

    @pytest.mark.parametrize(
        ("days", "nights", "short"),
        [(14, 1, None), (28, 1, "MW"), (28, 2, None), (56, 1, "W"), (56, 2, "MW"), (56, 4, "Wójcik"), (56, 9, None)],
    )
    def test_what_a_bar_shows_in_narrow_columns(self, desk, days, nights, short):
        make_reservation(unit=make_hotel(["1"]).units.get(), guest="Marta Wójcik", nights=nights)

        content = desk.get("/calendar/", MAY | {"days": days}).content.decode()

        assert re.findall(r'data-short="([^"]*)"', content) == ([] if short is None else [short])


class TestPrices:
    """What the chart asks of free nights."""

    def ask(self, desk, unit, arrival, departure):
        return desk.get(f"/calendar/prices/?unit={unit.pk}&arrival={arrival}&departure={departure}")

    def test_each_night_and_their_total_come_from_the_rate_table(self, desk):
        hotel = make_hotel(["101"])
        make_rate(hotel, first_night="2027-05-04", last_night="2027-05-04", nightly_rate="134.50")

        answer = self.ask(desk, hotel.units.get(), "2027-05-03", "2027-05-06")

        assert answer.json() == {"nights": ["€90", "€134.50", "€90"], "total": "€314.50"}

    def test_the_room_type_counts(self, desk):
        hotel = make_hotel(["101"])
        hotel.units.update(room_type=make_room_type(hotel, nightly_rate=118))

        assert self.ask(desk, hotel.units.get(), "2027-05-03", "2027-05-05").json()["total"] == "€236"

    def test_a_stay_that_would_be_moved_says_by_how_much_it_gets_dearer(self, desk):
        hotel = make_hotel(["101", "102", "301"])
        double, suite = make_room_type(hotel, nightly_rate=90), make_room_type(hotel, "Suite", nightly_rate=134)
        hotel.units.exclude(name="301").update(room_type=double)
        hotel.units.filter(name="301").update(room_type=suite)
        one, other, better = hotel.units.order_by("name")
        stay = make_reservation(unit=one, arrival=dt.date(2027, 5, 3), nights=2)

        def difference(unit, arrival, departure):
            where = {"unit": unit.pk, "arrival": arrival, "departure": departure}
            moving = {"reference": stay.reference, "segment": stay.segments[0].pk}
            return desk.get("/calendar/prices/", where | moving).json()["difference"]

        assert difference(other, "2027-05-03", "2027-05-05") == ""
        assert difference(one, "2027-05-03", "2027-05-07") == "+€180.00"
        assert difference(one, "2027-05-03", "2027-05-04") == "−€90.00"
        assert difference(better, "2027-05-03", "2027-05-05") == "+€88.00"
        assert difference(better, "2027-05-10", "2027-05-13") == "+€222.00"

    def test_of_a_stay_in_two_rooms_the_part_is_moved(self, desk):
        hotel = make_hotel(["101", "102", "103"])
        one, other, third = hotel.units.order_by("name")
        stay = make_reservation(unit=one, arrival=dt.date(2027, 5, 3), nights=4)
        stay = booking.split(reservation=stay, night=dt.date(2027, 5, 5), unit=other, actor=None)
        asked = {"unit": third.pk, "reference": stay.reference, "segment": stay.segments[1].pk}

        longer = desk.get("/calendar/prices/", asked | {"arrival": "2027-05-05", "departure": "2027-05-08"})
        gone = desk.get("/calendar/prices/", asked | {"arrival": "2027-05-01", "departure": "2027-05-08"})

        assert longer.json()["difference"] == "+€90.00"
        assert gone.json()["difference"] == ""

    def test_nights_that_make_no_stay_have_none(self, desk):
        answer = self.ask(desk, make_hotel(["101"]).units.get(), "2027-05-06", "2027-05-03")

        assert (answer.status_code, answer.json()) == (422, {"nights": [], "total": ""})

    def test_it_takes_few_queries(self, desk, django_assert_max_num_queries):
        unit = make_hotel(["101"]).units.get()

        with django_assert_max_num_queries(5):
            self.ask(desk, unit, "2027-05-03", "2027-06-28")
