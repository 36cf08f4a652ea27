"""The desk's forms filled in by label and sent as a browser sends them: one success each, and what it wrote."""

import datetime as dt

import pytest

from properties.models import Property, Rate, RoomType
from reservations.models import Guest, Reservation
from tests.factories import give_role, make_apartment, make_guest, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(browser):
    """Alice's browser; only managers change properties, their rooms and prices."""
    give_role(browser.user)
    return browser


def rooms_of(stay):
    return Reservation.objects.with_unit().get(pk=stay.pk).rooms


def test_a_hotel_is_made_with_its_rooms(manager):
    page = manager.get("/properties/new/?kind=hotel")

    made = page.press("Create property", {"Name": "Harbour Hotel", "Rooms": "101–103", "Price per night": "95"})

    hotel = Property.objects.get()
    assert made.status_int == 302, made.shown
    assert [unit.name for unit in hotel.units.all()] == ["101", "102", "103"]
    assert hotel.nightly_rate == 95


def test_an_apartment_is_made_with_the_party_it_sleeps(manager):
    page = manager.get("/properties/new/?kind=apartment")

    page.press("Create property", {"Name": "Garden Flat", "Price per night": "140", "Sleeps": "3"})

    assert Property.objects.get().sleeps == 3


def test_rooms_are_added_and_one_is_renamed(manager):
    hotel = make_hotel(["101"])

    manager.get(f"/properties/{hotel.pk}/").press("Add rooms", {"Add rooms": "102, 103"})
    manager.get(f"/properties/rooms/{hotel.units.get(name='102').pk}/edit/").press("Save room", {"Name": "102 A"})

    assert [unit.name for unit in hotel.units.all()] == ["101", "102 A", "103"]


def test_a_room_type_is_made_with_the_rooms_that_are_ticked(manager):
    hotel = make_hotel(["101", "102"])
    page = manager.get(f"/properties/{hotel.pk}/room-types/new/")

    page.press("Add room type", {"Name": "Double", "Price per night in EUR": "118", "102": True})

    assert RoomType.objects.get().units.get().name == "102"


def test_a_line_of_the_rate_table_is_for_the_nights_that_are_ticked(manager):
    flat = make_apartment()
    page = manager.get(f"/properties/{flat.pk}/rates/new/")

    page.press("Add line", {"Name": "Weekend", "Price per night in EUR": "170", "Fri": True, "Sat": True})

    assert (Rate.objects.get().weekdays, Rate.objects.get().nightly_rate) == ([5, 6], 170)


@pytest.mark.parametrize(
    ("make_property", "room"), [(make_hotel, "101"), (make_apartment, None), (lambda: make_hotel([]), "")]
)
def test_a_stay_is_booked_in_each_kind_of_property(browser, make_property, room):
    property = make_property()
    page = browser.get("/reservations/new/")

    nights = {"Arrival": "2027-05-03", "Departure": "2027-05-05"}
    booked = page.press("Reserve", {"Property": property.name, "Guest": "Marta Wójcik", "Guests": "1"} | nights)

    stay = Reservation.objects.get()
    assert booked.status_int == 302, booked.shown
    assert (stay.property, stay.guest.name, stay.stay.nights) == (property, "Marta Wójcik", 2)
    assert rooms_of(stay) == (property.name if room is None else room)


def test_a_stay_is_moved_to_another_room_and_night(browser):
    stay = make_reservation(make_hotel(["101", "102"]))
    page = browser.get(f"/reservations/{stay.reference}/edit/")

    moved = page.press("Save changes", {"Room": "102", "Departure": "2027-05-05"})

    stay.refresh_from_db()
    assert moved.status_int == 302, moved.shown
    assert (rooms_of(stay), stay.departure) == ("102", dt.date(2027, 5, 5))


def test_a_closure_is_made_for_the_room_and_nights_chosen(browser):
    hotel = make_hotel(["101", "102"])
    page = browser.get("/closures/new/").press("Choose a room there", {"Property": hotel.name})

    closed = page.press("Close the room", {"Room": "102", "Closed from": "2027-05-03", "Open again on": "2027-05-05"})

    assert closed.status_int == 302, closed.shown
    assert hotel.units.get(name="102").occupancies.get().closure.kind == "out_of_order"


def test_a_guest_gets_a_telephone(browser):
    guest = make_guest("Amara Okafor")

    browser.get(f"/guests/{guest.pk}/edit/").press("Save", {"Telephone": "+351 912 345 678"})

    assert Guest.objects.get().phone == "+351 912 345 678"


def test_a_group_takes_rooms_of_two_kinds(browser):
    hotel = make_hotel(["101", "102", "103"])
    hotel.units.filter(name="101").update(room_type=make_room_type(hotel))
    page = browser.get(f"/reservations/new-group/?property={hotel.pk}&arrival=2027-05-03&departure=2027-05-05")
    counts = {control["aria-label"]: "1" for control in page.form_with("Reserve all").controls if _counts(control)}

    booked = page.press("Reserve all", counts | {"Booker": "Moreau Travel"})

    assert booked.status_int == 302, booked.shown
    assert Reservation.objects.count() == 2


def _counts(control):
    return control.get("name", "").startswith("count_")
