"""Dates are typed as people say them, in every form, and shown as the pages write them."""

import datetime as dt

import pytest
import time_machine

from properties.fields import DayField
from properties.models import Rate
from reservations.booking import close
from reservations.forms.fields import LocalMomentField, StayFields
from reservations.models import Closure, Reservation, Status
from reservations.stay import Stay
from tests.factories import give_role, make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

NOON = "2027-05-01T12:00:00Z"  # a Saturday


@pytest.fixture(autouse=True)
def on_the_first_of_may():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def page(browser):
    return browser.get(f"/reservations/new/?property={make_apartment().pk}")


@pytest.mark.parametrize(
    ("arrival", "departure"),
    [
        ("3 may", "5 may"),
        ("3.5.", "5.5."),
        ("mon", "wed"),
        ("+2", "+2"),
        ("2027-05-03", "2 nights"),
        ("3/5", "5 May 2027"),
    ],
)
def test_a_stay_is_booked_as_it_was_typed(page, arrival, departure):
    page.press("Reserve", {"Guest": "Ana", "Arrival": arrival, "Departure": departure})

    booked = Reservation.objects.get()
    assert (booked.arrival, booked.departure) == (dt.date(2027, 5, 3), dt.date(2027, 5, 5))


def test_it_stays_as_it_was_typed_when_the_form_is_refused(page):
    refused = page.press("Reserve", {"Arrival": "mon", "Departure": "+2"})

    form = refused.form_with("Reserve")
    assert (form["arrival"].value, form["departure"].value) == ("mon", "+2")
    assert refused.seen.shows("3–5 May 2027, 2 nights.")


def test_what_cannot_be_read_is_said_and_kept(page):
    refused = page.press("Reserve", {"Guest": "Ana", "Arrival": "soon", "Departure": "31.4."})

    assert refused.seen.shows("Write a day such as 5 dec, 5.12.2026, fri or +2.")
    assert refused.seen.shows("There is no 31 April.")
    assert refused.form_with("Reserve")["arrival"].value == "soon"


def test_an_address_is_shown_as_the_pages_write_dates(browser):
    flat = make_apartment()
    page = browser.get(f"/reservations/new/?property={flat.pk}&arrival=2027-05-03&departure=2027-05-05")

    form = page.form_with("Reserve")
    assert (form["arrival"].value, form["departure"].value) == ("3 May 2027", "5 May 2027")


def test_a_picked_day_after_a_typed_arrival_is_the_departure(page):
    form = page.form_with("Reserve").fill({"Arrival": "mon"})

    picked = form.send(next(each for each in form.buttons if each.get("value") == "2027-05-05"))

    form = picked.form_with("Reserve")
    assert (form["arrival"].value, form["departure"].value) == ("mon", "5 May 2027")


def test_weekdays_are_those_of_the_property(browser):
    """In Auckland it is Sunday already."""
    flat = make_apartment(time_zone="Pacific/Auckland")
    page = browser.get(f"/reservations/new/?property={flat.pk}")

    page.press("Reserve", {"Guest": "Ana", "Arrival": "today", "Departure": "+1"})

    assert Reservation.objects.get().arrival == dt.date(2027, 5, 2)


def test_a_room_is_closed_on_the_days_of_its_property(browser):
    hotel = make_hotel(time_zone="Pacific/Auckland")
    page = browser.get(f"/closures/new/?property={hotel.pk}")

    page.press("Close the room", {"Room": "101", "Closed from": "today", "Open again on": "+2"})

    assert Closure.objects.get().stay == Stay.of_nights(dt.date(2027, 5, 2), 2)


def test_a_broken_room_is_closed_on_the_days_of_its_property(browser):
    hotel = make_hotel(time_zone="Pacific/Auckland")
    page = browser.get(f"/closures/broken/?unit={hotel.units.first().pk}")

    seen = page.press("Close the room", {"Closed from": "tomorrow", "Open again on": "2 nights"})
    seen.press("Close the room")  # the list of stays on these dates is shown first

    assert Closure.objects.get().stay == Stay.of_nights(dt.date(2027, 5, 3), 2)


