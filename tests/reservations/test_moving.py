"""The way by links and forms, without a drag and without JavaScript."""

import datetime as dt

import pytest

from reservations import booking
from reservations.models import Closure, Occupancy, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation, make_room_type, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel(db):
    return make_hotel(("101", "102", "103"), name="Hotel Alma")


def room(hotel, name):
    return hotel.units.get(name=name)


def address(stay, act):
    return f"/reservations/{stay.reference}/{act}/"


def rooms_of(stay):
    return [row.unit.name for row in Occupancy.objects.filter(reservation=stay).order_by("arrival")]


def form_data(stay, unit, **fields):
    dates = {"arrival": stay.arrival, "departure": stay.departure}
    return {"unit": unit.pk, "version": stay.version} | dates | fields


class TestMove:
    def test_the_form_says_which_rooms_are_free(self, desk, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=room(hotel, "102"))

        page = desk.get(address(stay, "move")).content.decode()

        free, taken = page.split('<optgroup label="Taken">')
        assert 'label="Free 3–6 May"' in free
        assert ">103</option>" in free
        assert ">102</option>" in taken

    def test_other_dates_are_looked_at_without_moving_anything(self, desk, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=room(hotel, "102"), arrival=ARRIVAL + dt.timedelta(days=3))

        fields = {"arrival": "2027-05-06", "departure": "2027-05-09", "look": "1"}
        page = desk.post(address(stay, "move"), form_data(stay, room(hotel, "101")) | fields).content.decode()

        assert ">102</option>" in page.split('<optgroup label="Taken">')[1]
        assert 'value="2027-05-06"' in page
        assert not stay.events.exists()

    def test_other_dates_fetch_the_list_of_rooms_alone(self, desk, hotel):
        stay = make_reservation(hotel)

        headers = {"HX-Request": "true", "HX-Target": "div_id_unit"}
        fragment = desk.post(address(stay, "move"), form_data(stay, room(hotel, "103"), look="1"), headers=headers)

        assert fragment.content.decode().strip().startswith('<div id="div_id_unit"')
        assert f'value="{room(hotel, "103").pk}" selected' in fragment.content.decode()

    def test_it_moves_and_offers_undo(self, desk, hotel):
        stay = make_reservation(hotel, guest="Amara Okafor")

        response = desk.post(address(stay, "move"), form_data(stay, room(hotel, "103")), follow=True)

        assert rooms_of(stay) == ["103"]
        assert response.redirect_chain == [(f"/reservations/{stay.reference}/", 302)]
        assert "Amara Okafor: room 103, 3–6 May 2027." in response.content.decode()
        assert f"/reservations/undo/{stay.events.get().pk}/" in response.content.decode()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"unit": ""}, "Choose a room"),
            ({"unit": "x"}, "one of this hotel"),
            ({"departure": "2027-05-03"}, "one night"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_its_field(self, desk, hotel, fields, words):
        stay = make_reservation(hotel)

        response = desk.post(address(stay, "move"), form_data(stay, room(hotel, "103")) | fields)

        assert response.status_code == 422
        assert words in response.content.decode()

    def test_a_taken_room_is_refused_with_alternatives_that_can_be_pressed(self, desk, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=room(hotel, "102"), guest="Noor Haddad")

        refused = desk.post(address(stay, "move"), form_data(stay, room(hotel, "102")))
        alternative = f"unit={room(hotel, '103').pk}"
        desk.post(address(stay, "move"), form_data(stay, room(hotel, "102"), alternative=alternative))

        assert refused.status_code == 409
        assert "Noor Haddad is there" in refused.content.decode()
        assert f'value="{alternative}"' in refused.content.decode()
        assert rooms_of(stay) == ["103"]

    def test_another_price_is_asked_about(self, desk, hotel):
        hotel.units.filter(name="102").update(room_type=make_room_type(hotel, "Suite", nightly_rate=150))
        stay = make_reservation(hotel)

        response = desk.post(address(stay, "move"), form_data(stay, room(hotel, "102")))

        assert response.status_code == 409
        assert "Keep €270.00" in response.content.decode()

    def test_a_stale_form_says_what_was_done_and_the_next_press_is_meant(self, desk, hotel):
        stay = make_reservation(hotel)
        booking.set_lock(reservation=stay, is_locked=True, actor=make_user("bob", first_name="Bob"))

        response = desk.post(address(stay, "move"), form_data(stay, room(hotel, "102")))

        assert response.status_code == 409
        assert "Bob" in response.content.decode()
        assert f'name="version" value="{stay.version + 1}"' in response.content.decode()

    def test_of_a_stay_in_two_rooms_it_asks_which_part(self, desk, hotel):
        stay = make_reservation(hotel)
        booking.split(reservation=stay, night=ARRIVAL + dt.timedelta(days=1), unit=room(hotel, "102"), actor=None)
        segment = stay.occupancies.get(unit__name="102")

        asked = desk.get(address(stay, "move")).content.decode()
        chosen = desk.get(address(stay, "move"), {"segment": segment.pk}).content.decode()

        assert f"?segment={segment.pk}" in asked
        assert f'name="segment" value="{segment.pk}"' in chosen
        assert 'value="2027-05-04"' in chosen

    @pytest.mark.parametrize("act", ["move", "split", "join", "swap"])
    def test_what_is_over_is_not_moved(self, desk, hotel, act):
        stay = make_reservation(hotel, status=Status.CANCELLED)

        assert desk.get(address(stay, act)).status_code == 409


class TestSplitJoinSwap:
    def test_a_stay_changes_rooms_and_comes_back_into_one(self, desk, hotel):
        stay = make_reservation(hotel)

        desk.post(address(stay, "split"), {"night": "2027-05-05", "unit": room(hotel, "102").pk})
        split = rooms_of(stay)
        desk.post(address(stay, "join"), {"unit": room(hotel, "103").pk})

        assert split == ["101", "102"]
        assert rooms_of(stay) == ["103"]

    def test_a_night_outside_the_stay_is_refused_in_words(self, desk, hotel):
        stay = make_reservation(hotel)

        response = desk.post(address(stay, "split"), {"night": "2027-05-09", "unit": room(hotel, "102").pk})

        assert response.status_code == 409
        assert "after the first and before the departure" in response.content.decode()

    def test_two_stays_swap(self, desk, hotel):
        stay = make_reservation(hotel)
        other = make_reservation(unit=room(hotel, "102"), guest="Noor Haddad")

        page = desk.get(address(stay, "swap")).content.decode()
        desk.post(address(stay, "swap"), {"other": other.reference})

        assert "102 · Noor Haddad, 3–6 May" in page
        assert (rooms_of(stay), rooms_of(other)) == (["102"], ["101"])

    def test_a_room_is_promised_and_the_promise_taken_back(self, desk, hotel):
        stay = make_reservation(hotel)

        desk.post(address(stay, "lock"), {"is_locked": "yes"})
        stay.refresh_from_db()
        promised = stay.is_locked
        desk.post(address(stay, "lock"), {"is_locked": "no"})
        stay.refresh_from_db()

        assert (promised, stay.is_locked) == (True, False)


class TestTakingTheRoomAway:
    def test_a_manager_does_it_with_a_reason(self, desk, hotel):
        desk.user.is_manager = True
        desk.user.save()
        stay = make_reservation(hotel)

        page = desk.get(f"/reservations/{stay.reference}/").content.decode()
        unsaid = desk.post(address(stay, "unassign"), {"reason": ""})
        desk.post(address(stay, "unassign"), {"reason": "Water in the room"})

        assert address(stay, "unassign") in page
        assert unsaid.status_code == 422
        assert rooms_of(stay) == []

    def test_others_may_not_and_are_not_offered_it(self, desk, hotel):
        stay = make_reservation(hotel)

        response = desk.post(address(stay, "unassign"), {"reason": "I say so"})

        assert response.status_code == 403
        assert rooms_of(stay) == ["101"]
        assert address(stay, "unassign") not in desk.get(f"/reservations/{stay.reference}/").content.decode()


class TestClosing:
    def test_a_room_is_closed_for_the_nights_of_the_address(self, desk, hotel):
        where = {"unit": room(hotel, "102").pk, "arrival": "2027-05-03", "departure": "2027-05-05"}

        page = desk.get("/closures/new/", where).content.decode()
        desk.post("/closures/new/", where | {"kind": "maintenance", "note": "Boiler"})

        assert 'value="2027-05-03"' in page
        closure = Closure.objects.get()
        assert (closure.unit.name, closure.note, closure.stay) == ("102", "Boiler", Stay.of_nights(ARRIVAL, 2))
        assert closure.created_by == desk.user

    def test_without_a_room_it_asks_for_the_property(self, desk, hotel):
        page = desk.get("/closures/new/").content.decode()

        assert "Hotel Alma" in page
        assert 'name="unit"' in desk.get("/closures/new/", {"property": hotel.pk}).content.decode()

    def test_who_sleeps_there_is_said_and_can_be_moved_first(self, desk, hotel):
        stay = make_reservation(hotel, guest="Noor Haddad")
        where = {"unit": room(hotel, "101").pk, "arrival": "2027-05-04", "departure": "2027-05-05"}

        response = desk.post("/closures/new/", where | {"kind": "cleaning"})

        assert response.status_code == 409
        assert "Noor Haddad is there" in response.content.decode()
        assert address(stay, "move") in response.content.decode()

    def test_it_is_changed_with_undo_and_opened_again(self, desk, hotel):
        closure = booking.close(unit=room(hotel, "101"), stay=Stay.of_nights(ARRIVAL, 2), kind="cleaning", actor=None)
        fields = {"unit": room(hotel, "103").pk, "arrival": "2027-05-03", "departure": "2027-05-08", "kind": "own_use"}

        desk.post(f"/closures/{closure.pk}/", fields | {"version": 1})
        closure.refresh_from_db()
        changed = closure.unit.name, closure.kind
        desk.post(f"/closures/{closure.pk}/reopen/")
        closure.refresh_from_db()

        assert changed == ("103", "own_use")
        assert closure.reopened_at
        assert desk.get(f"/closures/{closure.pk}/").status_code == 200
        undo = closure.events.first().pk
        desk.post(f"/reservations/undo/{undo}/")
        assert Occupancy.objects.get(closure=closure).unit.name == "103"

    def test_an_apartment_closes_too(self, desk):
        flat = make_apartment("Garden Flat")
        where = {"unit": flat.units.get().pk, "arrival": "2027-05-03", "departure": "2027-05-05", "kind": "own_use"}

        page = desk.post("/closures/new/", where, follow=True).content.decode()

        assert "Garden Flat is closed 3–5 May 2027." in page


def test_the_card_leads_to_everything_that_a_drag_does(desk, hotel):
    stay = make_reservation(hotel)

    page = desk.get(f"/calendar/card/{stay.reference}/").content.decode()

    for act in ("move", "split", "swap", "lock", "cancel"):
        assert f'"{address(stay, act)}"' in page


def test_the_page_of_a_stay_leads_there_too(desk, hotel):
    stay = make_reservation(hotel)

    page = desk.get(f"/reservations/{stay.reference}/").content.decode()

    for act in ("move", "split", "swap", "lock"):
        assert f'"{address(stay, act)}"' in page


def test_asking_which_rooms_are_free_takes_as_many_queries_for_many_rooms(desk, django_assert_max_num_queries):
    few, many = make_hotel(("1", "2")), make_hotel([str(n) for n in range(40)])
    stays = [make_reservation(few), make_reservation(many)]
    counts = []

    for stay in stays:
        with django_assert_max_num_queries(30) as asked:
            desk.get(address(stay, "move"))
        counts.append(len(asked))

    assert counts[0] == counts[1]
