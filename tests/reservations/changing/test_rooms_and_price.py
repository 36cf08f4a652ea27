"""The rooms that the page Change offers, what each of them costs, and what is asked before an agreed price changes."""

import datetime as dt

import pytest

from reservations import booking
from tests.factories import ARRIVAL, eur, make_hotel, make_rate, make_reservation, make_room_type, make_user
from tests.reservations.changing.stays import change_page, fresh, nights, rooms_of

pytestmark = pytest.mark.django_db


def groups(page):
    """{label of a group of rooms: the words of its options}"""
    return {
        group["label"]: [option.get_text(strip=True) for option in group.find_all("option")]
        for group in page.document.find_all("optgroup")
    }


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
        booking.unassign(reservation=stay, reason="The shower leaks", actor=make_user("boss", role="manager"))
        page = browser.get(f"/reservations/{stay.reference}/")

        page = page.click("Give it a room", href="edit", index=0)
        saved = page.press("Save changes", {"Room": "102 · Double"})

        assert page.document.find(id="id_unit").has_attr("autofocus")
        assert saved.status_int == 302, saved.shown
        assert fresh(stay).unit.name == "102"

    def test_a_stay_that_waits_may_go_on_waiting(self, browser, stay):
        booking.unassign(reservation=stay, reason="The shower leaks", actor=make_user("boss", role="manager"))

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

    @pytest.mark.parametrize(
        ("button", "shown", "found"),
        [("Take today’s price", 450, 600), ("Keep what was agreed", 270, 420)],
    )
    def test_another_price_than_the_button_showed_is_not_saved(self, browser, stay, button, shown, found):
        """As when somebody presses it before the page has the price of the departure that they have just typed."""
        asked = change_page(browser, stay).press("Save changes", {"Room": "201 · Suite, +€180.00"})

        late = asked.press(f"{button}: €{shown}.00", {"Departure": f"{ARRIVAL + dt.timedelta(days=4)}"})

        assert late.status_int == 409
        assert f"The price is €{found}.00 by now, not €{shown}.00. Nothing was saved" in late.shown
        assert (rooms_of(stay), fresh(stay).price) == ([("101", nights(0, 3))], eur(270))
        assert late.press(f"{button}: €{found}.00").status_int == 302
        assert fresh(stay).price == eur(found)
