import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from properties.models import Property
from tests.factories import make_apartment, make_hotel

pytestmark = pytest.mark.django_db

HOTEL = {
    "kind": "hotel",
    "name": "Harbour Hotel",
    "description": "Over the old fish market.",
    "location": "Lisbon",
    "time_zone": "Europe/Lisbon",
    "check_in_time": "14:30",
    "check_out_time": "10:00",
    "currency": "EUR",
    "nightly_rate": "96.50",
    "hold_hours": "24",
    "rooms": "101–118",
}
FLAT = HOTEL | {"kind": "apartment", "name": "Garden Flat", "rooms": ""}
ARCHIVED = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def html(response):
    return response.content.decode()


def htmx(target):
    return {"HX-Request": "true", "HX-Target": target}


class TestList:
    def test_it_shows_what_is_asked_at_the_telephone(self, desk):
        make_hotel(["101", "102"], name="Harbour Hotel", location="Lisbon", nightly_rate=Decimal("96.50"))

        page = html(desk.get("/properties/"))

        for fact in ("Harbour Hotel", "Hotel", "Lisbon", ">2 <", "15:00", "11:00", "€96.50", "1 property"):
            assert fact in page

    @pytest.mark.parametrize("text", ["lodz", "ŁÓDŹ", "nowa lodz", "piotrkowska", "balcony", "lo\u0301dz\u0301"])
    def test_it_finds_by_name_place_or_description_whatever_case_and_accents(self, desk, text):
        make_apartment("Łódź Nowa", location="Piotrkowska 80", description="With a balcony")
        make_apartment("Garden Flat", location="Lisbon")

        page = html(desk.get("/properties/", {"q": text}))

        assert "Łódź Nowa" in page
        assert "Garden Flat" not in page

    @pytest.mark.parametrize(
        "text", ["%", "_", "\\", "' OR 1=1 --", "x" * 200, "zz " * 60, "<script>alert(1)</script>"]
    )
    def test_it_takes_every_search_literally(self, desk, text):
        make_apartment("Garden Flat", location="Lisbon")

        response = desk.get("/properties/", {"q": text})

        assert "No property fits this search." in html(response)
        assert "<script>alert" not in html(response)

    @pytest.mark.parametrize("query", [{"q": "a\x00b"}, {"q": "x" * 201}, {"kind": "castle"}])
    def test_what_cannot_be_read_finds_nothing_and_says_why(self, desk, query):
        make_apartment("Garden Flat")

        page = html(desk.get("/properties/", query))

        assert 'role="alert"' in page
        assert "Garden Flat" not in page

    def test_it_filters_by_kind(self, desk):
        make_hotel(name="Harbour Hotel")
        make_apartment("Garden Flat")

        page = html(desk.get("/properties/", {"kind": "hotel"}))

        assert "Harbour Hotel" in page
        assert "Garden Flat" not in page

    def test_archived_ones_are_behind_the_switch(self, desk):
        make_apartment("Old Flat", archived_at=ARCHIVED)

        assert "Old Flat" not in html(desk.get("/properties/"))
        assert "Old Flat" in html(desk.get("/properties/", {"archived": "on"}))

    def test_it_is_in_the_order_of_the_alphabet(self, desk):
        for name in ("Zum Adler", "École", "apple house"):
            make_apartment(name)

        page = html(desk.get("/properties/"))

        assert page.index("apple house") < page.index("École") < page.index("Zum Adler")

    def test_who_has_no_property_is_told_how_to_begin(self, desk):
        assert "/properties/new/?kind=apartment" in html(desk.get("/properties/"))

    @pytest.mark.parametrize("text", ["ΠΥΡΓΟΣ", "πύργος", "山", "\u202aPyrgos\u202c", "йод"])
    def test_it_finds_a_place_in_any_script(self, desk, text):
        make_hotel(name="Πύργος 山荘", location="Pyrgos", description="Йод"), make_hotel(name="Miramar")

        page = html(desk.get("/properties/", {"q": text}))

        assert "Πύργος 山荘" in page
        assert "Miramar" not in page

    def test_a_live_search_gets_the_list_alone_and_the_new_count(self, desk):
        make_apartment("Garden Flat")

        response = desk.get("/properties/", {"q": "garden"}, headers=htmx("property-list"))

        assert "<html" not in html(response)
        assert "1 property found" in html(response)
        assert "HX-Target" in response["Vary"]

    def test_an_unknown_target_gets_the_whole_page(self, desk):
        assert "<html" in html(desk.get("/properties/", headers=htmx("elsewhere")))

    def test_the_number_of_queries_does_not_grow_with_the_properties(self, desk):
        make_hotel()
        few = self._queries(desk)

        for _ in range(12):
            make_hotel(["1", "2", "3"])
            make_apartment()

        assert self._queries(desk) == few

    def test_many_properties_come_in_pages(self, desk, monkeypatch):
        monkeypatch.setattr("properties.views.properties.PER_PAGE", 2)
        for number in range(3):
            make_apartment(f"Flat {number}", location="Lisbon")

        first = html(desk.get("/properties/", {"q": "lisbon"}))
        beyond = html(desk.get("/properties/", {"q": "lisbon", "page": "99"}))

        assert "?q=lisbon&amp;page=2" in first
        assert "Flat 2" not in first
        assert "Flat 2" in beyond
        assert "Flat 0" in html(desk.get("/properties/", {"page": "9" * 5000}))

    def _queries(self, desk):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/properties/").status_code == 200
        return len(queries)


