import datetime as dt
import uuid

import pytest
from django.urls import reverse

from reservations.booking import lifecycle
from reservations.models import Event, Occupancy, Reservation, Status
from reservations.stay import Stay
from tests.factories import ARRIVAL, make_apartment, make_booking, make_hotel, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/"


def form_data(property, **fields):
    stay = {"arrival": "2027-05-03", "departure": "2027-05-06"}
    return {"property": property.pk, "guest": "Marta Wójcik", "party_size": 2, **stay} | fields


class TestBookingAtTheDesk:
    def test_a_free_stay_is_booked_and_shown(self, desk):
        flat = make_apartment()

        response = desk.post(NEW, form_data(flat), follow=True)

        reservation = Reservation.objects.get()
        assert response.redirect_chain == [(f"/reservations/{reservation.reference}/", 302)]
        assert "Marta Wójcik" in response.content.decode()
        assert reservation.created_by == desk.user

    def test_a_taken_stay_is_refused_with_alternatives_and_every_field_kept(self, desk):
        flat, other = make_apartment("Garden Flat"), make_apartment("Quay 7")
        make_reservation(flat, arrival=ARRIVAL, nights=4, guest="Amara Okafor")

        response = desk.post(NEW, form_data(flat, guest="Marta Wójcik", party_size=3))

        page = response.content.decode()
        assert response.status_code == 409
        assert "Amara Okafor is there until Fri 7 May" in page
        assert 'value="||2027-05-07|2027-05-10"' in page
        assert f'value="{other.pk}|||"' in page
        for kept in ("Marta Wójcik", 'value="3"', 'value="3 May 2027"', 'value="6 May 2027"'):
            assert kept in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"departure": "2027-05-03"}, "at least one night"),
            ({"departure": "2027-05-01"}, "before the arrival"),
            ({"arrival": "0001-01-01"}, "between 2000 and 2099"),
            ({"arrival": "9999-12-30", "departure": "9999-12-31"}, "between 2000 and 2099"),
            ({"departure": "2029-06-01"}, "at most 730 nights"),
            ({"arrival": "soon"}, "Write a day such as 5 dec"),
            ({"arrival": "2027-02-29"}, "There is no 29 February 2027."),
            ({"arrival": ""}, "day of arrival"),
            ({"guest": " "}, "guest&#x27;s name"),
            ({"guest": "\u200b\u200b"}, "guest"),
            ({"guest": "x" * 201}, "200"),
            ({"party_size": "0"}, "At least one guest"),
            ({"party_size": "1.5"}, "whole number"),
            ({"party_size": "1000000000"}, "At most 99"),
            ({"property": "99999999999999999999"}, "takes no bookings"),
            ({"property": ""}, "Choose a property"),
            ({"unit": "2147483647"}, "rooms"),
        ],
    )
    def test_what_cannot_be_booked_is_said_beside_its_field(self, desk, fields, words):
        response = desk.post(NEW, form_data(make_hotel()) | fields)

        assert response.status_code == 422
        assert words in response.content.decode()
        assert not Reservation.objects.exists()

    def test_a_nul_in_the_name_is_refused_in_words(self, desk):
        response = desk.post(NEW, form_data(make_apartment(), guest="Mar\x00ta"))

        assert response.status_code == 422

    def test_a_foreign_room_is_refused(self, desk):
        response = desk.post(NEW, form_data(make_hotel(), unit=make_hotel().units.first().pk))

        assert response.status_code == 422
        assert not Reservation.objects.exists()

    def test_markup_in_a_name_is_shown_as_text(self, desk):
        response = desk.post(NEW, form_data(make_apartment(), guest="<img src=x onerror=alert(1)>"), follow=True)

        assert "<img src=x" not in response.content.decode()
        assert "&lt;img src=x" in response.content.decode()

    def test_pressing_reserve_twice_books_once(self, desk):
        form = form_data(make_hotel(), request_key=str(uuid.uuid4()))

        first, second = desk.post(NEW, form), desk.post(NEW, form)

        assert first.url == second.url
        assert Reservation.objects.count() == 1

    def test_an_htmx_success_is_a_redirect_of_the_whole_page(self, desk):
        response = desk.post(NEW, form_data(make_apartment()), headers={"HX-Request": "true", "HX-Target": "booking"})

        assert response.status_code == 204
        assert response["HX-Redirect"].startswith("/reservations/RT-")

    def test_an_htmx_conflict_is_the_form_alone(self, desk):
        flat = make_apartment()
        make_reservation(flat, arrival=ARRIVAL)

        response = desk.post(NEW, form_data(flat), headers={"HX-Request": "true", "HX-Target": "booking"})

        assert response.status_code == 409
        assert response.content.decode().lstrip().startswith("<stay-picker")


