import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateRange

from properties.models import RoomType
from reservations.models import Closure, Occupancy, Reservation, Status
from reservations.tape import chart as tape_chart
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

MAY = {"first": "2027-05-01", "days": 14}
BAR = re.compile(r'<a class="bar (?P<css>[^"]*)" id="(?P<id>[^"]*)"(?P<rest>[^>]*)>')


def bars(response):
    """The bars of a page by the words that a screen reader says, each as its class and the rest of its tag."""
    drawn = [match.groupdict() for match in BAR.finditer(response.content.decode())]
    return {unescape(re.search(r'aria-label="([^"]*)"', bar["rest"])[1]): bar for bar in drawn}


def only_bar(response):
    [(words, bar)] = bars(response).items()
    return words, bar


def place(bar):
    return tuple(map(int, re.search(r"--from: (\d+); --to: (\d+)", bar["rest"]).groups()))


def close(unit, arrival, nights, **fields):
    nights = DateRange(arrival, arrival + dt.timedelta(days=nights))
    closure = Closure.objects.create(unit=unit, property=unit.property, nights=nights, **fields)
    Occupancy.objects.create(unit=unit, property=unit.property, closure=closure, nights=nights)
    return closure


def unassigned(hotel, arrival, nights, **fields):
    stay = make_reservation(hotel, arrival=arrival, nights=nights, status=Status.CANCELLED)
    Reservation.objects.filter(pk=stay.pk).update(**{"status": Status.CONFIRMED} | fields)
    return stay


def make_types(hotel, **rooms_by_type):
    for position, (name, rooms) in enumerate(rooms_by_type.items()):
        kind = RoomType.objects.create(property=hotel, name=name, sleeps=2, nightly_rate=90, position=position)
        hotel.units.filter(name__in=rooms).update(room_type=kind)


def groups(response):
    return [group.name for group in response.context["chart"].groups]


def shown_rooms(response):
    return [row.room.name for group in response.context["chart"].groups for row in group.rows]


class TestWhereBarsLie:
    def test_a_stay_runs_from_noon_to_noon(self, desk):
        make_reservation(arrival=ARRIVAL, nights=3)

        _, bar = only_bar(desk.get("/calendar/", MAY))

        assert place(bar) == (5, 11)  # half days from the midnight before 1 May

    def test_a_stay_over_the_edge_is_cut_there(self, desk):
        make_reservation(arrival=ARRIVAL, nights=60)

        response = desk.get("/calendar/", {"first": "2027-05-10", "days": 14})

        _, bar = only_bar(response)
        assert place(bar) == (0, 28)
        assert "from-before until-after" in bar["css"]
        assert response.context["chart"].occupied == 100

    def test_who_leaves_on_the_first_day_is_still_there_in_the_morning(self, desk):
        make_reservation(arrival=ARRIVAL, nights=3)

        _, bar = only_bar(desk.get("/calendar/", {"first": "2027-05-06", "days": 14}))

        assert place(bar) == (0, 1)

    def test_who_leaves_before_or_comes_after_is_not(self, desk):
        make_reservation(arrival=ARRIVAL, nights=3)

        for first in ("2027-05-07", "2027-04-19"):
            assert bars(desk.get("/calendar/", {"first": first, "days": 14})) == {}

    @pytest.mark.parametrize("query", ["first=abc", "first=0001-01-01", "first=9999-12-31", "days=7", "days=x"])
    def test_the_calendar_stands_somewhere_whatever_is_asked(self, desk, query):
        make_reservation()

        assert desk.get(f"/calendar/?{query}").status_code == 200

    def test_a_split_stay_has_a_bar_in_each_room_and_each_says_so(self, desk):
        hotel = make_hotel(["101", "102"])
        first, second = hotel.units.all()
        stay = make_reservation(unit=first, arrival=ARRIVAL, nights=4)
        part = stay.occupancies.get()
        part.nights = DateRange(ARRIVAL, ARRIVAL + dt.timedelta(days=1))
        part.save()
        rest = DateRange(ARRIVAL + dt.timedelta(days=1), stay.departure)
        Occupancy.objects.create(unit=second, property=hotel, reservation=stay, nights=rest)

        drawn = bars(desk.get("/calendar/", MAY))

        (one, one_bar), (other, other_bar) = drawn.items()
        assert "goes on in another room" in one
        assert "comes from another room" in other
        for bar in (one_bar, other_bar):
            assert 'data-whole-arrival="2027-05-03" data-whole-departure="2027-05-07"' in bar["rest"]


