"""Somebody was quicker: a closure's form shows both and may be sent again, and no room is swapped unseen."""

import pytest

from reservations import booking, guests
from reservations.models import Closure, Occupancy, Reservation
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_change, make_guest, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

FIVE_NIGHTS = Stay.of_nights(ARRIVAL, 5)


class TestAClosure:
    @pytest.fixture
    def closure(self, alice):
        room = make_hotel(["101", "102"]).units.first()
        return booking.close(unit=room, stay=FIVE_NIGHTS, kind=Closure.Kind.MAINTENANCE, note="Shower", actor=alice)

    @pytest.fixture
    def conflict(self, browser, closure):
        """Alice's form, saved after somebody else has shortened the closure."""
        mine = browser.get(f"/closures/{closure.pk}/")
        booking.change_closure(closure=closure, stay=Stay.of_nights(ARRIVAL, 2), actor=browser.user)
        return mine.press("Save changes", {"Note": "The shower leaks"})

    def test_what_the_other_has_changed_is_shown(self, conflict, closure):
        assert conflict.status_int == 409
        assert rows(conflict) == {"Open again on": ["Wed 5 May 2027"]}
        closure.refresh_from_db()
        assert closure.note == "Shower"

    def test_who_has_seen_it_may_save_and_it_stays(self, conflict, closure):
        saved = conflict.press("Save changes")

        closure.refresh_from_db()
        assert saved.status_int == 302
        assert (closure.note, closure.stay) == ("The shower leaks", Stay.of_nights(ARRIVAL, 2))

    def test_what_both_have_changed_is_shown_side_by_side(self, browser, closure):
        mine = browser.get(f"/closures/{closure.pk}/")
        booking.change_closure(closure=closure, note="The tap", actor=browser.user)

        conflict = mine.press("Save changes", {"Note": "The shower leaks"})
        conflict.press("Save changes")

        closure.refresh_from_db()
        assert rows(conflict) == {"Note": ["The shower leaks", "The tap"]}
        assert closure.note == "The shower leaks"

    def test_who_has_seen_it_may_take_the_other_version(self, conflict):
        page = conflict.click("take theirs")

        assert page.form_with("Save changes")["departure"].value == "5 May 2027"

    def test_of_a_room_that_was_opened_again_says_that_nothing_was_saved(self, browser, closure):
        mine = browser.get(f"/closures/{closure.pk}/")
        booking.reopen(closure=closure, actor=browser.user)

        conflict = mine.press("Save changes", {"Note": "The shower leaks"})

        assert conflict.status_int == 409
        assert "Room 101 is open again already. What you changed is not saved." in conflict.seen.text

    def test_it_does_not_move_to_another_property(self, closure):
        elsewhere = make_hotel(["901"], name="Hotel Bruma").units.get()

        with pytest.raises(booking.NotMovable, match="Hotel Bruma is another property"):
            booking.change_closure(closure=closure, unit=elsewhere, stay=Stay.of_nights(ARRIVAL, 2), actor=None)

        there = Occupancy.objects.get()
        closure.refresh_from_db()
        assert (there.closure, there.unit.name, there.stay) == (closure, "101", FIVE_NIGHTS)
        assert (closure.unit.name, closure.stay, closure.version) == ("101", FIVE_NIGHTS, 1)

    def test_its_history_tells_what_was_changed(self, browser, closure):
        page = browser.get(f"/closures/{closure.pk}/")
        page.press("Save changes", {"Open again on": "2027-05-05", "Why": "Deep cleaning", "Note": ""})

        history = browser.get(f"/closures/{closure.pk}/").document.select_one(".events").get_text(" ", strip=True)
        assert "Room 101, 3–8 May → 101, 3–5 May" in history
        assert "Why Maintenance → Deep cleaning" in history
        assert "Note “Shower” → none" in history


