"""Recently done: the acts of a day, each with Undo or why not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import booking
from reservations.availability import reallocation
from reservations.booking import lifecycle
from reservations.models import Event, Group, Status
from reservations.stay import Stay
from reservations.views import recent
from tests.factories import ARRIVAL, give_role, make_apartment, make_booking, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db


def buttons(page):
    """The addresses of the page that undo something."""
    return [form.action for number, form in page.forms.items() if isinstance(number, int) and "undo" in form.action]


def choir(actor, rooms=2):
    return booking.book_group(
        property=make_hotel([str(number) for number in range(rooms)]),
        stay=Stay.of_nights(ARRIVAL, 2),
        booker_name="Choir",
        rooms=[(None, rooms, 2)],
        actor=actor,
    )


def test_nothing_was_done(browser):
    page = browser.get("/recent/")

    assert "You have not booked, moved, checked in or changed anything in the last 24 hours." in page.shown


def test_it_leads_to_the_stay_and_undoes_what_was_done(browser, alice):
    hotel = make_hotel(name="Harbour Hotel")
    stay = make_reservation(unit=hotel.units.first())
    booking.move(reservation=stay, unit=hotel.units.last(), actor=alice)

    page = browser.get("/recent/")
    assert "Room 101 → 102" in page.shown
    assert "Harbour Hotel" in page.shown
    assert page.click("Amara Okafor").request.path == stay.get_absolute_url()
    answer = page.press("Undo moved")

    assert answer.location.endswith("/recent/#recent")
    assert stay.occupancies.get().unit.name == "101"
    shown = answer.follow().shown
    assert "Taken back: moved. Amara Okafor’s stay is as before." in shown
    assert "Cannot be undone: taken back already by Alice Moreau." in shown


def test_an_older_act_of_a_stay_waits_for_the_newer_one(browser, alice):
    flat = make_apartment()
    stay = lifecycle.check_in(reservation=make_reservation(flat, arrival=flat.today()), actor=alice)
    booking.set_lock(reservation=stay, is_locked=True, actor=alice)

    page = browser.get("/recent/")

    assert buttons(page) == [f"/reservations/undo/{Event.objects.get(action='locked').pk}/"]
    assert "Cannot be undone: changed since (“Locked to its room” by Alice Moreau)." in page.shown


def test_the_newest_is_first(browser, alice, database_clock):
    for guest in ("First", "Second", "Third"):
        make_booking(
            property=make_apartment(), stay=Stay.of_nights(ARRIVAL, 2), guest_name=guest, party_size=1, actor=alice
        )
        database_clock.shift(dt.timedelta(minutes=1))

    shown = browser.get("/recent/").shown

    assert shown.index("Third") < shown.index("Second") < shown.index("First")


def test_after_a_day_it_is_not_there_any_more(browser, alice, database_clock):
    lifecycle.cancel(reservation=make_reservation(), actor=alice)
    database_clock.shift(dt.timedelta(hours=23))
    assert "Amara Okafor" in browser.get("/recent/").shown

    database_clock.shift(dt.timedelta(hours=1))

    assert "Amara Okafor" not in browser.get("/recent/").shown


def test_the_time_is_that_of_the_property(browser, alice, database_clock):
    database_clock.stop_at(dt.datetime(2026, 12, 1, 23, 30, tzinfo=dt.UTC))
    lifecycle.cancel(reservation=make_reservation(make_apartment(time_zone="Asia/Tokyo")), actor=alice)

    assert "2 Dec, 08:30" in browser.get("/recent/").shown


def test_a_group_is_one_line_with_one_undo(browser, alice):
    group = choir(alice, rooms=3)

    page = browser.get("/recent/")
    assert "Group of Choir 3 rooms" in page.shown
    assert "for all 3 stays as one" in page.shown
    assert page.click(href=f"^/groups/{group.pk}/$").status_code == 200
    shown = page.press("Undo booked").follow().shown

    assert {stay.status for stay in Group.objects.get().reservations.all()} == {Status.CANCELLED}
    assert "Taken back: booked. All 3 stays are cancelled." in shown


def test_a_swap_is_one_line_with_both_stays(browser, alice):
    hotel = make_hotel(["101", "102"])
    first, second = (make_reservation(unit=unit, guest=f"Guest {unit}") for unit in hotel.units.all())
    booking.swap(first=first, second=second, actor=alice)

    page = browser.get("/recent/")

    assert "both stays as one" in page.shown
    assert len(buttons(page)) == 1
    assert page.shown.index("Guest 101") < page.shown.index("Guest 102")


def test_a_stay_that_was_moved_to_make_room_comes_after_the_new_one(browser, alice):
    hotel, stay = make_hotel(["101", "102"]), Stay.of_nights(ARRIVAL, 4)
    make_reservation(unit=hotel.units.first(), nights=2, guest="Early")
    make_reservation(unit=hotel.units.last(), arrival=ARRIVAL + dt.timedelta(days=2), nights=2, guest="Late")
    moves = reallocation.plan(property=hotel, stay=stay).as_text()
    make_booking(property=hotel, stay=stay, guest_name="Marta", party_size=1, moves=moves, actor=alice)
    moved, booked = Event.objects.order_by("pk")

    page = browser.get("/recent/")

    assert (moved.action, booked.action) == ("moved", "booked")
    assert page.shown.index("Marta") < page.shown.index("Late")
    assert page.form_with("Undo booked").action.endswith(f"/{booked.pk}/")
    assert "cancels what was booked, for all 2 stays as one" in page.shown


def test_a_closure_leads_to_its_page(browser, alice):
    hotel = make_hotel(["101"])
    closure = booking.close(unit=hotel.units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", actor=alice)

    page = browser.get("/recent/")

    assert "Maintenance, room 101 3–5 May" in page.shown
    assert page.click(href=f"^/closures/{closure.pk}/$").status_code == 200
    assert page.form_with("Undo closed")


class TestWhose:
    def test_others_see_only_their_own(self, browser, alice):
        lifecycle.cancel(reservation=make_reservation(guest="Mine"), actor=alice)
        lifecycle.cancel(reservation=make_reservation(guest="Theirs"), actor=make_user("bo"))

        for address in ("/recent/", "/recent/?who=all"):
            page = browser.get(address)
            assert "Mine" in page.shown
            assert "Theirs" not in page.shown
            assert "Everybody" not in page.shown

    def test_a_manager_sees_everybodys_and_who_it_was(self, browser, alice):
        give_role(alice)
        lifecycle.cancel(reservation=make_reservation(guest="Amara"), actor=make_user("bo"))
        lifecycle.expire_lapsed()

        assert "Amara" not in browser.get("/recent/").shown
        page = browser.get("/recent/").click("Everybody’s")

        assert "Cancelled by Bo" in page.shown

    def test_what_happens_by_itself_is_nobodys_act(self, browser, alice):
        give_role(alice)
        make_reservation(guest="Too Late", status=Status.HELD, hold_expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        lifecycle.expire_lapsed()

        assert "Too Late" not in browser.get("/recent/?who=all").shown

    def test_what_a_manager_did_is_not_offered_to_others(self, browser, alice):
        give_role(alice)
        lifecycle.overrule(reservation=make_reservation(), status="checked_out", reason="Left.", actor=alice)
        give_role(alice, "reception")

        page = browser.get("/recent/")

        assert buttons(page) == []
        assert "only a manager may take it back" in page.shown


def test_it_is_paged(browser, alice, monkeypatch):
    monkeypatch.setattr(recent, "PER_PAGE", 2)
    hotel = make_hotel(["101"])
    for number in range(5):
        stay = Stay.of_nights(ARRIVAL + dt.timedelta(days=7 * number), 2)
        make_booking(property=hotel, stay=stay, guest_name=f"Guest {number}", party_size=1, actor=alice)

    page = browser.get("/recent/")
    assert "Page 1 of 3" in page.shown
    page = page.click("Further").click("Further")

    assert "Guest 0" in page.shown
    assert len(buttons(page)) == 1


def test_many_acts_take_no_more_queries_than_few(desk, alice):
    def act():
        hotel = make_hotel(["101", "102"])
        today = hotel.today()
        stay = make_reservation(unit=hotel.units.first(), arrival=today)
        lifecycle.check_out(reservation=lifecycle.check_in(reservation=stay, actor=alice), actor=alice)
        booking.move(reservation=make_reservation(unit=hotel.units.first()), unit=hotel.units.last(), actor=alice)
        cancelled = lifecycle.cancel(reservation=make_reservation(unit=hotel.units.first()), actor=alice)
        make_reservation(unit=hotel.units.first())
        booking.close(unit=hotel.units.last(), stay=Stay.of_nights(today, 1), kind="cleaning", actor=alice)
        choir(alice)
        return cancelled

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/recent/").status_code == 200
        return len(captured)

    act()
    desk.get("/recent/")
    few = queries()
    for _ in range(3):
        act()

    assert queries() == few <= 20
