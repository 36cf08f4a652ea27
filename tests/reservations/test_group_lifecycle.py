"""All stays of a group checked in or out at once, and its rooming list."""

import datetime as dt

import pytest
from django.utils import timezone
from psycopg2.extras import DateRange

from reservations import booking
from reservations.booking import group_lifecycle, rooming_list
from reservations.booking.group_lifecycle import check_in_group, check_out_group
from reservations.booking.rooming_list import RoomName, name_guests
from reservations.models import Event, Group, Guest, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import make_change, make_hotel, make_reservation, make_user
from tests.reservations.test_groups import book_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make_hotel(["101", "102", "103"])


@pytest.fixture
def group(hotel):
    """Three rooms from today on, for two nights."""
    return book_group(hotel, [(None, 3, 2)], stay=Stay.of_nights(hotel.today(), 2))


def states(group):
    return sorted(stay.status for stay in group.reservations.all())


def put(stays, **fields):
    Reservation.objects.filter(pk__in=[stay.pk for stay in stays]).update(**fields)


def days_ago(group, days):
    """As if it had been booked then; occupancies too."""
    for stay in group.reservations.all():
        delta = dt.timedelta(days=days)
        stay.occupancies.all().delete()
        put([stay], arrival=stay.arrival - delta, departure=stay.departure - delta)
        put_in_room(stay)


def put_in_room(stay):
    stay.refresh_from_db()
    room = stay.property.units.exclude(occupancies__arrival__lt=stay.departure, occupancies__departure__gt=stay.arrival)
    Occupancy.objects.create(
        unit=room.first(), property=stay.property, reservation=stay, nights=DateRange(stay.arrival, stay.departure)
    )


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
        group_lifecycle.lifecycle.cancel(reservation=gone, actor=None)

        step = check_in_group(group=group, actor=None)

        assert step.done == [today]
        assert states(group) == ["cancelled", "confirmed", "in_house"]

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
        manager = make_user("manager", is_manager=True)
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
        days_ago(group, 2)
        put(group.reservations.all(), status=Status.IN_HOUSE)

        left = check_out_group(group=group, actor=None)

        assert states(group) == ["checked_out"] * 3
        booking.undo(event=left[0].new_event, actor=None)
        assert states(group) == ["in_house"] * 3

    def test_who_should_have_left_before_is_checked_out_too(self, group):
        days_ago(group, 3)
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
    days_ago(group, 2)
    assert group_lifecycle.steps_today(group.reservations.all()) == ["check_out"]


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

    def test_who_has_left_keeps_the_name(self, group):
        group_lifecycle.cancel_group(group=group, actor=None)

        with pytest.raises(booking.NotOpen):
            self.name(group, "Ana Silva")


