"""Several rooms under one booker: all of them or none."""

import pytest
from django.db.models import Q

from reservations.models import Event, Group, Reservation
from tests.factories import make_apartment, make_guest, make_hotel, make_room_type


@pytest.fixture
def hotel():
    hotel = make_hotel(["101", "102", "103", "104"])
    hotel.units.filter(Q(name="101") | Q(name="102")).update(room_type=make_room_type(hotel))
    return hotel


def group_request(hotel, *rooms, **fields):
    rooms = [dict(zip(("room_type", "count", "party_size"), room, strict=False)) for room in rooms]
    nights = {"arrival": "2027-05-03", "departure": "2027-05-06"}
    return {"property": hotel.pk, "booker_name": "Amara Okafor", "rooms": rooms} | nights | fields


def test_rooms_of_several_kinds_are_booked_together_and_read_again(program, hotel, alice):
    double = hotel.room_types.get()

    answer = program.post(
        "/groups/", group_request(hotel, (None, 2, 1), (double.pk, 1, 2), booker_phone="+351 912 345 678")
    )

    group = answer.json()
    stays = group["reservations"]
    assert answer.status_code == 201
    assert group["booker"]["name"] == "Amara Okafor"
    sold = [(stay["room_type"] and stay["room_type"]["id"], stay["party_size"]) for stay in stays]
    assert (double.pk, 2) in sold
    assert {stay["group"] for stay in stays} == {group["id"]}
    assert len({stay["segments"][0]["unit"]["id"] for stay in stays}) == 3
    assert group["steps"] == ["cancel"]
    assert Group.objects.get().booker.phone == "+351 912 345 678"
    assert {event.actor for event in Event.objects.all()} == {alice}
    read = program.client.get(answer.headers["Location"], headers=program.headers).json()
    assert read == group | {"reservations": [stay | {"event": None} for stay in stays]}  # reading has made none


def test_too_few_rooms_book_none_and_say_how_many_there_are(program, hotel):
    double = hotel.room_types.get()

    answer = program.post("/groups/", group_request(hotel, (double.pk, 3), (None, 1)))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "dates_taken")
    doubles = {"room_type": {"id": double.pk, "name": "Double"}, "wanted": 3, "free": 2, "party_size": None}
    assert problem["short"] == [doubles]
    assert not Reservation.objects.exists()


def test_holds_do_not_last_beyond_the_departure(program, hotel):
    answer = program.post("/groups/", group_request(hotel, (None, 2), hold_until="2027-05-07T01:00:00Z"))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_bookable")
    assert not Reservation.objects.exists()


def test_a_known_guest_books_holds_that_lapse(program, hotel):
    booker = make_guest("Bo Li")
    body = group_request(hotel, (None, 2), booker=booker.pk, hold_until="2027-04-01T18:00:00Z")
    del body["booker_name"]

    group = program.post("/groups/", body).json()

    assert group["booker"]["id"] == booker.pk
    assert {(stay["status"], stay["hold_expires_at"]) for stay in group["reservations"]} == {
        ("held", "2027-04-01T18:00:00Z")
    }
    assert group["steps"] == ["confirm", "cancel"]


@pytest.mark.parametrize(
    ("rooms", "fields", "status", "field", "code"),
    [
        ([(None, 1)], {}, 422, "rooms", "group_size_error"),
        ([(None, 60), (None, 60)], {}, 422, "rooms", "group_size_error"),
        ([], {}, 400, "rooms", "min_length"),
        ([(None, 0), (None, 2)], {}, 400, "rooms.0.count", "min_value"),
        ([(None, 2)], {"booker": 2**40}, 422, "booker", "does_not_exist"),
        ([(None, 2)], {"booker_name": ""}, 400, "booker_name", "blank"),
        ([(None, 2)], {"departure": "2027-05-03"}, 422, "departure", "not_a_stay"),
        ([(None, 2)], {"rooms": {}}, 400, "rooms", "not_a_list"),
        ([(None, 2)], {"rooms": [{"count": 2, "beds": 1}]}, 400, "rooms.0.beds", "unknown_field"),
    ],
)
def test_what_cannot_be_booked_is_said_beside_its_field(program, hotel, rooms, fields, status, field, code):
    answer = program.post("/groups/", group_request(hotel, *rooms, **fields))

    assert answer.status_code == status
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


def test_a_room_type_of_another_property_is_refused(program, hotel):
    answer = program.post("/groups/", group_request(make_apartment(), (hotel.room_types.get().pk, 2)))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "other_property")


def test_a_large_group_is_read_in_as_many_queries_as_a_small_one(program, django_assert_num_queries):
    hotel = make_hotel([str(number) for number in range(42)])
    groups = [program.post("/groups/", group_request(hotel, (None, count))).json()["id"] for count in (2, 40)]

    for group in groups:
        # Who asks, what they may, how often; the group, its reservations, their segments.
        with django_assert_num_queries(6):
            assert program.get(f"/groups/{group}/").status_code == 200
    assert program.get("/groups/999999/").status_code == 404
