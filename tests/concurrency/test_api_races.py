"""Programs race through the API of a running Roomtone: one wins, and the others are told what to do instead."""

import re
from collections import Counter

import pytest

from tests.api.over_http import Caller, at_once

CLIENTS, REPETITIONS = 100, 50

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def program(server):
    return Caller(server, "program")


@pytest.fixture
def flat(server):
    return make(server, "make_apartment()")


def make(server, thing):
    """The key of what the factory makes."""
    printed = server.run(f"from tests.factories import *; print('key', {thing}.pk)")
    return int(re.search(r"key (\d+)", printed)[1])


def booking_request(property, number=0):
    return {
        "property": property,
        "arrival": "2027-05-03",
        "departure": "2027-05-06",
        "guest_name": f"Guest {number}",
    }


def booked(program, property):
    return program.get(f"/reservations/?property={property}&limit=100").json()["results"]


def answered(answers):
    """Their statuses, counted. Who was not answered for now is told when to ask again."""
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 503)
    return Counter(answer.status for answer in answers)


def test_a_hundred_programs_and_one_apartment_make_one_booking(program, flat):
    answers = at_once(CLIENTS, lambda number: program.post("/reservations/", booking_request(flat, number)))

    assert answered(answers) == {201: 1, 409: CLIENTS - 1}
    [winner] = booked(program, flat)
    for refused in (answer.json() for answer in answers if answer.status == 409):
        assert refused["code"] == "dates_taken"
        assert [each["reservation"] for each in refused["in_the_way"]] == [winner["reference"]]
        assert refused["next_free"][0] == {"arrival": "2027-05-06", "departure": "2027-05-09"}


def test_the_last_room_goes_to_one_of_many_who_each_have_a_key(server, program):
    hotel = make(server, "make_hotel(['1', '2', '3'])")
    for number in range(2):
        assert program.post("/reservations/", booking_request(hotel, number)).status == 201

    answers = at_once(
        CLIENTS,
        lambda number: program.post("/reservations/", booking_request(hotel, number), idempotency_key=f"room-{number}"),
    )

    assert answered(answers) == {201: 1, 409: CLIENTS - 1}
    assert all(answer.json()["next_free"] for answer in answers if answer.status == 409)
    rooms = [segment["unit"]["name"] for row in booked(program, hotel) for segment in row["segments"]]
    assert sorted(rooms) == ["1", "2", "3"]


def insisting(ask):
    """A program that asks once more when it is told that the first request with its key is still under way."""

    def run(number):
        answer = ask(number)
        return ask(number) if answered([answer])[503] else answer

    return run


def test_one_request_sent_fifty_times_at_once_books_once_and_is_answered_alike(program, flat):
    def book(_):
        return program.post("/reservations/", booking_request(flat), idempotency_key="fifty")

    answers = at_once(REPETITIONS, insisting(book))

    assert answered(answers) == {201: REPETITIONS}
    assert len({(answer.content, answer.headers["ETag"], answer.headers["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert [row["reference"] for row in booked(program, flat)] == [answers[0].json()["reference"]]


def test_of_two_requests_with_one_key_at_once_one_is_done_and_the_other_refused(program, flat):
    def book(number):
        return program.post("/reservations/", booking_request(flat, number % 2), idempotency_key="two")

    answers = at_once(REPETITIONS, insisting(book))

    done = [answer for answer in answers if answer.status == 201]
    assert answered(answers) == {201: REPETITIONS // 2, 422: REPETITIONS // 2}
    assert len({answer.content for answer in done}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status == 422} == {"key_reused"}
    assert len(booked(program, flat)) == 1


def test_one_key_of_two_people_is_two_keys(server, program, flat):
    other, elsewhere = Caller(server, "other"), make(server, "make_apartment()")
    mine, theirs = (program, flat), (other, elsewhere)

    def book(number):
        caller, property = (mine, theirs)[number % 2]
        return number % 2, caller.post("/reservations/", booking_request(property), idempotency_key="shared")

    answers = at_once(20, book)

    assert answered([answer for _, answer in answers]) == {201: 20}
    for number, (caller, property) in enumerate((mine, theirs)):
        [reservation] = booked(caller, property)
        assert {a.json()["reference"] for n, a in answers if n == number} == {reservation["reference"]}
