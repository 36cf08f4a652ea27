"""The rooms that the page *This room is broken* offers each guest."""

import pytest

from reservations.models import Closure, Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_span
from tests.factories import make_reservation, make_user
from tests.reservations.broken_room.page import DAY, bob_in, offered, page_for, room, rooms_of, sofia_in

pytestmark = pytest.mark.django_db


def test_the_best_room_is_of_the_same_type_then_a_better_one(browser, hotel):
    sofia = sofia_in(hotel)

    assert offered(page_for(browser, hotel), sofia) == ["201 · Double", "103 · Suite, better", "102 · Single, simpler"]

    make_reservation(unit=room(hotel, "201"), arrival=hotel.today(), nights=1)
    assert offered(page_for(browser, hotel), sofia) == ["103 · Suite, better", "102 · Single, simpler"]


def test_a_room_that_is_too_small_is_not_offered(browser, hotel):
    sofia = sofia_in(hotel, party_size=2)

    assert offered(page_for(browser, hotel), sofia) == ["201 · Double", "103 · Suite, better"]


def test_a_room_whose_guest_has_not_left_comes_last_and_not_for_who_moves_now(browser, hotel):
    sofia, today = sofia_in(hotel, party_size=2, status=Status.CONFIRMED), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today - 3 * DAY, nights=2, status=Status.IN_HOUSE, guest="Al Te")

    assert offered(page_for(browser, hotel), sofia) == [
        "103 · Suite, better",
        "201 · Double (Al Te has not left room 201 yet)",
    ]

    Reservation.objects.filter(pk=sofia.pk).update(status=Status.IN_HOUSE)
    assert offered(page_for(browser, hotel), sofia) == ["103 · Suite, better"]


def test_another_room_may_be_chosen(browser, hotel):
    sofia = sofia_in(hotel)

    page_for(browser, hotel).press("Move all and close", {"New room for Sofia Marques": "103 · Suite, better"})

    assert rooms_of(sofia) == "101 → 103"


def sofia_with_one_free_night(hotel, **fields):
    """In 101 for three nights; 201 is free for the first one to come alone, and 103 for none."""
    sofia, today = sofia_in(hotel, party_size=2, nights=4, **fields), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today + DAY, nights=1)
    make_reservation(unit=room(hotel, "103"), arrival=today, nights=1)
    return sofia


def test_for_one_closed_night_a_guest_moves_tonight_only_and_comes_back(browser, hotel):
    sofia = sofia_with_one_free_night(hotel)
    page = page_for(browser, hotel, departure=hotel.today() + DAY)

    assert offered(page, sofia) == ["201 · Double, tonight only, then back in 101"]
    assert "Tonight only, then back in 101: no room is free for all nights." in page.shown
    page.press("Move all and close")

    assert rooms_of(sofia) == "101 → 201 → 101"
    assert Closure.objects.get().stay == Stay.of_nights(hotel.today(), 1)


def test_who_comes_today_gets_another_room_tonight_only(browser, hotel):
    sofia = make_reservation(unit=room(hotel, "101"), arrival=hotel.today(), guest="Sofia Marques", party_size=2)
    make_reservation(unit=room(hotel, "201"), arrival=hotel.today() + DAY, nights=1)
    make_reservation(unit=room(hotel, "103"), arrival=hotel.today(), nights=1)
    page = page_for(browser, hotel, departure=hotel.today() + DAY)

    assert offered(page, sofia) == ["201 · Double, tonight only, then in 101", "Without a room"]
    page.press("Move all and close")

    assert rooms_of(sofia) == "201 → 101"


def test_who_comes_before_the_closed_nights_moves_for_these(browser, hotel):
    bob, today = bob_in(hotel, days=5, party_size=2), hotel.today()
    make_reservation(unit=room(hotel, "103"), arrival=today + 7 * DAY, nights=1)
    make_reservation(unit=room(hotel, "201"), arrival=today + 5 * DAY, nights=1)

    page = page_for(browser, hotel, arrival=today + 7 * DAY)
    last = Stay.of_nights(today + 7 * DAY, 1)
    assert offered(page, bob)[0] == f"201 · Double, {short_span(last)} only, before in 101"
    page.press("Move all and close")

    assert rooms_of(bob) == "101 → 201"


def test_a_room_for_all_nights_is_preferred(browser, hotel):
    sofia, today = sofia_in(hotel, party_size=2), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today + DAY, nights=1)

    page = page_for(browser, hotel, departure=today + DAY)

    assert offered(page, sofia) == ["103 · Suite, better"]


def test_without_a_free_room_a_coming_stay_is_kept_without_one_in_plain_words(browser, hotel):
    bob = bob_in(hotel, party_size=2)
    for name in ("103", "201"):
        make_reservation(unit=room(hotel, name), arrival=hotel.today() + 5 * DAY)

    page = page_for(browser, hotel)

    assert "1 stay, without a room" in page.shown
    assert "No room is free for all its nights. The stay is kept without a room" in page.shown
    assert offered(page, bob) == ["Without a room"]
    assert page.click("in another property").status_int == 200
    until = next(button for button in page.document.select(".affected button"))
    assert not page.document.select_one("#not-yet")
    assert "Nobody has to move." in page.press(until.text).shown
    done = page.press("Move all and close").follow()
    assert "until further notice. 1 stay is without a room now." in done.shown
    assert rooms_of(bob) == ""


def test_what_becomes_of_those_without_a_room_is_said_once_and_they_are_counted(browser, hotel):
    for days in (5, 15, 25):
        bob_in(hotel, days=days, party_size=2)
    for name in ("103", "201"):
        make_reservation(unit=room(hotel, name), arrival=hotel.today() + 5 * DAY, nights=20)

    page = page_for(browser, hotel)

    assert "3 stays, 2 without a room" in page.shown
    assert "For 2 stays no room is free for all nights. They are kept without a room" in page.shown
    assert page.shown.count("kept without a room") == 1
    assert page.shown.count("in another property") == 2
    done = page.press("Move all and close").follow()
    assert "1 stay has been moved. 2 stays are without a room now." in done.shown


def test_a_manager_may_leave_a_coming_stay_without_a_room(django_app, hotel):
    bob = bob_in(hotel)
    boss = django_app.sign_in(make_user("boss", role="manager"))

    page_for(boss, hotel).press("Move all and close", {"New room for Bob Lindqvist": "Without a room"})

    assert rooms_of(bob) == ""


def test_without_a_free_room_a_guest_in_house_keeps_theirs(browser, hotel):
    sofia = sofia_in(hotel, party_size=2)
    for name in ("103", "201"):
        make_reservation(unit=room(hotel, name), arrival=hotel.today())

    page = page_for(browser, hotel)
    assert "No room is free for all these nights. They are in house" in page.shown
    assert page.document.select_one("#not-yet").text.startswith("Not possible yet: Sofia Marques in house has no")
    refused = page.press("Move all and close", {"What is broken": "The boiler"})
    assert "Sofia Marques" in refused.shown
    assert not Closure.objects.exists()

    later = next(button for button in refused.document.select(".affected button"))
    refused.press(later.text).press("Close the room")
    assert Closure.objects.get().stay.arrival == sofia.departure
