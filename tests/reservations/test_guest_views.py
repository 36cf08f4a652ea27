import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import guests
from reservations.models import Guest, Reservation, Status
from tests.factories import ARRIVAL, make_apartment, make_guest, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

NEW = "/reservations/new/"


def profile(**fields):
    return {"name": "Amara Okafor", "phone": "", "email": "", "language": "", "remarks": ""} | fields


def text(response):
    return response.content.decode()


def queries(desk, path):
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(path).status_code == 200
    return len(asked)


class TestTheList:
    def test_the_newest_come_first_and_a_merged_one_does_not_come(self, desk):
        old, new, duplicate = make_guest("Old Guest"), make_guest("New Guest"), make_guest("Gone Guest")
        guests.merge(keep=old, duplicate=duplicate, actor=None)

        page = text(desk.get("/guests/"))

        assert page.index("New Guest") < page.index("Old Guest")
        assert "Gone Guest" not in page
        assert f'href="/guests/{new.pk}/"' in page

    def test_they_are_sorted_by_their_latest_stay_page_by_page(self, desk):
        hotel = make_hotel([str(number) for number in range(60)])
        for number, unit in enumerate(hotel.units.order_by("pk")):
            arrival = hotel.today() + dt.timedelta(days=number // 2)
            make_reservation(unit=unit, arrival=arrival, guest=f"Guest {number}")
        again = Guest.objects.get(name="Guest 7")
        make_reservation(hotel, arrival=hotel.today() + dt.timedelta(days=90), guest=again)
        make_reservation(arrival=hotel.today() + dt.timedelta(days=99), status=Status.CANCELLED, guest="Cancelled Stay")
        make_guest("Without Stays")

        names = []
        address = "/guests/?sort=latest"
        while address:
            page = desk.get(address)
            names += [guest.name for guest in page.context["guests"]]
            address = page.context["has_more"] and f"/guests/?sort=latest&before={page.context['guests'][-1].pk}"

        assert names == ["Guest 7", *(f"Guest {number}" for number in reversed(range(60)) if number != 7)]

    def test_the_order_is_chosen_beside_the_search(self, desk):
        make_guest("Without Stays")
        make_reservation(guest="Amara Okafor")

        page = text(desk.get("/guests/?q=&sort=latest"))

        assert '<option value="latest" selected>By latest stay</option>' in page
        assert "Amara Okafor" in page
        assert "Without Stays" not in page

    def test_they_are_sorted_by_name_page_by_page(self, desk):
        for name in ("Zoe Last", "ámara okafor", "Amara Okafor", "Bo Second"):
            make_guest(name)
        for number in range(49):
            make_guest(f"Guest {number:02}")

        first = text(desk.get("/guests/?sort=name"))
        last = Guest.objects.get(name="Guest 46")
        second = text(desk.get(f"/guests/?sort=name&before={last.pk}"))

        assert first.index("ámara okafor") < first.index("Amara Okafor") < first.index("Bo Second")
        assert f"sort=name&amp;before={last.pk}" in first
        assert "Zoe Last" not in first
        assert second.index("Guest 47") < second.index("Guest 48") < second.index("Zoe Last")
        assert "Guest 46" not in second

    def test_guests_of_one_name_are_offered_to_be_merged(self, browser):
        for name in ("Irene Castillo", "irene castillo", "Irene Castilló", "Alone Guest"):
            make_guest(name)

        listed = browser.get("/guests/")
        found = listed.click("3 with this name: merge?", index=0)

        assert listed.text.count("with this name: merge?") == 3
        assert found.text.count(">Compare<") == 2

    def test_a_search_answers_htmx_with_the_list_alone(self, desk):
        make_guest("Marta Wójcik")
        make_guest("Amara Okafor")

        answer = text(desk.get("/guests/?q=wojc", headers={"HX-Request": "true", "HX-Target": "guest-list"}))

        assert answer.lstrip().startswith('<div id="guest-list"')
        assert "Marta Wójcik" in answer
        assert "Amara" not in answer

    def test_the_next_page_goes_on_where_this_one_ends(self, desk):
        for number in range(51):
            make_guest(f"Guest {number:02}")

        first = text(desk.get("/guests/?q=guest"))
        last = Guest.objects.get(name="Guest 01")
        second = text(desk.get(f"/guests/?q=guest&before={last.pk}"))

        assert f"q=guest&amp;before={last.pk}" in first
        assert "Guest 00" not in first
        assert "Guest 00" in second
        assert "Guest 01" not in second

    def test_an_empty_list_says_why(self, desk):
        assert "No guests yet" in text(desk.get("/guests/"))
        assert "No guest is found by “nobody”" in text(desk.get("/guests/?q=nobody"))

    @pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 300, "before=-1", "before=x", "before=9" + "9" * 30])
    def test_nonsense_in_the_address_is_no_error(self, desk, query):
        assert desk.get(f"/guests/?{query}").status_code == 200

    def test_more_guests_ask_no_more_queries(self, desk):
        make_reservation()
        few = queries(desk, "/guests/")
        for _ in range(4):
            make_reservation()

        assert queries(desk, "/guests/") == few


