"""All stays of a group are checked in or out at once."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking import group_lifecycle, lifecycle
from reservations.booking.group_lifecycle import check_in_group, check_out_group
from reservations.models import Event, Status
from reservations.stay import Stay
from tests.factories import make_change, make_reservation, make_user
from tests.reservations.group.stays import days_ago, put, states
from tests.reservations.test_groups import book_group

pytestmark = pytest.mark.django_db


class TestCheckingIn:
    def test_all_are_checked_in_in_one_act_and_it_is_taken_back_at_once(self, group):
        step = check_in_group(group=group, actor=None)

        assert states(group) == ["in_house"] * 3
        assert len({event.act for event in Event.objects.filter(action="checked_in")}) == 1
        assert not step.refused
        booking.undo(event=step.done[0].new_event, actor=None)
        assert states(group) == ["confirmed"] * 3

    def test_those_of_another_day_and_in_another_state_are_left_alone(self, hotel):
        group = book_group(hotel, [(None, 3, 2)], stay=Stay.of_nights(hotel.today(), 2))
        today, later, gone = group.reservations.order_by("pk")
        make_change(reservation=later, stay=Stay.of_nights(hotel.today() + dt.timedelta(days=1), 2))
        lifecycle.cancel(reservation=gone, actor=None)

        step = check_in_group(group=group, actor=None)

        assert step.done == [today]
        assert states(group) == ["cancelled", "confirmed", "in_house"]

    def test_who_did_not_come_is_left_alone_and_not_spoken_of(self, group):
        absent, forgotten, here = group.reservations.order_by("pk")
        lifecycle.mark_no_show(reservation=absent, actor=None)
        days_ago([forgotten], 4)

        step = check_in_group(group=group, actor=None)

        assert (step.done, step.refused) == ([here], [])
        assert states(group) == ["confirmed", "in_house", "no_show"]
        booking.undo(event=step.done[0].new_event, actor=None)
        assert states(group) == ["confirmed", "confirmed", "no_show"]

    def test_whose_room_is_not_empty_is_left_out_and_told(self, hotel, group):
        stay = group.reservations.order_by("pk").first()
        yesterday = hotel.today() - dt.timedelta(days=1)
        make_reservation(unit=stay.unit, arrival=yesterday, nights=1, status=Status.IN_HOUSE, guest="Anna Over")

        step = check_in_group(group=group, actor=None)

        assert [(each, why.message.split(" (")[0]) for each, why in step.refused] == [
            (stay, f"Anna Over has not been checked out of room {stay.unit} yet")
        ]
        assert states(group) == ["confirmed", "in_house", "in_house"]

    def test_when_nobody_can_be_checked_in_it_says_why(self, group):
        manager = make_user("manager", role="manager")
        for stay in group.reservations.all():
            booking.unassign(reservation=stay, reason="Overbooked", actor=manager)

        with pytest.raises(booking.NotYet, match="No room is assigned"):
            check_in_group(group=group, actor=None)

        assert states(group) == ["confirmed"] * 3

    def test_there_must_be_somebody_due(self, hotel):
        group = book_group(hotel, [(None, 2, 2)])

        with pytest.raises(group_lifecycle.NothingToDo):
            check_in_group(group=group, actor=None)

    def test_a_colleague_may_be_first(self, group, monkeypatch):
        lock = group_lifecycle.lock_reservations

        def too_late(*stays):
            put(stays, status=Status.IN_HOUSE)
            return lock(*stays)

        monkeypatch.setattr(group_lifecycle, "lock_reservations", too_late)

        with pytest.raises(group_lifecycle.NothingToDo):
            check_in_group(group=group, actor=None)


class TestCheckingOut:
    def test_those_who_leave_today_are_checked_out_in_one_act(self, group):
        days_ago(group.reservations.all(), 2)
        put(group.reservations.all(), status=Status.IN_HOUSE)

        left = check_out_group(group=group, actor=None)

        assert states(group) == ["checked_out"] * 3
        booking.undo(event=left[0].new_event, actor=None)
        assert states(group) == ["in_house"] * 3

    def test_who_should_have_left_before_is_checked_out_too(self, group):
        days_ago(group.reservations.all(), 3)
        put(group.reservations.all()[:1], status=Status.IN_HOUSE)

        assert len(check_out_group(group=group, actor=None)) == 1

    def test_who_stays_on_is_left_alone(self, group):
        put(group.reservations.all(), status=Status.IN_HOUSE)

        with pytest.raises(group_lifecycle.NothingToDo):
            check_out_group(group=group, actor=None)


def test_the_steps_of_today(hotel, group):
    assert group_lifecycle.steps_today(group.reservations.all()) == ["check_in", "cancel"]
    check_in_group(group=group, actor=None)
    assert group_lifecycle.steps_today(group.reservations.all()) == []
    days_ago(group.reservations.all(), 2)
    assert group_lifecycle.steps_today(group.reservations.all()) == ["check_out"]
