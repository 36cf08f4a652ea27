"""Roles and what they may do: the table, one person's access, what verbs refuse and what querysets leave."""

import datetime as dt

import pytest

from accounts.access import ALLOWED, NOTHING, Action, NotAllowed, NotVisible, Role, require
from accounts.models import Membership, User
from properties.models import Property, Rate, RoomType, Unit
from reservations.models import Closure, Event, Group, Guest, Occupancy, Reservation
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    make_booking,
    make_group,
    make_guest,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
    make_user,
)
from tests.reservations.chart import close

pytestmark = pytest.mark.django_db


class TestTable:
    def test_a_manager_may_do_everything_and_a_viewer_only_look(self):
        assert ALLOWED[Role.MANAGER] == set(Action)
        assert ALLOWED[Role.VIEWER] == {Action.SEE}

    def test_each_role_is_in_it_and_sees(self):
        assert set(ALLOWED) == set(Role)
        assert all(Action.SEE in actions for actions in ALLOWED.values())

    def test_who_books_also_reaches_guests(self):
        """Contact data are for those only who have the right to book."""
        assert [role for role in Role if Action.CONTACT in ALLOWED[role]] == [
            role for role in Role if Action.BOOK in ALLOWED[role]
        ]


class TestAccess:
    def test_a_role_at_one_property_counts_there_only(self):
        here, there = make_hotel(["1"]), make_hotel(["1"])
        access = make_user(role="reception", at=here).access

        assert access.may(Action.BOOK, here)
        assert not access.may(Action.SEE, there)
        assert not access.may(Action.BOOK, None)
        assert access.properties() == {here.pk}

    def test_a_role_everywhere_counts_at_properties_to_come(self):
        access = make_user(role="manager").access

        assert access.may(Action.ARRANGE, None)
        assert access.may(Action.BOOK, make_hotel(["1"]))
        assert access.properties() is None

    def test_roles_add_up(self):
        here, there = make_hotel(["1"]), make_hotel(["1"])
        ada = make_user(role="viewer")
        ada.memberships.create(role="manager", property=here)

        assert ada.access.may(Action.OVERRULE, here)
        assert not ada.access.may(Action.OVERRULE, there)
        assert ada.access.may(Action.SEE, there)
        assert ada.access.properties(Action.OVERRULE) == {here.pk}

    def test_nobody_without_a_role_or_an_active_account_may_do_anything(self):
        ben = make_user("ben", is_active=False)

        assert make_user("ada", role=None).access == NOTHING
        assert ben.access == NOTHING

    def test_it_takes_one_query_however_many_roles(self, django_assert_num_queries):
        ada = make_user(role=None)
        for _ in range(3):
            ada.memberships.create(role="reception", property=make_hotel(["1"]))

        with django_assert_num_queries(1):
            assert len(ada.access.at) == 3
            assert not ada.access.may_somewhere(Action.RATES)

    def test_the_first_account_is_a_manager(self):
        assert User.objects.create_superuser("root").access.may(Action.PEOPLE, None)

    def test_the_database_knows_no_other_role_and_no_second_one_at_a_property(self):
        ada = make_user()

        assert Membership.objects.get() == ada.memberships.get()
        with pytest.raises(Exception, match="one_role_per_property"):
            ada.memberships.create(role="manager")


class TestRequire:
    def test_the_refusal_says_who_may(self):
        hotel = make_hotel(["1"])

        with pytest.raises(NotAllowed) as refused:
            require(make_user(role="housekeeping"), Action.BOOK, hotel)

        assert refused.value.message == "Only managers, reception and support agents may book."

    def test_what_is_not_seen_is_not_there(self):
        here, there = make_hotel(["1"]), make_hotel(["1"])

        with pytest.raises(NotVisible):
            require(make_user(role="manager", at=here), Action.BOOK, there)

    def test_all_subjects_are_asked_about(self):
        here, there = make_hotel(["1"]), make_hotel(["1"])

        with pytest.raises(NotVisible):
            require(make_user(role="manager", at=here), Action.CHANGE, here, there)

    def test_roomtone_itself_may(self):
        require(None, Action.OVERRULE, make_hotel(["1"]))


def _world(name):
    """A hotel with something of each kind; returns the hotel."""
    hotel = make_hotel(["101", "102"], name=name)
    kind = make_room_type(hotel, name=f"{name} double")
    make_rate(hotel, room_type=kind)
    make_reservation(hotel, group=make_group())
    stay = Stay.of_nights(ARRIVAL + dt.timedelta(days=20), 2)
    make_booking(property=hotel, stay=stay, party_size=2, guest_name=f"Guest of {name}", actor=None)
    close(hotel.units.last(), ARRIVAL + dt.timedelta(days=40), 2)
    return hotel


class TestVisible:
    @pytest.mark.parametrize(
        "model", [Property, Unit, RoomType, Rate, Reservation, Guest, Group, Closure, Occupancy, Event]
    )
    def test_one_sees_what_is_at_ones_own_property(self, model):
        here, _ = _world("Here"), _world("There")
        ada = make_user("ada", at=here)

        seen = set(model.objects.visible_to(ada))
        rest = set(model.objects.all()) - seen

        assert seen
        assert len(rest) == len(seen)  # the other world has as many
        assert set(model.objects.visible_to(make_user("eve"))) == seen | rest == set(model.objects.visible_to(None))
        assert not model.objects.visible_to(make_user("nobody", role=None)).exists()

    def test_a_guest_of_two_properties_is_seen_from_both(self):
        here, there, guest = make_hotel(["1"]), make_hotel(["1"]), make_guest("Amara Okafor")
        make_reservation(here, guest=guest)
        make_reservation(there, guest=guest)

        for hotel in (here, there):
            assert list(Guest.objects.visible_to(make_user(f"at-{hotel.pk}", at=hotel))) == [guest]

    def test_a_guest_without_a_stay_is_seen_by_those_who_book(self):
        hotel, guest = make_hotel(["1"]), make_guest("Amara Okafor")

        assert list(Guest.objects.visible_to(make_user("ada", at=hotel))) == [guest]
        assert not Guest.objects.visible_to(make_user("otto", role="viewer", at=hotel)).exists()

    def test_a_booker_whose_rooms_all_have_other_names_is_seen_where_the_group_is(self):
        here, there = make_hotel(["1", "2"]), make_hotel(["1"])
        group = make_group()
        make_reservation(here, group=group, guest="Somebody Else")

        assert group.booker in Guest.objects.visible_to(make_user("ada", at=here))
        assert group.booker not in Guest.objects.visible_to(make_user("ben", at=there))
