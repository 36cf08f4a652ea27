"""The page Change, with what a browser sends of the page that was rendered, without scripts."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations import booking
from reservations.models import Reservation, Status
from reservations.stay import Stay
from reservations.wording import short_day, span
from tests.factories import make_apartment, make_hotel, make_reservation, make_user
from tests.reservations.changing.stays import change_page, fresh, nights, rooms_of

pytestmark = pytest.mark.django_db


def test_a_hotel_stay_gets_another_number_of_guests(browser, stay):
    saved = change_page(browser, stay).press("Save changes", {"Guests": "1"})

    assert saved.status_int == 302, saved.shown
    assert (fresh(stay).party_size, fresh(stay).unit.name) == (1, "101")


@pytest.mark.parametrize("status", [Status.HELD, Status.CONFIRMED, Status.IN_HOUSE])
@pytest.mark.parametrize("make_property", [make_hotel, make_apartment, lambda: make_hotel(rooms=())])
def test_what_is_saved_as_it_is_stays_as_it_is(browser, make_property, status):
    until = timezone.now() + dt.timedelta(days=1) if status == Status.HELD else None
    stay = make_reservation(make_property(), status=status, hold_expires_at=until)

    saved = change_page(browser, stay).press("Save changes")

    assert saved.status_int == 302, saved.shown
    assert "nothing was changed" in saved.follow().shown


def test_all_fields_at_once_are_one_act_with_one_undo(browser, stay):
    typed = {"Room": "102 · Double", "Departure": "2027-05-07", "Guest": "Noor Haddad", "Guests": "1"}

    done = change_page(browser, stay).press("Save changes", typed).follow()

    assert "Noor Haddad: room 102, 3–7 May 2027. The price is €360.00." in done.shown
    assert stay.events.count() == 1
    assert (rooms_of(stay), fresh(stay).party_size) == ([("102", nights(0, 4))], 1)
    booking.undo(event=stay.events.get(), actor=browser.user)
    assert (rooms_of(stay), str(fresh(stay).guest), fresh(stay).party_size) == (
        [("101", nights(0, 3))],
        "Amara Okafor",
        2,
    )


def test_what_makes_no_sense_is_said_beside_its_field(browser, stay):
    refused = change_page(browser, stay).press("Save changes", {"Departure": "2027-05-03"})

    assert refused.status_int == 422
    assert "A stay has at least one night" in refused.document.find(id="id_departure_error").get_text()


def test_a_room_that_is_no_choice_is_said_beside_the_room(desk, stay):
    data = {"arrival": "2027-05-03", "departure": "2027-05-06", "unit": "x", "guest": "Amara Okafor", "party_size": 2}

    refused = desk.post(f"/reservations/{stay.reference}/edit/", data)

    assert refused.status_code == 422
    assert "Choose one of this hotel’s rooms." in refused.content.decode()


def test_the_former_address_leads_to_the_room(browser, stay):
    page = browser.get(f"/reservations/{stay.reference}/move/").follow()

    assert page.request.path == f"/reservations/{stay.reference}/edit/"
    assert page.document.find(id="id_unit").has_attr("autofocus")


def test_the_cursor_is_in_a_field_of_the_page_only(browser, stay):
    page = change_page(browser, stay, "?focus=version")

    assert not page.document.select("[autofocus]")


class TestInHouse:
    @pytest.fixture
    def guest(self, hotel):
        double = hotel.room_types.get(name="Double")
        return make_reservation(
            hotel, arrival=hotel.today() - dt.timedelta(days=1), nights=3, status=Status.IN_HOUSE, room_type=double
        )

    def test_nobody_is_alarmed_that_they_have_arrived(self, browser, guest):
        page = change_page(browser, guest).press("One night more")

        assert "Free." in page.shown
        assert "in the past" not in page.shown

    def test_nothing_is_said_to_be_free_before_something_is_changed(self, browser, guest):
        page = change_page(browser, guest)

        assert "Free." not in page.shown
        assert f"As it is now: {span(guest.stay)}, 3 nights, room {guest.rooms}." in page.shown
        assert "Free." in page.press("One night more").shown

    def test_the_arrival_is_no_field(self, browser, guest):
        page = change_page(browser, guest)

        assert page.document.find(id="id_arrival")["type"] == "hidden"
        assert "in house" in page.shown
        assert "Pick the departure" in page.shown

    def test_a_picked_day_is_the_departure(self, browser, guest):
        day = guest.departure + dt.timedelta(days=2)

        page = change_page(browser, guest)
        button = page.document.find("button", {"name": "pick", "value": day.isoformat()})
        form = page.form_with("Save changes").send(button).form_with("Save changes")

        assert (form["arrival"].value, form["departure"].value) == (f"{guest.arrival:%-d %b %Y}", f"{day:%-d %b %Y}")

    def test_an_arrival_that_was_smuggled_in_is_refused_in_sight(self, browser, guest):
        form = change_page(browser, guest).form_with("Save changes")

        refused = form.by_script("arrival", str(guest.arrival - dt.timedelta(days=1))).press("Save changes")

        assert refused.status_int == 409
        assert "its arrival stays" in refused.shown
        assert fresh(guest).arrival == guest.arrival

    def test_another_room_is_for_the_nights_to_come_and_that_is_said(self, browser, hotel, guest):
        today, other = hotel.today(), hotel.units.get(name="102")

        looked = change_page(browser, guest, f"?unit={other.pk}")
        saved = looked.press("Save changes")
        page = change_page(browser, guest)

        assert f"The stay is then in room 101, from {short_day(today)} room 102." in looked.shown
        assert saved.status_int == 302, saved.shown
        assert rooms_of(guest) == [("101", Stay(guest.arrival, today)), ("102", Stay(today, guest.departure))]
        assert "This stay changes rooms." in page.shown

    def test_who_has_overstayed_gets_another_departure_before_another_room(self, browser, hotel, guest):
        departure = hotel.today() - dt.timedelta(days=1)
        guest.occupancies.all().delete()
        Reservation.objects.update(arrival=departure - dt.timedelta(days=3), departure=departure)
        guest.occupancies.create(
            unit=hotel.units.get(name="101"), property=hotel, nights=(departure - dt.timedelta(days=3), departure)
        )

        page = change_page(browser, guest)
        asked_for = change_page(browser, guest, f"?unit={hotel.units.get(name='102').pk}")
        longer = page.press("Save changes", {"Departure": str(hotel.today() + dt.timedelta(days=1))})

        assert [option.get_text() for option in page.document.select("#id_unit option")] == ["101 · Double, as now"]
        assert "All nights of this stay are over. Change its departure first." in asked_for.shown
        assert longer.status_int == 302

    def test_taken_nights_have_no_alternative_with_another_arrival(self, browser, hotel, guest):
        make_reservation(unit=hotel.units.get(name="101"), arrival=guest.departure, guest="Tom Byrne")

        page = change_page(browser, guest).press("One night more")

        assert "Tom Byrne is there" in page.shown
        assert not [button for button in page.document.select(".notice button") if "Room" not in button.get_text()]


class TestAStayThatChangesRooms:
    def test_other_dates_leave_its_rooms_as_they_are(self, browser, split):
        page = change_page(browser, split)
        longer = page.press("One night more")
        saved = longer.press("Save changes")

        assert "A new arrival changes the nights in 101, a new departure those in the last room" in page.shown
        assert page.document.select_one("#id_unit option[selected]").get_text() == "101 → 102, as now"
        assert "The stay is then in room 101, from Wed 5 May room 102." in longer.shown
        assert saved.status_int == 302
        assert rooms_of(split) == [("101", nights(0, 2)), ("102", nights(2, 4))]

    def test_a_part_is_not_lost_without_a_word(self, browser, split):
        refused = change_page(browser, split).press("Save changes", {"Departure": "2027-05-05"})

        assert refused.status_int == 409
        assert "No night would be left in room 102. Choose one room for all nights instead." in refused.shown
        assert rooms_of(split) == [("101", nights(0, 2)), ("102", nights(2, 3))]
        assert refused.press("Save changes", {"Room": "101 · Double"}).status_int == 302
        assert rooms_of(split) == [("101", nights(0, 2))]

    def test_another_room_is_for_all_nights_and_that_is_said(self, browser, split):
        page = change_page(browser, split)
        saved = page.press("Save changes", {"Room": "102 · Double"})

        assert "another room is for all nights that are not over" in page.shown
        assert saved.status_int == 302
        assert rooms_of(split) == [("102", nights(0, 3))]

    def test_one_part_is_changed_alone(self, browser, split):
        page = change_page(browser, split).click("102, 5–6 May")
        saved = page.press("Save changes", {"Room": "201 · Suite", "Guests": "1"})

        assert "Only the nights in 102, 5–6 May, are changed;" in page.shown
        assert page.form_with("Save changes")["arrival"].value == "5 May 2027"
        assert saved.status_int == 302
        assert rooms_of(split) == [("101", nights(0, 2)), ("201", nights(2, 3))]
        assert fresh(split).party_size == 1

    def test_a_part_that_is_gone_is_refused_and_nothing_is_changed(self, browser, split):
        form = change_page(browser, split, f"?segment={split.segments[1].pk}").form_with("Save changes")

        refused = form.by_script("segment", "999999").fill({"Departure": "2027-05-08"}).press("Save changes")

        assert refused.status_int == 422
        assert "This part of the stay is not there any more. Look again." in refused.shown
        assert fresh(split).stay == nights(0, 3)


class TestEditConflict:
    def test_each_keeps_what_they_changed(self, browser, hotel, stay):
        mine = change_page(browser, stay)
        booking.move(reservation=stay, unit=hotel.units.get(name="102"), actor=make_user("bob", first_name="Bob"))

        conflict = mine.press("Save changes", {"Guests": "1"})
        saved = conflict.press("Save changes")

        assert conflict.status_int == 409
        assert "Bob changed" in conflict.shown
        assert "102 · Double, as now" in conflict.document.select_one(".edit-conflict").get_text()
        assert saved.status_int == 302
        assert (rooms_of(stay), fresh(stay).party_size) == ([("102", nights(0, 3))], 1)

    def test_what_both_changed_is_shown_side_by_side(self, browser, hotel, stay):
        mine = change_page(browser, stay)
        booking.move(reservation=stay, unit=hotel.units.get(name="102"), actor=None)

        conflict = mine.press("Save changes", {"Room": "201 · Suite, +€180.00"})

        cells = [cell.get_text() for cell in conflict.document.select(".edit-conflict tbody td")]
        assert cells == ["201 · Suite, +€180.00", "102 · Double, as now"]

    def test_a_stay_that_was_split_meanwhile_is_not_put_into_one_room(self, browser, hotel, stay):
        mine = change_page(browser, stay)
        booking.split(reservation=stay, night=nights(2, 3).arrival, unit=hotel.units.get(name="102"), actor=None)

        conflict = mine.press("Save changes", {"Guests": "1"})
        conflict.press("Save changes")

        assert rooms_of(stay) == [("101", nights(0, 2)), ("102", nights(2, 3))]
        assert fresh(stay).party_size == 1