class TestThePage:
    @pytest.fixture
    def page(self, browser, group):
        return browser.get(f"/groups/{group.pk}/")

    def test_it_has_the_total_and_the_number_of_guests(self, page):
        assert page.seen.shows("3 rooms, 6 guests")
        assert page.seen.shows("€540.00")

    def test_cancelled_rooms_do_not_count(self, browser, group):
        group_lifecycle.lifecycle.cancel(reservation=group.reservations.first(), actor=None)

        page = browser.get(f"/groups/{group.pk}/")

        assert page.seen.shows("2 rooms, 4 guests")
        assert page.seen.shows("€360.00")

    def test_a_stay_agreed_in_another_currency_is_added_apart(self, browser, group):
        put(group.reservations.all()[:1], currency="USD")

        assert browser.get(f"/groups/{group.pk}/").shown.count(" + ") == 1

    def test_all_are_checked_in_and_taken_back(self, page, group):
        after = page.press("Check in all").follow()

        assert after.seen.shows("3 stays of Moreau Travel are checked in.")
        after.press("Undo")
        assert states(group) == ["confirmed"] * 3

    def test_who_is_left_out_is_said(self, page, hotel, group):
        stay = group.reservations.order_by("pk").first()
        booking.unassign(reservation=stay, reason="Overbooked", actor=make_user("manager", is_manager=True))

        after = page.press("Check in all").follow()

        assert after.seen.shows("2 stays of Moreau Travel are checked in.")
        assert after.seen.shows(f"{stay.reference} is not checked in. No room is assigned.")

    def test_all_are_checked_out_and_taken_back(self, browser, group):
        days_ago(group, 2)
        put(group.reservations.all()[:1], status=Status.IN_HOUSE)

        after = browser.get(f"/groups/{group.pk}/").press("Check out all").follow()

        assert after.seen.shows("1 stay of Moreau Travel is checked out.")
        after.press("Undo")
        assert states(group) == ["confirmed", "confirmed", "in_house"]

    def test_what_a_colleague_has_done_already_is_said(self, page, group):
        group_lifecycle.cancel_group(group=group, actor=None)

        assert page.press("Check in all").follow().seen.shows("No reservation of this group is in a state for that")

    def test_what_a_colleague_has_checked_out_already_is_said(self, browser, group):
        days_ago(group, 2)
        put(group.reservations.all(), status=Status.IN_HOUSE)
        page = browser.get(f"/groups/{group.pk}/")
        put(group.reservations.all(), status=Status.CHECKED_OUT)

        assert page.press("Check out all").follow().seen.shows("No reservation of this group is in a state for that")

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

    @pytest.mark.parametrize("step", ["Check out all", "Confirm all", "Cancel all"])
    def test_so_does_each_other_step(self, browser, group, step):
        if step == "Check out all":
            days_ago(group, 2)
            put(group.reservations.all(), status=Status.IN_HOUSE)
        elif step == "Confirm all":
            put(group.reservations.all(), status=Status.HELD, hold_expires_at=timezone.now() + dt.timedelta(days=1))
        first, *_ = group.reservations.order_by("arrival", "pk")

        browser.get(f"/groups/{group.pk}/").press(step, {f"Name for {first.rooms}": "Ana Silva"}).follow()

        first.refresh_from_db()
        assert first.guest.name == "Ana Silva"

    def test_names_are_saved_though_the_step_is_refused(self, page, group):
        first, *_ = group.reservations.order_by("arrival", "pk")
        label = f"Name for {first.rooms}"
        manager = make_user("manager", is_manager=True)
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


class TestTheList:
    def test_groups_to_come_stand_before_those_that_are_over(self, browser, hotel, group):
        past = book_group(
            make_hotel(["1", "2"]), [(None, 2, 2)], booker_name="Gone", stay=Stay.of_nights(hotel.today(), 1)
        )
        days_ago(past, 9)
        book_group(make_hotel(["1", "2"]), [(None, 2, 2)], booker_name="Later")

        page = browser.get("/reservations/").click("Groups")

        rows = [row.get_text(" ", strip=True) for row in page.document.select("tbody tr")]
        assert [row.split(" ")[0] for row in rows] == ["Now", "Moreau", "Later", "Past", "Gone"]
        assert rows[1].endswith(f"{hotel} 3")

    @pytest.mark.parametrize(
        ("state", "said"), [("cancelled", "Cancelled"), ("expired", "Expired"), ("no_show", "No-show")]
    )
    def test_a_group_of_which_no_stay_is_left_is_past_and_says_so(self, browser, group, state, said):
        group_lifecycle.cancel_group(group=group, actor=None)
        put(group.reservations.all(), status=state)

        page = browser.get("/groups/")

        rows = [row.get_text(" ", strip=True) for row in page.document.select("tbody tr")]
        assert rows[0] == "Past and cancelled"
        assert rows[1].startswith(f"Moreau Travel {said}")
        assert page.click("Moreau Travel").document.select_one(".sub").get_text(" ", strip=True).startswith(said)

    def test_a_group_of_which_one_stay_is_cancelled_is_not(self, browser, group):
        group_lifecycle.lifecycle.cancel(reservation=group.reservations.first(), actor=None)

        page = browser.get("/groups/")

        assert page.seen.shows("Now and coming")
        assert "Cancelled" not in page.shown

    def test_without_groups_it_says_so(self, browser):
        assert browser.get("/groups/").seen.shows("No groups yet.")
