"""What a toast offers to take back is what its own request did, whoever did something since."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Event, Group, Reservation, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_change, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


def undo_of(action):
    """Where the Undo of the only event of that action leads."""
    return reverse("reservations:undo", args=[Event.objects.get(action=action).pk])


def undo_offered(page):
    """The form of the Undo button in view."""
    return page.form_with("Undo").action


def page_of(browser, reservation):
    return browser.get(reverse("reservations:detail", args=[reservation.reference]))


def arrived():
    flat = make_apartment()
    return make_reservation(flat, arrival=flat.today())


@pytest.fixture
def colleague(monkeypatch):
    """Makes a verb be followed by an act of a colleague, after its commit and before its answer is written."""

    def follow(module, name, act):
        verb = getattr(module, name)

        def verb_and_act(**arguments):
            done = verb(**arguments)
            act()
            return done

        monkeypatch.setattr(module, name, verb_and_act)

    return follow


def make_one_guest_fewer():
    stay = Reservation.objects.with_unit().get()
    make_change(reservation=stay, stay=stay.stay, guest_name="", party_size=1, actor=None)


def test_after_a_step_it_is_the_step(browser, colleague):
    stay = arrived()
    colleague(lifecycle, "check_in", make_one_guest_fewer)

    page = page_of(browser, stay).press("Check in").follow()

    assert undo_offered(page) == undo_of("checked_in")
    assert "has changed since" in page.press("Undo").follow().shown
    stay.refresh_from_db()
    assert (stay.status, stay.party_size) == (Status.IN_HOUSE, 1)


def test_after_a_booking_it_is_the_booking(browser, colleague):
    make_apartment()
    colleague(booking, "book", make_one_guest_fewer)

    page = browser.get("/reservations/new/?property=" + str(make_hotel().pk)).press(
        "Reserve", {"Arrival": "2027-05-03", "Departure": "2027-05-06", "Guest": "Bo Li"}
    )

    assert undo_offered(page.follow()) == undo_of("booked")


def test_after_a_closure_it_is_the_closure(browser, colleague):
    hotel = make_hotel(["101"])
    colleague(booking, "close", lambda: booking.reopen(closure=Closure.objects.get(), actor=None))

    nights = f"arrival=2027-05-03&departure=2027-05-06&unit={hotel.units.get().pk}"
    page = browser.get(f"/closures/new/?property={hotel.pk}&{nights}").press("Close the room").follow()

    assert undo_offered(page) == undo_of("closed")


def test_after_an_undo_it_does_it_again(browser):
    stay = arrived()

    page = page_of(browser, stay).press("Check in").follow().press("Undo").follow()
    assert page.form_with("Do it again").action == f"{undo_of('undone')}?again"
    page.press("Do it again")

    stay.refresh_from_db()
    assert stay.status == Status.IN_HOUSE


def test_nothing_is_offered_that_would_be_refused(browser, monkeypatch):
    stay, manager = arrived(), make_user("manager", role="manager")
    overrule = lifecycle.overrule
    monkeypatch.setattr(
        lifecycle,
        "check_in",
        lambda reservation, actor: overrule(reservation=reservation, status="in_house", reason="x", actor=manager),
    )

    page = page_of(browser, stay).press("Check in").follow()

    assert "is checked in" in page.shown
    assert "Undo" not in page.shown


class TestGroups:
    def test_a_new_one_is_taken_back_as_a_whole(self, browser):
        hotel = make_hotel(["101", "102"])

        page = browser.get(f"/reservations/new-group/?property={hotel.pk}&arrival=2027-05-03&departure=2027-05-06")
        typed = {"Rooms: Any room": "2", "Booker": "Wanderverein"}
        page.press("Reserve all", typed).follow().press("Undo")

        assert [stay.status for stay in Group.objects.get().reservations.all()] == [Status.CANCELLED] * 2

    def test_all_confirmations_are_taken_back_at_once(self, browser):
        until, stay = timezone.now() + dt.timedelta(hours=3), Stay.of_nights(ARRIVAL, 2)
        group = booking.book_group(
            property=make_hotel(["1", "2"]),
            stay=stay,
            booker_name="B",
            rooms=[(None, 2, 2)],
            hold_until=until,
            actor=None,
        )

        page = browser.get(reverse("reservations:group", args=[group.pk])).press("Confirm all").follow()
        page.press("Undo")

        stays = group.reservations.all()
        assert [(stay.status, stay.hold_expires_at) for stay in stays] == [(Status.HELD, until)] * 2