class TestAProfile:
    def test_it_shows_how_to_reach_them_what_to_know_and_every_stay(self, desk):
        guest = make_guest("Amara", phone="+351 (0)912-345", email="a+b@example.com", remarks="Allergic to nuts")
        past = make_reservation(make_hotel(name="Mill Hotel"), guest=guest, arrival=dt.date(2020, 2, 28), nights=2)
        coming = make_reservation(make_apartment("Quay 7"), guest=guest, arrival=ARRIVAL, nights=3)
        make_reservation(guest=guest, nights=9, status="cancelled")

        page = text(desk.get(f"/guests/{guest.pk}/"))

        assert 'href="tel:+351912345"' in page
        assert 'href="mailto:a%2Bb@example.com"' in page
        assert "Allergic to nuts" in page
        assert "2 stays, 5 nights" in page
        assert page.index(coming.reference) < page.index(past.reference)
        assert "28 Feb – 1 Mar 2020" in page

    def test_a_profile_without_stays_says_so(self, desk):
        page = text(desk.get(f"/guests/{make_guest().pk}/"))

        assert "No stay is booked for this guest" in page
        assert "No telephone number or e-mail address is known" in page

    def test_a_merged_one_leads_to_the_kept_one(self, desk):
        keep, duplicate = make_guest(), make_guest()
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        for address in (f"/guests/{duplicate.pk}/", f"/guests/{duplicate.pk}/edit/"):
            assert desk.get(address, follow=True).redirect_chain[-1][0] == f"/guests/{keep.pk}/"

    def test_possible_duplicates_are_offered_to_compare(self, desk):
        guest, other = make_guest("Amara Okafor"), make_guest("AMARA OKÁFOR")

        assert f'href="/guests/{guest.pk}/merge/?with={other.pk}"' in text(desk.get(f"/guests/{guest.pk}/"))

    def test_more_stays_and_duplicates_ask_no_more_queries(self, desk):
        guest = make_guest()
        make_reservation(guest=guest)
        make_guest()
        few = queries(desk, f"/guests/{guest.pk}/")
        for _ in range(4):
            make_reservation(make_hotel(), guest=guest)
            make_guest()

        assert queries(desk, f"/guests/{guest.pk}/") == few

    def test_a_reservation_leads_to_its_guest(self, desk):
        guest = make_guest("Amara", phone="+351 912", email="amara@example.com")
        page = text(desk.get(f"/reservations/{make_reservation(guest=guest).reference}/"))

        assert f'href="/guests/{guest.pk}/"' in page
        assert 'href="tel:+351912"' in page
        assert 'href="mailto:amara@example.com"' in page


class TestEditing:
    def test_a_profile_is_made_and_changed(self, desk):
        made = desk.post("/guests/new/", profile(phone="+351 912"))
        guest = Guest.objects.get()
        assert made.url == f"/guests/{guest.pk}/"

        desk.post(f"/guests/{guest.pk}/edit/", profile(phone="+351 913", remarks="Tea\n\nNo feathers", version=1))

        guest.refresh_from_db()
        assert (guest.phone, guest.remarks, guest.version) == ("+351 913", "Tea\n\nNo feathers", 2)

    def test_a_stale_save_shows_both_sides_and_keeps_what_was_typed(self, desk):
        guest = make_guest("Amara Okafor", phone="111111")
        guests.save_guest(guest=guest, name="Amara Okafor", phone="222222", remarks="Theirs", actor=None)
        address = f"/guests/{guest.pk}/edit/"

        refused = desk.post(address, profile(phone="333333", language="Portuguese", version=1))

        page = text(refused)
        assert refused.status_code == 409
        assert 'value="333333"' in page
        assert 'value="Portuguese"' in page
        for theirs in ("222222", "Theirs"):
            assert f'<td dir="auto" translate="no">{theirs}</td>' in page
        assert 'name="version" value="2"' in page
        desk.post(address, profile(phone="333333", version=2))
        guest.refresh_from_db()
        assert (guest.phone, guest.remarks) == ("333333", "")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": " "}, "guest&#x27;s name"),
            ({"email": "amara"}, "whole address"),
            ({"phone": "1" * 101}, "one telephone number here, or two"),
        ],
    )
    def test_what_cannot_be_saved_is_said_beside_its_field(self, desk, fields, words):
        refused = desk.post("/guests/new/", profile(**fields))

        assert refused.status_code == 422
        assert words in text(refused)
        assert not Guest.objects.exists()


