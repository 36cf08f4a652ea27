"""A program that knows nothing but the schema: it works in a running house through the client that is made from it."""

import datetime as dt
import itertools
import uuid

import pytest

pytestmark = pytest.mark.e2e

FAR = dt.date(2027, 5, 3)
weeks = itertools.count()


@pytest.fixture
def wish(house, package):
    """Three nights in the Garden Flat, in a week of each test's own."""
    from roomtone_client.models import BookingRequest

    arrival = FAR + dt.timedelta(weeks=next(weeks))
    departure = arrival + dt.timedelta(days=3)
    return BookingRequest(
        property_=house.facts.flat, arrival=arrival, departure=departure, guest_name="Amara Okafor", party_size=2
    )


def test_a_stay_is_booked_and_read(roomtone, wish):
    from roomtone_client.api.reservations import book, read_reservation

    answer = book.sync_detailed(client=roomtone, body=wish)
    booked = answer.parsed

    assert answer.status_code == 201
    assert (booked.guest.name, booked.arrival, booked.nights) == ("Amara Okafor", wish.arrival, 3)
    assert booked.parts[0].unit.name == "Garden Flat"
    assert booked.status == "confirmed"
    assert answer.headers["ETag"] == f'"{booked.version}"'
    assert read_reservation.sync(client=roomtone, reference=booked.reference) == booked


def test_taken_nights_come_with_the_way_out(roomtone, wish):
    from roomtone_client.api.reservations import book
    from roomtone_client.models import Conflict

    standing = book.sync(client=roomtone, body=wish)
    conflict = book.sync(client=roomtone, body=wish)

    assert isinstance(conflict, Conflict)
    assert conflict.code == "dates_taken"
    assert [each.reservation for each in conflict.in_the_way] == [standing.reference]
    assert conflict.next_free[0].arrival == wish.departure
    assert conflict.other_properties[0].name


def test_the_way_out_can_be_booked_as_it_stands(roomtone, wish):
    from roomtone_client.api.reservations import book

    book.sync(client=roomtone, body=wish)
    way_out = book.sync(client=roomtone, body=wish).next_free[0]
    wish.arrival, wish.departure = way_out.arrival, way_out.departure

    assert book.sync(client=roomtone, body=wish).arrival == way_out.arrival


def test_a_request_that_is_sent_again_is_answered_alike(roomtone, wish):
    from roomtone_client.api.reservations import book

    key = str(uuid.uuid4())
    first = book.sync_detailed(client=roomtone, body=wish, idempotency_key=key)
    again = book.sync_detailed(client=roomtone, body=wish, idempotency_key=key)

    assert again.parsed == first.parsed
    assert again.headers["Idempotency-Replayed"] == "true"


def test_all_pages_of_a_list_have_each_row_once(roomtone):
    from roomtone_client.api.properties import list_properties

    names, cursor = [], None
    while True:
        page = list_properties.sync(client=roomtone, limit=2, **({"cursor": cursor} if cursor else {}))
        names += [each.name for each in page.results]
        if page.next_ is None:
            break
        cursor = page.next_.partition("cursor=")[2].partition("&")[0]

    assert names == sorted(names)
    assert len(set(names)) == len(names) == 6


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"guest_name": " "}, "guest_name", "seen"),
        ({"arrival": FAR, "departure": FAR}, "departure", "night"),
        ({"property_": 999_999}, "property", "none with this id"),
    ],
)
def test_what_is_wrong_is_said_field_by_field(roomtone, wish, change, field, words):
    from roomtone_client.api.reservations import book

    for name, value in change.items():
        setattr(wish, name, value)
    answer = book.sync_detailed(client=roomtone, body=wish)

    assert (answer.status_code, answer.parsed.errors[0].field) == (422, field)
    assert words in answer.parsed.errors[0].detail


def test_a_wrong_token_is_told_what_to_do(connect):
    from roomtone_client.api.properties import list_properties

    refused = list_properties.sync_detailed(client=connect("rt_guessed"))

    assert (refused.status_code, refused.parsed.code) == (401, "unknown_token")
    assert "API tokens page" in refused.parsed.detail


def test_a_token_that_may_not_is_told_which_scope_it_needs(connect, house, wish):
    from roomtone_client.api.reservations import book

    refused = book.sync_detailed(client=connect(house.facts.reader), body=wish)

    assert (refused.status_code, refused.parsed.code) == (403, "missing_scope")
    assert "reservations:write" in refused.parsed.detail
