"""What the tape chart is answered when a bar is put down, and when that is taken back."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import booking
from reservations.models import Event, Occupancy, Status
from reservations.stay import Stay
from tests.factories import (
    ARRIVAL,
    eur,
    give_role,
    make_apartment,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def hotel(db):
    return make_hotel(("101", "102", "103"), name="Hotel Alma")


def room(hotel, name):
    return hotel.units.get(name=name)


def drop(desk, reservation, unit=None, shift=0, nights=None, **fields):
    """As the chart sends it: everything about the bar, and where it was put down."""
    [segment, *_] = [*reservation.segments, None]
    arrival = reservation.arrival + dt.timedelta(days=shift)
    departure = arrival + dt.timedelta(days=nights or reservation.stay.nights)
    fields = {
        "reference": reservation.reference,
        "segment": segment.pk if segment else "",
        "unit": unit.pk if unit else "",
        "arrival": arrival,
        "departure": departure,
        "version": reservation.version,
        "chart": "1",
        "shown": f"first={ARRIVAL - dt.timedelta(days=3)}&days=28",
    } | fields
    return desk.post("/calendar/move/", fields, headers=HTMX)


def toast(response):
    [said] = json.loads(response.headers["HX-Trigger"])["toast"]
    return said


def rooms_of(reservation):
    rows = Occupancy.objects.filter(reservation=reservation).order_by("arrival")
    return [(row.unit.name, row.nights.lower, row.nights.upper) for row in rows]


class TestMoving:
    def test_a_bar_put_on_a_free_room_moves_there_and_both_rows_come_back(self, desk, hotel):
        stay = make_reservation(hotel, guest="Amara Okafor")

        response = drop(desk, stay, room(hotel, "102"))

        page = response.content.decode()
        assert response.status_code == 200
        assert rooms_of(stay) == [("102", stay.arrival, stay.departure)]
        for name in ("101", "102"):
            assert f'id="row-{room(hotel, name).pk}"' in page
        assert f'id="row-{room(hotel, "103").pk}"' not in page
        assert toast(response)["text"] == "Amara Okafor: room 102, 3–6 May 2027."

    def test_its_end_put_later_is_more_nights_at_the_agreed_price(self, desk, hotel):
        stay = make_reservation(hotel)

        drop(desk, stay, room(hotel, "101"), nights=5)

        stay.refresh_from_db()
        assert (stay.stay.nights, stay.price) == (5, hotel.price * 5)

    def test_put_down_where_it_was_nothing_is_written_or_said(self, desk, hotel):
        stay = make_reservation(hotel)

        response = drop(desk, stay, room(hotel, "101"))

        assert response.status_code == 200
        assert "HX-Trigger" not in response.headers
        assert not Event.objects.exists()

    def test_of_a_stay_in_two_rooms_only_the_part_moves(self, desk, hotel):
        stay = make_reservation(hotel)
        booking.split(reservation=stay, night=ARRIVAL + dt.timedelta(days=2), unit=room(hotel, "102"), actor=None)
        stay.refresh_from_db()
        segment = stay.occupancies.get(unit__name="102")

        shifted = {"arrival": segment.stay.arrival, "departure": segment.stay.departure}
        drop(desk, stay, room(hotel, "103"), segment=segment.pk, **shifted)

        assert [name for name, *_ in rooms_of(stay)] == ["101", "103"]

    def test_of_a_party_in_the_house_the_nights_slept_stay_and_the_toast_says_so(self, desk, hotel):
        today = hotel.today()
        stay = make_reservation(hotel, status=Status.IN_HOUSE, arrival=today - dt.timedelta(days=2), nights=4)

        response = drop(desk, stay, room(hotel, "102"))

        assert [(name, arrival) for name, arrival, _ in rooms_of(stay)] == [("101", stay.arrival), ("102", today)]
        assert "room 102" in toast(response)["text"]
        assert "already slept" in toast(response)["text"]

    def test_a_stay_from_the_lane_gets_the_room_it_is_put_on(self, desk, hotel):
        stay = make_reservation(hotel)
        Occupancy.objects.all().delete()

        response = drop(desk, stay, room(hotel, "103"))

        assert [name for name, *_ in rooms_of(stay)] == ["103"]
        assert f'id="lane-{hotel.pk}"' in response.content.decode()

    def test_a_closure_moves_too(self, desk, hotel):
        closure = booking.close(unit=room(hotel, "101"), stay=Stay.of_nights(ARRIVAL, 2), kind="cleaning", actor=None)

        where = {"unit": room(hotel, "102").pk, "arrival": "2027-05-04", "departure": "2027-05-07", "chart": "1"}
        response = desk.post("/calendar/move/", {"closure": closure.pk} | where, headers=HTMX)

        closure.refresh_from_db()
        assert response.status_code == 200
        assert (closure.unit.name, closure.stay.nights) == ("102", 3)

    def test_it_takes_as_many_queries_for_a_large_hotel(self, desk):
        counts = []
        for rooms in (3, 40):
            large = make_hotel([str(n) for n in range(rooms)])
            stays = [make_reservation(unit=unit) for unit in list(large.units.all())[:-1]]
            with CaptureQueriesContext(connection) as asked:
                drop(desk, stays[0], large.units.last())
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestRefused:
    def test_a_taken_room_puts_the_bar_back_and_offers_rooms_nights_and_a_swap(self, desk, hotel):
        stay = make_reservation(hotel, guest="Amara Okafor")
        make_reservation(unit=room(hotel, "102"), guest="Noor Haddad")

        response = drop(desk, stay, room(hotel, "102"), bar="bar-1")

        page = response.content.decode()
        assert response.status_code == 409
        assert 'role="alertdialog"' in page
        assert "Noor Haddad is there until Thu 6 May" in page
        assert f'value="unit={room(hotel, "103").pk}">Room 103, 3–6 May' in page
        assert "Room 102, 6–9 May" in page
        assert "Swap rooms with Noor Haddad" in page
        assert f'id="row-{room(hotel, "101").pk}"' in page  # with the bar where it really is
        assert rooms_of(stay)[0][0] == "101"

    def test_an_offered_room_is_taken_by_one_press(self, desk, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=room(hotel, "102"))

        drop(desk, stay, room(hotel, "102"), alternative=f"unit={room(hotel, '103').pk}")

        assert rooms_of(stay)[0][0] == "103"

    def test_a_swap_is_one_press_and_one_undo(self, desk, hotel):
        stay, other = make_reservation(hotel), make_reservation(unit=room(hotel, "102"))

        response = drop(desk, stay, room(hotel, "102"), alternative=f"swap_with={other.reference}")
        swapped = rooms_of(stay)[0][0], rooms_of(other)[0][0]
        desk.post(toast(response)["undo"], {"chart": "1"}, headers=HTMX)

        assert swapped == ("102", "101")
        assert (rooms_of(stay)[0][0], rooms_of(other)[0][0]) == ("101", "102")

    def test_no_swap_is_offered_that_a_third_stay_forbids(self, desk, hotel):
        stay = make_reservation(hotel, nights=2)
        make_reservation(unit=room(hotel, "102"), nights=4)
        make_reservation(hotel, unit=room(hotel, "101"), arrival=ARRIVAL + dt.timedelta(days=3))

        assert "Swap rooms" not in drop(desk, stay, room(hotel, "102")).content.decode()

    def test_another_price_is_asked_about_and_kept_or_taken(self, desk, hotel):
        suite = make_room_type(hotel, "Suite", nightly_rate=150)
        hotel.units.filter(name="102").update(room_type=suite)
        stay = make_reservation(hotel)

        asked = drop(desk, stay, room(hotel, "102"))
        drop(desk, stay, room(hotel, "102"), alternative="pricing=requote")

        page = asked.content.decode()
        assert asked.status_code == 409
        assert "Keep €270.00<" in page
        assert "Take today’s €450.00 (+€180.00)<" in page
        stay.refresh_from_db()
        assert stay.price == eur(450)

    def test_the_price_is_said_when_nights_are_added(self, desk, hotel):
        stay = make_reservation(hotel)

        moved = drop(desk, stay, room(hotel, "101"), nights=4)

        assert "The price is €360.00." in moved.headers["HX-Trigger"].encode().decode("unicode_escape")

    def test_a_kept_price_moves_without_asking_again(self, desk, hotel):
        make_rate(hotel, nightly_rate=200)
        stay = make_reservation(hotel)

        response = drop(desk, stay, room(hotel, "101"), shift=1, alternative="pricing=keep")

        stay.refresh_from_db()
        assert response.status_code == 200
        assert stay.price == eur(270)

    def test_a_stale_bar_is_told_what_the_other_one_did(self, desk, hotel):
        stay = make_reservation(hotel, guest="Amara Okafor")
        bob = make_user("bob", first_name="Bob", last_name="Lind")
        booking.move(reservation=stay, unit=room(hotel, "103"), actor=bob)

        response = drop(desk, stay, room(hotel, "102"))

        page = response.content.decode()
        assert response.status_code == 409
        assert f"Bob Lind changed {stay.reference}" in page
        assert "Room 101 → 103" in page
        assert f'id="row-{room(hotel, "103").pk}"' in page

    def test_another_hotels_room_is_refused_in_words(self, desk, hotel):
        stay, other = make_reservation(hotel), make_hotel(("201",))

        response = drop(desk, stay, room(other, "201"))

        assert response.status_code == 409
        assert "is another property" in response.content.decode()

    def test_a_stay_that_is_too_long_says_so_with_422(self, desk):
        flat = make_apartment(max_nights=4)
        stay = make_reservation(flat)

        response = drop(desk, stay, flat.units.get(), nights=6)

        assert response.status_code == 422
        assert "alertdialog" in response.content.decode()

    def test_without_a_chart_the_refusal_is_a_page(self, desk, hotel):
        stay = make_reservation(hotel)
        make_reservation(unit=room(hotel, "102"))
        fields = {"reference": stay.reference, "unit": room(hotel, "102").pk}

        response = desk.post("/calendar/move/", fields | {"arrival": stay.arrival, "departure": stay.departure})

        assert response.status_code == 409
        assert "<h1>This is not possible</h1>" in response.content.decode()


class TestTakingTheRoomAway:
    def test_a_manager_is_asked_for_the_reason_first(self, desk, hotel):
        give_role(desk.user)
        stay = make_reservation(hotel)

        asked = drop(desk, stay, None)
        drop(desk, stay, None, reason="Water in the room")

        assert asked.status_code == 409
        assert "Reason, for the history" in asked.content.decode()
        assert rooms_of(stay) == []
        assert stay.events.get().reason == "Water in the room"

    def test_others_are_told_who_may(self, desk, hotel):
        stay = make_reservation(hotel)

        response = drop(desk, stay, None, reason="I say so")

        assert response.status_code == 409
        assert "Only a manager" in response.content.decode()
        assert rooms_of(stay) != []


class TestUndo:
    def test_a_move_is_taken_back_with_the_rows_of_both_rooms(self, desk, hotel):
        stay = make_reservation(hotel)
        undo = toast(drop(desk, stay, room(hotel, "102")))["undo"]

        response = desk.post(undo, {"chart": "1", "shown": ""}, headers=HTMX)

        page = response.content.decode()
        assert rooms_of(stay)[0][0] == "101"
        for name in ("101", "102"):
            assert f'id="row-{room(hotel, name).pk}"' in page
        assert toast(response)["undo"]  # and that can be taken back too

    def test_it_is_refused_in_words_when_something_happened_since(self, desk, hotel):
        stay = make_reservation(hotel)
        undo = toast(drop(desk, stay, room(hotel, "102")))["undo"]
        booking.set_lock(reservation=stay, is_locked=True, actor=None)

        response = desk.post(undo, {"chart": "1"}, headers=HTMX)

        assert response.status_code == 409
        assert "has changed since" in toast(response)["text"]
        assert rooms_of(stay)[0][0] == "102"

    def test_it_is_refused_in_words_when_the_room_is_gone(self, desk, hotel):
        stay = make_reservation(hotel)
        undo = toast(drop(desk, stay, room(hotel, "102")))["undo"]
        make_reservation(unit=room(hotel, "101"), guest="Noor Haddad")

        response = desk.post(undo, headers={"Referer": "http://testserver/calendar/?days=14"}, follow=True)

        assert response.redirect_chain[0] == ("/calendar/?days=14", 302)
        assert "Noor Haddad is there" in response.content.decode()

    def test_a_strangers_referrer_is_not_followed(self, desk, hotel):
        stay = make_reservation(hotel)
        undo = toast(drop(desk, stay, room(hotel, "102")))["undo"]

        response = desk.post(undo, headers={"Referer": "https://evil.example/"})

        assert response["Location"] == f"/reservations/{stay.reference}/"
