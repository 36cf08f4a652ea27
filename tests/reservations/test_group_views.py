import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.models import Group, Guest, Reservation
from tests.factories import ARRIVAL, make_guest, make_hotel, make_reservation, make_room_type
from tests.reservations.test_groups import book_group, make_typed_hotel

pytestmark = pytest.mark.django_db

NEW = "/reservations/new-group/"
NIGHTS = {"arrival": "2027-05-03", "departure": "2027-05-06"}


def text(response):
    return response.content.decode()


class TestTheForm:
    @pytest.fixture(autouse=True)
    def hotel_of_two_types(self):
        self.hotel, self.double, self.single = make_typed_hotel(doubles=3, singles=1)

    def form_data(self, doubles=2, singles=1, **fields):
        rooms = {f"count_{self.double.pk}": doubles, f"party_{self.double.pk}": 2}
        rooms |= {f"count_{self.single.pk}": singles, f"party_{self.single.pk}": 1}
        return {"property": self.hotel.pk, "guest": "Moreau Travel", **NIGHTS} | rooms | fields

    def test_it_says_what_is_free_of_each_type_and_what_it_costs(self, desk):
        make_reservation(unit=self.hotel.units.filter(room_type=self.double).first(), arrival=ARRIVAL)

        page = text(desk.get(NEW, self.form_data()))

        assert "2 free" in page
        assert "1 free" in page
        assert "2 × €354.00" in page
        assert "Total <b>€948.00</b>" in page

    def test_a_full_hotel_says_so(self, desk):
        for unit in self.hotel.units.all():
            make_reservation(unit=unit, arrival=ARRIVAL)

        page = text(desk.get(NEW, self.form_data()))

        assert page.count("0 free") == page.count('class="is-short"') == 2

    def test_rooms_that_cannot_be_had_have_no_total(self, desk):
        page = text(desk.get(NEW, self.form_data(doubles=4)))

        assert 'id="group-total" class="price num">Not free</span>' in page
        assert "Total <b>" not in page

    def test_it_waits_for_property_and_dates(self, desk):
        assert "Choose a property and dates" in text(desk.get(NEW))
        without_dates = text(desk.get(NEW, {"property": self.hotel.pk, "arrival": "2027-05-03"}))
        assert "Double" in without_dates
        assert " free</td>" not in without_dates

    def test_all_are_reserved(self, desk):
        response = desk.post(NEW, self.form_data(), follow=True)

        group = Group.objects.get()
        assert response.redirect_chain[-1][0] == f"/groups/{group.pk}/"
        assert group.reservations.count() == 3
        assert {stay.created_by for stay in Reservation.objects.all()} == {desk.user}

    def test_the_message_after_it_takes_the_group_back(self, browser):
        page = browser.get(NEW, self.form_data()).press("Reserve all").follow()

        page.press("Undo")

        assert {stay.status for stay in Reservation.objects.all()} == {"cancelled"}

    def test_a_known_booker_is_picked(self, desk):
        guest = make_guest("Moreau Travel")

        desk.post(NEW, self.form_data(guest_id=guest.pk))

        assert Group.objects.get().booker == guest

    def test_too_few_rooms_are_said_and_everything_typed_is_kept(self, desk):
        refused = desk.post(NEW, self.form_data(doubles=4, phone="+351 912"))

        assert refused.status_code == 409
        assert "3 of Double free, 4 wanted. Nothing was booked." in text(refused)
        for kept in ('value="4"', 'value="Moreau Travel"', 'value="+351 912"', 'value="3 May 2027"'):
            assert kept in text(refused)
        assert not Guest.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"doubles": 1, "singles": 0}, "two rooms at least"),
            ({"doubles": "", "singles": ""}, "two rooms at least"),
            ({"doubles": "-1"}, "whole number"),
            ({"doubles": "x"}, "whole number"),
            ({"doubles": "101"}, "too many"),
            ({"guest": ""}, "guest&#x27;s name"),
            ({"departure": "2027-05-03"}, "at least one night"),
            ({"property": ""}, "Choose a property"),
        ],
    )
    def test_what_cannot_be_is_said(self, desk, fields, words):
        refused = desk.post(NEW, self.form_data(**fields))

        assert refused.status_code == 422
        assert words in text(refused)

    def test_a_party_that_no_room_sleeps_is_refused(self, desk):
        refused = desk.post(NEW, self.form_data(**{f"party_{self.double.pk}": 5}))

        assert refused.status_code == 422
        assert "sleeps 2; this party has 5" in text(refused)

    def test_and_that_is_said_at_its_field(self, browser):
        page = browser.get(f"{NEW}?property={self.hotel.pk}&arrival=2027-05-03&departure=2027-05-06")

        refused = page.press("Reserve all", {"Booker": "Moreau", "Rooms: Double": "2", "Guests in each: Double": "5"})

        [wrong] = refused.document.select("[aria-invalid=true]")
        assert wrong["aria-label"] == "Guests in each: Double"
        assert "sleeps 2; this party has 5" in refused.document.find(id=wrong["aria-describedby"]).get_text()

    def test_looking_without_scripts_books_nothing(self, desk):
        page = desk.post(NEW, self.form_data(look="1"))

        assert page.status_code == 200
        assert "2 × €354.00" in text(page)
        assert not Reservation.objects.exists()

    def test_more_rooms_and_types_ask_no_more_queries(self, desk):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                desk.get(NEW, self.form_data())
            return len(asked)

        few = queries()
        for name in ("Suite", "Family room"):
            room_type = make_room_type(self.hotel, name)
            for number in range(3):
                self.hotel.units.create(name=f"{name} {number}", room_type=room_type)

        assert queries() == few


class TestTheGroupsPage:
    def test_each_reservation_shows_the_group_and_leads_to_the_others(self, desk):
        first, second = book_group(make_hotel(), [(None, 2, 2)]).reservations.all()

        page = text(desk.get(f"/reservations/{first.reference}/"))

        assert f'href="/groups/{first.group_id}/"' in page
        assert "2 rooms" in page
        assert f'href="/reservations/{second.reference}/"' in page

    def test_a_reservation_without_a_group_shows_none(self, desk):
        assert "Group of" not in text(desk.get(f"/reservations/{make_reservation().reference}/"))

    def test_all_are_cancelled_and_taken_back_from_the_toast(self, desk):
        group = book_group(make_hotel(), [(None, 2, 2)])

        page = text(desk.post(f"/groups/{group.pk}/cancel/", follow=True))
        undo = page.split('<div class="toast-card')[1].split('action="')[1].split('"')[0]
        assert {stay.status for stay in group.reservations.all()} == {"cancelled"}
        desk.post(undo)

        assert {stay.status for stay in group.reservations.all()} == {"confirmed"}

    def test_what_cannot_be_done_is_not_offered_and_refused_in_words(self, desk):
        group = book_group(make_hotel(), [(None, 2, 2)])

        assert f"/groups/{group.pk}/confirm/" not in text(desk.get(f"/groups/{group.pk}/"))
        assert "No reservation of this group" in text(desk.post(f"/groups/{group.pk}/confirm/", follow=True))

    def test_more_rooms_ask_no_more_queries(self, desk):
        def queries(rooms):
            group = book_group(make_hotel([str(n) for n in range(rooms)]), [(None, rooms, 2)])
            stay = group.reservations.first()
            with CaptureQueriesContext(connection) as asked:
                desk.get(f"/groups/{group.pk}/")
                desk.get(f"/reservations/{stay.reference}/")
            return len(asked)

        assert queries(2) == queries(5)
