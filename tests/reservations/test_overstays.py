"""A room is free in the calendar and not empty: its party was due to leave and has not been checked out."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Scope
from reservations import availability, booking, wording
from reservations.availability import reallocation
from reservations.booking import lifecycle
from reservations.models import Status
from reservations.offers import group_hints, room_search
from reservations.stay import Stay
from reservations.tape import chart
from tests.api.programs import Program
from tests.factories import make_booking, make_change, make_hotel, make_reservation
from tests.reservations.test_who_is_there import NOON, TODAY, check_in, day, fresh, room, stay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def program(alice):
    return Program.of(alice)


@pytest.fixture
def hotel():
    return make_hotel(["101", "102", "103"])


@pytest.fixture
def over(hotel):
    """Anna Over was to leave 101 yesterday and is still there; 102 and 103 are free."""
    return stay(hotel, "101", -2, -1, Status.IN_HOUSE, guest="Anna Over")


TONIGHT = Stay(TODAY, TODAY + dt.timedelta(days=2))


def take(hotel, name):
    stay(hotel, name, 0, 2, guest=f"Guest of {name}")


class TestARoomThatIsNotEmpty:
    def book(self, hotel, **wanted):
        wanted = {"stay": TONIGHT, "guest_name": "Ben Two", "party_size": 1, "actor": None} | wanted
        return make_booking(property=hotel, **wanted)

    def test_any_room_is_one_that_is_empty(self, hotel, over):
        make_reservation(hotel, unit=room(hotel, "101"), arrival=day(2), nights=2)  # the tightest gap

        ben = self.book(hotel)

        assert ben.unit.name == "102"
        check_in(ben)

    def test_the_only_room_is_given_and_everyone_is_told(self, hotel, over):
        take(hotel, "102"), take(hotel, "103")

        answer = availability.answer(property=hotel, unit=None, stay=TONIGHT, party_size=1, length=2)

        assert self.book(hotel).unit.name == "101"
        assert wording.not_left(answer.not_left) == "Anna Over has not left room 101 yet"

    def test_whoever_asks_for_it_by_name_is_told(self, hotel, over):
        answer = availability.answer(property=hotel, unit=room(hotel, "101"), stay=TONIGHT)

        assert (answer.is_free, answer.not_left.reservation) == (True, over)

    def test_later_nights_are_not_in_the_way(self, hotel, over):
        tomorrow = Stay.of_nights(day(1), 2)

        assert availability.answer(property=hotel, unit=None, stay=tomorrow).room.name == "101"

    def test_they_may_stay_longer_themselves(self, hotel, over):
        self.stay_longer(over)

        assert [(segment.unit.name, segment.stay) for segment in fresh(over).segments] == [
            ("101", Stay(day(-2), day(2)))
        ]

    def test_the_nights_since_they_were_to_leave_are_somewhere_when_they_stay_longer_elsewhere(self, hotel, over):
        take(hotel, "101")

        self.stay_longer(over)

        assert [(segment.unit.name, segment.stay) for segment in fresh(over).segments] == [
            ("101", Stay(day(-2), day(-1))),
            ("102", Stay(day(-1), day(2))),
        ]

    def stay_longer(self, over):
        stay = Stay(over.arrival, day(2))
        make_change(reservation=over, stay=stay, guest_name="", party_size=2, actor=None, pricing="keep")

    def test_a_guest_who_leaves_today_is_late_after_the_hour_of_check_out(self, hotel):
        stay(hotel, "101", -2, 0, Status.IN_HOUSE, guest="Anna Late")

        is_late = {}
        for hour in (8, 12):
            with time_machine.travel(dt.datetime(2027, 5, 10, hour, tzinfo=dt.UTC), tick=False):
                answer = availability.answer(property=hotel, unit=room(hotel, "101"), stay=TONIGHT)
            is_late[hour] = answer.not_left is not None

        assert is_late == {8: False, 12: True}

    def test_other_rooms_and_other_properties_are_suggested_only_if_empty(self, hotel, over):
        full = make_hotel(["1"], name="Full")
        make_reservation(full, arrival=TODAY, nights=2)
        take(hotel, "102")

        in_hotel = availability.answer(property=hotel, unit=room(hotel, "102"), stay=TONIGHT)
        elsewhere = availability.answer(property=full, unit=None, stay=TONIGHT)
        take(hotel, "103")
        only_anna = availability.answer(property=full, unit=None, stay=TONIGHT)

        assert [each.name for each in in_hotel.other_rooms] == ["103"]
        assert list(elsewhere.other_properties) == [hotel]
        assert only_anna.other_properties == ()

    def test_no_plan_puts_the_party_there(self, hotel, over):
        """101 until Thursday, then 102, were to be had, if Anna were gone."""
        make_reservation(hotel, unit=room(hotel, "101"), arrival=day(1), nights=4)
        take(hotel, "103")
        make_reservation(hotel, unit=room(hotel, "102"), arrival=day(0), nights=1)

        plan = reallocation.plan(property=hotel, stay=TONIGHT)

        assert plan is None

    def test_a_reinstated_stay_gets_an_empty_room(self, hotel, over):
        ben = self.book(hotel, unit=room(hotel, "101"))
        lifecycle.cancel(reservation=ben, actor=None)

        assert lifecycle.reinstate(reservation=fresh(ben), actor=None).unit.name == "102"

    def test_a_group_gets_empty_rooms_first(self, hotel, over):
        group = booking.book_group(property=hotel, stay=TONIGHT, booker_name="Moreau", rooms=[(None, 2, 1)], actor=None)

        assert {each.unit.name for each in group.reservations.all()} == {"102", "103"}
        assert self.book(hotel).unit.name == "101"

    @pytest.mark.parametrize("is_group", [False, True])
    def test_a_room_that_is_left_later_today_comes_after_empty_ones_of_its_kind(self, hotel, is_group):
        with time_machine.travel(NOON.replace(hour=9), tick=False):
            anna = stay(hotel, "101", -2, 0, Status.IN_HOUSE, guest="Anna Leaving")  # the tightest gap
            if is_group:
                group = booking.book_group(
                    property=hotel, stay=TONIGHT, booker_name="Moreau", rooms=[(None, 2, 1)], actor=None
                )
                rooms = {each.unit.name for each in group.reservations.all()}
            else:
                rooms = {self.book(hotel).unit.name, self.book(hotel).unit.name}

        assert rooms == {"102", "103"}
        assert fresh(anna).status == Status.IN_HOUSE

    def test_on_later_days_it_is_chosen_for_its_gap(self, hotel):
        with time_machine.travel(NOON.replace(hour=9), tick=False):
            stay(hotel, "103", -2, 1, Status.IN_HOUSE, guest="Anna Leaving")

            assert self.book(hotel, stay=Stay.of_nights(day(1), 2)).unit.name == "103"

    def test_the_groups_form_does_not_count_it_and_says_why(self, hotel, over):
        [kind] = group_hints.room_type_options(hotel, TONIGHT)

        assert (kind.free, [wording.not_left(segment) for segment in kind.not_left]) == (
            2,
            ["Anna Over has not left room 101 yet"],
        )


class TestFinding:
    def find(self, **asked):
        question = room_search.Question(**{"stay": TONIGHT, "party_size": 1} | asked)
        return room_search.find(actor=None, question=question)

    def rooms(self, answer):
        return [room.name for found in answer.page for offer in found.offers for room in offer.rooms]

    def test_it_is_not_among_the_rooms_that_are_offered(self, hotel, over):
        answer = self.find()

        assert (self.rooms(answer), answer.rooms_free) == (["102", "103"], 2)
        assert [segment.reservation for found in answer.page for segment in found.not_left] == [over]

    def test_the_only_room_is_offered_and_it_is_told(self, hotel, over):
        take(hotel, "102"), take(hotel, "103")

        answer = self.find()

        assert self.rooms(answer) == ["101"]
        assert [segment.reservation for found in answer.page for segment in found.not_left] == [over]

    def test_nights_near_those_asked_for_are_not_in_it_either(self, hotel, over):
        for name in ("101", "102", "103"):
            make_reservation(hotel, unit=room(hotel, name), arrival=day(1), nights=1)
            make_reservation(hotel, unit=room(hotel, name), arrival=day(2), nights=9)
        make_reservation(hotel, unit=room(hotel, "102"), arrival=TODAY, nights=1)

        [found] = self.find(stay=Stay.of_nights(day(1), 1), flexible_days=1).page

        nearest = found.alternatives[0]
        assert (nearest.how, [each.name for each in nearest.offer.rooms]) == ("1 day earlier", ["103"])


class TestThePagesSaySo:
    TOLD = "Anna Over has not left room 101 yet"

    @pytest.fixture
    def only_hers(self, hotel, over):
        take(hotel, "102"), take(hotel, "103")
        return hotel

    def test_the_booking_form(self, desk, only_hers):
        assert self.TOLD in self.page(desk, f"/reservations/new/?property={only_hers.pk}&{NIGHTS}")

    def test_find_a_room(self, desk, hotel, over):
        page = self.page(desk, f"/find/?arrival={TODAY}&nights=2&party_size=1")

        assert self.TOLD in page
        assert "2 free" in page

    def test_the_groups_form(self, desk, hotel, over):
        assert self.TOLD in self.page(desk, f"/reservations/new-group/?property={hotel.pk}&{NIGHTS}")

    def test_the_form_of_a_change(self, desk, hotel, over):
        ben = stay(hotel, "102", 0, 2, guest="Ben Two")

        page = self.page(desk, f"/reservations/{ben.reference}/edit/")

        assert "Free, but the guest has not left" in page
        assert "101 · Anna Over" in page

    def test_the_stay_that_waits_for_the_room(self, desk, only_hers):
        ben = stay(only_hers, "101", 0, 2, guest="Ben Two")

        assert self.TOLD in self.page(desk, f"/reservations/{ben.reference}/")

    def page(self, desk, address):
        return desk.get(address).content.decode()


NIGHTS = f"arrival={TONIGHT.arrival}&departure={TONIGHT.departure}"


class TestProgramsAreTold:
    def test_of_a_unit_and_of_a_property(self, program, hotel, over):
        asked = {"date": TODAY, "nights": 2}

        unit = program.get(f"/units/{room(hotel, '101').pk}/availability/", asked).json()
        answer = program.get(f"/properties/{hotel.pk}/availability/", asked).json()

        assert (unit["available"], unit["not_left"]) == (True, not_left_of(over))
        assert (answer["would_get"]["name"], answer["not_left"]) == ("102", None)

    def test_by_the_search(self, program, hotel, over):
        [found] = program.get("/availability/search/", {"date": TODAY, "nights": 2, "party_size": 1}).json()["results"]

        assert [unit["name"] for offer in found["offers"] for unit in offer["units"]] == ["102", "103"]
        assert found["not_left"] == [not_left_of(over)]

    def test_without_a_name_whoever_may_not_read_reservations(self, alice, hotel, over):
        stranger = Program.of(alice, Scope.AVAILABILITY)

        unit = stranger.get(f"/units/{room(hotel, '101').pk}/availability/", {"date": TODAY}).json()

        assert unit["not_left"] == not_left_of(over) | {"reservation": None, "guest": None}


def not_left_of(over):
    [segment] = over.segments
    return {
        "unit": {"id": segment.unit_id, "name": "101"},
        "departure": over.departure.isoformat(),
        "reservation": over.reference,
        "guest": "Anna Over",
    }


class TestWhatIsCounted:
    """101 is free in the calendar, and Anna Over is still in it: it is no room to sell tonight."""

    def test_the_months_of_the_booking_form(self, hotel, over):
        asked = {"property": hotel, "first": day(-1), "days": 3}

        assert availability.free_by_night(unit=None, **asked) == [3, 2, 3]
        assert availability.free_by_night(unit=room(hotel, "101"), **asked) == [1, 0, 1]

    def test_a_room_that_is_taken_tonight_besides_counts_once(self, hotel, over):
        take(hotel, "101")

        assert availability.free_by_night(property=hotel, unit=None, first=TODAY, days=3) == [2, 2, 3]
        assert availability.free_by_night(property=hotel, unit=room(hotel, "101"), first=TODAY, days=3) == [0, 0, 1]

    def test_the_windows_of_programs(self, program, hotel, over):
        asked = {"date": TODAY, "nights": 1, "days": 3}

        unit = program.get(f"/units/{room(hotel, '101').pk}/availability/", asked).json()
        answer = program.get(f"/properties/{hotel.pk}/availability/", asked).json()

        assert (unit["windows"][0]["arrival"], unit["free_by_night"]) == (day(1).isoformat(), [0, 1, 1])
        assert answer["free_by_night"] == [2, 3, 3]
        assert answer["windows"][0]["units"] == 2

    def test_the_calendar(self, hotel, over):
        position, rooms = chart.Position(day(-3), 7), chart.all_rooms(None)

        [whole] = chart.chart(position, rooms).groups
        [part] = chart.changed_rows(position, rooms, units={room(hotel, "102").pk}, lanes=()).groups

        assert whole.free == part.free == [3, 2, 3, 2, 3, 3, 3]


class TestWhoTakesTheRoomIsTold:
    def test_a_program_that_books_it(self, program, hotel, over):
        body = {"property": hotel.pk, "arrival": TODAY.isoformat(), "departure": day(2).isoformat(), "party_size": 1}

        named = program.post("/reservations/", body | {"guest_name": "Ben", "unit": room(hotel, "101").pk}).json()
        other = program.post("/reservations/", body | {"guest_name": "Cleo"}).json()

        assert named["not_left"] == not_left_of(over)
        assert other["not_left"] is None
        assert program.get(f"/reservations/{named['reference']}/").json()["not_left"] == not_left_of(over)

    def test_a_program_that_books_a_group(self, program, hotel, over):
        body = {"property": hotel.pk, "arrival": TODAY.isoformat(), "departure": day(2).isoformat()}

        made = program.post("/groups/", body | {"booker_name": "Ben", "rooms": [{"count": 3, "party_size": 1}]}).json()

        not_left = [stay["not_left"] for stay in made["reservations"]]
        assert sorted(not_left, key=str) == sorted([None, None, not_left_of(over)], key=str)

    def test_without_a_name_whoever_may_not_read(self, alice, hotel, over):
        stranger = Program.of(alice, Scope.WRITE_RESERVATIONS)
        body = {"property": hotel.pk, "arrival": TODAY.isoformat(), "departure": day(2).isoformat(), "party_size": 1}

        named = stranger.post("/reservations/", body | {"guest_name": "Ben", "unit": room(hotel, "101").pk}).json()

        assert named["not_left"] == not_left_of(over) | {"reservation": None, "guest": None}

    def test_who_closes_it(self, browser, program, hotel, over):
        page = browser.get(f"/closures/new/?property={hotel.pk}")
        days = {"Room": "101", "Closed from": TODAY.isoformat(), "Open again on": day(1).isoformat()}

        closed = page.press("Close the room", days).follow()
        [closure] = program.get("/closures/").json()["results"]

        assert "Anna Over has not left room 101 yet. The room is closed, and they are still in it." in closed.text
        assert program.get(f"/closures/{closure['id']}/").json()["not_left"] == not_left_of(over)
