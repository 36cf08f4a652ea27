"""Holding from the forms: usual times as chips, another time, and one press for the property's usual hours."""

import datetime as dt

import pytest
import time_machine

from config import clock
from reservations.forms.holds import HoldField
from reservations.models import Group, Reservation
from reservations.stay import Stay
from tests.factories import make_apartment, make_booking, make_hotel

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2027, 5, 3, 11, tzinfo=dt.UTC)  # 12:00 in Lisbon
NIGHTS = "arrival=2027-05-10&departure=2027-05-12"


def lisbon(day, hour):
    return dt.datetime(2027, 5, day, hour - 1, tzinfo=dt.UTC)


@pytest.fixture
def at_noon(database_clock):
    yield from stopped_at(NOON, database_clock)


@pytest.fixture
def late_in_the_evening(database_clock):
    yield from stopped_at(lisbon(3, 22), database_clock)


def stopped_at(instant, database_clock):
    database_clock.stop_at(instant)
    with time_machine.travel(instant, tick=False):
        yield


def end_of(reservation):
    """To the minute: the hold begins while the test runs."""
    return reservation.hold_expires_at.replace(second=0, microsecond=0)


@pytest.fixture
def new(browser):
    flat = make_apartment(hold_hours=36)
    return browser.get(f"/reservations/new/?property={flat.pk}&{NIGHTS}")


def reserve(page, button="Reserve", **typed):
    return page.press(button, {"Guest": "Ana Silva"} | typed)


@pytest.mark.usefixtures("at_noon")
class TestABooking:
    @pytest.mark.parametrize(
        ("chip", "ends"),
        [("2 h", lisbon(3, 14)), ("tonight 18:00", lisbon(3, 18)), ("tomorrow 18:00", lisbon(4, 18))],
    )
    def test_a_chip_says_until_when(self, new, chip, ends):
        reserve(new, **{chip: True})

        assert end_of(Reservation.objects.get()) == ends

    def test_the_button_hold_holds_for_the_usual_hours(self, new):
        reserve(new, "Hold")

        assert end_of(Reservation.objects.get()) == NOON + dt.timedelta(hours=36)

    def test_another_time(self, new):
        reserve(new, **{"another time": True, "Hold until": "2027-05-05T09:30"})

        assert end_of(Reservation.objects.get()) == dt.datetime(2027, 5, 5, 8, 30, tzinfo=dt.UTC)

    def test_a_time_after_the_departure_is_refused_with_the_form_as_it_was(self, new):
        page = reserve(new, **{"another time": True, "Hold until": "13 may 9:00"})

        assert page.status_int == 409
        assert page.seen.shows("This hold would end after the departure. Choose an earlier time.")
        assert page.form_with("Hold")["hold_until"].value == "13 may 9:00"
        assert not Reservation.objects.exists()

    def test_a_time_that_has_passed_is_refused(self, new):
        page = reserve(new, **{"another time": True, "Hold until": "2 may 18:00"})

        assert page.seen.shows("This hold would end before it begins. Choose a later time.")

    def test_a_day_that_does_not_exist_is_said_to(self, new):
        page = reserve(new, **{"another time": True, "Hold until": "31 apr 18:00"})

        assert page.seen.shows("There is no 31 April.")

    def test_another_time_has_to_be_written(self, new):
        page = reserve(new, **{"another time": True})

        assert page.seen.shows("Write until when to hold it.")
        assert not Reservation.objects.exists()

    def test_without_a_choice_it_is_no_hold(self, new):
        reserve(new, **{"Hold until": "2027-05-05T09:30"})

        assert Reservation.objects.get().hold_expires_at is None

    def test_the_choice_is_kept_when_the_form_is_refused_and_the_button_says_so(self, new):
        page = reserve(new, "Hold", Guest="")

        assert page.seen.shows("36 h")
        assert not page.form_with("Hold").button("Reserve")
        page.press("Hold", {"Guest": "Ana Silva"})
        assert end_of(Reservation.objects.get()) == NOON + dt.timedelta(hours=36)

    def test_the_calendar_asks_for_a_hold(self, browser):
        page = browser.get(f"/reservations/new/?property={make_apartment().pk}&{NIGHTS}&hold=usual")

        page.press("Hold", {"Guest": "Ana Silva"})

        assert end_of(Reservation.objects.get()) == NOON + dt.timedelta(hours=24)

    def test_a_form_opened_yesterday_says_that_the_time_is_over(self, browser, database_clock):
        database_clock.stop_at(lisbon(2, 12))
        with time_machine.travel(lisbon(2, 12), tick=False):
            yesterday = browser.get(f"/reservations/new/?property={make_apartment().pk}&{NIGHTS}")
        database_clock.stop_at(NOON)

        page = reserve(yesterday, **{"tonight 18:00": True})

        assert page.seen.shows("This hold would end before it begins. Choose a later time.")
        assert page.seen.shows("2 May, 18:00")

    def test_nonsense_is_refused(self, new):
        form = new.form_with("Reserve").fill({"Guest": "Ana Silva"})
        form["hold"].force_value("soon")

        assert form.press("Reserve").seen.shows("Choose until when to hold it.")

    def test_without_a_property_the_times_are_there_too(self, browser):
        assert browser.get("/reservations/new/").form_with("Reserve").button("Hold")
        make_apartment("Garden Flat")

        page = browser.get("/reservations/new/")

        assert page.seen.shows("tomorrow 18:00")
        page = page.press("Reserve", {"tomorrow 18:00": True, "Guest": "Ana Silva"})
        page.press("Hold", {"Property": "Garden Flat", "Arrival": "2027-05-10", "Departure": "2027-05-12"})
        assert end_of(Reservation.objects.get()) == lisbon(4, 18)

    def test_the_choice_is_there_again_for_another_property(self, new, browser):
        other = make_apartment(time_zone="Asia/Tokyo", hold_hours=5)

        hints = browser.get(
            new.request.path,
            {"property": other.pk, "holds_of": "0", "hold": "2027-05-03T18:00"},
            headers={"HX-Request": "true", "HX-Target": "booking-hints"},
        )

        assert "holds for 5 hours" in hints
        assert 'value="2027-05-03T18:00" id="id_hold_3" checked' in hints  # over in Tokyo, and not silently forgotten


