"""The same press of *Reserve* twice is one booking; a form that was changed, or whose booking is gone, is another."""

import pytest

from reservations import booking
from reservations.models import Group, Reservation
from tests.factories import make_hotel

pytestmark = pytest.mark.django_db

DATES = "arrival=2027-05-03&departure=2027-05-06"


@pytest.fixture
def page(browser):
    """As a browser keeps it for Back: it can be sent again and again."""
    hotel = make_hotel(["101", "102", "103", "104"])
    return browser.get(f"/reservations/new/?property={hotel.pk}&{DATES}")


def reserve(page, **changed):
    typed = {"Guest": "Marta Wójcik"} | {label.replace("_", " "): value for label, value in changed.items()}
    answer = page.form_with("Reserve").fill(typed).press("Reserve")
    assert answer.status_int == 302, answer.shown
    return answer.location


def test_twice_the_same_is_one(page):
    assert reserve(page) == reserve(page)
    assert Reservation.objects.count() == 1


def test_twice_the_same_hold_is_one(page):
    first, second = reserve(page, **{"2 h": True}), reserve(page, **{"2 h": True})

    assert first == second
    assert Reservation.objects.get().status == "held"


@pytest.mark.parametrize(
    "changed",
    [
        {"Room": "102"},
        {"Guests": "3"},
        {"2_h": True},
        {"Source": "Telephone"},
        {"Departure": "2027-05-07"},
        {"Guest": "Tom Byrne"},
        {"Telephone": "+351 912 345 678"},
    ],
)
def test_another_request_is_another_booking(page, changed):
    first = reserve(page, Room="101")

    second = reserve(page, **{"Room": "Any free room"} | changed)

    assert first != second
    assert Reservation.objects.count() == 2


def test_what_was_taken_back_is_booked_anew(page, browser):
    reserve(page)
    gone = Reservation.objects.get()
    booking.undo(event=gone.events.get(), actor=browser.user)

    again = reserve(page)

    assert gone.reference not in again
    assert Reservation.objects.blocking().count() == 1


class TestGroups:
    @pytest.fixture
    def page(self, browser):
        hotel = make_hotel(["101", "102", "103", "104"])
        return browser.get(f"/reservations/new-group/?property={hotel.pk}&{DATES}")

    def reserve(self, page, **changed):
        form = page.form_with("Reserve all").fill({"Booker": "Moreau Travel"} | changed)
        form["count_any"] = changed.pop("rooms", "2")
        return form.press("Reserve all").location

    def test_twice_the_same_is_one_group(self, page):
        assert self.reserve(page) == self.reserve(page)
        assert Group.objects.count() == 1

    def test_another_request_is_another_group(self, page):
        assert self.reserve(page) != self.reserve(page, **{"2 h": True})
        assert Group.objects.count() == 2

    def test_a_group_that_was_taken_back_is_booked_anew(self, page, browser):
        self.reserve(page)
        first = Group.objects.get()
        booking.undo(event=first.reservations.first().events.get(), actor=browser.user)

        self.reserve(page)

        assert Group.objects.count() == 2
