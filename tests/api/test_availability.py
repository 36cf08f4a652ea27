"""What a program is told is free: in an apartment, in a hotel, in one room."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.api.availability import HOUR, ask, close, day, windows
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db


def test_a_free_apartment_says_what_it_costs_and_where_its_window_ends(program):
    flat = make_apartment("Garden Flat")
    make_reservation(flat, arrival=ARRIVAL + dt.timedelta(days=4))
    make_rate(flat, "Midweek", weekdays=[3])

    found = ask(program, flat, nights=3)

    assert found == {
        "property": {"id": flat.pk, "name": "Garden Flat", "kind": "apartment"},
        "unit": None,
        "room_type": None,
        "date": day(0),
        "nights": 3,
        "party_size": None,
        "available": True,
        "next_available_date": day(0),
        "is_in_the_past": False,
        "would_get": {"id": flat.units.get().pk, "name": "Garden Flat"},
        "not_left": None,
        "refusal": None,
        "in_the_way": [],
        "next_free": [],
        "other_units": [],
        "other_properties": [],
        "total": "430.00",
        "currency": "EUR",
        "rates": [
            {"first": day(0), "nights": 2, "rate": "140.00", "currency": "EUR", "name": ""},
            {"first": day(2), "nights": 1, "rate": "150.00", "currency": "EUR", "name": "Midweek"},
        ],
        "looked_until": day(60),
        "windows": [
            {"arrival": day(0), "until": day(4), "nights": 4, "units": 1},
            {"arrival": day(7), "until": None, "nights": 53, "units": 1},
        ],
        "free_by_night": [1] * 4 + [0] * 3 + [1] * 53,
    }


def test_a_taken_apartment_says_who_is_there_and_when_it_is_free_next(program):
    flat, other = make_apartment("Garden Flat"), make_apartment("Harbour Loft")
    existing = make_reservation(flat, guest="Amara Okafor")

    found = ask(program, flat, offset=1, nights=2)

    assert (found["available"], found["next_available_date"], found["would_get"]) == (False, day(3), None)
    assert found["refusal"]["code"] == "dates_taken"
    assert found["refusal"]["detail"].startswith("Garden Flat is not free: Amara Okafor is there until Thu 6 May.")
    [there] = found["in_the_way"]
    assert (there["reservation"], there["guest"], there["departure"]) == (existing.reference, "Amara Okafor", day(3))
    assert found["next_free"] == [{"arrival": day(3), "departure": day(5)}]
    assert [each["id"] for each in found["other_properties"]] == [other.pk]
    assert windows(found) == [(day(3), None)]


def test_the_next_date_has_room_for_all_the_nights(program):
    flat = make_apartment()
    make_reservation(flat, nights=2)
    make_reservation(flat, arrival=ARRIVAL + dt.timedelta(days=4), nights=2)

    assert ask(program, flat, nights=2)["next_available_date"] == day(2)
    assert ask(program, flat, nights=3)["next_available_date"] == day(6)


def test_the_next_date_may_lie_beyond_what_the_windows_cover(program):
    flat = make_apartment()
    make_reservation(flat, nights=30)

    found = ask(program, flat, days=7)

    assert (found["next_available_date"], found["windows"], found["free_by_night"]) == (day(30), [], [0] * 7)


def test_the_departure_day_is_free_and_the_last_night_is_not(program):
    flat = make_apartment()
    make_reservation(flat, nights=3)

    assert [ask(program, flat, offset=n)["available"] for n in (-1, 0, 2, 3)] == [True, False, False, True]
    assert not ask(program, flat, offset=-1, nights=2)["available"]


def test_a_hold_is_free_from_the_instant_at_which_it_lapses(program):
    held, lapsed = make_apartment(), make_apartment()
    make_reservation(held, status="held", hold_expires_at=timezone.now() + HOUR)
    make_reservation(lapsed, status="held", hold_expires_at=timezone.now() - HOUR)

    assert not ask(program, held)["available"]
    assert ask(program, lapsed)["windows"][0]["arrival"] == day(0)
    assert ask(program, lapsed)["available"]


def test_closed_nights_are_taken_and_say_why(program):
    flat = make_apartment()
    closure = close(flat.units.get())

    found = ask(program, flat)

    assert (found["available"], found["next_available_date"]) == (False, day(3))
    assert (found["in_the_way"][0]["closure"], found["in_the_way"][0]["closed_for"]) == (closure.pk, "maintenance")


def test_who_may_not_read_reservations_is_told_when_and_not_who(alice):
    flat = make_apartment("Garden Flat")
    make_reservation(flat, guest="Amara Okafor")

    found = ask(Program.of(alice, "availability"), flat)

    assert "in_the_way" not in found
    assert "Amara" not in str(found)
    assert found["refusal"]["detail"] == "These nights are taken. The next free night is Thu 6 May."
    assert found["next_available_date"] == day(3)


# --- a hotel ---


def test_a_hotel_is_available_on_the_date_itself_as_long_as_a_room_is_free(program):
    hotel = make_hotel(["101", "102"])
    first, second = hotel.units.order_by("position")
    make_reservation(unit=first, nights=3)
    make_reservation(unit=second, arrival=ARRIVAL + dt.timedelta(days=1), nights=4)

    assert ask(program, hotel)["next_available_date"] == day(0)
    assert ask(program, hotel)["would_get"]["name"] == "102"
    full = ask(program, hotel, offset=1)
    assert (full["available"], full["next_available_date"], full["in_the_way"]) == (False, day(3), [])


def test_windows_of_a_hotel_are_of_one_room_each_and_say_how_many_rooms_they_hold_for(program):
    hotel = make_hotel(["101", "102", "103", "104"])
    for unit in hotel.units.filter(name__in=["101", "102"]):
        make_reservation(unit=unit, arrival=ARRIVAL + dt.timedelta(days=3), nights=97)
    make_reservation(unit=hotel.units.get(name="103"), nights=2)
    make_reservation(unit=hotel.units.get(name="104"), nights=100)

    found = ask(program, hotel, days=10)

    assert found["windows"] == [
        {"arrival": day(0), "until": day(3), "nights": 3, "units": 2},
        {"arrival": day(2), "until": None, "nights": 8, "units": 1},
    ]
    assert found["free_by_night"] == [2, 2, 3, 1, 1, 1, 1, 1, 1, 1]


def test_a_hotel_that_lists_no_rooms_is_never_full_and_counts_nothing(program):
    hotel = make_hotel([])
    make_reservation(hotel)

    found = ask(program, hotel, days=5)

    assert (found["available"], found["next_available_date"], found["would_get"]) == (True, day(0), None)
    assert found["windows"] == [{"arrival": day(0), "until": None, "nights": 5, "units": None}]
    assert found["free_by_night"] is None
    assert found["total"] == "90.00"


def test_a_hotel_all_of_whose_rooms_are_archived_is_full(program):
    hotel = make_hotel(["101"])
    hotel.units.update(archived_at=timezone.now())

    found = ask(program, hotel, days=2)

    assert (found["available"], found["next_available_date"], found["windows"]) == (False, None, [])
    assert (found["free_by_night"], found["refusal"]["code"]) == ([0, 0], "dates_taken")


def test_one_room_type_is_asked_about(program):
    hotel = make_hotel(["101", "201"])
    double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite", nightly_rate=200)
    for name, kind in (("101", double), ("201", suite)):
        hotel.units.filter(name=name).update(room_type=kind)
    make_reservation(unit=hotel.units.get(name="101"))

    assert ask(program, hotel, room_type=double.pk)["next_available_date"] == day(3)
    assert ask(program, hotel, room_type=double.pk)["total"] == "118.00"
    assert ask(program, hotel, room_type=suite.pk)["total"] == "200.00"
    assert ask(program, hotel, room_type=suite.pk)["would_get"]["name"] == "201"


def test_the_price_is_not_said_where_it_depends_on_the_room_and_none_is_free(program):
    hotel = make_hotel(["101", "201"])
    hotel.units.filter(name="201").update(room_type=make_room_type(hotel))
    for unit in hotel.units.all():
        make_reservation(unit=unit)

    assert ask(program, hotel)["total"] is None
    assert ask(program, hotel)["rates"] == []


def test_a_party_is_shown_only_rooms_that_sleep_it(program):
    hotel = make_hotel(["101", "201"])
    hotel.units.filter(name="101").update(room_type=make_room_type(hotel, "Single", sleeps=1))
    hotel.units.filter(name="201").update(room_type=make_room_type(hotel, "Double", sleeps=2))
    make_reservation(unit=hotel.units.get(name="201"))

    assert ask(program, hotel, party_size=1)["available"]
    found = ask(program, hotel, party_size=2, days=4)
    assert (found["next_available_date"], found["free_by_night"]) == (day(3), [0, 0, 0, 1])
    assert ask(program, hotel, party_size=3)["refusal"]["code"] == "outside_limits"


def test_one_room_is_asked_about_at_either_address(program):
    hotel = make_hotel(["101", "102"])
    room, other = hotel.units.order_by("position")
    existing = make_reservation(unit=room)

    found = ask(program, room)

    assert found == ask(program, hotel, unit=room.pk)
    assert (found["unit"]["name"], found["available"], found["next_available_date"]) == ("101", False, day(3))
    assert found["in_the_way"][0]["reservation"] == existing.reference
    assert found["other_units"] == [{"id": other.pk, "name": "102"}]
    assert windows(found) == [(day(3), None)]


# --- dates ---


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Kiritimati", 1), ("Europe/Lisbon", 0), ("Pacific/Niue", -1)])
def test_without_a_date_today_is_meant_where_the_property_stands(program, time_machine, zone, today):
    time_machine.move_to(f"{day(0)}T10:30:00Z" if today >= 0 else f"{day(0)}T05:00:00Z")
    flat = make_apartment(time_zone=zone)

    found = program.get(f"/properties/{flat.pk}/availability/").json()

    assert (found["date"], found["is_in_the_past"]) == (day(today), False)


def test_a_date_in_the_past_is_answered_and_said_to_be_one(program, time_machine):
    time_machine.move_to(f"{day(1)}T12:00:00Z")
    flat = make_apartment()
    make_reservation(flat, nights=1)

    found = ask(program, flat)

    assert (found["is_in_the_past"], found["available"], found["next_available_date"]) == (True, False, day(1))


def test_the_windows_end_where_the_calendar_does(program):
    flat = make_apartment()

    found = program.get(f"/properties/{flat.pk}/availability/", {"date": "2099-12-30", "days": 366}).json()

    assert found["looked_until"] == "2100-01-01"
    assert found["windows"] == [{"arrival": "2099-12-30", "until": None, "nights": 2, "units": 1}]


# --- questions that make no sense ---


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"nights": "0"}, 400, "nights"),
        ({"nights": "731"}, 400, "nights"),
        ({"nights": "-1"}, 400, "nights"),
        ({"nights": "1.5"}, 400, "nights"),
        ({"nights": "9" * 40}, 400, "nights"),
        ({"nights": ""}, 400, "nights"),
        ({"date": "2027-02-30"}, 400, "date"),
        ({"date": "tomorrow"}, 400, "date"),
        ({"date": "03/05/2027"}, 400, "date"),
        ({"date": "0000-01-01"}, 400, "date"),
        ({"date": "1999-12-31"}, 422, "date"),
        ({"date": "9999-12-31", "nights": "730"}, 422, "date"),
        ({"date": "2099-12-31", "nights": "2"}, 422, "nights"),
        ({"days": "0"}, 400, "days"),
        ({"days": "367"}, 400, "days"),
        ({"party_size": "0"}, 400, "party_size"),
        ({"party_size": "100"}, 400, "party_size"),
        ({"unit": "2147483648"}, 400, "unit"),
        ({"unit": "1", "room_type": "1"}, 422, "room_type"),
        ({"night": "3"}, 400, "night"),
    ],
)
def test_a_question_that_makes_no_sense_says_what_to_change(program, query, status, field):
    flat = make_apartment()

    answer = program.get(f"/properties/{flat.pk}/availability/", query)

    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_rooms_and_types_of_another_property_are_not_its_own(program):
    hotel, other = make_hotel(["101"]), make_hotel(["201"])
    foreign = {"unit": other.units.get().pk, "room_type": make_room_type(other).pk}

    for name, key in foreign.items():
        found = ask(program, hotel, status=422, **{name: key})
        assert found["errors"] == [
            {"field": name, "code": "does_not_exist", "detail": "This property has none with this id."}
        ]


def test_there_is_no_availability_of_what_is_not_there(program):
    assert program.get("/properties/77/availability/").status_code == 404
    assert program.get("/units/99999999999/availability/").status_code == 404


def test_availability_has_a_scope_of_its_own(alice):
    flat = make_apartment()

    for path in (f"/properties/{flat.pk}/availability/", f"/units/{flat.units.get().pk}/availability/"):
        assert Program.of(alice, "reservations:read", "reservations:write").get(path).status_code == 403
        assert Program().get(path).status_code == 401


# --- how much is asked ---


def test_the_number_of_queries_grows_neither_with_rooms_nor_with_stays(program, django_assert_num_queries):
    def hotel_of(rooms):
        hotel = make_hotel([f"{number}" for number in range(rooms)])
        hotel.units.update(room_type=make_room_type(hotel))
        for unit in hotel.units.all():
            make_reservation(unit=unit)
        return hotel

    small, large = hotel_of(1), hotel_of(30)
    ask(program, small)  # the first use of a token in a while is written down

    for hotel in (small, large):
        with django_assert_num_queries(12):
            ask(program, hotel, days=366)
