"""Two people have the same form open. The second one is told, sees both, and decides."""

import datetime as dt
from decimal import Decimal

import pytest

from properties import inventory, rates, room_types
from properties.edit_conflicts import EditConflict, digest_of
from tests.factories import make_apartment, make_hotel, make_rate, make_room_type

pytestmark = pytest.mark.django_db


def rows(page):
    """What the page tells of the other person's changes: label → (yours, theirs), or (theirs,) where it is kept."""
    found = page.document.select(".edit-conflict tbody tr")
    return {row.th.get_text(): tuple(cell.get_text() for cell in row("td")) for row in found}


class TestAProperty:
    def test_the_second_to_save_sees_what_the_first_has_saved(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        browser.get(f"/properties/{flat.pk}/edit/").press("Save changes", {"Price per night": "150"})

        conflict = mine.press("Save changes", {"Location": "Rua Nova 7"})

        flat.refresh_from_db()
        assert conflict.status_int == 409
        assert "Garden Flat was changed while you were looking at it" in conflict.shown
        assert rows(conflict) == {"Price per night": ("€150.00",)}
        assert (flat.nightly_rate, flat.location) == (150, "")

    def test_what_only_the_other_has_changed_stays(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100, description="By the sea")
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        theirs = {"Price per night": "150.50", "Currency": "USD – US Dollar", "Description": "By the\nharbour"}
        browser.get(f"/properties/{flat.pk}/edit/").press("Save changes", theirs)

        conflict = mine.press("Save changes", {"Location": "Rua Nova 7"})
        conflict.press("Save changes")

        flat.refresh_from_db()
        assert set(rows(conflict)) == {"Price per night", "Currency", "Description"}
        assert (flat.nightly_rate, flat.currency, flat.description) == (Decimal("150.50"), "USD", "By the\nharbour")
        assert flat.location == "Rua Nova 7"

    def test_what_both_have_changed_is_the_conflict_and_both_prices_are_written_alike(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        inventory.update_property(actor=None, property=flat, nightly_rate=Decimal("150.50"), location="Rua Nova 7")

        conflict = mine.press("Save changes", {"Price per night": "140"})
        conflict.press("Save changes")

        flat.refresh_from_db()
        assert rows(conflict) == {"Price per night": ("€140.00", "€150.50"), "Location": ("Rua Nova 7",)}
        assert (flat.nightly_rate, flat.location) == (140, "Rua Nova 7")

    def test_who_typed_the_same_is_not_asked_about_it(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        inventory.update_property(actor=None, property=flat, nightly_rate=150, location="Rua Nova 7")

        conflict = mine.press("Save changes", {"Price per night": "150"})

        assert rows(conflict) == {"Location": ("Rua Nova 7",)}

    def test_who_has_seen_both_may_save_again(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        browser.get(f"/properties/{flat.pk}/edit/").press("Save changes", {"Price per night": "150"})

        saved = mine.press("Save changes", {"Price per night": "120"}).press("Save changes")

        flat.refresh_from_db()
        assert saved.status_int == 302
        assert flat.nightly_rate == 120

    def test_who_saved_last_is_asked_about_a_third_one_again(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        inventory.update_property(actor=None, property=flat, nightly_rate=150)

        conflict = mine.press("Save changes", {"Price per night": "120"})
        inventory.update_property(actor=None, property=flat, nightly_rate=160)
        conflict = conflict.press("Save changes")

        assert conflict.status_int == 409
        assert rows(conflict)["Price per night"] == ("€120.00", "€160.00")

    def test_what_was_taken_back_is_no_conflict(self, browser):
        flat = make_apartment("Garden Flat", nightly_rate=100)
        mine = browser.get(f"/properties/{flat.pk}/edit/")
        inventory.update_property(actor=None, property=flat, nightly_rate=150)
        inventory.update_property(actor=None, property=flat, nightly_rate=100)

        assert mine.press("Save changes", {"Location": "Rua Nova 7"}).status_int == 302


def test_a_room_is_not_renamed_over_another_persons_floor(browser):
    room = make_hotel(["101"]).units.get()
    mine = browser.get(f"/properties/rooms/{room.pk}/edit/")
    inventory.change_room(actor=None, unit=room, floor="2nd")

    conflict = mine.press("Save room", {"Name": "101 A"})

    room.refresh_from_db()
    assert conflict.status_int == 409
    assert rows(conflict) == {"Floor": ("2nd",)}
    assert (room.name, room.floor) == ("101", "2nd")
    conflict.press("Save room")
    room.refresh_from_db()
    assert (room.name, room.floor) == ("101 A", "2nd")


def test_a_line_of_the_rate_table_is_not_priced_over_another_persons_season(browser):
    line = make_rate(make_apartment(), "Summer", weekdays=[5, 6])
    mine = browser.get(f"/properties/rates/{line.pk}/edit/")
    rates.change_rate(actor=None, rate=line, first_night=dt.date(2027, 6, 1), weekdays=[5, 6, 7])

    conflict = mine.press("Save line", {"Price per night in EUR": "170"})

    line.refresh_from_db()
    assert conflict.status_int == 409
    assert rows(conflict) == {"First night": ("Tue 1 Jun 2027",), "Only on the nights of": ("Fri, Sat, Sun",)}
    assert line.nightly_rate == 150
    conflict.press("Save line")
    line.refresh_from_db()
    assert (line.nightly_rate, line.first_night, line.weekdays) == (170, dt.date(2027, 6, 1), [5, 6, 7])


def test_a_room_type_does_not_lose_the_rooms_that_another_gave_it(browser):
    hotel = make_hotel(["101", "102"])
    double = make_room_type(hotel)
    mine = browser.get(f"/properties/room-types/{double.pk}/edit/")
    inventory.change_room(actor=None, unit=hotel.units.get(name="102"), room_type=double)

    conflict = mine.press("Save room type", {"Name": "Twin"})

    assert conflict.status_int == 409
    assert rows(conflict) == {"Rooms": ("102",)}
    conflict.press("Save room type")
    double.refresh_from_db()
    assert (double.name, hotel.units.get(name="102").room_type) == ("Twin", double)


class TestVerbs:
    def test_who_says_nothing_of_what_was_seen_is_not_asked(self):
        double = make_room_type(make_hotel())

        assert room_types.change_room_type(actor=None, room_type=double, name="Twin").name == "Twin"

    def test_the_refusal_carries_what_is_there(self):
        flat = make_apartment(location="Rua Nova 7")

        with pytest.raises(EditConflict) as refused:
            inventory.update_property(actor=None, property=flat, location="x", seen=digest_of({"location": ""}))

        assert refused.value.theirs == {"location": "Rua Nova 7"}
