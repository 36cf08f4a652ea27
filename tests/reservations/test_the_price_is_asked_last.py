"""Nobody is asked about the price of a room that they cannot have, nor about the price of what stays as it is."""

import datetime as dt

import pytest

from reservations import booking
from reservations.booking import DatesTaken, NotYet
from reservations.models import Reservation, Status
from reservations.stay import Stay
from tests.api.programs import Program
from tests.factories import ARRIVAL, eur, make_change, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

TAKEN = "Noor Haddad is there until Thu 6 May"


@pytest.fixture
def hotel():
    """102 is a dearer suite, and taken."""
    hotel = make_hotel(["101", "102", "103"])
    hotel.units.filter(name="102").update(room_type=make_room_type(hotel, "Suite", nightly_rate=150))
    make_reservation(unit=hotel.units.get(name="102"), guest="Noor Haddad", room_type=hotel.room_types.get())
    return hotel


@pytest.fixture
def suite(hotel):
    return hotel.units.get(name="102")


@pytest.fixture
def stay(hotel):
    return make_reservation(hotel, party_size=1)


class TestARoomThatIsTaken:
    def test_by_drop(self, desk, stay, suite):
        drop = {"reference": stay.reference, "unit": suite.pk, "arrival": stay.arrival, "departure": stay.departure}

        answer = desk.post("/calendar/move/", drop | {"chart": "1"}, headers={"HX-Request": "true"})

        assert answer.status_code == 409
        assert TAKEN in answer.content.decode()
        assert "The price would change" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("page", "typed", "button"),
        [
            ("split", {"Room": "102 · Suite", "First night in the other room": "2027-05-04"}, "Move"),
            ("join", {"Room": "102 · Suite"}, "Move"),
            ("edit", {"Room": "102 · Suite, +€180.00"}, "Save changes"),
        ],
    )
    def test_by_form(self, browser, stay, suite, page, typed, button):
        refused = browser.get(f"/reservations/{stay.reference}/{page}/").press(button, typed)

        assert refused.status_int == 409
        assert TAKEN in refused.shown
        assert "The price would change" not in refused.shown

    def test_by_program(self, alice, stay, suite):
        refused = Program.of(alice).post(f"/reservations/{stay.reference}/move/", {"unit": suite.pk})

        assert refused.json()["code"] == "dates_taken"

    def test_by_verb(self, stay, suite):
        with pytest.raises(DatesTaken):
            booking.move(reservation=stay, unit=suite, actor=None)


@pytest.mark.parametrize("verb", [booking.move, make_change])
def test_the_price_of_a_room_that_somebody_has_not_left_is_not_asked(hotel, suite, verb):
    today = hotel.today()
    make_reservation(
        unit=suite, arrival=today - dt.timedelta(days=2), nights=2, guest="Anna Over", status=Status.IN_HOUSE
    )
    mine = make_reservation(hotel, arrival=today, party_size=1, status=Status.IN_HOUSE)

    with pytest.raises(NotYet):
        verb(reservation=mine, unit=suite, actor=None)


class TestWhatStaysAsItIs:
    def test_a_stay_that_is_older_than_its_rooms_type_is_saved_unasked(self, browser, hotel, stay):
        make_rate(hotel, nightly_rate=200)
        hotel.units.filter(name="101").update(room_type=make_room_type(hotel, "Double"))

        saved = browser.get(f"/reservations/{stay.reference}/edit/").press("Save changes", {"Guests": "2"})

        assert saved.status_int == 302
        assert Reservation.objects.get(pk=stay.pk).price == eur(270)

    def test_a_move_to_another_room_of_that_type_asks_nothing(self, hotel, stay):
        hotel.units.filter(name__in=["101", "103"]).update(room_type=make_room_type(hotel, "Double"))

        moved = booking.move(reservation=stay, unit=hotel.units.get(name="103"), actor=None)

        assert (moved.unit.name, moved.price) == ("103", eur(270))

    def test_who_was_given_a_better_room_for_the_agreed_price_keeps_it_unasked(self, browser, hotel):
        double = make_room_type(hotel, "Double", nightly_rate=90)
        hotel.units.filter(name="101").update(room_type=double)
        later = Stay.of_nights(ARRIVAL + dt.timedelta(days=7), 3)
        given = make_reservation(hotel, arrival=later.arrival, room_type=double, party_size=1)
        booking.move(reservation=given, unit=hotel.units.get(name="102"), pricing="keep", actor=None)

        saved = browser.get(f"/reservations/{given.reference}/edit/").press("Save changes", {"Guests": "2"})

        assert saved.status_int == 302
        assert Reservation.objects.get(pk=given.pk).price == eur(270)
