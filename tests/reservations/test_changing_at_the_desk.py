"""Change stay, with what a browser sends of the page that was rendered."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations import booking
from reservations.models import Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db


def change_page(browser, reservation):
    return browser.get(f"/reservations/{reservation.reference}/edit/")


def test_a_hotel_stay_gets_another_number_of_guests(browser):
    stay = make_reservation(make_hotel(), party_size=2)

    saved = change_page(browser, stay).press("Save changes", {"Guests": "1"})

    assert saved.status_int == 302, saved.shown
    stay.refresh_from_db()
    assert (stay.party_size, stay.unit.name) == (1, "101")


@pytest.mark.parametrize("status", [Status.HELD, Status.CONFIRMED, Status.IN_HOUSE])
@pytest.mark.parametrize("make_property", [make_hotel, make_apartment, lambda: make_hotel(rooms=())])
def test_what_is_saved_as_it_is_stays_as_it_is(browser, make_property, status):
    until = timezone.now() + dt.timedelta(days=1) if status == Status.HELD else None
    stay = make_reservation(make_property(), status=status, hold_expires_at=until)

    saved = change_page(browser, stay).press("Save changes")

    assert saved.status_int == 302, saved.shown
    assert "nothing was changed" in saved.follow().shown


def test_another_room_is_chosen_by_its_name(browser):
    stay = make_reservation(make_hotel(rooms=["101", "102"]))

    change_page(browser, stay).press("Save changes", {"Room": "102"})

    stay = type(stay).objects.with_unit().get()
    assert stay.unit.name == "102"


def test_a_stay_that_waits_for_a_room_gets_one(browser):
    browser.user.is_superuser = True
    browser.user.save()
    stay = make_reservation(make_hotel(rooms=["101", "102"]))
    booking.unassign(reservation=stay, reason="The shower leaks", actor=browser.user)
    page = browser.get(f"/reservations/{stay.reference}/")

    page = page.click("Give it a room", href="edit")
    saved = page.press("Save changes", {"Room": "102"})

    assert saved.status_int == 302, saved.shown
    assert type(stay).objects.with_unit().get().unit.name == "102"


def test_other_dates_are_taken(browser):
    stay = make_reservation(make_hotel(), arrival=ARRIVAL, nights=3)

    change_page(browser, stay).press("Save changes", {"Departure": "2027-05-07"})

    stay.refresh_from_db()
    assert stay.stay == Stay(ARRIVAL, ARRIVAL.replace(day=7))


def test_nobody_is_alarmed_that_a_guest_in_the_house_has_arrived(browser):
    hotel = make_hotel()
    arrival = hotel.today() - dt.timedelta(days=1)
    stay = make_reservation(hotel, arrival=arrival, nights=3, status=Status.IN_HOUSE)

    page = change_page(browser, stay)

    assert "Free." in page.shown
    assert "in the past" not in page.shown
