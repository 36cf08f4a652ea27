"""Superusers cannot break in the admin what the verbs guarantee."""

import datetime as dt
from decimal import Decimal

import pytest

from properties.models import Property
from tests.factories import make_apartment, make_hotel, make_rate, make_room_type, make_user

pytestmark = pytest.mark.django_db

FLAT = {
    "kind": "apartment",
    "name": "Garden Flat",
    "time_zone": "Lisbon",
    "check_in_time": "15:00",
    "check_out_time": "11:00",
    "currency": "EUR",
    "nightly_rate": "140",
    "hold_hours": "24",
}


@pytest.fixture
def office(client):
    client.force_login(make_user("lena", role="manager", is_superuser=True, is_staff=True))
    return client


def test_an_apartment_made_here_has_its_unit(office):
    response = office.post("/admin/properties/property/add/", FLAT)

    flat = Property.objects.get()
    assert response.status_code == 302
    assert (flat.time_zone, flat.units.get().name) == ("Europe/Lisbon", "Garden Flat")


def test_renaming_an_apartment_here_renames_its_unit(office):
    flat = make_apartment("Garden Flat")

    office.post(f"/admin/properties/property/{flat.pk}/change/", FLAT | {"name": "Rose Flat", "kind": "hotel"})

    flat.refresh_from_db()
    assert (flat.kind, flat.name, flat.units.get().name) == ("apartment", "Rose Flat", "Rose Flat")


@pytest.mark.parametrize("typed", ["NaN", "1_000", "-1"])
def test_it_reads_prices_as_the_desks_form_does(office, typed):
    response = office.post("/admin/properties/property/add/", FLAT | {"nightly_rate": typed})

    assert response.status_code == 200
    assert not Property.objects.exists()


def test_a_taken_name_is_refused_in_words(office):
    make_apartment("Garden Flat")

    response = office.post("/admin/properties/property/add/", FLAT)

    assert "already" in response.content.decode()
    assert Property.objects.count() == 1


def test_a_room_is_renamed(office):
    room = make_hotel(["101"]).units.get()

    office.post(f"/admin/properties/unit/{room.pk}/change/", {"name": "Garden Suite"})

    room.refresh_from_db()
    assert room.name == "Garden Suite"


def test_no_unit_is_added_and_an_apartments_is_only_looked_at(office):
    unit = make_apartment("Garden Flat").units.get()

    assert office.get("/admin/properties/unit/add/").status_code == 403
    assert office.get(f"/admin/properties/unit/{unit.pk}/change/").status_code == 200
    assert office.post(f"/admin/properties/unit/{unit.pk}/change/", {"name": "Annexe"}).status_code == 403


def test_nothing_is_deleted(office):
    flat = make_apartment()

    assert office.post(f"/admin/properties/property/{flat.pk}/delete/", {"post": "yes"}).status_code == 403
    assert office.post(f"/admin/properties/unit/{flat.units.get().pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_is_archived_is_only_looked_at(office):
    flat = make_apartment("Garden Flat", archived_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))

    assert office.get(f"/admin/properties/property/{flat.pk}/change/").status_code == 200
    assert office.post(f"/admin/properties/property/{flat.pk}/change/", FLAT).status_code == 403


@pytest.mark.parametrize("page", ["property/", "property/?q=jardim", "unit/", "unit/?q=101"])
def test_the_lists_can_be_read_and_searched(office, page):
    make_hotel(name="Jardim")
    make_apartment(nightly_rate=Decimal("1"))

    assert office.get(f"/admin/properties/{page}").status_code == 200


def test_staff_without_rights_see_no_admin(client):
    client.force_login(make_user("tom"))

    assert "not authorized" in client.get("/admin/", follow=True).content.decode()


@pytest.mark.parametrize("model", ["roomtype", "rate"])
def test_room_types_and_rates_are_only_looked_at(office, model):
    hotel = make_hotel(name="Jardim")
    line = make_rate(hotel, room_type=make_room_type(hotel))
    shown = line if model == "rate" else line.room_type
    address = f"/admin/properties/{model}/"

    assert [office.get(address + page).status_code for page in ("", "?q=jardim", f"{shown.pk}/change/")] == [200] * 3
    assert office.get(f"{address}add/").status_code == 403
    assert office.post(f"{address}{shown.pk}/change/", {"name": "Other"}).status_code == 403
    assert office.post(f"{address}{shown.pk}/delete/", {"post": "yes"}).status_code == 403