class TestWhatBarsSay:
    def test_guest_state_and_dates(self, desk):
        stay = make_reservation(guest="Marta <Wójcik>", nights=3)

        words, bar = only_bar(desk.get("/calendar/", MAY))

        assert words == "Marta <Wójcik>, Confirmed, 3–6 May"
        assert bar["css"] == "is-confirmed"
        assert f'href="/reservations/{stay.reference}/" data-reference="{stay.reference}"' in bar["rest"]
        assert 'data-arrival="2027-05-03" data-departure="2027-05-06"' in bar["rest"]

    @time_machine.travel("2027-05-02 12:00Z", tick=False)
    @pytest.mark.parametrize(
        ("ends", "said"),
        [
            ("2027-05-02 21:30+00:00", "until 22:30"),
            ("2027-05-03 23:30+00:00", "until Tue 00:30"),
            ("2027-05-20 12:00+00:00", "until 20 May"),
        ],
    )
    def test_a_holds_end_by_the_propertys_clock(self, desk, ends, said):
        make_reservation(status=Status.HELD, hold_expires_at=dt.datetime.fromisoformat(ends))

        desk.force_login(desk.user)  # the session of the other year is over
        words, bar = only_bar(desk.get("/calendar/", MAY))

        assert f"Held {said}" in words
        assert bar["css"] == "is-held"

    def test_a_lapsed_hold_takes_no_nights(self, desk):
        make_reservation(status=Status.HELD, hold_expires_at=timezone.now() - dt.timedelta(seconds=1))

        response = desk.get("/calendar/", MAY)

        assert bars(response) == {}
        assert response.context["chart"].groups[0].free == [1] * 14

    def test_a_promised_room_is_locked(self, desk):
        make_reservation(is_locked=True)

        assert "locked to its room" in only_bar(desk.get("/calendar/", MAY))[0]

    def test_a_closure_gives_its_reason(self, desk):
        closure = close(make_apartment().units.get(), ARRIVAL, 2, kind="maintenance", note="Boiler & tap")

        words, bar = only_bar(desk.get("/calendar/", MAY))

        assert words == "Maintenance: Boiler & tap, closed 3–5 May"
        assert bar["css"] == "is-closed"
        assert f'href="/closures/{closure.pk}/" data-closure="{closure.pk}"' in bar["rest"]

    @pytest.mark.parametrize(
        ("status", "now", "said"),
        [
            (Status.CONFIRMED, "2027-05-03 22:30Z", "Confirmed"),
            (Status.CONFIRMED, "2027-05-03 23:30Z", "Arrival delayed"),  # in Lisbon it is the 4th
            (Status.IN_HOUSE, "2027-05-06 09:30Z", "In house"),
            (Status.IN_HOUSE, "2027-05-06 10:30Z", "Departure delayed"),  # in Lisbon check-out time, 11:00, is over
            (Status.CHECKED_OUT, "2027-05-09 12:00Z", "Checked out"),
        ],
    )
    def test_delays_are_told_by_the_propertys_date(self, desk, status, now, said):
        make_reservation(status=status, nights=3)

        with time_machine.travel(now):
            desk.force_login(desk.user)
            words, bar = only_bar(desk.get("/calendar/", MAY))

        assert f", {said}, " in words
        assert ("is-problem" in bar["css"]) == said.endswith("delayed")


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

    def test_a_house_without_rooms_is_led_to_properties(self, desk):
        assert "Go to properties" in desk.get("/calendar/").content.decode()

    def test_a_collapsed_group_is_still_collapsed(self, desk):
        make_apartment()
        desk.cookies["calendar_collapsed"] = "type-7.apartments"

        content = desk.get("/calendar/", MAY).content.decode()

        assert re.search(r'id="group-apartments"[^>]*>', content)[0].endswith('">')


class TestWithoutARoom:
    def test_stays_that_have_none_lie_side_by_side_in_their_propertys_lane(self, desk):
        hotel = make_hotel(["1"])
        for arrival, nights in ((ARRIVAL, 3), (ARRIVAL, 2), (ARRIVAL + dt.timedelta(days=2), 2)):
            unassigned(hotel, arrival, nights)

        [group] = desk.get("/calendar/", MAY).context["chart"].groups

        [lane] = group.lanes
        assert [bar.level for bar in lane.bars] == [0, 1, 1]
        assert lane.levels == 2

    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.NO_SHOW, Status.EXPIRED])
    def test_not_those_that_gave_their_nights_back(self, desk, status):
        unassigned(make_hotel(), ARRIVAL, 2, status=status)

        assert bars(desk.get("/calendar/", MAY)) == {}

    def test_not_those_of_a_hotel_that_never_listed_a_room(self, desk):
        make_apartment()
        unassigned(make_hotel([]), ARRIVAL, 2)

        assert bars(desk.get("/calendar/", MAY)) == {}

    @pytest.mark.parametrize("first", ["2027-05-01", "2027-05-04", "2027-05-05", "2027-05-07"])
    def test_not_those_that_have_one_however_little_of_them_is_on_the_page(self, desk, first):
        hotel = make_hotel(["1", "2"])
        one, two = hotel.units.all()
        stay = make_reservation(unit=one, arrival=ARRIVAL, nights=4)
        stay.occupancies.update(nights=DateRange(ARRIVAL, ARRIVAL + dt.timedelta(days=2)))
        rest = DateRange(ARRIVAL + dt.timedelta(days=2), stay.departure)
        Occupancy.objects.create(unit=two, property=hotel, reservation=stay, nights=rest)
        make_reservation(unit=one, arrival=stay.departure, nights=60)

        [group] = desk.get("/calendar/", {"first": first, "days": 14}).context["chart"].groups

        assert [lane.bars for lane in group.lanes] == [[]]

    def test_only_in_its_own_property(self, desk):
        hotel, other = make_hotel(["1"], name="A"), make_hotel(["1"], name="B")
        unassigned(hotel, ARRIVAL, 2)

        for house, count in ((hotel, 1), (other, 0)):
            assert len(bars(desk.get("/calendar/", MAY | {"property": house.pk}))) == count

    def test_a_hotel_whose_rooms_are_all_archived_still_has_its_lane(self, desk):
        hotel = make_hotel(["1"])
        hotel.units.update(archived_at=timezone.now())
        make_apartment()
        unassigned(hotel, ARRIVAL, 2)

        assert len(bars(desk.get("/calendar/", MAY))) == 1


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
            options = re.findall(r'<option value="(\d*)"( selected)?>([^<]*)<', select)
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

    assert queries(desk, "/calendar/", **MAY) == few <= 9
    assert queries(desk, "/calendar/", **MAY, property=hotel.pk) <= 9
