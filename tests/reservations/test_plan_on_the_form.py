"""What the booking form offers when no room is free for all nights although every night has one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.availability import reallocation
from reservations.models import Event, Reservation
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/"
REQUESTED = Stay.of_nights(ARRIVAL, 4)


def make_stay(hotel, room, first, last, **fields):
    arrival = ARRIVAL + dt.timedelta(days=first)
    return make_reservation(unit=hotel.units.get(name=room), arrival=arrival, nights=last - first, **fields)


@pytest.fixture
def hotel():
    hotel = make_hotel(rooms=("101", "102"))
    make_stay(hotel, "101", 0, 2, guest="Early")
    make_stay(hotel, "102", 2, 4, guest="Amara Okafor")
    return hotel


def form_data(hotel, **fields):
    dates = {"arrival": REQUESTED.arrival.isoformat(), "departure": REQUESTED.departure.isoformat()}
    return {"property": hotel.pk, "guest": "Marta Wójcik", "party_size": 2, **dates} | fields


def page_of(response):
    return " ".join(response.content.decode().split())


class TestOffer:
    def test_the_hints_say_who_would_move_and_ask(self, desk, hotel):
        response = desk.get(NEW, form_data(hotel), headers={"HX-Request": "true", "HX-Target": "booking-hints"})

        page = page_of(response)
        assert "Room 102 is free after 1 move:" in page
        assert "Amara Okafor (5–7 May) 102 → 101" in page
        assert "Reserve and make this move" in page
        assert f'name="moves" value="{reallocation.plan(property=hotel, stay=REQUESTED).as_text()}"' in page.replace(
            "&gt;", ">"
        )

    def test_plain_reserve_moves_nobody(self, desk, hotel):
        response = desk.post(NEW, form_data(hotel))

        assert response.status_code == 409
        assert "Reserve and make this move" in page_of(response)
        assert Reservation.objects.count() == 2
        assert not Event.objects.exists()

    def test_a_split_stay_is_offered_when_nobody_may_move(self, desk, hotel):
        hotel.reservations.update(is_locked=True)

        page = page_of(desk.get(NEW, form_data(hotel)))

        assert "Free with one change of rooms:" in page
        assert "room 102 3–5 May, then room 101 5–7 May." in page

    def test_nothing_is_offered_for_more_people_than_the_rooms_sleep(self, desk, hotel):
        hotel.units.update(room_type=make_room_type(hotel, sleeps=2))

        assert "Reserve and make" not in page_of(desk.get(NEW, form_data(hotel, party_size=3)))

    def test_nothing_is_offered_when_a_night_is_full(self, desk, hotel):
        make_stay(hotel, "102", 0, 1)

        assert 'name="moves"' not in page_of(desk.get(NEW, form_data(hotel)))

    def test_nothing_is_offered_for_an_apartment(self, desk):
        flat = make_apartment()
        make_reservation(flat)

        assert 'name="moves"' not in page_of(desk.get(NEW, form_data(flat)))

    def test_queries_do_not_grow_with_rooms(self, desk, hotel):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert 'name="moves"' in page_of(desk.get(NEW, form_data(hotel)))
            return len(captured)

        few = queries()
        for room in range(200, 215):
            hotel.units.create(name=str(room))
            make_stay(hotel, str(room), 0, 2)
            make_stay(hotel, str(room), 2, 4)

        assert queries() <= few


class TestAgreement:
    def test_the_button_moves_and_reserves(self, desk, hotel):
        text = reallocation.plan(property=hotel, stay=REQUESTED).as_text()

        response = desk.post(NEW, form_data(hotel, moves=text))

        made = Reservation.objects.get(guest__name="Marta Wójcik")
        assert response.url == f"/reservations/{made.reference}/"
        assert made.rooms == "102"
        assert Reservation.objects.get(guest__name="Amara Okafor").rooms == "101"

    def test_the_toast_takes_back_the_booking_and_the_moves(self, desk, hotel):
        response = desk.post(
            NEW, form_data(hotel, moves=reallocation.plan(property=hotel, stay=REQUESTED).as_text()), follow=True
        )

        [message] = response.context["messages"]
        desk.post(message.extra_tags)

        assert {row.guest.name: row.rooms for row in hotel.reservations.with_unit()} == {
            "Early": "101",
            "Amara Okafor": "102",
            "Marta Wójcik": "",
        }

    def test_a_plan_that_is_overtaken_is_refused_with_a_fresh_one_and_every_field_kept(self, desk, hotel):
        text = reallocation.plan(property=hotel, stay=REQUESTED).as_text()
        make_stay(hotel, "101", 3, 4, guest="Quick", is_locked=True)

        response = desk.post(NEW, form_data(hotel, moves=text))

        page = page_of(response)
        assert response.status_code == 409
        assert "The rooms have changed since this plan was made." in page
        assert "Nobody was moved" in page
        assert "Early (3–5 May)" not in page
        assert "Marta Wójcik" in page
        assert not Event.objects.exists()

    def test_the_guest_is_asked_for_first(self, desk, hotel):
        text = reallocation.plan(property=hotel, stay=REQUESTED).as_text()

        response = desk.post(NEW, form_data(hotel, moves=text, guest=""))

        assert response.status_code == 422
        assert "Reserve and make this move" in page_of(response)
