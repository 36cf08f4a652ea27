"""The way by links and forms, without a drag and without JavaScript.

The page Change is in changing/test_page.py."""

import pytest

from reservations import booking
from reservations.models import Closure, Occupancy, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, give_role, make_apartment, make_hotel, make_reservation

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
        give_role(desk.user)
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

        assert 'value="3 May 2027"' in page
        closure = Closure.objects.get()
        assert (closure.unit.name, closure.note, closure.stay) == ("102", "Boiler", Stay.of_nights(ARRIVAL, 2))
        assert closure.created_by == desk.user

    def test_without_a_room_it_asks_for_the_property(self, desk, hotel):
        page = desk.get("/closures/new/").content.decode()

        assert "Hotel Alma" in page
        assert 'name="unit"' in desk.get("/closures/new/", {"property": hotel.pk}).content.decode()

    def test_who_sleeps_there_is_said_and_can_be_moved_first(self, desk, hotel):
        stay = make_reservation(hotel, guest="Noor Haddad")
        closure = booking.close(unit=room(hotel, "103"), stay=Stay.of_nights(ARRIVAL, 2), kind="cleaning", actor=None)
        where = {"unit": room(hotel, "101").pk, "arrival": "2027-05-04", "departure": "2027-05-05", "version": 1}

        response = desk.post(f"/closures/{closure.pk}/", where | {"kind": "cleaning"})

        assert response.status_code == 409
        assert "Noor Haddad is there" in response.content.decode()
        assert f"{address(stay, 'edit')}?focus=unit" in response.content.decode()

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


@pytest.mark.parametrize("act", ["edit", "split", "join", "swap"])
def test_what_is_over_is_not_moved(desk, hotel, act):
    stay = make_reservation(hotel, status=Status.CANCELLED)

    assert desk.get(address(stay, act)).status_code == 409


@pytest.mark.parametrize("page", ["/calendar/card/{}/", "/reservations/{}/"])
def test_the_card_and_the_page_of_a_stay_lead_to_everything_that_a_drag_does(desk, hotel, page):
    stay = make_reservation(hotel)

    shown = desk.get(page.format(stay.reference)).content.decode()

    for act in ("edit", "split", "swap", "lock", "cancel"):
        assert f'"{address(stay, act)}"' in shown
    assert f'"{address(stay, "edit")}?focus=unit"' in shown


def test_asking_which_rooms_are_free_takes_as_many_queries_for_many_rooms(desk, django_assert_max_num_queries):
    few, many = make_hotel(("1", "2")), make_hotel([str(n) for n in range(40)])
    stays = [make_reservation(few), make_reservation(many)]
    counts = []

    for stay in stays:
        with django_assert_max_num_queries(30) as asked:
            desk.get(address(stay, "edit"))
        counts.append(len(asked))

    assert counts[0] == counts[1]
