"""The page *This room is broken*, as a browser without scripts has it, and the parts that htmx gets."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notes.models import VoiceNote
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Reservation, Status
from reservations.stay import Stay
from reservations.wording import closed_in_words, short_day
from tests.factories import make_reservation, make_user
from tests.reservations.broken_room.page import DAY, PAGE, bob_in, offered, page_for, room, rooms_of, sofia_in

pytestmark = pytest.mark.django_db


def test_it_is_closed_from_today_until_further_notice_and_all_move(browser, hotel):
    sofia, bob = sofia_in(hotel), bob_in(hotel)
    page = page_for(browser, hotel)
    assert "2 stays to move" in page.shown

    done = page.press("Move all and close", {"What is broken": "The boiler", "Tell the next shift": "Plumber at 9."})

    closure = Closure.objects.get()
    assert done.location == f"/closures/{closure.pk}/"
    assert closure.stay == Stay.until_further_notice(hotel.today())
    assert (closure.note, closure.kind, closure.created_by) == ("The boiler", "out_of_order", browser.user)
    assert (rooms_of(sofia), rooms_of(bob)) == ("101 → 201", "201")
    note = VoiceNote.objects.get()
    assert (note.property, note.reservation, note.author) == (hotel, None, browser.user)
    assert note.transcript.text == "Plumber at 9."


def test_afterwards_it_says_who_was_moved_and_offers_undo_and_the_recorder(browser, hotel):
    sofia = sofia_in(hotel)

    page = page_for(browser, hotel).press("Move all and close", {"Tell the next shift": "Plumber at 9."}).follow()

    assert "Room 101 is closed from" in page.shown
    assert "until further notice. 1 stay has been moved." in page.shown
    assert "Moved because of it" in page.shown
    assert f"Room 101 → 101 from {short_day(hotel.today() - DAY)}, 201 from {short_day(hotel.today())}" in page.shown
    assert page.document.select_one("voice-recorder")["data-target-property"] == str(hotel.pk)
    page = undo_forms(page)[0].send().follow()
    assert "All is as it was before. The note for the next shift stays; delete it" in page.shown
    assert "Moved because of it" not in page.shown
    assert rooms_of(sofia) == "101"
    assert Closure.objects.get().reopened_at


def test_undo_speaks_of_no_note_if_none_was_left(browser, hotel):
    sofia_in(hotel)

    page = undo_forms(page_for(browser, hotel).press("Move all and close").follow())[0].send().follow()

    assert "All is as it was before." in page.shown
    assert "note for the next shift" not in page.shown


def test_undo_speaks_of_the_note_also_if_nobody_moved(browser, hotel):
    page = page_for(browser, hotel).press("Close the room", {"Tell the next shift": "Plumber at 9."}).follow()

    assert "The note for the next shift stays" in undo_forms(page)[0].send().follow().shown


def undo_forms(page):
    return [form for number, form in page.forms.items() if isinstance(number, int) and "/undo/" in form.action]


def test_only_guests_of_the_chosen_nights_move(browser, hotel):
    sofia, bob = sofia_in(hotel), bob_in(hotel)
    page = page_for(browser, hotel).press("In 3 days")
    assert "Bob" not in page.shown

    page.press("Move all and close")

    assert (rooms_of(sofia), rooms_of(bob)) == ("101 → 201", "101")
    assert Closure.objects.get().stay == Stay.of_nights(hotel.today(), 3)


def test_the_buttons_for_the_dates_keep_all_that_was_typed(browser, hotel):
    sofia = sofia_in(hotel)
    typed = {"What is broken": "The boiler", "Tell the next shift": "Plumber.", "Why": "Maintenance"}

    page = page_for(browser, hotel).press("In a week", typed | {"New room for Sofia Marques": "103 · Suite, better"})
    page = page.press("Further notice")

    form = page.form_with("Move all and close")
    assert (form["note"].value, form["handover_note"].value, form["kind"].value) == (
        "The boiler",
        "Plumber.",
        "maintenance",
    )
    assert form["departure"].value == ""
    assert offered(page, sofia)[0] == "103 · Suite, better"


def test_htmx_gets_the_guests_and_the_button_when_the_dates_change(browser, hotel):
    bob = bob_in(hotel, days=5)
    query = {"unit": room(hotel, "101").pk, "arrival": hotel.today(), "departure": hotel.today() + 2 * DAY}
    address = f"{PAGE}?{urlencode(query)}"

    nobody = browser.get(address, headers={"HX-Request": "true", "HX-Target": "affected"})
    query["departure"] = hotel.today() + 9 * DAY
    address = f"{PAGE}?{urlencode(query)}"
    somebody = browser.get(address, headers={"HX-Request": "true", "HX-Target": "affected"})
    dates = browser.get(address, headers={"HX-Request": "true", "HX-Target": "closing"})

    assert "Nobody has to move." in nobody.text
    assert "Close the room" in nobody.text
    assert "<html" not in somebody.text
    assert offered(somebody, bob)[0] == "201 · Double"
    assert "Move all and close" in somebody.text
    assert dates.document.select_one("#closing #id_departure")


def test_dates_that_are_half_typed_show_nobody(browser, hotel):
    sofia_in(hotel)

    page = page_for(browser, hotel, arrival="soon")

    assert page.form_with("Close the room")["arrival"].value == "soon"
    assert "to move" not in page.shown


@pytest.mark.parametrize(
    ("arrival", "departure", "why"),
    [
        (-1, 3, "What is past cannot be closed any more. Choose today or a later day."),
        (3, 1, "It would be open again before it is closed. Choose a later day."),
        (0, 900, "A room is closed for at most 730 nights at once."),
    ],
)
def test_dates_that_make_no_sense_are_refused_and_all_is_kept(browser, hotel, arrival, departure, why):
    today = hotel.today()
    dates = {"Closed from": str(today + arrival * DAY), "Open again on": str(today + departure * DAY)}

    page = page_for(browser, hotel).press("Close the room", dates | {"What is broken": "The boiler"})

    assert page.status_int == 422
    assert why in page.shown
    assert page.form_with("Close the room")["note"].value == "The boiler"
    assert not Closure.objects.exists()


def test_a_room_that_was_taken_meanwhile_is_refused_and_all_is_kept(browser, hotel):
    sofia = sofia_in(hotel)
    page = page_for(browser, hotel)
    make_reservation(unit=room(hotel, "201"), arrival=hotel.today(), guest="Newcomer")

    refused = page.press("Move all and close", {"What is broken": "The boiler", "Tell the next shift": "Plumber."})

    assert refused.status_int == 409
    assert "Room 201 is not free: Newcomer is there" in refused.shown
    assert "The room that you chose is not free any more. This is another one." in refused.shown
    assert refused.form_with("Move all and close")["handover_note"].value == "Plumber."
    assert not VoiceNote.objects.exists()
    refused.press("Move all and close")
    assert rooms_of(sofia) == "101 → 103"
    assert Closure.objects.get().note == "The boiler"


def test_whoever_was_booked_meanwhile_is_shown_with_a_room(browser, hotel):
    sofia_in(hotel)
    page = page_for(browser, hotel)
    bob = bob_in(hotel)

    refused = page.press("Move all and close")

    assert "Bob Lindqvist" in refused.shown
    assert "no other room was chosen" in refused.shown
    refused.press("Move all and close")
    assert rooms_of(bob) == "201"


class TestStaysThatThePageDidNotShow:
    """Whoever changes the dates and presses at once has seen the stays of other nights."""

    def test_later_dates_are_refused_and_show_their_stays(self, browser, hotel):
        sofia, bob = sofia_in(hotel), bob_in(hotel, days=1 + 2)
        page = page_for(browser, hotel, departure=hotel.today() + DAY)

        refused = page.press("Move all and close", {"Open again on": str(hotel.today() + 9 * DAY)})

        assert refused.status_int == 409
        assert "Bob Lindqvist" in refused.seen.text
        assert not Closure.objects.exists()
        refused.press("Move all and close")
        assert (rooms_of(sofia), rooms_of(bob)) == ("101 → 201", "201")

    def test_fewer_dates_are_refused_too(self, browser, hotel):
        sofia, bob = sofia_in(hotel), bob_in(hotel)
        page = page_for(browser, hotel)

        refused = page.press("Move all and close", {"Open again on": str(hotel.today() + 2 * DAY)})

        assert refused.status_int == 409
        assert (
            "The list of stays was not up to date any more. Nobody was moved and nothing was closed." in refused.shown
        )
        assert "1 stay to move" in refused.shown
        refused.press("Move all and close")
        assert (rooms_of(sofia), rooms_of(bob)) == ("101 → 201", "101")

    def test_nobody_moves_for_nights_that_were_added_meanwhile(self, browser, hotel):
        bob = bob_in(hotel)
        page = page_for(browser, hotel)
        longer = booking.ChangeRequest(stay=Stay(bob.arrival, bob.departure + DAY))
        booking.change(reservation=bob, request=longer, actor=None)

        refused = page.press("Move all and close")

        assert refused.status_int == 409
        assert rooms_of(bob) == "101"
        refused.press("Move all and close")
        assert rooms_of(bob) == "201"

    def test_a_list_that_was_never_sent_is_none(self, browser, hotel):
        form = page_for(browser, hotel).form_with("Close the room")
        form["shown"].force_value("")

        assert form.press("Close the room").status_int == 409
        assert not Closure.objects.exists()


def test_what_is_no_room_is_as_if_nothing_was_chosen(browser, hotel):
    sofia = sofia_in(hotel)
    form = page_for(browser, hotel).form_with("Move all and close")
    form[f"room-{sofia.reference}"].force_value("999999")

    refused = form.press("Move all and close")

    assert "no other room was chosen" in refused.shown
    assert offered(refused, sofia)[0] == "201 · Double"


def test_of_two_who_close_the_same_room_the_second_is_led_to_the_closure(browser, hotel):
    page = page_for(browser, hotel)
    nights = Stay.until_further_notice(hotel.today())
    theirs = booking.close(unit=room(hotel, "101"), stay=nights, kind="cleaning", actor=make_user("bob"))

    refused = page.press("Close the room", {"What is broken": "The boiler"})

    assert refused.status_int == 409
    assert "Room 101 was closed by Bob already: closed for deep cleaning" in refused.shown
    assert refused.click("Look at that closure").request.path == f"/closures/{theirs.pk}/"


def test_a_planned_closure_stays_and_the_room_is_closed_before_and_after_it(browser, hotel):
    sofia, bob = sofia_in(hotel), bob_in(hotel, days=20)
    planned = Stay.of_nights(hotel.today() + 10 * DAY, 2)
    theirs = booking.close(unit=room(hotel, "101"), stay=planned, kind="maintenance", actor=None)

    page = page_for(browser, hotel)
    assert f"Room 101 is closed already: {closed_in_words(theirs)}" in page.shown
    assert "2 stays to move" in page.shown
    done = page.press("Move all and close").follow()

    assert "until further notice. 2 stays have been moved." in done.shown
    before, after = Closure.objects.exclude(pk=theirs.pk).order_by("nights")
    assert before.stay == Stay(hotel.today(), planned.arrival)
    assert after.stay == Stay.until_further_notice(planned.departure)
    assert (rooms_of(sofia), rooms_of(bob)) == ("101 → 201", "201")
    undo_forms(done)[0].send()
    assert list(room(hotel, "101").occupancies.exclude(closure=None).values_list("closure", flat=True)) == [theirs.pk]
    assert (rooms_of(sofia), rooms_of(bob)) == ("101", "101")


def test_of_many_planned_closures_some_are_named(browser, hotel):
    for days in (10, 20, 30, 40):
        nights = Stay.of_nights(hotel.today() + days * DAY, 2)
        booking.close(unit=room(hotel, "101"), stay=nights, kind="maintenance", actor=None)

    assert "and at 1 other time. That stays." in page_for(browser, hotel).shown
    assert "is closed already" not in page_for(browser, hotel, departure=hotel.today() + 9 * DAY).shown


def test_a_room_that_is_closed_on_all_nights_says_so(browser, hotel):
    sofia_in(hotel)
    booking.move(reservation=Reservation.objects.get(), unit=room(hotel, "201"), actor=None)
    booking.close(
        unit=room(hotel, "101"), stay=Stay.until_further_notice(hotel.today()), kind="maintenance", actor=None
    )

    page = page_for(browser, hotel)

    assert "That stays. No other night is left to close." in page.shown
    assert "Nobody has to move." not in page.shown


def test_who_is_still_there_or_has_left_early_is_said(browser, hotel):
    today = hotel.today()
    make_reservation(unit=room(hotel, "101"), arrival=today - 2 * DAY, nights=1, status=Status.IN_HOUSE, guest="Al Te")
    with_late = page_for(browser, hotel)
    left = make_reservation(unit=room(hotel, "201"), arrival=today - DAY, status=Status.CHECKED_OUT, guest="Cy Gone")
    page = browser.get(f"{PAGE}?unit={room(hotel, '201').pk}")

    assert "Al Te has not left room 101 yet. They stay in their room" in with_late.shown
    assert "Al Te has not left room 101 yet. The room is closed" in with_late.press("Close the room").follow().shown
    assert "Cy Gone has checked out; the nights that are kept for them are given back." in page.shown
    page.press("Close the room")
    assert rooms_of(left) == "201"
    assert not Reservation.objects.get(pk=left.pk).keeps_nights


def test_the_page_takes_as_many_queries_for_many_guests(browser, hotel):
    bob_in(hotel)
    page_for(browser, hotel)
    with CaptureQueriesContext(connection) as few:
        page_for(browser, hotel)
    for week in range(2, 12):
        bob_in(hotel, days=7 * week)
    with CaptureQueriesContext(connection) as many:
        page_for(browser, hotel)

    assert len(many) == len(few)


def test_checking_out_the_guest_who_is_there_frees_the_room(browser, hotel):
    sofia = sofia_in(hotel)
    lifecycle.check_out(reservation=sofia, actor=None, free_tonight=True)

    assert "Nobody has to move." in page_for(browser, hotel).shown
