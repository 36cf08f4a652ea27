"""The page *This room is broken*, as a browser without scripts has it, and the parts that htmx gets."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notes.models import VoiceNote
from reservations import booking
from reservations.booking import lifecycle
from reservations.models import Closure, Reservation, Status
from reservations.stay import Stay
from reservations.wording import closed_in_words, closed_until, short_span
from tests.factories import make_apartment, make_hotel, make_reservation, make_room_type, make_user

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PAGE = "/closures/broken/"


@pytest.fixture
def hotel(db):
    hotel = make_hotel(["101", "102", "103", "201"], name="Harbour Hotel")
    double = make_room_type(hotel)
    suite = make_room_type(hotel, "Suite", nightly_rate=300, sleeps=4)
    single = make_room_type(hotel, "Single", nightly_rate=60, sleeps=1)
    for room, kind in {"101": double, "102": single, "103": suite, "201": double}.items():
        hotel.units.filter(name=room).update(room_type=kind)
    return hotel


def room(hotel, name):
    return hotel.units.get(name=name)


def sofia_in(hotel, **fields):
    """In 101 since yesterday, for two nights more."""
    fields = {"party_size": 1, "status": Status.IN_HOUSE} | fields
    return make_reservation(unit=room(hotel, "101"), arrival=hotel.today() - DAY, guest="Sofia Marques", **fields)


def bob_in(hotel, unit="101", days=5, **fields):
    return make_reservation(unit=room(hotel, unit), arrival=hotel.today() + days * DAY, guest="Bob Lindqvist", **fields)


def page_for(browser, hotel, **query):
    return browser.get(f"{PAGE}?{urlencode({'unit': room(hotel, '101').pk} | query)}")


def offered(page, reservation):
    """The rooms in the list for the stay; the chosen one comes first."""
    options = page.document.select(f"[name=room-{reservation.reference}] option")
    return [option.text for option in sorted(options, key=lambda option: not option.has_attr("selected"))]


def rooms_of(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk).rooms


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
    assert "Room 101 → 101 from" in page.shown
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


def test_the_best_room_is_of_the_same_type_then_a_better_one(browser, hotel):
    sofia = sofia_in(hotel)

    assert offered(page_for(browser, hotel), sofia) == ["201 · Double", "103 · Suite, better", "102 · Single, simpler"]

    make_reservation(unit=room(hotel, "201"), arrival=hotel.today(), nights=1)
    assert offered(page_for(browser, hotel), sofia) == ["103 · Suite, better", "102 · Single, simpler"]


def test_a_room_that_is_too_small_is_not_offered(browser, hotel):
    sofia = sofia_in(hotel, party_size=2)

    assert offered(page_for(browser, hotel), sofia) == ["201 · Double", "103 · Suite, better"]


def test_a_room_whose_guest_has_not_left_comes_last_and_not_for_who_moves_now(browser, hotel):
    sofia, today = sofia_in(hotel, party_size=2, status=Status.CONFIRMED), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today - 3 * DAY, nights=2, status=Status.IN_HOUSE, guest="Al Te")

    assert offered(page_for(browser, hotel), sofia) == [
        "103 · Suite, better",
        "201 · Double (Al Te has not left room 201 yet)",
    ]

    Reservation.objects.filter(pk=sofia.pk).update(status=Status.IN_HOUSE)
    assert offered(page_for(browser, hotel), sofia) == ["103 · Suite, better"]


def test_another_room_may_be_chosen(browser, hotel):
    sofia = sofia_in(hotel)

    page_for(browser, hotel).press("Move all and close", {"New room for Sofia Marques": "103 · Suite, better"})

    assert rooms_of(sofia) == "101 → 103"


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


def sofia_with_one_free_night(hotel, **fields):
    """In 101 for three nights; 201 is free for the first one to come alone, and 103 for none."""
    sofia, today = sofia_in(hotel, party_size=2, nights=4, **fields), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today + DAY, nights=1)
    make_reservation(unit=room(hotel, "103"), arrival=today, nights=1)
    return sofia


def test_for_one_closed_night_a_guest_moves_tonight_only_and_comes_back(browser, hotel):
    sofia = sofia_with_one_free_night(hotel)
    page = page_for(browser, hotel, departure=hotel.today() + DAY)

    assert offered(page, sofia) == ["201 · Double, tonight only, then back in 101"]
    assert "Tonight only, then back in 101: no room is free for all nights." in page.shown
    page.press("Move all and close")

    assert rooms_of(sofia) == "101 → 201 → 101"
    assert Closure.objects.get().stay == Stay.of_nights(hotel.today(), 1)


def test_who_comes_today_gets_another_room_tonight_only(browser, hotel):
    sofia = make_reservation(unit=room(hotel, "101"), arrival=hotel.today(), guest="Sofia Marques", party_size=2)
    make_reservation(unit=room(hotel, "201"), arrival=hotel.today() + DAY, nights=1)
    make_reservation(unit=room(hotel, "103"), arrival=hotel.today(), nights=1)
    page = page_for(browser, hotel, departure=hotel.today() + DAY)

    assert offered(page, sofia) == ["201 · Double, tonight only, then in 101", "Without a room"]
    page.press("Move all and close")

    assert rooms_of(sofia) == "201 → 101"


def test_who_comes_before_the_closed_nights_moves_for_these(browser, hotel):
    bob, today = bob_in(hotel, days=5, party_size=2), hotel.today()
    make_reservation(unit=room(hotel, "103"), arrival=today + 7 * DAY, nights=1)
    make_reservation(unit=room(hotel, "201"), arrival=today + 5 * DAY, nights=1)

    page = page_for(browser, hotel, arrival=today + 7 * DAY)
    last = Stay.of_nights(today + 7 * DAY, 1)
    assert offered(page, bob)[0] == f"201 · Double, {short_span(last)} only, before in 101"
    page.press("Move all and close")

    assert rooms_of(bob) == "101 → 201"


def test_a_room_for_all_nights_is_preferred(browser, hotel):
    sofia, today = sofia_in(hotel, party_size=2), hotel.today()
    make_reservation(unit=room(hotel, "201"), arrival=today + DAY, nights=1)

    page = page_for(browser, hotel, departure=today + DAY)

    assert offered(page, sofia) == ["103 · Suite, better"]


def test_without_a_free_room_a_coming_stay_is_kept_without_one_in_plain_words(browser, hotel):
    bob = bob_in(hotel, party_size=2)
    for name in ("103", "201"):
        make_reservation(unit=room(hotel, name), arrival=hotel.today() + 5 * DAY)

    page = page_for(browser, hotel)

    assert "No room is free for all these nights. The stay is kept without a room" in page.shown
    assert offered(page, bob) == ["Without a room"]
    assert page.click("in another property").status_int == 200
    until = next(button for button in page.document.select(".affected button"))
    assert not page.document.select_one("#not-yet")
    assert "Nobody has to move." in page.press(until.text).shown
    done = page.press("Move all and close").follow()
    assert "until further notice. 1 stay is without a room now." in done.shown
    assert rooms_of(bob) == ""


def test_a_manager_may_leave_a_coming_stay_without_a_room(django_app, hotel):
    bob = bob_in(hotel)
    boss = django_app.sign_in(make_user("boss", is_manager=True))

    page_for(boss, hotel).press("Move all and close", {"New room for Bob Lindqvist": "Without a room"})

    assert rooms_of(bob) == ""


def test_without_a_free_room_a_guest_in_house_keeps_theirs(browser, hotel):
    sofia = sofia_in(hotel, party_size=2)
    for name in ("103", "201"):
        make_reservation(unit=room(hotel, name), arrival=hotel.today())

    page = page_for(browser, hotel)
    assert "No room is free for all these nights. They are in the house" in page.shown
    assert page.document.select_one("#not-yet").text.startswith("Not possible yet: Sofia Marques in the house has no")
    refused = page.press("Move all and close", {"What is broken": "The boiler"})
    assert "Sofia Marques" in refused.shown
    assert not Closure.objects.exists()

    later = next(button for button in refused.document.select(".affected button"))
    refused.press(later.text).press("Close the room")
    assert Closure.objects.get().stay.arrival == sofia.departure


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
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_for(browser, hotel)
    for week in range(2, 12):
        bob_in(hotel, days=7 * week)
    with CaptureQueriesContext(connection) as many:
        page_for(browser, hotel)

    assert len(many) == len(few)


def test_without_a_room_it_asks_which(browser, hotel):
    make_apartment("Garden Flat")
    page = browser.get(PAGE)

    page = page.press("Show its guests", {"Room": "101 · Harbour Hotel"})

    assert "Room 101 is broken" in page.shown


def test_a_room_that_is_none_is_asked_again(browser, hotel):
    page = browser.get(f"{PAGE}?unit=x", status=422)

    assert "Choose a room of the list." in page.shown


def test_of_an_apartment_nobody_is_asked_which_room(browser):
    flat = make_apartment("Garden Flat")

    page = browser.get(f"{PAGE}?property={flat.pk}")

    assert "Garden Flat is broken" in page.shown


class TestItIsReachedFrom:
    def test_the_room(self, browser, hotel):
        page = browser.get(f"/properties/rooms/{room(hotel, '101').pk}/edit/").click("This room is broken")
        assert "Room 101 is broken" in page.shown

    def test_the_property(self, browser, hotel):
        page = browser.get(f"/properties/{hotel.pk}/").click("A room is broken")
        assert "101 · Harbour Hotel" in page.text

    def test_a_reservation(self, browser, hotel):
        sofia = sofia_in(hotel)
        booking.split(reservation=sofia, night=hotel.today() + DAY, unit=room(hotel, "201"), actor=None)

        page = browser.get(sofia.get_absolute_url()).click("This room is broken")

        assert "Room 101 is broken" in page.shown

    def test_today(self, browser, hotel):
        assert browser.get("/").click("A room is broken").request.path == PAGE

    def test_closing_a_room_that_has_guests(self, browser, hotel):
        sofia = sofia_in(hotel)
        dates = {"Closed from": str(hotel.today()), "Open again on": str(hotel.today() + 2 * DAY)}
        form = browser.get(f"/closures/new/?unit={room(hotel, '101').pk}")
        refused = form.press("Close the room", dates | {"Why": "Deep cleaning", "Note": "Paint"})

        page = refused.press("Move Sofia Marques and close…")
        page.press("Move all and close")

        closure = Closure.objects.get()
        assert (closure.kind, closure.note, closure.stay) == ("cleaning", "Paint", Stay.of_nights(hotel.today(), 2))
        assert rooms_of(sofia) == "101 → 201"


def test_closed_rooms_are_listed_on_today_and_on_the_propertys_page(browser, hotel):
    page_for(browser, hotel).press("Close the room", {"What is broken": "The boiler"})
    nights = Stay.of_nights(hotel.today() + DAY, 1)
    booking.close(unit=room(hotel, "102"), stay=nights, kind="maintenance", actor=None)
    flat = make_apartment("Garden Flat")
    nights = Stay.of_nights(flat.today(), 2)
    booking.close(unit=flat.units.get(), stay=nights, kind="calendar", actor=None)

    today = browser.get("/")
    listed = [line.text.split() for line in today.document.select("[aria-labelledby=closed-rooms] li")]
    assert [" ".join(words) for words in listed] == [
        "Room 101 until further notice Harbour Hotel · Out of order: The boiler"
    ]
    assert today.click(href="/closures/[0-9]+/").request.path == f"/closures/{Closure.objects.earliest('pk').pk}/"
    its_page = browser.get(f"/properties/{hotel.pk}/")
    assert "Closed tonight: room 101, until further notice" in " ".join(its_page.document.text.split())
    assert "Closed tonight" not in browser.get(f"/properties/{flat.pk}/").shown


def test_an_apartment_that_is_closed_is_named_by_its_name(browser):
    flat = make_apartment("Garden Flat")
    closure = booking.close(unit=flat.units.get(), stay=Stay.of_nights(flat.today(), 2), kind="maintenance", actor=None)

    assert browser.get("/").click("Garden Flat").request.path == f"/closures/{closure.pk}/"
    page = browser.get(f"/properties/{flat.pk}/")
    assert f"Closed tonight: Garden Flat, {closed_until(closure)}." in " ".join(page.document.text.split())


def test_recently_done_names_the_room_and_its_guests(browser, hotel):
    sofia_in(hotel)
    page_for(browser, hotel).press("Move all and close")

    page = browser.get("/recent/")

    span = f"from {hotel.today():%-d %b} until further notice"
    assert f"Out of order, room 101 {span}" in page.shown
    assert "Sofia Marques" in page.shown
    assert "the closed room and 1 stay as one" in page.shown


def test_a_closure_until_further_notice_says_so_wherever_it_is_read(browser, hotel):
    page_for(browser, hotel).press("Close the room")
    closure = Closure.objects.get()

    page = browser.get(f"/closures/{closure.pk}/")
    assert "until further notice" in page.shown
    span = f"from {hotel.today():%-d %b} until further notice"
    assert f"closed {span}" in browser.get("/calendar/").text
    assert page.form_with("Save changes")["departure"].value == ""
    page.press("Save changes")
    assert "until further notice" in browser.get(f"/calendar/closure/{closure.pk}/").shown
    with pytest.raises(booking.DatesTaken, match="out of order until further notice"):
        booking.move(reservation=bob_in(hotel, "201"), unit=room(hotel, "101"), actor=None)
    closure.refresh_from_db()
    assert closure.is_until_further_notice
    booking.reopen(closure=closure, actor=None)
    assert f"101, {span}" in browser.get(f"/closures/{closure.pk}/").shown


def test_checking_out_the_guest_who_is_there_frees_the_room(browser, hotel):
    sofia = sofia_in(hotel)
    lifecycle.check_out(reservation=sofia, actor=None, free_tonight=True)

    assert "Nobody has to move." in page_for(browser, hotel).shown
