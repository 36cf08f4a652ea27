"""From where the page *This room is broken* is reached, and where a closed room is seen afterwards."""

import pytest

from reservations import booking
from reservations.models import Closure
from reservations.stay import Stay
from reservations.wording import closed_until
from tests.factories import give_role, make_apartment
from tests.reservations.broken_room.page import DAY, PAGE, bob_in, page_for, room, rooms_of, sofia_in

pytestmark = pytest.mark.django_db


def test_without_a_room_it_asks_which(browser, hotel):
    make_apartment("Garden Flat")
    page = browser.get(PAGE)

    page = page.press("Show its guests", {"Room": "101 · Harbour Hotel"})

    assert "Room 101 is broken" in page.shown


def test_a_room_that_is_none_is_asked_again(browser, hotel):
    page = browser.get(f"{PAGE}?unit=x", status=422)

    assert "Choose a room of the list." in page.shown


def test_of_an_apartment_nobody_is_asked_which_room(browser):
    flat = make_apartment("Garden Flat")

    page = browser.get(f"{PAGE}?property={flat.pk}")

    assert "Garden Flat is broken" in page.shown


class TestItIsReachedFrom:
    def test_the_room_which_only_managers_change(self, browser, hotel):
        page = browser.get(f"/properties/{hotel.pk}/").click("101")
        assert "Room 101 is broken" in page.shown

        give_role(browser.user)
        page = browser.get(f"/properties/rooms/{room(hotel, '101').pk}/edit/").click("This room is broken")
        assert "Room 101 is broken" in page.shown

    def test_the_property(self, browser, hotel):
        page = browser.get(f"/properties/{hotel.pk}/").click("A room is broken")
        assert "101 · Harbour Hotel" in page.text

    def test_a_reservation(self, browser, hotel):
        sofia = sofia_in(hotel)
        booking.split(reservation=sofia, night=hotel.today() + DAY, unit=room(hotel, "201"), actor=None)

        page = browser.get(sofia.get_absolute_url()).click("This room is broken")

        assert "Room 101 is broken" in page.shown

    def test_today(self, browser, hotel):
        assert browser.get("/").click("A room is broken").request.path == PAGE

    def test_closing_a_room_that_has_guests(self, browser, hotel):
        sofia = sofia_in(hotel)
        dates = {"Closed from": str(hotel.today()), "Open again on": str(hotel.today() + 2 * DAY)}
        form = browser.get(f"/closures/new/?unit={room(hotel, '101').pk}")
        refused = form.press("Close the room", dates | {"Why": "Deep cleaning", "Note": "Paint"})

        page = refused.press("Move Sofia Marques and close…")
        page.press("Move all and close")

        closure = Closure.objects.get()
        assert (closure.kind, closure.note, closure.stay) == ("cleaning", "Paint", Stay.of_nights(hotel.today(), 2))
        assert rooms_of(sofia) == "101 → 201"


def test_closed_rooms_are_listed_on_today_and_on_the_propertys_page(browser, hotel):
    page_for(browser, hotel).press("Close the room", {"What is broken": "The boiler"})
    nights = Stay.of_nights(hotel.today() + DAY, 1)
    booking.close(unit=room(hotel, "102"), stay=nights, kind="maintenance", actor=None)
    flat = make_apartment("Garden Flat")
    nights = Stay.of_nights(flat.today(), 2)
    booking.close(unit=flat.units.get(), stay=nights, kind="calendar", actor=None)

    today = browser.get("/")
    listed = [line.text.split() for line in today.document.select("[aria-labelledby=closed-rooms] li")]
    assert [" ".join(words) for words in listed] == [
        "Room 101 until further notice Harbour Hotel · Out of order: The boiler"
    ]
    assert today.click(href="/closures/[0-9]+/").request.path == f"/closures/{Closure.objects.earliest('pk').pk}/"
    its_page = browser.get(f"/properties/{hotel.pk}/")
    assert "Closed tonight: room 101, until further notice" in " ".join(its_page.document.text.split())
    assert "Closed tonight" not in browser.get(f"/properties/{flat.pk}/").shown


def test_an_apartment_that_is_closed_is_named_by_its_name(browser):
    flat = make_apartment("Garden Flat")
    closure = booking.close(unit=flat.units.get(), stay=Stay.of_nights(flat.today(), 2), kind="maintenance", actor=None)

    assert browser.get("/").click("Garden Flat").request.path == f"/closures/{closure.pk}/"
    page = browser.get(f"/properties/{flat.pk}/")
    assert f"Closed tonight: Garden Flat, {closed_until(closure)}." in " ".join(page.document.text.split())


def test_recently_done_names_the_room_and_its_guests(browser, hotel):
    sofia_in(hotel)
    page_for(browser, hotel).press("Move all and close")

    page = browser.get("/recent/")

    span = f"from {hotel.today():%-d %b} until further notice"
    assert f"Out of order, room 101 {span}" in page.shown
    assert "Sofia Marques" in page.shown
    assert "the closed room and 1 stay as one" in page.shown


def test_a_closure_until_further_notice_says_so_wherever_it_is_read(browser, hotel):
    page_for(browser, hotel).press("Close the room")
    closure = Closure.objects.get()

    page = browser.get(f"/closures/{closure.pk}/")
    assert "until further notice" in page.shown
    span = f"from {hotel.today():%-d %b} until further notice"
    assert f"closed {span}" in browser.get("/calendar/").text
    assert page.form_with("Save changes")["departure"].value == ""
    page.press("Save changes")
    assert "until further notice" in browser.get(f"/calendar/closure/{closure.pk}/").shown
    with pytest.raises(booking.DatesTaken, match="out of order until further notice"):
        booking.move(reservation=bob_in(hotel, "201"), unit=room(hotel, "101"), actor=None)
    closure.refresh_from_db()
    assert closure.is_until_further_notice
    booking.reopen(closure=closure, actor=None)
    assert f"101, {span}" in browser.get(f"/closures/{closure.pk}/").shown
