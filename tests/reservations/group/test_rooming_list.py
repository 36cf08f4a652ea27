"""The names of the guests of a group: the verb, and the fields for them on the page of the group."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations import booking
from reservations.booking import group_lifecycle, rooming_list
from reservations.booking.rooming_list import RoomName, name_guests
from reservations.models import Event, Group, Guest, Status
from tests.factories import make_user
from tests.reservations.group.stays import days_ago, put, states

pytestmark = pytest.mark.django_db


class TestTheNames:
    def name(self, group, *names, shown="Moreau Travel"):
        stays = group.reservations.order_by("pk")
        wanted = {stay.pk: RoomName(shown=shown, name=name) for stay, name in zip(stays, names, strict=False)}
        return name_guests(group=group, names=wanted, actor=None)

    def names(self, group):
        return [stay.guest.name for stay in group.reservations.order_by("pk")]

    def test_each_room_gets_a_name_in_one_act(self, group):
        named = self.name(group, "Ana Silva", "Moreau Travel", "Tom Byrne")

        assert self.names(group) == ["Ana Silva", "Moreau Travel", "Tom Byrne"]
        assert len(named) == 2
        assert Event.objects.filter(action="changed").values("act").distinct().count() == 1
        booking.undo(event=named[0].new_event, actor=None)
        assert self.names(group) == ["Moreau Travel"] * 3
        assert Group.objects.get().booker.name == "Moreau Travel"

    def test_a_corrected_name_is_that_of_the_same_profile(self, group):
        self.name(group, "Ana Silvia")
        profile = group.reservations.order_by("pk").first().guest

        [named] = self.name(group, "Ana Silva", shown="Ana Silvia")

        profile.refresh_from_db()
        assert profile.name == "Ana Silva"
        booking.undo(event=named.new_event, actor=None)
        profile.refresh_from_db()
        assert profile.name == "Ana Silvia"

    @pytest.mark.parametrize("name", ["", "Moreau Travel"])
    def test_no_name_is_the_bookers(self, group, name):
        self.name(group, "Ana Silva")

        self.name(group, name, shown="Ana Silva")

        assert group.reservations.order_by("pk").first().guest == group.booker

    def test_nothing_new_changes_nothing(self, group):
        assert self.name(group, "Moreau Travel", "Moreau Travel", "Moreau Travel") == []
        assert not Event.objects.filter(action="changed").exists()

    def test_a_name_that_a_colleague_gave_meanwhile_is_not_overwritten(self, group):
        self.name(group, "Tom Byrne")

        with pytest.raises(booking.ChangedMeanwhile):
            self.name(group, "Ana Silva", "Bo Li")

        assert self.names(group) == ["Tom Byrne", "Moreau Travel", "Moreau Travel"]

    def test_a_guest_whose_profile_is_not_locked_is_not_renamed(self, group, monkeypatch):
        lock, other = rooming_list.lock_reservations, Guest.objects.create(name="Moreau Travel")

        def given_to_another(*stays):
            put(stays, guest=other)
            return lock(*stays)

        monkeypatch.setattr(rooming_list, "lock_reservations", given_to_another)

        with pytest.raises(booking.ChangedMeanwhile):
            self.name(group, "Ana Silva")

    def test_a_cancelled_stay_keeps_its_name(self, group):
        group_lifecycle.cancel_group(group=group, actor=None)

        with pytest.raises(booking.NotOpen):
            self.name(group, "Ana Silva")


class TestThePage:
    @pytest.fixture
    def page(self, browser, group):
        return browser.get(f"/groups/{group.pk}/")

    def test_names_are_typed_in_place(self, page, group):
        first, *_ = group.reservations.order_by("arrival", "pk")

        after = page.press("Save names", {f"Name for {first.rooms}": "Ana Silva"}).follow()

        assert after.seen.shows("The names of 1 of the rooms are saved.")
        first.refresh_from_db()
        assert first.guest.name == "Ana Silva"
        assert after.form_with("Save names")[f"name_{first.pk}"].value == "Ana Silva"

    def test_a_step_of_all_saves_the_names_that_were_typed(self, page, group):
        first, *_ = group.reservations.order_by("arrival", "pk")

        after = page.press("Check in all", {f"Name for {first.rooms}": "Ana Silva"}).follow()

        assert after.seen.shows("3 stays of Moreau Travel are checked in. The names of 1 of the rooms are saved.")
        first.refresh_from_db()
        assert (first.guest.name, first.status) == ("Ana Silva", "in_house")
        after.press("Undo")
        first.refresh_from_db()
        assert (first.guest.name, first.status) == ("Ana Silva", "confirmed")

    @pytest.mark.parametrize(
        ("step", "state"),
        [("Check out all", "checked_out"), ("Confirm all", "confirmed"), ("Cancel all", "cancelled")],
    )
    def test_each_other_step_is_taken_and_saves_the_names_too(self, browser, group, step, state):
        if step == "Check out all":
            days_ago(group.reservations.all(), 2)
            put(group.reservations.all(), status=Status.IN_HOUSE)
        elif step == "Confirm all":
            put(group.reservations.all(), status=Status.HELD, hold_expires_at=timezone.now() + dt.timedelta(days=1))
        first, *_ = group.reservations.order_by("arrival", "pk")

        browser.get(f"/groups/{group.pk}/").press(step, {f"Name for {first.rooms}": "Ana Silva"}).follow()

        first.refresh_from_db()
        assert first.guest.name == "Ana Silva"
        assert states(group) == [state] * 3

    def test_names_are_saved_though_the_step_is_refused(self, page, group):
        first, *_ = group.reservations.order_by("arrival", "pk")
        label = f"Name for {first.rooms}"
        manager = make_user("manager", role="manager")
        for stay in group.reservations.all():
            booking.unassign(reservation=stay, reason="Overbooked", actor=manager)

        after = page.press("Check in all", {label: "Ana Silva"}).follow()

        assert after.seen.shows("No room is assigned")
        assert after.seen.shows("The names of 1 of the rooms are saved.")
        first.refresh_from_db()
        assert first.guest.name == "Ana Silva"

    def test_names_that_cannot_be_saved_stay_in_their_fields_and_nothing_is_done(self, page, group):
        first, second, _ = group.reservations.order_by("arrival", "pk")
        long = "A" * 201

        refused = page.press("Check in all", {f"Name for {first.rooms}": long, f"Name for {second.rooms}": "Bo Li"})

        assert refused.status_int == 422
        form = refused.form_with("Save names")
        assert (form[f"name_{first.pk}"].value, form[f"name_{second.pk}"].value) == (long, "Bo Li")
        assert states(group) == ["confirmed"] * 3
        after = refused.press("Check in all", {f"Name for {first.rooms}": "Ana Silva"}).follow()
        assert after.seen.shows("3 stays of Moreau Travel are checked in. The names of 2 of the rooms are saved.")

    def test_enter_in_a_name_saves_the_names_and_does_nothing_else(self, page, group):
        first, *_ = group.reservations.order_by("arrival", "pk")

        page.form_with("Save names").fill({f"Name for {first.rooms}": "Ana Silva"}).press_enter()

        first.refresh_from_db()
        assert first.guest.name == "Ana Silva"
        assert states(group) == ["confirmed"] * 3

    def test_names_of_two_people_at_once_are_both_kept(self, page, browser, group):
        first, second, _ = group.reservations.order_by("arrival", "pk")
        browser.get(f"/groups/{group.pk}/").press(
            "Save names", {f"Name for {first.rooms}": "Ana Silva", f"Name for {second.rooms}": "Bo Li"}
        )

        refused = page.press("Save names", {f"Name for {second.rooms}": "Tom Byrne"})

        assert refused.status_int == 409
        assert refused.seen.shows("Nothing of yours was saved.")
        refused.press("Save names")
        assert {stay.guest.name for stay in group.reservations.all()} == {"Ana Silva", "Tom Byrne", "Moreau Travel"}

    def test_too_long_a_name_is_refused_at_its_field(self, page, group):
        first = group.reservations.order_by("arrival", "pk").first()

        refused = page.press("Save names", {f"Name for {first.rooms}": "A" * 201})

        assert refused.status_int == 422
        assert refused.seen.shows("Keep this to 200 characters; it has 201.")
