"""What a program reads of hotels, apartments, their rooms and room types."""

import pytest
from django.utils import timezone

from properties.models import Unit
from tests.api.programs import Program
from tests.factories import make_apartment, make_hotel, make_room_type


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


@pytest.fixture
def hotel():
    """Rooms 101 and 102 are doubles, 201 is of no type, 102 is archived."""
    hotel = make_hotel(["101", "102", "201"], name="Miramar")
    double = make_room_type(hotel, "Double", min_nights=2, position=1)
    make_room_type(hotel, "Attic", position=0)
    hotel.units.filter(name__startswith="10").update(room_type=double, floor="1")
    hotel.units.filter(name="102").update(archived_at=timezone.now())
    return hotel


def test_a_property_is_read_as_its_page_shows_it(program, alice, time_machine):
    time_machine.move_to("2027-05-03T23:30:00Z")
    flat = make_apartment(
        "Garden Flat", location="Lisbon", language="pt", hold_hours=6, sleeps=3, time_zone="Europe/Lisbon"
    )

    shown = program.get(f"/properties/{flat.pk}/").json()

    assert shown == {
        "id": flat.pk,
        "name": "Garden Flat",
        "kind": "apartment",
        "description": "",
        "location": "Lisbon",
        "time_zone": "Europe/Lisbon",
        "today": "2027-05-04",
        "check_in_time": "15:00:00",
        "check_out_time": "11:00:00",
        "currency": "EUR",
        "nightly_rate": "140.00",
        "sleeps": 3,
        "min_nights": None,
        "max_nights": None,
        "hold_hours": 6,
        "language": "pt",
        "room_count": 1,
        "is_unlimited": False,
        "archived_at": None,
        "archived_by": None,
    }


def test_who_archived_it_and_when_is_said(program, alice):
    flat = make_apartment(archived_at=timezone.now(), archived_by=alice)

    assert program.get(f"/properties/{flat.pk}/").json()["archived_by"] == "Alice Moreau"


def test_only_a_hotel_that_never_listed_a_room_is_unlimited(program):
    def is_unlimited(property):
        return program.get(f"/properties/{property.pk}/").json()["is_unlimited"]

    under_repair = make_hotel(["1"])
    under_repair.units.update(archived_at=timezone.now())

    assert is_unlimited(make_hotel([]))
    assert not is_unlimited(under_repair)
    assert not is_unlimited(make_hotel(["1"]))
    assert not is_unlimited(make_apartment())


def test_a_list_of_properties_leaves_out_archived_ones_unless_asked(program):
    make_apartment("Garden Flat"), make_hotel(name="Miramar"), make_apartment("Old Mill", archived_at=timezone.now())

    assert names(program.get("/properties/")) == ["Garden Flat", "Miramar"]
    assert names(program.get("/properties/?archived=true")) == ["Garden Flat", "Miramar", "Old Mill"]
    assert names(program.get("/properties/?kind=hotel")) == ["Miramar"]
    assert names(program.get("/properties/?q=gárden")) == ["Garden Flat"]


def test_units_come_in_the_hotels_order_with_their_type(program, hotel):
    answer = program.get(f"/properties/{hotel.pk}/units/")

    first, second = answer.json()["results"]
    assert (first["name"], first["floor"], first["property"]["name"]) == ("101", "1", "Miramar")
    assert first["room_type"] == {
        "id": hotel.room_types.get(name="Double").pk,
        "name": "Double",
        "sleeps": 2,
        "nightly_rate": "118.00",
        "currency": "EUR",
        "min_nights": 2,
        "max_nights": None,
        "position": 1,
    }
    assert (second["name"], second["room_type"]) == ("201", None)


def test_archived_units_are_listed_when_asked_for(program, hotel):
    assert names(program.get(f"/properties/{hotel.pk}/units/?archived=true")) == ["101", "102", "201"]
    assert names(program.get(f"/properties/{hotel.pk}/units/?archived=true&ordering=-name")) == ["201", "102", "101"]


def test_units_of_one_type(program, hotel):
    double = hotel.room_types.get(name="Double")

    assert names(program.get(f"/properties/{hotel.pk}/units/?room_type={double.pk}")) == ["101"]


def test_an_apartment_has_one_unit(program):
    flat = make_apartment("Garden Flat")

    [unit] = program.get(f"/properties/{flat.pk}/units/").json()["results"]

    assert program.get(f"/units/{unit['id']}/").json() == unit
    assert unit["name"] == "Garden Flat"


def test_an_archived_unit_can_be_read(program, hotel):
    room = hotel.units.get(name="102")

    assert program.get(f"/units/{room.pk}/").json()["archived_at"]


def test_room_types_say_how_many_rooms_of_them_take_bookings(program, hotel):
    found = program.get(f"/properties/{hotel.pk}/room-types/").json()["results"]

    assert [(each["name"], each["room_count"]) for each in found] == [("Attic", 0), ("Double", 1)]


@pytest.mark.parametrize(
    ("path", "queries"), [("/properties/", 4), ("/properties/{}/units/", 5), ("/properties/{}/room-types/", 5)]
)
def test_a_list_asks_as_often_for_thirty_rows_as_for_one(program, hotel, path, queries, django_assert_num_queries):
    """Twice for who asks and how often; once for the property; once for the rows."""
    path = path.format(hotel.pk) + "?limit=100"
    program.get(path)  # the first use of a token in a while is written down

    with django_assert_num_queries(queries):
        program.get(path)
    for number in range(30):
        make_apartment()
        Unit.objects.create(property=hotel, name=f"4{number}", room_type=make_room_type(hotel, f"Type {number}"))
    with django_assert_num_queries(queries):
        answer = program.get(path)

    assert len(answer.json()["results"]) > 30


@pytest.mark.parametrize(
    "path",
    [
        "/properties/0/",
        "/properties/99999999999999999999/",
        "/properties/99999999999999999999/units/",
        "/properties/7/room-types/",
        "/units/2147483648/",
    ],
)
def test_what_is_not_there_is_404(program, path):
    answer = program.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    [
        "ordering=room_type",
        "archived=1",
        "room_type=x",
        "room_type=0",
        "fields=secret",
        "limit=101",
        "x=1",
    ],
)
def test_a_list_that_is_asked_for_something_else_says_what_is_wrong(program, hotel, query):
    assert program.get(f"/properties/{hotel.pk}/units/?{query}").status_code == 400


def test_without_the_scope_nothing_is_shown(alice, hotel):
    other = Program.of(alice, "reservations:read")

    for path in (f"/properties/{hotel.pk}/units/", f"/properties/{hotel.pk}/room-types/", "/units/1/"):
        assert other.get(path).json()["code"] == "missing_scope"
    assert Program().get("/units/1/").status_code == 401