@pytest.mark.parametrize("address", ["new", "broken"])
@pytest.mark.parametrize("opened", ["", "2100-02-01"])
def test_a_room_is_not_closed_beyond_the_calendar(browser, address, opened):
    page = browser.get(f"/closures/{address}/?unit={make_hotel(['101']).units.get().pk}")
    form = page.form_with("Close the room").fill({"Closed from": "2100-01-01", "Open again on": opened})

    refused = form.press("Close the room")

    assert refused.status_int == 422
    assert "Choose a day between 2000 and 2099." in refused.shown
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("address", "opened", "words"),
    [
        ("broken", "", "What is past cannot be closed any more. Choose today or a later day."),
        ("new", "30 apr", "What is past cannot be closed any more. Choose a later day."),
    ],
)
def test_a_day_of_the_last_weeks_is_not_closed_in_a_year(browser, address, opened, words):
    page = browser.get(f"/closures/{address}/?unit={make_hotel(['101']).units.get().pk}")

    refused = page.press("Close the room", {"Closed from": "29 apr", "Open again on": opened})

    assert refused.status_int == 422
    assert words in refused.shown
    assert not Closure.objects.exists()


def test_a_room_that_has_been_closed_since_yesterday_is_closed_until_further_notice(browser):
    page = browser.get(f"/closures/new/?unit={make_hotel(['101']).units.get().pk}")

    page.press("Close the room", {"Closed from": "30 apr", "Open again on": ""})

    assert Closure.objects.get().stay == Stay.until_further_notice(dt.date(2027, 4, 30))


def test_a_closure_can_be_said_to_have_ended(browser):
    hotel = make_hotel(["101"])
    nights = Stay.of_nights(dt.date(2027, 4, 20), 30)
    closure = close(unit=hotel.units.get(), stay=nights, kind=Closure.Kind.MAINTENANCE, actor=None)

    browser.get(f"/closures/{closure.pk}/").press("Save changes", {"Open again on": "28 apr"})

    assert Closure.objects.get().stay == Stay.of_nights(dt.date(2027, 4, 20), 8)


def test_a_booking_of_the_last_weeks_is_said_to_be_past(page):
    hints = page.press("Reserve", {"Arrival": "30 apr", "Departure": "2 may"})  # without a guest

    assert hints.seen.shows("30 Apr – 2 May 2027, 2 nights.")
    assert hints.seen.shows("The arrival is in the past.")


@pytest.mark.parametrize(
    ("arrival", "words"),
    [
        ("1 jan 1900", "Write a year between 2000 and 2100."),
        ("1.1.1900", "Write a year between 2000 and 2100."),
        ("+900", "900 days are too many. Write the date with its year."),
        ("20270503", "Write a day such as 5 dec, 5.12.2026, fri or +2."),
        ("2027-W18-1", "Write a day such as 5 dec, 5.12.2026, fri or +2."),
        ("2027-05-32", "There is no 32 May."),
        ("2027-13-01", "There is no month 13."),
    ],
)
def test_it_is_said_why_a_day_is_none(page, arrival, words):
    refused = page.press("Reserve", {"Guest": "Ana", "Arrival": arrival, "Departure": "+2"})

    assert refused.seen.shows(words)
    assert not Reservation.objects.exists()


def test_more_nights_than_a_stay_may_have_are_counted(page):
    refused = page.press("Reserve", {"Guest": "Ana", "Arrival": "3 may", "Departure": "+900"})

    assert refused.seen.shows("A stay has at most 730 nights; this one has 900.")


def test_a_party_in_the_house_stays_until_the_next_friday(browser):
    stay = make_reservation(arrival=dt.date(2027, 4, 19), nights=13, status=Status.IN_HOUSE)

    browser.get(f"{stay.get_absolute_url()}edit/").press("Save changes", {"Departure": "fri"})

    assert Reservation.objects.get().departure == dt.date(2027, 5, 7)


