import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from tests.factories import make_apartment, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

ASKED = {"arrival": "2027-05-03", "nights": "3", "party_size": "2"}
RESULTS = {"HX-Request": "true", "HX-Target": "find-results"}


def look(desk, headers=None, **fields):
    response = desk.get("/find/", ASKED | fields, headers=headers or {})
    return response, response.content.decode()


def test_the_address_alone_answers_with_fields_and_results(desk):
    make_apartment("Garden Flat")

    response, page = look(desk, party_size="3", place="garden")

    assert response.status_code == 200
    assert "<!doctype html>" in page
    assert "1 room or apartment free in 1 property: 3–6 May 2027, 3 nights, 3 guests" in page
    for kept in ('value="3 May 2027"', 'value="garden"'):
        assert kept in page
    assert "€420.00" in page


@time_machine.travel("2027-05-03T12:00:00Z")
def test_without_a_question_it_answers_for_tonight(desk):
    make_apartment("Garden Flat")
    desk.force_login(desk.user)  # the fixture's sign-in is over by then

    page = desk.get("/find/").content.decode()

    assert "3–4 May 2027, 1 night, 2 guests" in page


def test_book_leads_to_the_booking_form_with_everything_filled_in(desk):
    hotel = make_hotel(["101"])
    double = make_room_type(hotel)
    hotel.units.update(room_type=double)

    _, page = look(desk)

    stay = "arrival=2027-05-03&departure=2027-05-06&party_size=2"
    room = hotel.units.get().pk
    assert f'href="{escape(f"/reservations/new/?property={hotel.pk}&room_type={double.pk}&{stay}")}"' in page
    picked = f"/reservations/new/?property={hotel.pk}&room_type={double.pk}&unit={room}&{stay}"
    assert f'href="{escape(picked)}"' in page
    form = desk.get(picked).content.decode()
    for filled in (f'value="{hotel.pk}" selected', f'value="{room}" selected', 'value="6 May 2027"', 'value="2"'):
        assert filled in form


def test_a_room_without_a_type_is_named_where_any_room_could_be_a_dearer_one(desk):
    hotel = make_hotel(["101", "201"])
    hotel.units.filter(name="201").update(room_type=make_room_type(hotel))

    _, page = look(desk)

    assert f"?property={hotel.pk}&amp;unit={hotel.units.get(name='101').pk}&amp;arrival" in page
    assert f"?property={hotel.pk}&amp;arrival" not in page


def test_an_alternative_leads_to_the_booking_form_of_its_own_dates(desk):
    flat = make_apartment()
    make_reservation(flat)

    _, page = look(desk)

    later = f"/reservations/new/?property={flat.pk}&arrival=2027-05-06&departure=2027-05-09&party_size=2"
    assert escape(later) in page
    assert "next free" in page
    assert "Nothing is free for exactly these nights." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"arrival": ""}, "Choose the day of arrival."),
        ({"arrival": "soon"}, "Write a day such as 5 dec"),
        ({"arrival": "9999-12-31"}, "between 2000 and 2099"),
        ({"arrival": "1999-12-31"}, "between 2000 and 2099"),
        ({"arrival": "2099-12-31", "nights": "2"}, "between 2000 and 2099"),
        ({"nights": "0"}, "at least one night"),
        ({"nights": "731"}, "at most 730 nights"),
        ({"nights": "x"}, "whole number of nights"),
        ({"nights": ""}, "how many nights"),
        ({"party_size": "0"}, "At least one guest"),
        ({"party_size": "100"}, "At most 99"),
        ({"flexible": "9"}, "up to 3 days"),
        ({"kind": "castle"}, "Choose hotels"),
        ({"arrival": "2027-02-31", "nights": "2"}, "There is no 31 February."),
        ({"place": "a\x00b"}, "hidden characters"),
        ({"place": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(desk, fields, words):
    make_apartment()

    response, page = look(desk, **fields)
    part, fragment = look(desk, headers=RESULTS, **fields)

    assert (response.status_code, part.status_code) == (422, 422)
    assert words in page
    assert words in fragment
    assert "Whole apartment" not in page


def test_a_change_of_the_form_refreshes_results_and_count_alone(desk):
    make_apartment()

    response, part = look(desk, headers=RESULTS)

    assert part.lstrip().startswith('<div id="find-results">')
    assert 'hx-swap-oob="innerHTML:#find-count"' in part
    assert "<form" not in part
    assert "HX-Target" in response["Vary"]


def test_an_arrival_in_the_past_is_answered_and_said(desk):
    make_apartment()

    _, page = look(desk, arrival="2020-05-03")

    assert "The arrival is in the past." in page


def test_a_search_that_finds_no_property_says_what_to_change(desk):
    make_apartment("Garden Flat")

    _, page = look(desk, place="reykjavik")

    assert "Shorten the place, or leave it empty" in page


def test_before_there_is_a_property_it_leads_to_the_first(desk):
    _, page = look(desk)

    assert "There is no property yet." in page
    assert 'href="/properties/new/"' in page


def test_more_than_a_page_has_further_pages_that_keep_the_question(desk):
    for number in range(21):
        make_apartment(f"Flat {number:02}")

    _, first = look(desk, place="flat")
    _, second = look(desk, place="flat", page="2")

    assert "place=flat&amp;page=2" in first
    assert "Flat 19" in first
    assert "Flat 20" not in first
    assert "Flat 20" in second


def test_names_are_shown_as_text(desk):
    make_apartment("<img src=x onerror=alert(1)>")

    _, page = look(desk)

    assert "<img src=x" not in page


def test_the_number_of_queries_does_not_grow_with_properties(desk):
    def count():
        with CaptureQueriesContext(connection) as queries:
            look(desk, flexible="3")
        return len(queries)

    make_reservation(make_apartment())
    make_hotel()
    few = count()
    for _ in range(9):
        make_reservation(make_apartment())
        make_hotel(["1", "2", "3", "4"])

    assert count() == few


def test_nothing_but_reading_is_taken(desk):
    assert desk.post("/find/", ASKED).status_code == 405
