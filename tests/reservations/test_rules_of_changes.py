"""Rules for selling do not bind stays that exist: only what a change touches is asked, and a manager may overrule."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking import NotAllowed, OutsideLimits
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.api.programs import Program, refused
from tests.factories import (
    ARRIVAL,
    give_role,
    make_booking,
    make_change,
    make_hotel,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db

WHY = "Their flight was cancelled."


@pytest.fixture
def hotel():
    """From 5 to 7 nights are sold; 101 and 102 sleep two, 103 one."""
    hotel = make_hotel(["101", "102", "103"], min_nights=5, max_nights=7)
    hotel.units.update(room_type=make_room_type(hotel, "Double", sleeps=2, nightly_rate=90))
    hotel.units.filter(name="103").update(room_type=make_room_type(hotel, "Single", sleeps=1, nightly_rate=90))
    return hotel


@pytest.fixture
def boss(db):
    return make_user("boss", role="manager")


def day(offset):
    return ARRIVAL + dt.timedelta(days=offset)


def stay(hotel, nights, **fields):
    fields = {"unit": hotel.units.get(name="101"), "room_type": hotel.room_types.get(name="Double")} | fields
    return make_reservation(hotel, nights=nights, **fields)


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def change(reservation, *, arrival=0, nights=None, actor=None, **fields):
    nights = nights or reservation.stay.nights
    wanted = {
        "stay": Stay.of_nights(reservation.arrival + dt.timedelta(days=arrival), nights),
        "guest_name": "",
        "party_size": reservation.party_size,
        "pricing": "keep",
    }
    return make_change(reservation=reservation, actor=actor, **wanted | fields)


class TestLength:
    def test_it_is_not_asked_when_only_room_party_or_guest_change(self, hotel):
        short, room = stay(hotel, 2, party_size=1), hotel.units.get(name="102")

        change(short, unit=room)
        change(fresh(short), party_size=2)
        change(fresh(short), guest_name="Somebody Else")
        change(fresh(short), arrival=1)

        assert (fresh(short).unit, fresh(short).party_size, fresh(short).stay.nights) == (room, 2, 2)

    def test_nor_by_move_split_join_swap_and_undo(self, hotel):
        short, other = stay(hotel, 2, party_size=1), stay(hotel, 1, unit=hotel.units.get(name="102"), party_size=1)
        act = {"actor": None, "pricing": "keep"}

        booking.swap(first=short, second=other, actor=None)
        booking.move(reservation=short, unit=hotel.units.get(name="103"), **act)
        booking.split(reservation=short, night=day(1), unit=hotel.units.get(name="102"), **act)
        booking.join(reservation=short, unit=hotel.units.get(name="103"), **act)
        booking.undo(event=short.events.order_by("-pk").first(), actor=None)

        assert [segment.unit.name for segment in fresh(short).segments] == ["103", "102"]

    @pytest.mark.parametrize("nights", [3, 9])
    def test_another_length_is_refused_at_what_was_touched(self, hotel, nights):
        usual = stay(hotel, 6)

        with pytest.raises(OutsideLimits, match="A manager may do it, with a reason") as at_the_end:
            change(usual, nights=nights)
        with pytest.raises(OutsideLimits) as at_the_beginning:
            change(usual, arrival=6 - nights, nights=nights)

        assert (at_the_end.value.field, at_the_beginning.value.field) == ("departure", "arrival")

    @pytest.mark.parametrize("nights", [3, 9])
    def test_a_manager_does_it_with_a_reason(self, hotel, boss, nights):
        usual, moved = stay(hotel, 6), stay(hotel, 6, unit=hotel.units.get(name="102"))

        change(usual, nights=nights, actor=boss, overrule_reason=WHY)
        booking.move(
            reservation=moved, stay=Stay.of_nights(ARRIVAL, nights), actor=boss, pricing="keep", overrule_reason=WHY
        )

        for each in (usual, moved):
            assert (fresh(each).stay.nights, fresh(each).unit) == (nights, each.unit)
            assert each.events.get().reason == WHY

    def test_a_manager_needs_a_reason_and_nobody_else_may_give_one(self, hotel, boss, alice):
        with pytest.raises(OutsideLimits):
            change(stay(hotel, 6), nights=9, actor=boss)
        with pytest.raises(NotAllowed):
            change(stay(hotel, 6, unit=hotel.units.get(name="102")), nights=9, actor=alice, overrule_reason=WHY)

    def test_a_guest_in_the_house_leaves_early_and_stays_longer(self, hotel, boss):
        today = hotel.today()
        there = stay(hotel, 7, arrival=today - dt.timedelta(days=1), status=Status.IN_HOUSE)

        change(there, nights=8, actor=boss, overrule_reason=WHY)
        change(fresh(there), nights=3, actor=boss, overrule_reason=WHY)

        assert fresh(there).stay.nights == 3

    def test_selling_asks_it_as_ever(self, hotel, boss):
        with pytest.raises(OutsideLimits):
            make_booking(property=hotel, stay=Stay.of_nights(ARRIVAL, 2), guest_name="Ines", party_size=1, actor=boss)


class TestBeds:
    def test_a_room_that_is_too_small_is_refused_at_the_room(self, hotel):
        with pytest.raises(OutsideLimits, match="Single sleeps 1") as refused:
            change(stay(hotel, 6), unit=hotel.units.get(name="103"))

        assert (refused.value.field, refused.value.needs_reason) == ("unit", False)

    def test_a_party_that_is_too_large_is_refused_at_the_party(self, hotel):
        with pytest.raises(OutsideLimits, match="Double sleeps 2") as refused:
            change(stay(hotel, 6), party_size=3)

        assert refused.value.field == "party_size"

    def test_who_sleeps_there_already_is_not_asked_again(self, hotel):
        crowd = stay(hotel, 6, party_size=4)

        change(crowd, arrival=1, unit=hotel.units.get(name="102"))

        assert fresh(crowd).unit.name == "102"


class TestTheDesk:
    """As the pages are rendered, and sent."""

    def test_a_manager_is_asked_why_and_then_it_is_done(self, hotel, browser):
        give_role(browser.user)
        usual = stay(hotel, 6)
        until = (ARRIVAL + dt.timedelta(days=9)).isoformat()

        asked = browser.get(f"/reservations/{usual.reference}/edit/").press("Save changes", {"Departure": until})
        assert "at most 7 nights" in asked.shown
        done = asked.press("Save it nevertheless", {"Why nevertheless": WHY})

        assert (done.status_int, fresh(usual).stay.nights, usual.events.get().reason) == (302, 9, WHY)

    def test_others_are_told_who_may(self, browser, hotel):
        usual = stay(hotel, 6)
        until = (ARRIVAL + dt.timedelta(days=9)).isoformat()

        answer = browser.get(f"/reservations/{usual.reference}/edit/").press("Save changes", {"Departure": until})

        assert "A manager may do it, with a reason" in answer.shown
        assert "Why nevertheless" not in answer.shown


class TestPrograms:
    @pytest.mark.parametrize("entry_point", ["patch", "move"])
    def test_a_managers_program_gives_the_reason(self, hotel, boss, entry_point):
        usual, program = stay(hotel, 6), Program.of(boss)
        body = {"departure": (ARRIVAL + dt.timedelta(days=9)).isoformat(), "pricing": "keep"}

        def send(body):
            if entry_point == "move":
                return program.post(f"/reservations/{usual.reference}/move/", body)
            return program.patch(f"/reservations/{usual.reference}/", body, if_match='"1"')

        problem = refused(send(body), 422, code="outside_limits")
        done = send(body | {"overrule_reason": WHY})

        assert problem["errors"][0]["field"] == "departure"
        assert (done.status_code, done.json()["nights"]) == (200, 9)

    def test_another_may_not(self, hotel, alice):
        usual = stay(hotel, 6)
        body = {"departure": (ARRIVAL + dt.timedelta(days=9)).isoformat(), "overrule_reason": WHY}

        refused(Program.of(alice).patch(f"/reservations/{usual.reference}/", body, if_match='"1"'), 403)