def test_the_nights_before_a_split_are_counted_from_the_arrival(browser):
    stay = make_reservation(unit=make_hotel().units.get(name="101"), arrival=dt.date(2027, 5, 10), nights=3)

    browser.get(f"{stay.get_absolute_url()}split/").press(
        "Move", {"First night in the other room": "+1", "Room": "102"}
    )

    assert [row.arrival.day for row in Reservation.objects.with_unit().get().segments] == [10, 11]


@pytest.mark.parametrize(
    ("first", "last", "season"),
    [
        ("1 nov", "31 mar", ("2027-11-01", "2028-03-31")),
        ("1 jun", "31 may", ("2027-06-01", "2028-05-31")),
        ("20 apr", "10 may", ("2027-04-20", "2027-05-10")),
        ("tomorrow", "+2", ("2027-05-02", "2027-05-03")),  # two nights, the last one included
        ("5 jun", "5 jun", ("2027-06-05", "2027-06-05")),
        ("", "sun", (None, "2027-05-02")),
    ],
)
def test_a_season_is_typed_as_people_say_it(browser, first, last, season):
    give_role(browser.user)
    page = browser.get(f"/properties/{make_apartment().pk}/rates/new/")

    nights = {"First night": first, "Last night": last}
    page.press("Add line", {"Name": "Season", "Price per night in EUR": "130"} | nights)

    line = Rate.objects.get()
    assert (line.first_night, line.last_night) == tuple(day and dt.date.fromisoformat(day) for day in season)


def test_who_stayed_yesterday_is_found(browser):
    make_reservation(arrival=dt.date(2027, 4, 30), nights=1, guest="Left Today")
    make_reservation(arrival=dt.date(2027, 5, 1), nights=1, guest="Comes Today")

    page = browser.get("/reservations/?date=yesterday")

    assert page.seen.shows("Left Today")
    assert not page.seen.shows("Comes Today")


def test_a_stay_is_split_on_the_day_of_its_property(browser):
    hotel = make_hotel(time_zone="Pacific/Auckland")
    stay = make_reservation(unit=hotel.units.get(name="101"), arrival=dt.date(2027, 5, 2), nights=3)
    page = browser.get(f"{stay.get_absolute_url()}split/")

    page.press("Move", {"First night in the other room": "tomorrow", "Room": "102"})

    assert [row.arrival.day for row in Reservation.objects.with_unit().get().segments] == [2, 3]


def test_a_group_is_booked_as_it_was_typed(browser):
    page = browser.get(f"/reservations/new-group/?property={make_hotel().pk}&arrival=mon&departure=%2B2")
    page.form_with("Reserve all")["count_any"] = "2"

    page.press("Reserve all", {"Booker": "Moreau"})

    assert {(stay.arrival.day, stay.departure.day) for stay in Reservation.objects.all()} == {(3, 5)}


@pytest.mark.parametrize("text", ["3 may 18:00", "mon 18:00", "2027-05-03T18:00", "3 May 2027, 18:00", "+2 18.00"])
def test_a_moment_is_a_day_and_a_time(text):
    assert LocalMomentField().clean(text) == dt.datetime(2027, 5, 3, 18, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["18:00", "3 may", "soon 18:00", "3 may 25:00"])
def test_half_a_moment_is_none(text):
    form = StayFields({})
    form.fields["at"] = LocalMomentField(required=False)
    form.data = {"at": text}

    assert form["at"].errors == ["Write a day and a time such as 5 dec 18:00."]


def test_a_search_of_what_has_been_looks_back():
    assert DayField(is_past=True).clean("30 apr") == dt.date(2027, 4, 30)
    assert DayField(is_past=True).clean("2 may") == dt.date(2026, 5, 2)


def test_hours_are_typed_and_written_in_one_way(browser):
    give_role(browser.user)
    flat = make_apartment()
    page = browser.get(f"/properties/{flat.pk}/edit/")

    hour = page.document.find(id="id_check_in_time")
    assert (hour["type"], hour["value"]) == ("text", "15:00")
