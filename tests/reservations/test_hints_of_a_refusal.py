"""Beside a form that was refused stands what the refusal says: the calendar is not asked again."""

import pytest

from reservations import availability, booking
from reservations.offers.booking_hints import hints_for
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_booking, make_reservation

pytestmark = pytest.mark.django_db

STAY = Stay.of_nights(ARRIVAL, 3)


@pytest.fixture
def refused():
    flat = make_apartment()
    make_reservation(flat)
    with pytest.raises(booking.DatesTaken) as refusal:
        make_booking(property=flat, stay=STAY, party_size=2, guest_name="Bo Li", actor=None)
    return refusal.value.answer


def test_the_answer_of_a_refusal_is_shown_as_it_is(refused):
    hints = hints_for({"property": refused.property, "stay": STAY, "party_size": 2}, refused=refused)

    assert hints.answer is refused


def test_an_answer_about_other_nights_is_not_shown(refused):
    later = Stay.of_nights(STAY.departure, 3)

    hints = hints_for({"property": refused.property, "stay": later, "party_size": 2}, refused=refused)

    assert hints.answer.is_free


def test_the_page_of_a_refused_booking_computes_the_alternatives_one_time(desk, monkeypatch):
    """`book` computes them for its refusal, and the hints beside the form show the same answer."""
    flat, calls, answer = make_apartment(), [], availability.answer
    make_reservation(flat)
    monkeypatch.setattr(availability, "answer", lambda **asked: calls.append(asked) or answer(**asked))
    fields = {"property": flat.pk, "arrival": STAY.arrival, "departure": STAY.departure, "party_size": 2, "guest": "Bo"}

    response = desk.post("/reservations/new/", fields)

    assert response.status_code == 409
    assert len(calls) == 1