@pytest.mark.usefixtures("late_in_the_evening")
def test_an_evening_that_is_past_is_not_offered(new):
    assert new.seen.shows("tomorrow 18:00")
    assert not new.seen.shows("tonight 18:00")


@pytest.mark.usefixtures("at_noon")
class TestAGroup:
    @pytest.fixture
    def page(self, browser):
        page = browser.get(f"/reservations/new-group/?property={make_hotel(hold_hours=48).pk}&{NIGHTS}")
        page.form_with("Reserve all")["count_any"] = "2"
        return page

    def test_a_chip_holds_all_rooms(self, page):
        page.press("Reserve all", {"Booker": "Moreau Travel", "tomorrow 18:00": True})

        assert {end_of(each) for each in Group.objects.get().reservations.all()} == {lisbon(4, 18)}

    def test_the_button_hold_holds_for_the_usual_hours(self, page):
        page.press("Hold all", {"Booker": "Moreau Travel"})

        ends = {end_of(each) for each in Group.objects.get().reservations.all()}
        assert ends == {NOON + dt.timedelta(hours=48)}


@pytest.mark.usefixtures("at_noon")
class TestHoldingLonger:
    def hold(self, until):
        flat = make_apartment()
        stay = {"property": flat, "party_size": 1, "guest_name": "Ana", "actor": None}
        return make_booking(stay=Stay.of_nights(dt.date(2027, 5, 10), 2), hold_until=until, **stay)

    def page(self, browser, until):
        return browser.get(f"/reservations/{self.hold(until).reference}/extend-hold/")

    def test_the_next_evening_is_one_press_away(self, browser):
        self.page(browser, lisbon(3, 13)).press("Hold until then")

        assert end_of(Reservation.objects.get()) == lisbon(4, 18)

    def test_what_is_no_longer_is_not_offered(self, browser):
        page = self.page(browser, lisbon(3, 18))

        assert not page.seen.shows("2 h")
        assert not page.seen.shows("tonight 18:00")
        assert page.document.find(id="hold-field").find("input", value="") is None  # "No"
        assert page.seen.shows("tomorrow 18:00")

    def test_another_time(self, browser):
        page = self.page(browser, lisbon(5, 18))

        page.press("Hold until then", {"Hold until": "2027-05-06T18:00"})

        assert end_of(Reservation.objects.get()) == lisbon(6, 18)


@pytest.mark.usefixtures("at_noon")
class TestAStayThatEndsToday:
    def test_the_button_hold_holds_until_the_end_of_today(self, browser):
        page = browser.get(f"/reservations/new/?property={make_apartment(hold_hours=36).pk}")

        reserve(page, "Hold", Arrival="yesterday", Departure="today")

        assert end_of(Reservation.objects.get()) == dt.datetime(2027, 5, 3, 23, tzinfo=dt.UTC)

    def test_a_hold_is_prolonged_until_then_at_most(self, browser):
        flat = make_apartment()
        stay = Stay.of_nights(dt.date(2027, 5, 2), 1)
        held = make_booking(
            property=flat, stay=stay, party_size=1, guest_name="Ana", actor=None, hold_until=lisbon(3, 13)
        )

        page = browser.get(f"/reservations/{held.reference}/extend-hold/")

        assert page.seen.shows("tonight 18:00")
        assert not page.seen.shows("tomorrow 18:00")
        refused = page.press("Hold until then", {"another time": True, "Hold until": "tomorrow 18:00"})
        refused = refused.maybe_follow()
        assert refused.seen.shows("This hold would end after the departure. Choose an earlier time.")


def test_an_hour_that_the_clocks_leave_out_is_no_moment():
    field = HoldField()
    field.property = make_apartment(time_zone="Europe/Lisbon")

    assert field.moment_of("2027-03-28T01:30") is None
    assert field.moment_of("2027-03-28T02:30") == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)
    assert field.moment_of("2h") > clock.now()
