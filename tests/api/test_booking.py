"""A program books: the same rules as at the desk, and answers it can act on."""

from reservations.models import Event, Reservation
from tests.api.programs import Program
from tests.factories import ARRIVAL, make_apartment, make_reservation


def booking_request(flat, **fields):
    """Three nights from ARRIVAL on."""
    arrival, departure = ARRIVAL.isoformat(), ARRIVAL.replace(day=ARRIVAL.day + 3).isoformat()
    wanted = {"property": flat.pk, "arrival": arrival, "departure": departure, "guest_name": "Amara Okafor"}
    return wanted | fields


def test_a_booking_is_answered_with_what_was_booked_and_where_it_is(program, alice):
    flat = make_apartment("Garden Flat")

    answer = program.post("/reservations/", booking_request(flat))

    booked = answer.json()
    assert answer.status_code == 201
    assert booked["guest"]["name"] == "Amara Okafor"
    assert booked["segments"][0]["unit"]["name"] == "Garden Flat"
    assert (booked["price"], booked["nights"], booked["steps"]) == ("420.00", 3, ["cancel"])
    assert answer.headers["ETag"] == '"1"'
    read = program.client.get(answer.headers["Location"], headers=program.headers).json()
    assert read == booked | {"event": None}  # reading has made none
    assert Event.objects.get().actor == alice


def test_taken_nights_say_who_is_there_and_what_is_free_instead(program):
    flat, other = make_apartment("Garden Flat"), make_apartment("Harbour Loft")
    existing = make_reservation(flat, guest="Amara Okafor")

    answer = program.post("/reservations/", booking_request(flat, guest_name="Bo Li"))

    problem = answer.json()
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == "dates_taken"
    assert [each["reservation"] for each in problem["in_the_way"]] == [existing.reference]
    assert problem["next_free"][0] == {"arrival": "2027-05-06", "departure": "2027-05-09"}
    assert [each["id"] for each in problem["other_properties"]] == [other.pk]
    assert Reservation.objects.count() == 1


def test_who_may_not_read_reservations_is_not_told_who_is_there(alice):
    flat = make_apartment()
    make_reservation(flat, guest="Amara Okafor")

    answer = Program.of(alice, "reservations:write").post("/reservations/", booking_request(flat, guest_name="Bo Li"))

    assert answer.status_code == 409
    assert "Amara" not in answer.content.decode()
    assert answer.json()["next_free"]


def test_a_misspelt_field_is_refused_with_the_one_that_was_meant(program):
    flat = make_apartment()

    answer = program.post("/reservations/", booking_request(flat) | {"arival": "2027-05-03"})

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"field": "arival", "code": "unknown_field", "detail": "There is no such field. Did you mean “arrival”?"}
    ]
    assert not Reservation.objects.exists()


def test_the_same_request_with_the_same_key_is_done_once_and_answered_alike(program):
    flat = make_apartment()

    first = program.post("/reservations/", booking_request(flat), idempotency_key="one")
    again = program.post("/reservations/", booking_request(flat), idempotency_key="one")
    other = program.post("/reservations/", booking_request(flat, guest_name="Bo Li"), idempotency_key="one")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.json()["code"] == "key_reused"
    assert Reservation.objects.count() == 1
