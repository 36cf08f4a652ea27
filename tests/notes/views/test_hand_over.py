"""The microphone of the bar: for which property a hand-over note is."""

import pytest

from properties.models import Property
from tests.factories import make_apartment, make_hotel, make_reservation, make_user
from tests.notes.notes import make_typed

pytestmark = pytest.mark.django_db

ADDRESS = "/notes/hand-over/"


def recorder_of(property):
    return f"/properties/{property.pk}/voice-notes/"


def test_it_goes_to_the_only_property(desk):
    flat = make_apartment()
    make_apartment(archived_at="2026-01-01T00:00Z")

    assert desk.get(ADDRESS)["Location"] == recorder_of(flat)


def test_of_several_it_asks_which_and_names_no_archived_one(desk):
    hotel, flat = make_hotel(name="Harbour Hotel"), make_apartment("Garden Flat")
    make_apartment("Old Mill", archived_at="2026-01-01T00:00Z")

    page = desk.get(ADDRESS).content.decode()

    assert f'href="{recorder_of(hotel)}"' in page
    assert f'href="{recorder_of(flat)}"' in page
    assert "Old Mill" not in page


def test_after_a_note_it_goes_to_the_property_of_ones_latest_and_can_be_asked_for_all(desk):
    hotel, flat = make_hotel(), make_apartment()
    make_typed(property=hotel, author=desk.user)
    make_typed(property=flat, author=make_user("bob"))
    make_typed(reservation=make_reservation(flat), author=desk.user)

    assert desk.get(ADDRESS)["Location"] == recorder_of(hotel)
    assert f'href="{recorder_of(flat)}"' in desk.get(f"{ADDRESS}?all").content.decode()
    assert f"{ADDRESS}?all" in desk.get(recorder_of(hotel)).content.decode()
    Property.objects.filter(pk=hotel.pk).update(archived_at="2026-01-01T00:00Z")
    assert desk.get(ADDRESS)["Location"] == recorder_of(flat)


def test_a_property_in_the_address_counts_and_one_that_is_none_is_not_found(desk):
    hotel, flat = make_hotel(), make_apartment()
    archived = make_apartment("Old Mill", archived_at="2026-01-01T00:00Z")
    make_typed(property=hotel, author=desk.user)

    assert desk.get(ADDRESS, {"property": flat.pk})["Location"] == recorder_of(flat)
    for key in (archived.pk, 999999, "99999999999999999999", "x"):
        missing = desk.get(ADDRESS, {"property": key})
        assert missing.status_code == 404
        assert "There is nothing here." in missing.content.decode()


def test_without_a_property_it_says_so(desk):
    assert "No property yet." in desk.get(ADDRESS).content.decode()


def test_on_a_page_with_a_recorder_the_microphone_leads_to_it(desk):
    stay = make_reservation()
    link = '<a class="if-narrow" href="{}" data-record>'

    for address in (f"/reservations/{stay.reference}/", f"/properties/{stay.property_id}/", recorder_of(stay.property)):
        page = desk.get(address).content.decode()
        assert link.format("#voice-notes-title") in page
        assert 'id="voice-notes-title"' in page
    assert link.format(ADDRESS) in desk.get("/").content.decode()
