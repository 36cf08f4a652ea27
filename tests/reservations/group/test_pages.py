"""The page of a group and the list of groups; the names of its guests are in test_rooming_list.py."""

import pytest

from reservations import booking
from reservations.booking import group_lifecycle
from reservations.models import Status
from reservations.stay import Stay
from tests.factories import make_hotel, make_user
from tests.reservations.group.stays import days_ago, put, states
from tests.reservations.test_groups import book_group

pytestmark = pytest.mark.django_db


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

        page = browser.get(f"/groups/{group.pk}/")

        total = page.document.select_one(".sub .num").get_text(" ", strip=True)
        assert sorted(total.split(" + ")) == ["$180.00", "€360.00"]

    def test_all_are_checked_in_and_taken_back(self, page, group):
        after = page.press("Check in all").follow()

        assert after.seen.shows("3 stays of Moreau Travel are checked in.")
        after.press("Undo")
        assert states(group) == ["confirmed"] * 3

    def test_who_is_left_out_is_said(self, page, hotel, group):
        stay = group.reservations.order_by("pk").first()
        booking.unassign(reservation=stay, reason="Overbooked", actor=make_user("manager", role="manager"))

        after = page.press("Check in all").follow()

        assert after.seen.shows("2 stays of Moreau Travel are checked in.")
        assert after.seen.shows(f"{stay.reference} is not checked in. No room is assigned.")

    def test_all_are_checked_out_and_taken_back(self, browser, group):
        days_ago(group.reservations.all(), 2)
        put(group.reservations.all()[:1], status=Status.IN_HOUSE)

        after = browser.get(f"/groups/{group.pk}/").press("Check out all").follow()

        assert after.seen.shows("1 stay of Moreau Travel is checked out.")
        after.press("Undo")
        assert states(group) == ["confirmed", "confirmed", "in_house"]

    def test_what_a_colleague_has_done_already_is_said(self, page, group):
        group_lifecycle.cancel_group(group=group, actor=None)

        assert page.press("Check in all").follow().seen.shows("No reservation of this group is in a state for that")

    def test_what_a_colleague_has_checked_out_already_is_said(self, browser, group):
        days_ago(group.reservations.all(), 2)
        put(group.reservations.all(), status=Status.IN_HOUSE)
        page = browser.get(f"/groups/{group.pk}/")
        put(group.reservations.all(), status=Status.CHECKED_OUT)

        assert page.press("Check out all").follow().seen.shows("No reservation of this group is in a state for that")


class TestTheList:
    def test_groups_to_come_stand_before_those_that_are_over(self, browser, hotel, group):
        past = book_group(
            make_hotel(["1", "2"]), [(None, 2, 2)], booker_name="Gone", stay=Stay.of_nights(hotel.today(), 1)
        )
        days_ago(past.reservations.all(), 9)
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
