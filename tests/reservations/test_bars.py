"""The bars of the tape chart: where they lie, and what they say."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone
from psycopg2.extras import DateRange

from reservations.models import Occupancy, Status
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation
from tests.reservations.chart import MAY, bars, close, unassigned

pytestmark = pytest.mark.django_db


def only_bar(response):
    [(words, bar)] = bars(response).items()
    return words, bar


def place(bar):
    return tuple(map(int, re.search(r"--from: (\d+); --to: (\d+)", bar["rest"]).groups()))


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
        segment = stay.occupancies.get()
        segment.nights = DateRange(ARRIVAL, ARRIVAL + dt.timedelta(days=1))
        segment.save()
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

    def test_not_those_who_left_within_the_hour_and_whose_room_was_sold_again(self, desk):
        unassigned(make_hotel(), ARRIVAL, 1, status=Status.CHECKED_OUT)

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

        for place, count in ((hotel, 1), (other, 0)):
            assert len(bars(desk.get("/calendar/", MAY | {"property": place.pk}))) == count

    def test_a_hotel_whose_rooms_are_all_archived_still_has_its_lane(self, desk):
        hotel = make_hotel(["1"])
        hotel.units.update(archived_at=timezone.now())
        make_apartment()
        unassigned(hotel, ARRIVAL, 2)

        assert len(bars(desk.get("/calendar/", MAY))) == 1