class TestBeforeThereIsAProperty:
    def test_the_form_says_what_is_missing_and_leads_there(self, desk):
        page = desk.get(NEW).content.decode()

        assert "There is no property to book yet" in page
        assert reverse("properties:new") in page

    def test_it_is_silent_once_there_is_one(self, desk):
        make_apartment()

        assert "There is no property to book yet" not in desk.get(NEW).content.decode()


class TestFillingTheForm:
    def test_a_suggestion_fills_the_form_and_keeps_the_guest(self, desk):
        flat = make_apartment()

        response = desk.post(NEW, form_data(flat, take="||2027-05-07|2027-05-10", guest="Marta Wójcik"))

        page = response.content.decode()
        assert response.status_code == 200
        assert 'value="7 May 2027"' in page
        assert 'value="10 May 2027"' in page
        assert "Marta Wójcik" in page
        assert not Reservation.objects.exists()

    def test_a_picked_day_is_the_arrival_then_the_departure(self, desk):
        flat = make_apartment()

        first = desk.post(NEW, form_data(flat, arrival="", departure="", pick="2027-05-10"))
        second = desk.post(NEW, form_data(flat, arrival="2027-05-10", departure="", pick="2027-05-12"))

        assert first.context["form"].initial["arrival"] == "2027-05-10"
        assert second.context["form"].initial["departure"] == "2027-05-12"
        assert second.context["hints"].stay == Stay(dt.date(2027, 5, 10), dt.date(2027, 5, 12))

    def test_turning_the_calendar_keeps_what_was_typed(self, desk):
        response = desk.post(NEW, form_data(make_apartment(), month="2027-08-01", guest="Marta Wójcik"))

        assert response.context["hints"].calendar.months[0].first == dt.date(2027, 8, 1)
        assert "Marta Wójcik" in response.content.decode()

    @pytest.mark.parametrize("nonsense", ["", "x|y", "|||", "0001-01-01", "9999-12-31", "a" * 5000])
    @pytest.mark.parametrize("press", ["take", "pick", "month"])
    @pytest.mark.sampled(6)
    def test_nonsense_presses_are_harmless(self, desk, press, nonsense):
        response = desk.post(NEW, form_data(make_apartment()) | {press: nonsense})

        assert response.status_code == 200


class TestHints:
    HINTS = {"HX-Request": "true", "HX-Target": "booking-hints"}

    def hints(self, desk, property, **fields):
        return desk.get(NEW, form_data(property) | fields, headers=self.HINTS).content.decode()

    def test_free_nights_show_the_price(self, desk):
        shown = self.hints(desk, make_apartment(nightly_rate=140))

        assert "Free." in shown
        assert "3 × €140.00" in shown
        assert "€420.00" in shown

    def test_a_party_that_no_room_sleeps_is_told_so(self, desk):
        hotel = make_hotel(["101"], name="Station House")
        hotel.units.update(room_type=make_room_type(hotel, sleeps=2))

        shown = self.hints(desk, hotel, party_size=6)

        assert "No room of Station House sleeps 6." in shown
        assert "takes bookings" not in shown

    def test_taken_nights_show_who_and_alternatives(self, desk):
        flat = make_apartment()
        make_reservation(flat, arrival=ARRIVAL, nights=2, guest="Amara Okafor")

        shown = self.hints(desk, flat)

        assert "Amara Okafor is there until Wed 5 May" in shown
        assert "5–8 May" in shown

    def test_another_property_brings_its_own_rooms(self, desk):
        hotel = make_hotel(["101"])

        shown = self.hints(desk, hotel, rooms_of="")

        assert 'id="room-field" hx-swap-oob="true"' in shown
        assert ">101<" in shown

    @pytest.mark.parametrize("value", ["", "abc", "٣", "-1", "99999999999999999999", "\x00"])
    def test_they_never_fail_whatever_is_half_typed(self, desk, value):
        for field in ("property", "unit", "arrival", "departure", "month", "shown"):
            query = form_data(make_hotel()) | {field: value}
            assert desk.get(NEW, query, headers=self.HINTS).status_code == 200

    def test_a_number_of_queries_that_does_not_grow(self, desk, django_assert_max_num_queries):
        hotel = make_hotel([str(n) for n in range(30)])
        for unit in hotel.units.all():
            make_reservation(unit=unit, arrival=ARRIVAL)

        with django_assert_max_num_queries(17):  # session, user and what they may among them
            self.hints(desk, hotel)