class TestNew:
    def test_a_hotel_is_made_with_its_rooms(self, desk):
        response = desk.post("/properties/new/", HOTEL)

        hotel = Property.objects.get()
        assert response["Location"] == f"/properties/{hotel.pk}/"
        assert (hotel.kind, hotel.check_in_time, hotel.nightly_rate) == ("hotel", dt.time(14, 30), Decimal("96.50"))
        assert [unit.name for unit in hotel.units.all()] == [str(number) for number in range(101, 119)]

    def test_an_apartment_is_made_with_its_unit(self, desk):
        desk.post("/properties/new/", FLAT | {"rooms": "this was typed while the kind was hotel, this"})

        assert [unit.name for unit in Property.objects.get().units.all()] == ["Garden Flat"]

    def test_what_cannot_be_keeps_every_field_and_says_why_beside_it(self, desk):
        response = desk.post("/properties/new/", HOTEL | {"rooms": "118-101", "nightly_rate": "1.500"})

        assert response.status_code == 422
        assert "runs backwards" in html(response)
        assert "can be read in two ways. Write 1500 or 1.50." in html(response)
        assert "Over the old fish market." in html(response)
        assert not Property.objects.exists()

    def test_a_taken_name_is_told_beside_the_name(self, desk):
        make_apartment("garden flat")

        response = desk.post("/properties/new/", FLAT, headers=htmx("property-form"))

        assert response.status_code == 422
        assert "<html" not in html(response)
        assert response.context["form"].errors["name"] == [
            "There is already a property called Garden Flat. Choose another name."
        ]

    def test_an_empty_form_is_asked_for_everything(self, desk):
        response = desk.post("/properties/new/")

        assert response.status_code == 422
        assert "Please fill this in." in html(response)

    def test_the_kind_may_come_with_the_address(self, desk):
        page = html(desk.get("/properties/new/?kind=apartment"))

        assert '<option value="apartment" selected>' in page

    def test_htmx_is_sent_on_to_the_new_property(self, desk):
        response = desk.post("/properties/new/", FLAT, headers=htmx("property-form"))

        assert response.status_code == 204
        assert response["HX-Redirect"] == f"/properties/{Property.objects.get().pk}/"

    def test_fields_that_are_not_in_the_form_change_nothing(self, desk):
        desk.post("/properties/new/", FLAT | {"archived_at": "2026-01-01", "id": "77"})

        assert Property.objects.get().archived_at is None
        assert Property.objects.get().pk != 77


class TestPage:
    def test_it_shows_the_facts_and_the_way_to_a_reservation(self, desk):
        flat = make_apartment("Garden Flat", description="Two bedrooms.\n\nA garden.", location="Lisbon")

        page = html(desk.get(f"/properties/{flat.pk}/"))

        for fact in ("Garden Flat", "Apartment", "Lisbon", "€140.00", "from 15:00", "by 11:00", "Europe/Lisbon"):
            assert fact in page
        assert "<p>Two bedrooms.</p>" in page
        assert f"/reservations/new/?property={flat.pk}" in page

    def test_an_apartment_lists_no_rooms(self, desk):
        assert "Add rooms" not in html(desk.get(f"/properties/{make_apartment().pk}/"))

    def test_a_hotel_without_rooms_is_told_what_that_means(self, desk):
        assert "takes every booking" in html(desk.get(f"/properties/{make_hotel([]).pk}/"))

    def test_an_archived_one_says_since_when_and_by_whom(self, desk):
        flat = make_apartment(archived_at=ARCHIVED, archived_by=desk.user)

        page = html(desk.get(f"/properties/{flat.pk}/"))

        assert "by Alice Moreau" in page
        assert "1 May 2026" in page
        assert "Bring back" in page
        assert f"/new/?property={flat.pk}" not in page

    def test_names_are_shown_and_never_run(self, desk):
        nasty = '<img src=x onerror=alert(1)><div hx-get="/x" hx-trigger="load">'
        hotel = make_hotel([nasty[:60]], name=nasty, location=nasty, description=nasty)

        for address in (f"/properties/{hotel.pk}/", "/properties/", f"/properties/{hotel.pk}/edit/"):
            assert "<img" not in html(desk.get(address))

    def test_the_number_of_queries_does_not_grow_with_the_rooms(self, desk):
        small, large = make_hotel(["1"]), make_hotel([str(number) for number in range(60)])

        assert self._queries(desk, small) == self._queries(desk, large)

    @pytest.mark.parametrize(
        "address", ["/properties/999999/", "/properties/99999999999999999999/", "/properties/1/rooms/2/"]
    )
    def test_what_is_not_there_is_a_404(self, desk, address):
        assert desk.get(address).status_code == 404

    def _queries(self, desk, hotel):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/properties/{hotel.pk}/").status_code == 200
        return len(queries)


