"""The page Change, with what a browser sends of the page that was rendered, without scripts."""

import datetime as dt

import pytest
from django.utils import timezone

from reservations import booking
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    eur,
    make_apartment,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db


def change_page(browser, reservation, query=""):
    return browser.get(f"/reservations/{reservation.reference}/edit/{query}")


def fresh(reservation):
    return Reservation.objects.with_unit().get(pk=reservation.pk)


def rooms_of(reservation):
    return [(segment.unit.name, segment.stay) for segment in fresh(reservation).segments]


def nights(first, last):
    return Stay(ARRIVAL + dt.timedelta(days=first), ARRIVAL + dt.timedelta(days=last))


def groups(page):
    """{label of a group of rooms: the words of its options}"""
    return {
        group["label"]: [option.get_text(strip=True) for option in group.find_all("option")]
        for group in page.document.find_all("optgroup")
    }


@pytest.fixture
def hotel():
    """101 and 102 are doubles for €90, 201 and 202 suites for €150."""
    hotel = make_hotel(["101", "102", "201", "202"])
    double, suite = make_room_type(hotel, nightly_rate=90), make_room_type(hotel, "Suite", nightly_rate=150)
    hotel.units.filter(name__startswith="1").update(room_type=double)
    hotel.units.filter(name__startswith="2").update(room_type=suite)
    return hotel


@pytest.fixture
def stay(hotel):
    return make_reservation(hotel, room_type=hotel.room_types.get(name="Double"), guest="Amara Okafor")


@pytest.fixture
def split(hotel, stay):
    """In 101 on 3 and 4 May, in 102 on 5 May."""
    booking.split(reservation=stay, night=nights(2, 3).arrival, unit=hotel.units.get(name="102"), actor=None)
    return fresh(stay)


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


