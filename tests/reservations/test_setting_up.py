"""What is next after a property was made, on its page."""

import pytest

from tests.factories import (
    give_role,
    make_apartment,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db

TITLES = ["Rooms", "Room types", "Rates", "The first reservation"]


@pytest.fixture
def alice(alice):
    """Only managers set a property up."""
    give_role(alice)
    return alice


@pytest.fixture
def manager(browser, alice):
    """Alice's browser; she may make accounts."""
    alice.is_superuser = alice.is_staff = True
    alice.save()
    return browser


def steps(page):
    """{title: whether it is done}"""
    rows = page.html.select(".setting-up li")
    return {row.select_one("a, span").find(string=True).strip(): "is-done" in row.get("class", []) for row in rows}


def open_property(browser, property):
    return browser.get(f"/properties/{property.pk}/")


def test_a_new_hotel_shows_its_steps_and_which_of_them_are_done(browser):
    hotel = make_hotel(["101"])

    assert steps(open_property(browser, hotel)) == dict.fromkeys(TITLES, False) | {"Rooms": True}

    make_room_type(hotel)
    make_rate(hotel)
    page = open_property(browser, hotel)
    assert steps(page) == dict.fromkeys(TITLES, True) | {"The first reservation": False}
    assert page.html.select_one(".setting-up .btn-primary")["href"] == f"/reservations/new/?property={hotel.pk}"


def test_an_apartment_has_fewer(browser):
    assert list(steps(open_property(browser, make_apartment()))) == ["Rates", "The first reservation"]


def test_it_goes_with_the_first_reservation(browser):
    hotel = make_hotel(["101"])
    make_reservation(hotel)

    assert steps(open_property(browser, hotel)) == {}


def test_who_may_make_accounts_is_asked_about_a_colleague_until_there_is_one(manager):
    flat = make_apartment()
    make_reservation(flat)
    page = open_property(manager, flat)

    assert steps(page)["A colleague’s account"] is False
    assert page.html.select_one(".setting-up .btn-primary") is not None
    make_user("bob")
    assert steps(open_property(manager, flat)) == {}


def test_who_works_alone_is_asked_no_more(manager):
    hotel = make_hotel(rooms=())
    for _ in range(10):
        make_reservation(hotel)

    assert steps(open_property(manager, hotel)) == {}
