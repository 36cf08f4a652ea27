"""The list of reservations: found as the desk finds them, in pages, with as many queries for a hundred as for one."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations.models import Guest, Status
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation, make_user


def found(program, **query):
    """Names of the guests, in order."""
    answer = program.get("/reservations/", query)
    assert answer.status_code == 200, answer.content
    return [row["guest"]["name"] for row in answer.json()["results"]]


def ends(hours):
    return timezone.now() + dt.timedelta(hours=hours)


@pytest.mark.parametrize("q", ["okafor", "OKAFOR", "wojcik", "Wójcik", "harbour"])
def test_a_part_of_a_name_finds_blind_to_case_and_accents_as_on_the_page(program, q):
    make_reservation(make_apartment("Harbour View"), guest="Amara Okafor-Wójcik")
    make_reservation(guest="Bo Li")

    assert found(program, q=q) == ["Amara Okafor-Wójcik"]


def test_a_reference_finds(program):
    reservation = make_reservation(guest="Amara Okafor")
    make_reservation(guest="Bo Li")

    assert found(program, q=reservation.reference.lower()) == ["Amara Okafor"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "' OR 1=1"])
def test_signs_of_the_database_find_only_themselves(program, q):
    make_reservation()

    assert found(program, q=q) == []


def test_a_hold_that_has_lapsed_is_expired(program):
    make_reservation(guest="Held Still", status=Status.HELD, hold_expires_at=ends(1))
    make_reservation(guest="Held Too Long", status=Status.HELD, hold_expires_at=ends(-1))
    make_reservation(guest="Tidied Away", status=Status.EXPIRED, arrival=ARRIVAL + dt.timedelta(days=1))

    assert found(program, status="held") == ["Held Still"]
    assert found(program, status="expired") == ["Held Too Long", "Tidied Away"]
    assert found(program, status="confirmed") == []


def test_who_sleeps_in_a_unit_on_any_of_their_nights_comes_once(program):
    hotel = make_hotel(["101", "102"])
    first, second = hotel.units.all()
    there = make_reservation(unit=first, guest="There And Back", nights=6)
    make_reservation(unit=second, guest="Next Door", arrival=ARRIVAL + dt.timedelta(days=30))
    for unit, night in [(second, ARRIVAL.replace(day=5)), (first, ARRIVAL.replace(day=7))]:
        answer = program.post(f"/reservations/{there.reference}/split/", {"unit": unit.pk, "night": night.isoformat()})
        assert answer.status_code == 200

    assert found(program, unit=first.pk) == ["There And Back"]
    assert found(program, unit=second.pk) == ["There And Back", "Next Door"]


def test_nights_are_found_by_who_is_there_on_them(program):
    for guest, offset in [("Leaves That Day", -3), ("Is There", -1), ("Arrives After", 2)]:
        make_reservation(guest=guest, arrival=ARRIVAL + dt.timedelta(days=offset), nights=3)
    day = ARRIVAL.isoformat()

    assert found(program, since=day) == ["Is There", "Arrives After"]
    assert found(program, until=(ARRIVAL + dt.timedelta(days=1)).isoformat()) == ["Leaves That Day", "Is There"]
    assert found(program, since=day, until=(ARRIVAL + dt.timedelta(days=2)).isoformat()) == ["Is There"]


def test_of_a_property_and_of_a_guest(program):
    mine, theirs = make_reservation(guest="Amara Okafor"), make_reservation(guest="Bo Li")

    assert found(program, property=mine.property_id) == ["Amara Okafor"]
    assert found(program, guest=theirs.guest_id) == ["Bo Li"]
    assert found(program, property=mine.property_id, guest=theirs.guest_id) == []


@pytest.mark.parametrize("column", ["arrival", "departure", "created_at", "id"])
def test_pages_in_every_order_show_each_once(program, column):
    for number in range(7):
        make_reservation(guest=f"Guest {number}", arrival=ARRIVAL + dt.timedelta(days=number // 2))
    for way in ("", "-"):
        seen, path, query = [], "/reservations/", {"ordering": way + column, "limit": 3}
        while path:
            page = program.client.get(f"/api/v1{path}", query, headers=program.headers).json()
            seen += [row["guest"]["name"] for row in page["results"]]
            path, query = page["next"] and page["next"].split("/api/v1")[1], None

        assert sorted(seen) == [f"Guest {number}" for number in range(7)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"status": "gone"}, "invalid_choice"),
        ({"ordering": "guest"}, "invalid_choice"),
        ({"since": "3 May"}, "invalid"),
        ({"limit": 101}, "max_value"),
        ({"property": "x"}, "invalid"),
        ({"guests": 1}, "unknown_field"),
        ({"fields": "reference,secret"}, "unknown"),
        ({"q": "x" * 201}, "max_length"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(program, query, code):
    answer = program.get("/reservations/", query)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize("cursor", ["x", "WzFlNDAwLCAxZTQwMF0", "W251bGwsIG51bGxd", "ééé", "WyJ4IiwgMV0"])
def test_a_cursor_that_is_none_is_refused_in_words(program, cursor):
    for ordering in ("arrival", "id"):
        answer = program.get("/reservations/", {"cursor": cursor, "ordering": ordering})

        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_cursor")


def test_a_hundred_take_as_many_queries_as_one(program, django_assert_num_queries):
    hotel, actor = make_hotel([f"{number}" for number in range(100)]), make_user("bob")
    make_reservation(unit=hotel.units.first(), created_by=actor)
    program.get("/reservations/")

    with django_assert_num_queries(5):  # who asks, what they may, how often; the rows, their segments
        assert len(found(program, limit=100)) == 1
    for number, unit in enumerate(hotel.units.all()[1:]):
        # A third of them without a room, which is when a page must know whether the hotel counts its rooms.
        reservation = make_reservation(unit=unit, guest=f"Guest {number}", created_by=actor)
        if number % 3 == 0:
            reservation.occupancies.all().delete()
    with django_assert_num_queries(5):
        rows = program.get("/reservations/", {"limit": 100}).json()["results"]

    assert len(rows) == 100
    assert sum(row["is_unassigned"] for row in rows) == 33
    assert Guest.objects.count() == 100