class TestMerging:
    def test_two_are_compared_side_by_side_and_merged_and_taken_apart(self, desk):
        first = make_guest("Amara Okafor", phone="111111", remarks="Tea")
        second = make_guest("A. Okafor", phone="222222")
        stay = make_reservation(guest=second)
        address = f"/guests/{first.pk}/merge/?with={second.pk}"

        page = text(desk.get(address))
        assert page.count("differs</span>") == 2
        response = desk.post(
            address, {"keep": second.pk, f"version_{first.pk}": 1, f"version_{second.pk}": 1}, follow=True
        )

        assert response.redirect_chain[-1][0] == f"/guests/{second.pk}/"
        assert f'action="/guests/{first.pk}/unmerge/"' in text(response)
        second.refresh_from_db()
        assert (second.phone, second.remarks) == ("222222", "Tea")
        history = text(desk.get(f"/reservations/{stay.reference}/"))
        assert "Guest merged" not in history  # it was with the kept one already
        desk.post(f"/guests/{first.pk}/unmerge/")
        assert Guest.objects.not_merged().count() == 2

    def test_a_moved_stay_says_from_whom_to_whom(self, desk):
        keep, duplicate = make_guest("Amara Okafor"), make_guest("A. Okafor")
        stay = make_reservation(guest=duplicate)
        desk.post(f"/guests/{keep.pk}/merge/?with={duplicate.pk}", {"keep": keep.pk})

        page = text(desk.get(f"/reservations/{stay.reference}/"))

        assert "Guest merged" in page
        assert "Guest A. Okafor → Amara Okafor" in page

    def test_a_profile_that_changed_meanwhile_is_compared_again(self, desk):
        first, second = make_guest("Amara"), make_guest("Amara")
        guests.save_guest(guest=second, name="Amara", remarks="Allergic to nuts", actor=None)

        response = desk.post(
            f"/guests/{first.pk}/merge/?with={second.pk}",
            {"keep": first.pk, f"version_{first.pk}": 1, f"version_{second.pk}": 1},
            follow=True,
        )

        assert "Allergic to nuts" in text(response)
        assert "was changed while you were looking" in text(response)
        assert Guest.objects.not_merged().count() == 2

    def test_the_other_profile_is_searched_for(self, desk):
        guest, other = make_guest("Amara"), make_guest("Zoë Lindgren")

        page = text(desk.get(f"/guests/{guest.pk}/merge/?q=zoe"))

        assert f'href="?with={other.pk}"' in page

    @pytest.mark.parametrize("other", ["0", "99999999999999999999"])
    def test_somebody_who_is_not_there_is_not_found(self, desk, other):
        assert desk.get(f"/guests/{make_guest().pk}/merge/?with={other}").status_code == 404

    def test_which_to_keep_must_be_one_of_the_two(self, desk):
        first, second, third = make_guest(), make_guest(), make_guest()

        refused = desk.post(f"/guests/{first.pk}/merge/?with={second.pk}", {"keep": third.pk})

        assert refused.status_code == 422
        assert Guest.objects.not_merged().count() == 3


def form_data(property, **fields):
    stay = {"arrival": "2027-05-03", "departure": "2027-05-06"}
    return {"property": property.pk, "guest": "Amara Okafor", "party_size": 2, **stay} | fields