class TestEdit:
    def test_it_begins_with_what_is_there(self, desk):
        flat = make_apartment("Garden Flat", check_in_time=dt.time(16, 30))

        page = html(desk.get(f"/properties/{flat.pk}/edit/"))

        assert 'value="Garden Flat"' in page
        assert 'value="16:30"' in page
        assert 'value="140"' in page

    def test_it_saves(self, desk):
        flat = make_apartment("Garden Flat")

        desk.post(f"/properties/{flat.pk}/edit/", FLAT | {"name": "Rose Flat", "nightly_rate": "150"})

        flat.refresh_from_db()
        assert (flat.name, flat.nightly_rate, flat.units.get().name) == ("Rose Flat", Decimal("150.00"), "Rose Flat")

    def test_the_kind_cannot_change(self, desk):
        flat = make_apartment("Garden Flat")

        desk.post(f"/properties/{flat.pk}/edit/", HOTEL)

        flat.refresh_from_db()
        assert (flat.kind, flat.units.count()) == ("apartment", 1)

    def test_what_was_archived_meanwhile_is_not_saved(self, desk):
        flat = make_apartment("Garden Flat", archived_at=ARCHIVED)

        response = desk.post(f"/properties/{flat.pk}/edit/", FLAT | {"name": "Rose Flat"})

        assert response.status_code == 409
        assert "Garden Flat is archived. Bring it back first." in html(response)
        assert 'value="Rose Flat"' in html(response)


class TestRooms:
    def test_rooms_are_added_without_javascript(self, desk):
        hotel = make_hotel(["101"])

        response = desk.post(f"/properties/{hotel.pk}/rooms/", {"rooms": "102–104"}, follow=True)

        assert response.redirect_chain == [(f"/properties/{hotel.pk}/", 302)]
        assert "Added 102, 103, 104." in html(response)

    def test_rooms_are_added_in_place(self, desk):
        hotel = make_hotel(["101"])

        response = desk.post(f"/properties/{hotel.pk}/rooms/", {"rooms": "102"}, headers=htmx("rooms"))

        assert "<html" not in html(response)
        assert ">102<" in html(response)
        assert "Added 102." in response["HX-Trigger"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [("", "Please fill this in."), ("101", "101 is already in"), ("118-101", "runs backwards")],
    )
    def test_it_says_beside_the_field_what_cannot_be_added(self, desk, typed, words):
        hotel = make_hotel(["101"])

        response = desk.post(f"/properties/{hotel.pk}/rooms/", {"rooms": typed}, headers=htmx("rooms"))

        assert response.status_code == 422
        assert words in html(response)
        assert hotel.units.count() == 1

    def test_an_apartment_gets_no_rooms(self, desk):
        flat = make_apartment()

        response = desk.post(f"/properties/{flat.pk}/rooms/", {"rooms": "102"})

        assert response.status_code == 409
        assert flat.units.count() == 1

    def test_a_room_is_renamed(self, desk):
        hotel = make_hotel(["101"])
        room = hotel.units.get()

        response = desk.post(f"/properties/rooms/{room.pk}/edit/", {"name": "  Garden  Suite "})

        room.refresh_from_db()
        assert response["Location"] == f"/properties/{hotel.pk}/"
        assert room.name == "Garden Suite"

    @pytest.mark.parametrize("name", ["", "\u200b", "102", "R" * 61])
    def test_a_room_is_not_renamed_to_what_cannot_be(self, desk, name):
        room = make_hotel(["101", "102"]).units.get(name="101")

        response = desk.post(f"/properties/rooms/{room.pk}/edit/", {"name": name})

        room.refresh_from_db()
        assert response.status_code == 422
        assert room.name == "101"

    def test_an_apartments_unit_has_no_page(self, desk):
        assert desk.get(f"/properties/rooms/{make_apartment().units.get().pk}/edit/").status_code == 404
