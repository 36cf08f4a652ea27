"""What pages say and offer: closing a room, taking back, insisting, a party that has grown."""

import pytest

from reservations import booking
from reservations.history import entries
from reservations.models import Closure, Event, Reservation
from reservations.stay import Stay
from reservations.wording import CLOSED
from tests.factories import ARRIVAL, give_role, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make_hotel(["101", "102"])


def buttons(page):
    return [button.get_text(strip=True) for button in page.document.select(".suggest button")]


class TestClosingARoom:
    def test_its_days_are_those_of_a_closed_room(self, browser, hotel):
        page = browser.get(f"/closures/new/?property={hotel.pk}")

        refused = page.press(
            "Close the room", {"Room": "101", "Closed from": "2027-05-06", "Open again on": "2027-05-06"}
        )

        assert "Arrival" not in refused.shown
        assert "It would be open again before it is closed." in refused.shown
        assert refused.press("Close the room", {"Open again on": "2027-05-08"}).status_int == 302

    def test_of_a_taken_room_no_other_one_is_proposed(self, browser, hotel):
        make_reservation(hotel, guest="Noor Haddad")
        page = browser.get(f"/closures/new/?property={hotel.pk}")
        days = {"Room": "101", "Closed from": "2027-05-03", "Open again on": "2027-05-06"}

        refused = page.press("Close the room", days)

        assert buttons(refused) == ["Close it 6–9 May"]
        assert "Move Noor Haddad and close…" in refused.shown
        refused.press("Close it 6–9 May")
        assert Closure.objects.get().stay == Stay(may(6), may(9))

    @pytest.mark.parametrize("kind", Closure.Kind.values)
    def test_each_reason_is_said_to_whoever_wants_the_nights(self, browser, hotel, kind):
        room = hotel.units.first()
        booking.close(unit=room, stay=Stay.of_nights(ARRIVAL, 3), kind=kind, actor=browser.user)
        wanted = f"property={hotel.pk}&unit={room.pk}&arrival=2027-05-03&departure=2027-05-05"

        page = browser.get(f"/reservations/new/?{wanted}")

        assert CLOSED[kind] in page.shown

    def test_no_other_room_is_proposed_when_a_closure_is_dragged(self, desk, hotel):
        room, other = hotel.units.all()
        make_reservation(unit=other)
        closure = booking.close(unit=room, stay=Stay.of_nights(ARRIVAL, 3), kind="maintenance", actor=desk.user)
        drop = {"closure": closure.pk, "unit": other.pk, "arrival": "2027-05-03", "departure": "2027-05-06"}

        answer = desk.post("/calendar/move/", drop | {"chart": "1"}, headers={"HX-Request": "true"}).content.decode()

        assert "Close it 6–9 May" in answer
        assert f'value="unit={room.pk}"' not in answer


class TestTakingBack:
    def test_the_message_says_what_was_taken_back_or_done_again(self, browser, hotel):
        stay = make_reservation(hotel)
        booking.move(reservation=stay, unit=hotel.units.last(), actor=browser.user)

        messages = [undo_latest(browser, stay) for _ in range(2)]

        assert messages == ["Taken back: moved. Amara Okafor’s stay is as before.", "Done again: moved."]
        assert [line.title for line in entries(stay)] == ["Done again", "Taken back: moved", "Moved"]
        page = browser.get(f"/reservations/{stay.reference}/").shown
        assert "Undone" not in page
        assert "“Moved”" not in page

    def test_a_refused_undo_says_what_was_done_since(self, hotel, alice):
        stay = make_reservation(hotel)
        booking.set_lock(reservation=stay, is_locked=True, actor=alice)
        first = stay.events.get()
        booking.undo(event=first, actor=alice)

        with pytest.raises(booking.CannotUndo, match=r"^This was taken back already by Alice"):
            booking.undo(event=first, actor=alice)


class TestInsisting:
    def test_a_manager_who_overbooks_says_why(self, browser, hotel):
        give_role(browser.user)
        for unit in hotel.units.all():
            make_reservation(unit=unit)
        page = browser.get(f"/reservations/new/?property={hotel.pk}&arrival=2027-05-03&departure=2027-05-06")

        refused = page.press("Reserve", {"Guest": "Ben"}).press("Overbook without a room")

        label = refused.document.find("label", string="Why overbook")
        assert "is-optional" not in label["class"]
        assert "Write why: it stands in the history." in refused.shown
        assert refused.press("Overbook without a room", {"Why overbook": "The fair."}).status_int == 302

    def test_a_manager_who_changes_the_length_says_why(self, browser, hotel):
        give_role(browser.user)
        hotel.min_nights = 3
        hotel.save()
        stay = make_reservation(hotel, party_size=1)
        page = browser.get(f"/reservations/{stay.reference}/edit/")

        refused = page.press("Save changes", {"Departure": "2027-05-04"}).press("Save it nevertheless")

        label = refused.document.find("label", string="Why nevertheless")
        assert "is-optional" not in label["class"]
        assert "Write why: it stands in the history." in refused.shown
        assert refused.press("Save it nevertheless", {"Why nevertheless": "Called home."}).status_int == 302


class TestRoomsToMoveTo:
    def test_where_none_is_free_that_is_said_and_no_group_is_empty(self, browser, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=hotel.units.last(), nights=5)
        page = browser.get(f"/reservations/{stay.reference}/edit/")
        booking.close(unit=hotel.units.first(), stay=Stay(may(6), may(9)), kind="maintenance", actor=browser.user)

        looked = page.press("One night more")

        assert "Room 101 is under maintenance until Sun 9 May." in looked.shown
        assert [group["label"] for group in looked.document.find_all("optgroup")] == ["Taken 3–7 May"]
        assert all(group.find("option") for group in looked.document.find_all("optgroup"))


def test_a_party_that_has_grown_is_offered_rooms_that_sleep_it(browser, hotel):
    hotel.units.filter(name="101").update(room_type=make_room_type(hotel, "Single", sleeps=1, nightly_rate=90))
    hotel.units.filter(name="102").update(room_type=make_room_type(hotel, "Family", sleeps=4, nightly_rate=90))
    stay = make_reservation(hotel, party_size=1, room_type=hotel.room_types.get(name="Single"))

    refused = browser.get(f"/reservations/{stay.reference}/edit/").press("Save changes", {"Guests": "3"})
    saved = refused.press("Room 102, same nights").press("Save changes")

    assert saved.status_int == 302
    assert Reservation.objects.with_unit().get().rooms == "102"


def undo_latest(browser, stay):
    """What the toast says."""
    event = Event.objects.filter(reservation=stay).first()
    token = browser.get(f"/reservations/{stay.reference}/").document.find("input", {"name": "csrfmiddlewaretoken"})
    answer = browser.post(
        f"/reservations/undo/{event.pk}/",
        {"csrfmiddlewaretoken": token["value"]},
        headers={"Referer": "https://testserver/"},
    )
    return answer.follow().document.select_one(".toast-card [data-text]").get_text()


def may(day):
    return ARRIVAL.replace(day=day)
