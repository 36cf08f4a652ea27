import pytest

from notes.models import VoiceNote
from notes.transcription.vocabulary import MOST_NAMES, vocabulary
from tests.factories import make_hotel, make_reservation


def names(stay, author, **others):
    return list(vocabulary(VoiceNote(**{"property": stay.property, "reservation": stay, "author": author} | others)))


def test_it_names_who_and_what_a_note_may_be_about(alice):
    stay = make_reservation(guest="Amara Okafor")

    assert names(stay, alice) == ["Amara Okafor", stay.unit.name, "Alice Moreau"]  # the apartment's unit has its name


def test_it_leaves_out_the_numbers_of_rooms(alice):
    stay = make_reservation(make_hotel(["101"], name="Harbour Hotel"))

    assert names(stay, alice) == ["Amara Okafor", "Harbour Hotel", "Alice Moreau"]


def test_a_note_of_a_property_has_the_names_of_the_property(alice, settings):
    settings.VOCABULARY = ["Zigbee", "Alice Moreau"]
    stay = make_reservation()

    assert names(stay, alice, reservation=None) == [stay.property.name, "Alice Moreau", "Zigbee"]


@pytest.mark.parametrize("terms", [100])
def test_terms_of_the_site_give_way_to_the_booking(alice, settings, terms):
    settings.VOCABULARY = [f"Term {number}" for number in range(terms)]

    found = names(make_reservation(guest="Amara Okafor"), alice)

    assert found[0] == "Amara Okafor"
    assert len(found) == MOST_NAMES
