"""Undo beside the newest line of a history: offered for a day, and refused in words before it is pressed."""

import contextlib
import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from config.errors import DomainError
from properties.models import Property, Unit
from reservations import booking, guests
from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    make_apartment,
    make_booking,
    make_guest,
    make_hotel,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def newest(subject):
    return subject.events.order_by("-pk").first()


def offered(event, actor=None):
    return booking.undo_offers([event], actor)[event.act].why_not


def why_not(event, actor=None):
    """The words of the offer. The verb must refuse the act if there are any, and undo it if there are none."""
    words, is_undone = offered(event, actor), False
    with transaction.atomic():
        with contextlib.suppress(DomainError):
            booking.undo(event=event, actor=actor)
            is_undone = True
        transaction.set_rollback(True)
    assert is_undone == (not words), words
    return words


def page_of(browser, stay):
    return browser.get(reverse("reservations:detail", args=[stay.reference]))


def checked_in(alice, property=None):
    property = property or make_apartment()
    stay = make_reservation(property, arrival=property.today())
    return lifecycle.check_in(reservation=stay, actor=alice)


class TestInTheHistory:
    def test_a_booking_that_was_done_again_is_cancelled_once_more(self, browser, alice):
        stay = make_booking(
            property=make_apartment(), stay=Stay.of_nights(ARRIVAL, 3), party_size=2, guest_name="Amara", actor=alice
        )
        undone = booking.undo(event=newest(stay), actor=alice)
        booking.undo(event=newest(undone[0]), actor=alice)

        answer = page_of(browser, stay).press("Undo done again")

        assert "stay is cancelled." in answer.follow().shown

    def test_an_hour_later_the_newest_line_is_undone_without_a_toast(self, browser, alice, database_clock):
        stay = checked_in(alice)
        database_clock.shift(HOUR)

        answer = page_of(browser, stay).press("Undo checked in")

        assert answer.location.endswith(f"/reservations/{stay.reference}/#history")
        stay.refresh_from_db()
        assert stay.status == Status.CONFIRMED
        assert "Taken back: checked in. Amara Okafor’s stay is as before." in answer.follow().shown

    def test_what_was_taken_back_is_done_again(self, browser, alice):
        stay = checked_in(alice)
        page = page_of(browser, stay).press("Undo checked in").follow()

        page = page.press("Do it again checked in").follow()

        stay.refresh_from_db()
        assert stay.status == Status.IN_HOUSE
        assert "Done again: checked in." in page.shown
        page = page.press("Undo done again").follow()
        assert "Taken back: checked in" in page.shown

    def test_only_the_newest_line_has_it(self, browser, alice):
        stay = checked_in(alice)
        booking.set_lock(reservation=stay, is_locked=True, actor=alice)

        page = page_of(browser, stay)

        assert page.form_with("Undo locked to its room")
        assert len([form for form in page.forms.values() if "undo" in form.action]) == 1

    def test_after_a_day_it_says_so_and_is_refused(self, browser, alice, database_clock):
        stay = checked_in(alice)
        event = newest(stay)
        database_clock.shift(dt.timedelta(hours=24, seconds=1))

        page = page_of(browser, stay)

        assert "Cannot be undone: it was done more than a day ago." in page.shown
        with pytest.raises(booking.CannotUndo, match="more than a day ago"):
            booking.undo(event=event, actor=alice)
        stay.refresh_from_db()
        assert stay.status == Status.IN_HOUSE

    def test_a_moment_before_that_it_is_undone(self, alice, database_clock):
        stay = checked_in(alice)
        database_clock.shift(dt.timedelta(hours=23, minutes=59))

        booking.undo(event=newest(stay), actor=alice)

        stay.refresh_from_db()
        assert stay.status == Status.CONFIRMED

    def test_a_swap_says_that_both_are_undone_as_one(self, browser, alice):
        first, second = (make_reservation(unit=unit) for unit in make_hotel().units.all())
        booking.swap(first=first, second=second, actor=alice)

        page = page_of(browser, second)

        assert "both stays as one" in page.shown
        assert "Both stays are as before." in page.press("Undo swapped").follow().shown

    def test_a_booking_says_that_it_is_cancelled(self, browser, alice):
        stay = make_booking(
            property=make_apartment(), stay=Stay.of_nights(ARRIVAL, 2), guest_name="Bo", party_size=1, actor=alice
        )

        page = page_of(browser, stay)

        assert "cancels it" in page.shown
        assert "Bo’s stay is cancelled." in page.press("Undo booked").follow().shown

    def test_a_closure_has_it_too(self, browser, alice):
        closure = booking.close(
            unit=make_apartment().units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", actor=alice
        )

        browser.get(f"/closures/{closure.pk}/").press("Undo closed")

        assert not Occupancy.objects.exists()

    def test_a_refused_one_changes_nothing_and_says_why(self, browser, alice):
        stay = checked_in(alice)
        page = page_of(browser, stay)
        booking.set_lock(reservation=stay, is_locked=True, actor=make_user("bo"))

        page = page.press("Undo checked in").follow()

        assert "has changed since: “Locked to its room” by Bo. Undo that first." in page.shown
        stay.refresh_from_db()
        assert (stay.status, stay.is_locked) == (Status.IN_HOUSE, True)

    def test_on_the_chart_a_refusal_is_409(self, desk, alice):
        stay = checked_in(alice)
        event = newest(stay)
        booking.set_lock(reservation=stay, is_locked=True, actor=alice)
        shown = {"chart": "1", "first": "2027-05-03", "days": "14"}

        answer = desk.post(reverse("reservations:undo", args=[event.pk]), shown, headers={"HX-Request": "true"})

        assert answer.status_code == 409
        assert "has changed since" in answer.headers["HX-Trigger"]

    def test_nobody_is_led_to_a_page_by_what_is_sent(self, desk, alice):
        stay = checked_in(alice)

        answer = desk.post(reverse("reservations:undo", args=[newest(stay).pk]), {"focus": "//evil.example"})

        assert "evil" not in answer.headers["Location"]