class TestRooms:
    def test_free_ones_come_first_by_type_with_what_an_upgrade_costs(self, browser, hotel, stay):
        make_reservation(unit=hotel.units.get(name="201"))

        page = change_page(browser, stay)

        assert page.document.select_one("#id_unit option[selected]").get_text() == "101 · Double, as now"
        assert groups(page) == {
            "Double, free 3–6 May": ["Any free Double", "102 · Double"],
            "Suite, free 3–6 May": ["Any free Suite, +€180.00", "202 · Suite, +€180.00"],
            "Taken 3–6 May": ["201 · Suite, +€180.00"],
        }

    def test_an_added_night_costs_what_the_new_room_does_and_both_prices_are_compared_with_today(
        self, browser, hotel, stay
    ):
        make_rate(hotel, nightly_rate=100, room_type=hotel.room_types.get(name="Double"))

        longer = change_page(browser, stay).press("One night more")
        asked = longer.press("Save changes", {"Room": "201 · Suite, +€230.00"})

        assert "As agreed €270.00 agreed + €150.00 Thu = €420.00 (+€150.00)" in asked.shown
        assert "Today’s price 4 × €150.00 = €600.00 (+€330.00)" in asked.shown
        assert asked.press("Keep what was agreed: €420.00").status_int == 302
        assert (fresh(stay).price, fresh(stay).room_type.name) == (eur(420), "Double")

    def test_a_cheaper_room_has_a_minus(self, browser, hotel):
        stay = make_reservation(
            unit=hotel.units.get(name="201"), room_type=hotel.room_types.get(name="Suite"), nightly_rates=[150] * 3
        )

        assert "101 · Double, −€180.00" in groups(change_page(browser, stay))["Double, free 3–6 May"]

    def test_a_type_of_which_none_is_free_is_said_to_be_full_and_may_be_asked_for(self, browser, hotel, stay):
        for name in ("201", "202"):
            make_reservation(unit=hotel.units.get(name=name))

        page = change_page(browser, stay)
        refused = page.press("Save changes", {"Room": "Suite: no room is free"})

        assert groups(page)["Taken 3–6 May"][-1] == "Suite: no room is free"
        assert refused.status_int == 409
        assert f"No Suite of {hotel} is free for all 3 nights" in refused.shown
        assert refused.document.select_one("#id_unit option[selected]").get_text() == "Suite: no room is free"

    def test_at_the_same_price_no_difference_is_said(self, browser, hotel, stay):
        hotel.room_types.update(nightly_rate=90)

        assert groups(change_page(browser, stay))["Suite, free 3–6 May"] == [
            "Any free Suite",
            "201 · Suite",
            "202 · Suite",
        ]

    def test_in_another_currency_no_difference_is_said(self, browser, hotel, stay):
        type(hotel).objects.update(currency="CHF")

        assert groups(change_page(browser, stay))["Suite, free 3–6 May"][0] == "Any free Suite"

    def test_without_dates_all_rooms_can_be_chosen(self, browser, hotel, stay):
        refused = change_page(browser, stay).press("Save changes", {"Departure": ""})

        words = [option.get_text(strip=True) for option in refused.document.select("#id_unit option")]
        assert words == [
            "101 · Double, as now",
            "Any free Double",
            "Any free Suite",
            "102 · Double",
            "201 · Suite",
            "202 · Suite",
        ]

    def test_too_small_ones_are_said_to_be(self, browser, hotel, stay):
        hotel.room_types.filter(name="Suite").update(sleeps=1)

        page = change_page(browser, stay)

        assert groups(page)["Too small for 2"] == ["201 · Suite, +€180.00", "202 · Suite, +€180.00"]

    def test_any_of_a_type_is_chosen(self, browser, hotel, stay):
        make_reservation(unit=hotel.units.get(name="201"))

        asked = change_page(browser, stay).press("Save changes", {"Room": "Any free Suite, +€180.00"})
        done = asked.press("Take today’s price: €450.00")

        assert done.status_int == 302
        assert rooms_of(stay) == [("202", nights(0, 3))]

    def test_a_taken_one_is_refused_with_others_that_can_be_pressed(self, browser, hotel, stay):
        make_reservation(unit=hotel.units.get(name="102"), guest="Noor Haddad")

        refused = change_page(browser, stay).press("Save changes", {"Room": "102 · Double"})
        saved = refused.press("Room 201, same nights, +€180.00").press("Keep what was agreed: €270.00")

        assert refused.status_int == 409
        assert "Noor Haddad is there until Thu 6 May" in refused.shown
        assert saved.status_int == 302
        assert rooms_of(stay) == [("201", nights(0, 3))]

    def test_its_own_room_is_taken_then_and_the_next_free_nights_are_offered(self, browser, hotel, stay):
        make_reservation(unit=hotel.units.get(name="101"), arrival=ARRIVAL + dt.timedelta(days=3), guest="Tom Byrne")

        refused = change_page(browser, stay).press("Save changes", {"Departure": "2027-05-08"})

        assert "Tom Byrne is there until Sun 9 May" in refused.shown
        assert refused.press("9–14 May").form_with("Save changes")["arrival"].value == "9 May 2027"

    def test_a_stay_that_waits_for_a_room_gets_one(self, browser, stay):
        booking.unassign(reservation=stay, reason="The shower leaks", actor=make_user("boss", is_manager=True))
        page = browser.get(f"/reservations/{stay.reference}/")

        page = page.click("Give it a room", href="edit", index=0)
        saved = page.press("Save changes", {"Room": "102 · Double"})

        assert page.document.find(id="id_unit").has_attr("autofocus")
        assert saved.status_int == 302, saved.shown
        assert fresh(stay).unit.name == "102"

    def test_a_stay_that_waits_may_go_on_waiting(self, browser, stay):
        booking.unassign(reservation=stay, reason="The shower leaks", actor=make_user("boss", is_manager=True))

        page = change_page(browser, stay)
        saved = page.press("Save changes", {"Departure": "2027-05-07"})

        assert page.document.select_one("#id_unit option[selected]").get_text() == "No room, as now"
        assert "without a room" in page.shown
        assert saved.status_int == 302
        assert (rooms_of(stay), fresh(stay).stay) == ([], nights(0, 4))

    def test_where_no_rooms_are_listed_another_type_is_sold(self, browser):
        hotel = make_hotel([])
        double, _ = make_room_type(hotel, nightly_rate=90), make_room_type(hotel, "Suite", nightly_rate=150)
        stay = make_reservation(hotel, room_type=double)

        asked = change_page(browser, stay).press("Save changes", {"Room": "Suite, +€180.00"})
        asked.press("Take today’s price: €450.00")

        assert (fresh(stay).room_type.name, fresh(stay).price) == ("Suite", eur(450))


