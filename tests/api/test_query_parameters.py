"""Query parameters of an address: which are taken, and how the others are refused."""

import uuid

import pytest

from tests.contracts.document import operations, published
from tests.factories import make_apartment

ENDPOINTS = [name.split() for name, _ in operations(published())]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.sampled(14)
def test_a_parameter_that_no_endpoint_knows_is_refused_by_each(program, method, path):
    path = path.replace("voice-notes/{id}", f"voice-notes/{uuid.uuid4()}").replace("{reference}", "RT-23456")
    address = path.replace("{id}", "1")

    answer = program.client.generic(method, f"{address}?arival=1", headers=program.headers)

    assert answer.status_code == 400
    assert {"field": "arival", "code": "unknown_field"}.items() <= answer.json()["errors"][0].items()
    assert "There is no such parameter." in answer.json()["detail"]


def test_a_filter_that_is_said_twice_is_refused_and_not_half_forgotten(program):
    answer = program.get("/properties/?kind=hotel&kind=apartment")

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"field": "kind", "code": "repeated", "detail": "This is said more than once. Say it once."}
    ]


@pytest.mark.parametrize("query", ["fields=name,kind", "fields=name&fields=kind"])
def test_fields_are_parted_by_commas_or_said_one_by_one(program, query):
    make_apartment("Garden Flat")

    assert program.get(f"/properties/?{query}").json()["results"] == [{"name": "Garden Flat", "kind": "apartment"}]


def test_a_cursor_that_nobody_gave_is_against_a_rule(program):
    answer = program.get("/properties/?cursor=page2")

    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_cursor")


def test_the_largest_number_that_the_schema_allows_is_taken(program):
    assert program.get(f"/reservations/?guest={2**62}").json()["results"] == []


def test_text_is_counted_as_it_was_sent(program):
    answer = program.post("/guests/", {"name": " " + "x" * 200})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "max_length"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_does_nothing_is_said_to_do_nothing(program, method):
    answer = program.client.generic(method, "/api/v1/properties/1/", headers=program.headers)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