class TestWhyNot:
    """The words beside the line. `why_not` compares each of them with what the verb does."""

    def test_the_room_is_sold_since(self, alice):
        flat = make_apartment("Garden Flat")
        stay = lifecycle.cancel(reservation=make_reservation(flat), actor=alice)
        make_reservation(flat, guest="Bo Li")

        assert why_not(newest(stay)) == "Garden Flat is taken by Bo Li, 3–6 May."

    def test_the_room_is_closed_since(self, alice):
        hotel = make_hotel(["101"])
        stay = lifecycle.cancel(reservation=make_reservation(hotel), actor=alice)
        booking.close(unit=hotel.units.get(), stay=Stay.of_nights(ARRIVAL, 1), kind="maintenance", actor=alice)

        assert why_not(newest(stay)) == "room 101 is closed then."

    def test_nights_that_a_lapsed_hold_had_are_free(self, alice, database_clock):
        flat = make_apartment()
        stay = lifecycle.cancel(reservation=make_reservation(flat), actor=alice)
        make_reservation(flat, status=Status.HELD, hold_expires_at=clock.now() - HOUR)

        assert why_not(newest(stay)) == ""

    def test_the_next_party_is_in_the_room(self, alice):
        hotel = make_hotel(["101"])
        today = hotel.today()
        leaving = make_reservation(hotel, arrival=today - dt.timedelta(days=2), nights=2, status=Status.IN_HOUSE)
        left = lifecycle.check_out(reservation=leaving, actor=alice)
        make_reservation(hotel, arrival=today, guest="Bo Li", status=Status.IN_HOUSE)

        assert why_not(newest(left)) == "Bo Li is in room 101 now."

    def test_a_party_in_one_room_keeps_nobody_out_of_another(self, alice):
        hotel = make_hotel(["101", "102"])
        today = hotel.today()
        left = []
        for unit in hotel.units.all():
            leaving = make_reservation(
                unit=unit, arrival=today - dt.timedelta(days=2), nights=2, status=Status.IN_HOUSE
            )
            left.append(lifecycle.check_out(reservation=leaving, actor=alice))
        make_reservation(unit=hotel.units.get(name="101"), arrival=today, guest="Bo Li", status=Status.IN_HOUSE)

        offers = booking.undo_offers([newest(stay) for stay in left], alice)

        assert [offer.why_not for offer in offers.values()] == ["Bo Li is in room 101 now.", ""]

    def test_the_room_type_that_it_was_sold_as_is_removed_since(self, alice):
        hotel = make_hotel(["101", "102"])
        double, suite = make_room_type(hotel), make_room_type(hotel, "Suite")
        for name, sold in (("101", double), ("102", suite)):
            hotel.units.filter(name=name).update(room_type=sold)
        stay = make_reservation(unit=hotel.units.get(name="101"), room_type=double)
        stay = booking.move(reservation=stay, unit=hotel.units.get(name="102"), actor=alice, pricing="requote")
        assert stay.room_type == suite
        hotel.units.update(room_type=suite)
        double.delete()

        assert why_not(newest(stay)) == "the room type it was booked as is not there any more."
        with pytest.raises(booking.CannotUndo, match="Change it by hand"):
            booking.undo(event=newest(stay), actor=alice)
        stay.refresh_from_db()
        assert stay.room_type == suite

    def test_a_manager_did_it(self, alice):
        manager = make_user("manager", role="manager")
        stay = lifecycle.overrule(reservation=make_reservation(), status="checked_out", reason="Left.", actor=manager)

        assert why_not(newest(stay), alice) == (
            "a manager did this, and only a manager may take it back or do it again."
        )
        assert why_not(newest(stay), manager) == ""

    def test_the_other_side_of_a_swap_has_changed(self, alice):
        first, second = (make_reservation(unit=unit) for unit in make_hotel().units.all())
        booking.swap(first=first, second=second, actor=alice)
        booking.set_lock(reservation=second, is_locked=True, actor=alice)

        assert why_not(newest(first)) == "changed since (“Locked to its room” by Alice Moreau)."

    def test_it_was_taken_back_already(self, alice):
        stay = checked_in(alice)
        event = newest(stay)
        booking.undo(event=event, actor=alice)

        assert why_not(event) == "taken back already by Alice Moreau."
        [event] = stay.events.filter(action="undone")
        booking.undo(event=event, actor=alice)
        assert why_not(event) == "done again already by Alice Moreau."

    def test_the_hold_is_over(self, alice, database_clock):
        flat = make_apartment()
        held = make_reservation(flat, status=Status.HELD, hold_expires_at=clock.now() + HOUR)
        lifecycle.confirm(reservation=held, actor=alice)
        database_clock.shift(2 * HOUR)

        assert why_not(newest(held)) == "the hold is over."

    def test_the_room_is_archived(self, alice):
        hotel = make_hotel(["101", "102"])
        stay = make_reservation(unit=hotel.units.get(name="101"))
        booking.move(reservation=stay, unit=hotel.units.get(name="102"), actor=alice)
        Unit.objects.filter(name="101").update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

        assert why_not(newest(stay)) == "room 101 is archived."

    def test_merges_belong_to_the_guests_page(self, alice):
        stay, keep = make_reservation(), make_guest("Amara Okafor")
        duplicate = stay.guest
        guests.merge(keep=keep, duplicate=duplicate, actor=alice)
        assert "guest’s page" in why_not(newest(stay))

        duplicate.refresh_from_db()
        guests.unmerge(duplicate=duplicate, actor=alice)

        assert "guest’s page" in why_not(newest(stay))
        with pytest.raises(booking.CannotUndo):
            booking.undo(event=newest(stay), actor=alice)

    def test_a_closure_that_changed(self, alice):
        closure = booking.close(
            unit=make_apartment().units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", actor=alice
        )
        first = closure.events.get()
        booking.change_closure(closure=closure, note="Boiler", actor=alice)

        assert why_not(first) == "changed since (“Changed” by Alice Moreau)."
        assert why_not(newest(closure)) == ""

    def test_a_closure_whose_nights_are_sold(self, alice):
        flat = make_apartment("Garden Flat")
        closure = booking.close(unit=flat.units.get(), stay=Stay.of_nights(ARRIVAL, 2), kind="maintenance", actor=alice)
        booking.reopen(closure=closure, actor=alice)
        make_reservation(flat, guest="Bo Li")

        assert why_not(newest(closure)) == "Garden Flat is taken by Bo Li, 3–6 May."


def facts():
    return [list(model.objects.order_by("pk").values()) for model in (Reservation, Occupancy, Event, Property, Unit)]


def test_looking_writes_nothing(alice):
    hotel = make_hotel(["101", "102"])
    stay = lifecycle.cancel(reservation=make_reservation(hotel), actor=alice)
    lapsed = make_reservation(hotel, status=Status.HELD, hold_expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    before = facts()

    with CaptureQueriesContext(connection) as queries:
        assert offered(newest(stay)) == ""

    assert facts() == before
    assert lapsed.status == Status.HELD
    assert not [query for query in queries.captured_queries if not query["sql"].lstrip().startswith("SELECT")]
    assert not [query for query in queries.captured_queries if "FOR NO KEY UPDATE" in query["sql"]]