class TestChanging:
    def test_it_shows_the_form_with_what_is_booked(self, desk):
        reservation = make_reservation(guest="Amara Okafor")

        page = desk.get(f"/reservations/{reservation.reference}/edit/").content.decode()

        assert "Amara Okafor" in page
        assert 'value="3 May 2027"' in page

    def test_it_moves_the_stay(self, desk):
        reservation = make_reservation(arrival=ARRIVAL, nights=3)

        desk.post(
            f"/reservations/{reservation.reference}/edit/", form_data(reservation.property, departure="2027-05-08")
        )

        assert Occupancy.objects.get().stay.nights == 5

    def test_the_property_cannot_be_smuggled_in(self, desk):
        reservation, other = make_reservation(), make_apartment()

        desk.post(f"/reservations/{reservation.reference}/edit/", form_data(other))

        assert Reservation.objects.get().property == reservation.property

    def test_into_the_next_booking_is_refused_and_says_who(self, desk):
        reservation = make_reservation(arrival=ARRIVAL, nights=3)
        make_reservation(reservation.property, arrival=ARRIVAL + dt.timedelta(days=4), guest="Tom Byrne")

        response = desk.post(
            f"/reservations/{reservation.reference}/edit/", form_data(reservation.property, departure="2027-05-09")
        )

        assert response.status_code == 409
        assert "Tom Byrne" in response.content.decode()

    def test_a_cancelled_one_says_why_not(self, desk):
        reservation = make_reservation(status=Status.CANCELLED)

        response = desk.get(f"/reservations/{reservation.reference}/edit/")

        assert response.status_code == 409
        assert "cancelled and cannot be changed" in response.content.decode()

    @pytest.mark.parametrize("step", ["edit", "split", "cancel"])
    def test_a_refusal_links_back_to_the_reservation(self, browser, step):
        reservation = make_reservation(status=Status.CANCELLED)

        refused = browser.get(f"/reservations/{reservation.reference}/{step}/", status=409)
        back = refused.click(f"Back to {reservation.guest}")

        assert back.request.path == f"/reservations/{reservation.reference}/"


class TestCancelling:
    def test_it_asks_first(self, desk):
        reservation = make_reservation()

        desk.get(f"/reservations/{reservation.reference}/cancel/")

        assert Reservation.objects.get().status == Status.CONFIRMED

    def test_the_history_has_the_reason_in_whole_words(self, desk):
        address = f"/reservations/{make_reservation().reference}/cancel/"

        asked = desk.get(address).content.decode()
        desk.post(address, {"why": "house", "reason": "burst pipe"})

        assert "We cannot host them" in asked
        event = Event.objects.get()
        assert (event.reason_code, event.reason) == ("house", "burst pipe")
        page = desk.get(f"/reservations/{event.reservation.reference}/").content.decode()
        assert "“We cannot host them: burst pipe”" in page

    def test_it_offers_undo(self, desk):
        reservation = make_booking(
            property=make_apartment(), stay=Stay.of_nights(ARRIVAL, 2), guest_name="A", party_size=1, actor=None
        )

        page = desk.post(f"/reservations/{reservation.reference}/cancel/", {"reason": "ill"}, follow=True)
        undo = reverse("reservations:reinstate", args=[reservation.reference])

        assert undo in page.content.decode()
        assert Reservation.objects.get().status == Status.CANCELLED
        desk.post(undo)
        assert Reservation.objects.get().status == Status.CONFIRMED

    def test_undo_says_who_is_there_now(self, desk):
        flat = make_apartment()
        facts = {"stay": Stay.of_nights(ARRIVAL, 2), "party_size": 1, "actor": None}
        reservation = make_booking(property=flat, guest_name="First", **facts)
        lifecycle.cancel(reservation=reservation, actor=None)
        make_booking(property=flat, guest_name="Amara Okafor", **facts)

        page = desk.post(reverse("reservations:reinstate", args=[reservation.reference]), follow=True)

        assert "Amara Okafor is there" in page.content.decode()


@pytest.mark.parametrize("path", ["", "edit/", "cancel/"])
def test_an_unknown_reference_is_not_found(desk, path):
    assert desk.get(f"/reservations/RT-ZZZZZ/{path}").status_code == 404