class TestPrice:
    def test_an_added_night_is_shown_beside_what_was_agreed_and_saved_without_a_question(self, browser, hotel, stay):
        make_rate(hotel, nightly_rate=176, weekdays=[4])

        longer = change_page(browser, stay).press("One night more")
        saved = longer.press("Save changes")

        assert "€270.00 agreed + €176.00 Thu = €446.00 (+€176.00)" in longer.shown
        assert saved.status_int == 302
        assert fresh(stay).price == eur(446)

    def test_a_night_less_costs_less(self, browser, stay):
        shorter = change_page(browser, stay).press("One night less")

        assert "Price €180.00 (−€90.00)" in shorter.shown

    @pytest.mark.parametrize(
        ("button", "price"), [("Keep what was agreed: €270.00", 270), ("Take today’s price: €450.00", 450)]
    )
    def test_an_agreed_night_that_would_change_is_asked_about(self, browser, stay, button, price):
        asked = change_page(browser, stay).press("Save changes", {"Room": "201 · Suite, +€180.00"})
        done = asked.press(button)

        assert asked.status_int == 409
        assert "The price would change." in asked.document.select_one("[role=alert]").get_text()
        assert done.status_int == 302
        assert (rooms_of(stay), fresh(stay).price) == ([("201", nights(0, 3))], eur(price))

    def test_another_price_than_the_button_showed_is_not_saved(self, browser, stay):
        """As when somebody presses it before the page has the price of the departure that they have just typed."""
        asked = change_page(browser, stay).press("Save changes", {"Room": "201 · Suite, +€180.00"})

        late = asked.press("Take today’s price: €450.00", {"Departure": f"{ARRIVAL + dt.timedelta(days=4)}"})

        assert late.status_int == 409
        assert "The price is €600.00 by now, not €450.00. Nothing was saved" in late.shown
        assert (rooms_of(stay), fresh(stay).price) == ([("101", nights(0, 3))], eur(270))
        assert late.press("Take today’s price: €600.00").status_int == 302


class TestInHouse:
    @pytest.fixture
    def guest(self, hotel):
        double = hotel.room_types.get(name="Double")
        return make_reservation(
            hotel, arrival=hotel.today() - dt.timedelta(days=1), nights=3, status=Status.IN_HOUSE, room_type=double
        )

    def test_nobody_is_alarmed_that_they_have_arrived(self, browser, guest):
        page = change_page(browser, guest)

        assert "Free." in page.shown
        assert "in the past" not in page.shown

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
        today = hotel.today()

        saved = change_page(browser, guest).press("Save changes", {"Room": "102 · Double"})
        page = change_page(browser, guest)

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
        saved = change_page(browser, split).press("Save changes", {"Room": "102 · Double"})

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


class TestHints:
    HINTS = {"HX-Request": "true", "HX-Target": "change-hints"}

    def hints(self, desk, stay, **fields):
        query = {"arrival": "2027-05-03", "departure": "2027-05-06", "party_size": 2} | fields
        return desk.get(f"/reservations/{stay.reference}/edit/", query, headers=self.HINTS).content.decode()

    def test_other_dates_bring_another_list_of_rooms_and_the_price(self, desk, stay):
        shown = self.hints(desk, stay, departure="2027-05-07", rooms_of="3 May 2027|6 May 2027|2")

        assert "Any free Suite, +€240.00" in shown
        assert "€270.00 agreed + €90.00 Thu = €360.00" in shown
        assert "<html" not in shown

    def test_the_list_is_left_alone_while_its_dates_stay(self, desk, hotel, stay):
        suite = hotel.units.get(name="201")

        shown = self.hints(desk, stay, unit=suite.pk, rooms_of="3 May 2027|6 May 2027|2")

        assert 'id="id_unit"' not in shown
        assert "room 201" in shown
        assert "Take today’s price: €450.00" in shown

    def test_a_departure_before_the_arrival_is_said_at_once(self, desk, stay):
        assert "The departure is before the arrival." in self.hints(desk, stay, departure="2027-05-01")

    @pytest.mark.parametrize("value", ["", "abc", "٣", "-1", "type-9", "99999999999999999999", "\x00"])
    def test_they_never_fail_whatever_is_half_typed(self, desk, stay, value):
        for field in ("unit", "arrival", "departure", "party_size", "shown", "segment", "rooms_of"):
            query = {"arrival": "2027-05-03", "departure": "2027-05-06", "party_size": 2} | {field: value}
            address = f"/reservations/{stay.reference}/edit/"
            assert desk.get(address, query, headers=self.HINTS).status_code == 200

    def test_the_last_day_of_the_calendar_has_no_night_after_it(self, desk, stay):
        shown = self.hints(desk, stay, arrival="2099-12-31", departure="2100-01-01")

        assert "One night more" not in shown
        assert "One night less" not in shown
