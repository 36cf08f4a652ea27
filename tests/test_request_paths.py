"""How far it is from a view to the database: how many modules of ours a newcomer opens to follow one request.

The limits are ratchets: who shortens a path lowers its limit. Of each path, about four modules say what somebody sees.
"""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import ARRIVAL, make_hotel, make_reservation, make_room_type
from tests.notes.clips import browser_recording
from tests.request_paths import request_path
from tests.reservations.test_calendar_move import drop

pytestmark = pytest.mark.django_db

OCCUPANCY = 'INSERT INTO "reservations_occupancy"'
CHUNK = 'INSERT INTO "notes_chunk"'


@pytest.fixture
def hotel(db):
    hotel = make_hotel(["101", "102"])
    hotel.units.update(room_type=make_room_type(hotel))
    return hotel


def test_a_booking_from_the_form(browser, hotel):
    page = browser.get("/reservations/new/", {"property": hotel.pk, "arrival": ARRIVAL, "departure": "2027-05-05"})
    form = page.forms["booking-form"]
    form["guest"] = "Amara Okafor"

    with request_path(view="reservations.views.booking.new", until=OCCUPANCY) as path:
        form.submit()

    assert_within(path, modules=31, returns=14)


def test_a_dragged_bar(desk, hotel):
    stay = make_reservation(unit=hotel.units.first())

    with request_path(view="reservations.views.calendar_move.drop", until=OCCUPANCY) as path:
        drop(desk, stay, unit=hotel.units.last())

    assert_within(path, modules=19, returns=13)


def test_a_chunk_of_a_recording(desk):
    chunk = SimpleUploadedFile("chunk", browser_recording()[:1000])
    fields = {"chunk": chunk, "segment": 0, "seconds": 1.5, "reservation": make_reservation().reference}

    with request_path(view="notes.views.recording.chunk", until=CHUNK) as path:
        desk.post(f"/recordings/{uuid.uuid4()}/chunks/0/", fields)

    assert_within(path, modules=13, returns=3)


def assert_within(path, *, modules, returns):
    """Fails with the path itself, to be read from top to bottom."""
    assert path.is_whole
    assert len(path.modules) <= modules, path.modules
    assert len(path.returns) <= returns, path.returns
