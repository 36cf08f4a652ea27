"""A program looks for a room anywhere: the page "Find a room", in JSON."""

import datetime as dt

import pytest

from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_rate, make_reservation, make_room_type

DATE = ARRIVAL.isoformat()


def day(offset):
    return (ARRIVAL + dt.timedelta(days=offset)).isoformat()


def search(program, **query):
    answer = program.get("/availability/search/", {"date": DATE, "nights": 2} | query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_free_hotel_comes_with_its_room_types_rooms_and_prices(program):
    hotel = make_hotel(["101", "102"], name="Miramar")
    double = make_room_type(hotel)
    hotel.units.update(room_type=double)
    make_rate(hotel, "Tuesday", weekdays=[2])

    found = search(program)

    [found_property] = found["results"]
    assert (found_property["property"]["name"], found_property["available"]) == ("Miramar", True)
    assert (found["arrival"], found["departure"]) == (day(0), day(2))
    assert (found["properties_free"], found["units_free"], found["next"]) == (1, 2, None)
    [offer] = found_property["offers"]
    assert (offer["room_type"]["name"], offer["total"], offer["currency"]) == ("Double", "268.00", "EUR")
    assert [room["name"] for room in offer["units"]] == ["101", "102"]
    assert offer["rates"][1] == {"first": day(1), "nights": 1, "rate": "150.00", "currency": "EUR", "name": "Tuesday"}


def test_what_is_full_comes_last_with_what_is_near(program):
    make_reservation(make_apartment("Attic"))
    make_apartment("Basement")

    basement, attic = search(program)["results"]

    assert (basement["property"]["name"], basement["available"]) == ("Basement", True)
    assert (attic["available"], attic["offers"]) == (False, [])
    nearest = attic["alternatives"][0]
    assert (nearest["how"], nearest["offer"]["arrival"], nearest["offer"]["total"]) == ("next free", day(3), "280.00")


def test_flexible_days_bring_earlier_and_later_stays(program):
    make_reservation(make_apartment(), nights=1)

    [found] = search(program, flexible_days=2)["results"]

    assert [each["how"] for each in found["alternatives"]][:2] == ["1 day later", "2 days earlier"]


def test_a_room_type_without_a_room_and_the_limits_in_the_way_are_said(program):
    hotel, flat = make_hotel(["101", "102"], name="Miramar"), make_apartment("Garden Flat", min_nights=5)
    double, suite = make_room_type(hotel, "Double"), make_room_type(hotel, "Suite")
    for name, kind in (("101", double), ("102", suite)):
        hotel.units.filter(name=name).update(room_type=kind)
    make_reservation(unit=hotel.units.get(name="102"))

    miramar, garden = search(program)["results"]

    assert [each["name"] for each in miramar["full"]] == ["Suite"]
    assert garden["refusals"] == [f"{flat} takes stays of at least 5 nights."]
    assert not garden["available"]


def test_a_hotel_that_lists_no_rooms_is_free_and_names_none(program):
    make_hotel([], name="Endless")

    [found] = search(program)["results"]

    assert found["available"]
    assert found["offers"][0]["units"] == []


def test_place_and_kind_and_party_narrow_it(program):
    make_hotel(name="Miramar", location="Lisbon"), make_apartment("Loft", location="Lisbon", sleeps=2)
    make_apartment("Mill", location="Porto")

    def names(**query):
        return [each["property"]["name"] for each in search(program, **query)["results"] if each["available"]]

    assert names(place="lisbon") == ["Loft", "Miramar"]
    assert names(place="lisbon", kind="hotel") == ["Miramar"]
    assert names(party_size=3) == ["Mill", "Miramar"]


def test_pages_follow_each_other_until_there_is_none(program):
    for number in range(25):
        make_apartment(f"Flat {number:02}")

    first = search(program)
    second = program.client.get(first["next"], headers=program.headers).json()

    names = [each["property"]["name"] for page in (first, second) for each in page["results"]]
    assert names == [f"Flat {number:02}" for number in range(25)]
    assert (second["next"], second["properties_free"]) == (None, 25)
    assert search(program, cursor=3)["results"] == []


def test_without_a_date_tonight_is_meant_wherever_it_is_earliest(program, time_machine):
    time_machine.move_to(f"{DATE}T05:00:00Z")
    make_apartment(time_zone="Pacific/Niue"), make_apartment(time_zone="Europe/Lisbon")

    found = program.get("/availability/search/").json()

    assert (found["arrival"], found["departure"]) == (day(-1), day(0))


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"nights": "0"}, 400, "nights"),
        ({"nights": "731"}, 400, "nights"),
        ({"date": "2027-02-30"}, 400, "date"),
        ({"date": "9999-12-31"}, 422, "date"),
        ({"flexible_days": "4"}, 400, "flexible_days"),
        ({"party_size": "0"}, 400, "party_size"),
        ({"kind": "boat"}, 400, "kind"),
        ({"place": "x" * 201}, 400, "place"),
        ({"place": "a\x00b"}, 422, "place"),
        ({"palce": "Lisbon"}, 400, "palce"),
    ],
)
def test_a_search_that_makes_no_sense_says_what_to_change(program, query, status, field):
    answer = program.get("/availability/search/", query)

    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("cursor", ["0", "-1", "9" * 30, "²", "WyIyMDI3Il0"])
def test_a_cursor_of_another_list_is_refused(program, cursor):
    answer = program.get("/availability/search/", {"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_cursor")


def test_a_search_asks_as_often_for_many_properties_as_for_few(program, django_assert_num_queries):
    def add(count):
        for _ in range(count):
            hotel = make_hotel()
            hotel.units.update(room_type=make_room_type(hotel))
            make_reservation(make_apartment())

    add(1)
    search(program)  # the first use of a token in a while is written down

    with django_assert_num_queries(12):
        search(program)
    add(15)
    with django_assert_num_queries(12):
        search(program)


def test_searching_has_a_scope_of_its_own(alice):
    assert Program.of(alice, "reservations:read").get("/availability/search/").status_code == 403
    assert Program().get("/availability/search/").status_code == 401