class TestBookingForAGuest:
    def test_known_guests_are_offered_with_what_tells_them_apart(self, desk):
        guest = make_guest("Amara Okafor", phone="+351 912")
        make_reservation(guest=guest, arrival=ARRIVAL)

        offers = text(desk.get("/guests/offers/?guest=okaf"))

        for words in (f'data-guest="{guest.pk}"', 'role="option"', "+351 912", "latest stay from Mon 3 May 2027"):
            assert words in offers

    @pytest.mark.parametrize("typed", ["", "a", "\x00\x00", "zzz"])
    def test_a_letter_offers_nobody(self, desk, typed):
        make_guest("Amara")

        assert not text(desk.get("/guests/offers/", {"guest": typed})).strip()

    def test_the_chosen_one_shares_the_profile(self, desk):
        guest = make_guest("Amara Okafor")

        desk.post(NEW, form_data(make_apartment(), guest_id=guest.pk))

        assert Reservation.objects.get().guest == guest
        assert Guest.objects.count() == 1

    def test_typing_on_makes_a_new_guest_also_without_scripts(self, desk):
        guest = make_guest("Amara Okafor")

        desk.post(NEW, form_data(make_apartment(), guest_id=guest.pk, guest="Amara Okafor-Silva"))

        assert Reservation.objects.get().guest.name == "Amara Okafor-Silva"
        assert Guest.objects.count() == 2

    def test_one_who_was_merged_meanwhile_is_booked_under_the_kept_profile(self, desk):
        keep, duplicate = make_guest("Amara Okafor-Silva"), make_guest("Amara Okafor")
        guests.merge(keep=keep, duplicate=duplicate, actor=None)

        desk.post(NEW, form_data(make_apartment(), guest_id=duplicate.pk))

        assert Reservation.objects.get().guest == keep

    @pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1", "\x00"])
    def test_a_key_of_nobody_is_a_new_guest(self, desk, key):
        response = desk.post(NEW, form_data(make_apartment(), guest_id=key.replace("\x00", "")))

        assert response.status_code == 302
        assert Guest.objects.get().name == "Amara Okafor"

    def test_a_new_guest_may_bring_a_number_and_an_address(self, desk):
        desk.post(NEW, form_data(make_apartment(), phone="+351 912", email="amara@example.com"))

        guest = Reservation.objects.get().guest
        assert (guest.phone, guest.email) == ("+351 912", "amara@example.com")

    def test_a_refused_booking_leaves_no_profile_and_keeps_the_choice(self, desk):
        flat, guest = make_apartment(), make_guest("Marta Wójcik", phone="+48 601")
        make_reservation(flat, guest=guest)

        refused = desk.post(NEW, form_data(flat, phone="+351 912"))
        chosen = text(desk.post(NEW, form_data(flat, guest=guest.name, guest_id=guest.pk)))

        assert refused.status_code == 409
        assert 'value="+351 912"' in text(refused)
        assert Guest.objects.count() == 1
        assert f'name="guest_id" value="{guest.pk}"' in chosen
        assert "Known guest · +48 601 · latest stay" in chosen

    def test_a_profile_leads_to_the_form_with_its_name_in_it(self, desk):
        guest = make_guest("Amara Okafor")

        page = text(desk.get(f"{NEW}?guest_id={guest.pk}"))

        assert 'value="Amara Okafor"' in page
        assert f'name="guest_id" value="{guest.pk}"' in page


class TestChangingWhoStays:
    @pytest.fixture
    def stay(self):
        return make_reservation(guest=make_guest("Amara Okafor"))

    def change(self, desk, stay, **fields):
        facts = (
            form_data(stay.property, arrival=stay.arrival, departure=stay.departure, guest_id=stay.guest_id) | fields
        )
        response = desk.post(f"/reservations/{stay.reference}/edit/", facts)
        assert response.status_code == 302, text(response)
        stay.refresh_from_db()
        return stay.guest

    def test_the_only_stay_of_a_guest_renames_the_profile(self, desk, stay):
        was = stay.guest

        assert self.change(desk, stay, guest="Amara Silva") == was
        assert stay.guest.name == "Amara Silva"
        assert stay.events.get().data == {"guest": ["Amara Okafor", "Amara Silva"]}

    def test_a_guest_with_other_stays_is_not_renamed_from_one_of_them(self, desk, stay):
        was, other = stay.guest, make_reservation(guest=stay.guest)

        page = text(desk.get(f"/reservations/{stay.reference}/edit/"))
        now = self.change(desk, stay, guest="Marta Wójcik")

        assert "Amara Okafor has 1 other stay." in page
        assert now != was
        other.refresh_from_db()
        assert (now.name, other.guest.name) == ("Marta Wójcik", "Amara Okafor")
        assert stay.events.get().data["guest_id"] == [was.pk, now.pk]

    def test_another_known_guest_is_picked(self, desk, stay):
        other = make_guest("Marta Wójcik")

        assert self.change(desk, stay, guest="Marta Wójcik", guest_id=other.pk) == other

    def test_who_is_not_changed_stays(self, desk, stay):
        was = stay.guest

        assert self.change(desk, stay, party_size=1) == was
        assert self.change(desk, stay, guest_id="", party_size=2) == was
        assert Guest.objects.count() == 1
