"""A party that leaves before its first night is over: the desk says whether tonight is sold again."""

import datetime as dt

import pytest

from reservations import availability, booking
from reservations.booking import DatesTaken, lifecycle
from reservations.booking.lifecycle import NotThisStep
from reservations.models import Occupancy, Reservation, Status
from reservations.stay import Stay
from reservations.templatetags.desk_steps import steps
from tests.api.programs import Program, refused
from tests.factories import make_booking, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make_hotel(["101"])


@pytest.fixture
def ida(hotel):
    return make_reservation(hotel, arrival=hotel.today(), nights=3, status=Status.IN_HOUSE, guest="Ida Leaves")


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def leave(ida, **said):
    return lifecycle.check_out(reservation=ida, actor=None, **said)


def book_tonight(hotel, **fields):
    stay = Stay.of_nights(hotel.today(), 1)
    return make_booking(property=hotel, stay=stay, guest_name="Ben Two", party_size=1, **{"actor": None} | fields)


def undo(reservation):
    return booking.undo(event=reservation.events.order_by("-pk").first(), actor=None)


class TestTheVerbs:
    def test_tonight_is_sold_again_and_its_price_stays_agreed(self, hotel, ida):
        left = leave(ida, free_tonight=True)

        assert (left.stay.nights, left.price.amount, fresh(ida).segments) == (1, 90, [])
        assert book_tonight(hotel).unit.name == "101"

    def test_of_a_single_night_too(self, hotel):
        ida = make_reservation(hotel, arrival=hotel.today(), nights=1, status=Status.IN_HOUSE)

        leave(ida, free_tonight=True)

        assert not Occupancy.objects.exists()

    def test_nights_that_were_slept_are_never_given_back(self, hotel):
        slept = make_reservation(hotel, arrival=hotel.today() - dt.timedelta(days=1), nights=3, status=Status.IN_HOUSE)

        leave(slept, free_tonight=True)

        assert [segment.stay.nights for segment in fresh(slept).segments] == [1]

    def test_it_may_be_said_later(self, hotel, ida):
        leave(ida)
        assert lifecycle.steps_today(fresh(ida)) == ["free_nights"]

        lifecycle.free_nights(reservation=ida, actor=None)

        assert lifecycle.steps_today(fresh(ida)) == []
        assert book_tonight(hotel).unit.name == "101"

    def test_what_a_manager_set_to_checked_out_gives_all_its_nights_back(self, hotel, ida):
        manager = make_user("boss", role="manager")
        lifecycle.overrule(reservation=ida, status=Status.CHECKED_OUT, reason="Left by night.", actor=manager)

        freed = lifecycle.free_nights(reservation=ida, actor=None)

        assert (freed.stay.nights, Occupancy.objects.count()) == (1, 0)

    def test_nothing_is_freed_twice(self, ida):
        leave(ida, free_tonight=True)

        with pytest.raises(NotThisStep, match="No night is kept for them any more"):
            lifecycle.free_nights(reservation=ida, actor=None)

    def test_the_history_says_so_and_it_is_taken_back_while_nobody_has_the_room(self, hotel, ida):
        leave(ida)
        lifecycle.free_nights(reservation=ida, actor=None)
        assert [event.action for event in ida.events.order_by("-pk")] == ["freed", "checked_out"]

        undo(ida)

        assert (fresh(ida).status, len(fresh(ida).segments)) == (Status.CHECKED_OUT, 1)

    def test_a_check_out_that_freed_tonight_is_taken_back_whole(self, ida):
        leave(ida, free_tonight=True)

        undo(ida)

        assert (fresh(ida).status, fresh(ida).stay.nights, len(fresh(ida).segments)) == (Status.IN_HOUSE, 3, 1)

    def test_it_is_not_taken_back_when_the_room_was_sold(self, hotel, ida):
        leave(ida, free_tonight=True)
        book_tonight(hotel)

        with pytest.raises(DatesTaken, match="Ben Two is there"):
            undo(ida)

    def test_an_overbooked_party_gets_the_room(self, hotel, ida):
        manager = make_user("boss", role="manager")
        leave(ida)
        ben = book_tonight(hotel, actor=manager, overbook_reason="They stand here.")
        lifecycle.free_nights(reservation=ida, actor=manager)

        booking.move(reservation=ben, unit=hotel.units.get(), actor=manager)

        assert lifecycle.check_in(reservation=fresh(ben), actor=manager).status == Status.IN_HOUSE


class TestTheWords:
    def test_nobody_says_that_a_guest_is_there_who_has_left(self, hotel, ida):
        leave(ida)

        with pytest.raises(DatesTaken) as refused:
            book_tonight(hotel)

        assert "Ida Leaves has checked out; it is kept for them until" in refused.value.message
        assert "is there" not in refused.value.message

    def test_of_a_stay_that_is_over_it_is_told_in_the_past(self, hotel):
        long_ago = hotel.today() - dt.timedelta(days=9)
        make_reservation(hotel, arrival=long_ago, nights=2, status=Status.CHECKED_OUT, guest="Ida Leaves")

        answer = availability.answer(property=hotel, unit=None, stay=Stay.of_nights(long_ago, 1))

        assert "Ida Leaves was there until" in str(DatesTaken(answer).message)


class TestTheDesk:
    def test_the_button_asks_and_the_answer_frees_tonight(self, browser, ida):
        asked = browser.get(f"/reservations/{ida.reference}/").click("Check out")
        assert "stays as it is" in asked.shown

        done = asked.press("Check out and free tonight").follow()

        assert "Tonight is free" in done.shown
        assert (fresh(ida).status, fresh(ida).segments) == (Status.CHECKED_OUT, [])

    def test_tonight_may_be_kept_and_freed_later(self, browser, ida):
        asked = browser.get(f"/reservations/{ida.reference}/check-out/")
        kept = asked.press("Check out and keep tonight for them").follow()
        assert len(fresh(ida).segments) == 1

        browser.get(f"/reservations/{ida.reference}/").press("Free tonight")

        assert kept.status_int == 200
        assert fresh(ida).segments == []

    def test_a_guest_who_stayed_the_night_is_checked_out_at_once(self, hotel):
        slept = make_reservation(hotel, arrival=hotel.today() - dt.timedelta(days=1), status=Status.IN_HOUSE)

        assert [(step.label, step.asks) for step in steps(slept, make_user("tom"))] == [("Check out", False)]


class TestPrograms:
    def test_they_free_tonight_with_the_check_out_or_after_it(self, alice, hotel, ida):
        program = Program.of(alice)

        left = program.post(f"/reservations/{ida.reference}/check-out/").json()
        freed = program.post(f"/reservations/{ida.reference}/free-nights/").json()

        assert (left["steps"], len(left["segments"])) == (["free-nights"], 1)
        assert (freed["steps"], freed["segments"], freed["price"]) == ([], [], "90.00")
        refused(program.post(f"/reservations/{ida.reference}/free-nights/"), 409, code="not_this_step")

    def test_in_one_step(self, alice, ida):
        left = Program.of(alice).post(f"/reservations/{ida.reference}/check-out/", {"free_tonight": True}).json()

        assert (left["status"], left["segments"]) == ("checked_out", [])