class TestASwap:
    @pytest.fixture
    def stays(self):
        first, second = make_hotel(["101", "102"]).units.all()
        return make_reservation(unit=first), make_reservation(unit=second, guest="Bob Lindqvist")

    def test_by_form_is_refused_when_the_stay_was_changed_meanwhile(self, browser, stays):
        mine, other = stays
        page = browser.get(f"/reservations/{mine.reference}/swap/?other={other.reference}")
        booking.set_lock(reservation=mine, is_locked=True, actor=browser.user)

        conflict = page.press("Swap rooms")

        assert conflict.status_int == 409
        assert rooms(mine, other) == ["101", "102"]
        assert conflict.press("Swap rooms").status_int == 302
        assert rooms(mine, other) == ["102", "101"]

    def test_by_drop_is_refused_when_the_stay_was_changed_meanwhile(self, desk, stays):
        mine, other = stays
        drop = {
            "reference": mine.reference, "unit": other.unit.pk, "version": mine.version, "swap_with": other.reference,
            "arrival": "2027-05-03", "departure": "2027-05-06", "chart": "1",
        }  # fmt: skip
        booking.set_lock(reservation=mine, is_locked=True, actor=desk.user)

        answer = desk.post("/calendar/move/", drop, headers={"HX-Request": "true"})

        assert answer.status_code == 409
        assert "Somebody was quicker" in answer.content.decode()
        assert rooms(mine, other) == ["101", "102"]


class TestAStay:
    @pytest.fixture
    def stay(self):
        hotel = make_hotel(["101", "102"])
        return make_reservation(unit=hotel.units.first(), party_size=1)

    def test_changed_in_one_thing_keeps_what_another_person_changed(self, browser, stay):
        mine = browser.get(f"/reservations/{stay.reference}/edit/")
        four = Stay.of_nights(ARRIVAL, 4)
        make_change(
            reservation=stay, stay=four, guest_name="Amara Silva", party_size=1, pricing="keep", actor=browser.user
        )

        conflict = mine.press("Save changes", {"Guests": "2"})
        saved = conflict.press("Save changes")

        stay.refresh_from_db()
        assert rows(conflict) == {"Departure": ["Fri 7 May 2027"], "Guest": ["Amara Silva"]}
        assert saved.status_int == 302
        assert (stay.stay, stay.guest.name, stay.party_size) == (four, "Amara Silva", 2)

    def test_moved_to_another_room_keeps_the_dates_that_another_person_changed(self, browser, stay):
        mine = browser.get(f"/reservations/{stay.reference}/edit/")
        four = Stay.of_nights(ARRIVAL, 4)
        booking.move(reservation=stay, stay=four, pricing="keep", actor=browser.user)

        conflict = mine.press("Save changes", {"Room": "102"})
        moved = conflict.press("Save changes")

        stay = Reservation.objects.with_unit().get()
        assert conflict.status_int == 409
        assert moved.status_int == 302
        assert (stay.rooms, stay.stay) == ("102", four)


def test_a_profile_keeps_what_another_person_changed(browser):
    guest = make_guest("Amara Okafor", phone="111111")
    mine = browser.get(f"/guests/{guest.pk}/edit/")
    guests.save_guest(guest=guest, name="Amara Okafor", phone="222222", remarks="No feathers", actor=None)

    conflict = mine.press("Save", {"Language": "Portuguese", "Telephone": "333333"})
    conflict.press("Save")

    guest.refresh_from_db()
    assert rows(conflict) == {"Telephone": ["333333", "222222"], "Remarks": ["No feathers"]}
    assert (guest.phone, guest.language, guest.remarks) == ("333333", "Portuguese", "No feathers")


def rows(page):
    return {
        row.th.get_text(): [cell.get_text() for cell in row("td")]
        for row in page.document.select(".edit-conflict tbody tr")
    }


def rooms(*stays):
    return [Reservation.objects.with_unit().get(pk=stay.pk).rooms for stay in stays]
