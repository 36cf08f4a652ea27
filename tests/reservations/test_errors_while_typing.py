"""The hints say at once what the form would be refused for, in the words of the refusal, and each one time."""

import datetime as dt

import pytest

from reservations.models import Reservation
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_room_type

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/"
AS_TYPED = {"HX-Request": "true", "HX-Target": "booking-hints"}
NIGHTS = {"arrival": "2027-05-03", "departure": "2027-05-05"}


@pytest.fixture
def hotel():
    hotel = make_hotel(["101", "102"])
    hotel.units.filter(name="101").update(room_type=make_room_type(hotel, "Double", sleeps=2))
    hotel.units.filter(name="102").update(room_type=make_room_type(hotel, "Single", sleeps=1))
    return hotel


# What is typed, and the words for it. A name in capitals is that of a row, in place of its key.
WRONG = [
    ({"departure": "2027-05-02"}, "The departure is before the arrival. Swap the two dates."),
    ({"departure": "2027-05-03"}, "A stay has at least one night: choose a departure after the arrival."),
    ({"departure": "2030-05-04"}, "A stay has at most 730 nights; this one has 1097."),
    ({"arrival": "0027-05-03"}, "Choose an arrival between 2000 and 2099."),
    ({"party_size": "100"}, "At most 99 guests in one reservation."),
    ({"party_size": "0"}, "At least one guest stays."),
    ({"room_type": "DOUBLE", "unit": "SINGLE ROOM"}, "Room 102 is no Double. Choose another room, or any type."),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_what_is_wrong_is_said_while_it_is_typed_and_again_when_it_is_sent(browser, hotel, wrong, words):
    keys = {"DOUBLE": hotel.room_types.get(name="Double").pk, "SINGLE ROOM": hotel.units.get(name="102").pk}
    wrong = {name: keys.get(value, value) for name, value in wrong.items()}
    fields = {"property": hotel.pk, "party_size": 2, **NIGHTS} | wrong

    typed = browser.get(NEW, fields, headers=AS_TYPED)
    page = browser.get(NEW, fields)
    sent = page.form_with("Reserve").fill({"Guest": "Ana"}).press("Reserve")

    assert typed.document.get_text().count(words) == 1
    assert page.shown.count(words) == 1
    assert sent.status_int in (409, 422)
    assert sent.shown.count(words) == 1
    assert not Reservation.objects.exists()


def test_too_short_a_stay_is_said_one_time_when_it_is_refused(browser):
    flat = make_apartment(min_nights=3)

    page = browser.get(NEW, {"property": flat.pk, "party_size": 2, **NIGHTS})
    words = page.document.select_one("#booking-hints strong").get_text(strip=True)
    refused = page.form_with("Reserve").fill({"Guest": "Ana"}).press("Reserve")

    assert "3 nights" in words
    assert refused.shown.count(words) == 1


def test_larger_rooms_are_offered_when_a_room_is_refused_as_too_small(browser, hotel):
    single = hotel.units.get(name="102")

    page = browser.get(NEW, {"property": hotel.pk, "party_size": 2, "unit": single.pk, **NIGHTS})
    words = page.document.select_one("#booking-hints strong").get_text(strip=True)
    refused = page.form_with("Reserve").fill({"Guest": "Ana"}).press("Reserve")

    assert refused.shown.count(words) == 1
    assert refused.seen.shows("Free, and large enough:")
    assert refused.form_with("Reserve").button("Room 101, same nights")


def test_what_is_not_filled_in_yet_is_no_problem(browser, hotel):
    typed = browser.get(NEW, {"property": hotel.pk, "arrival": "2027-05-03", "departure": ""}, headers=AS_TYPED)

    assert not typed.document.select(".is-problem")
    assert "Choose arrival and departure" in typed


def test_without_a_property_the_dates_are_judged_too(browser):
    make_apartment()

    typed = browser.get(NEW, {"property": "", "arrival": "2027-05-03", "departure": "2027-05-01"}, headers=AS_TYPED)

    assert "The departure is before the arrival." in typed


def test_a_free_stay_in_the_past_is_no_good_news(browser):
    flat = make_apartment()
    yesterday = flat.today() - dt.timedelta(days=1)

    typed = browser.get(NEW, {"property": flat.pk, "arrival": yesterday, "departure": flat.today()}, headers=AS_TYPED)

    assert "The arrival is in the past." in typed.document.select_one(".notice.is-held").get_text()
    later = browser.get(NEW, {"property": flat.pk, "arrival": ARRIVAL, "departure": "2027-05-05"}, headers=AS_TYPED)
    assert "Free." in later.document.select_one(".notice.is-inhouse").get_text()
