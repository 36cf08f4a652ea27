"""A program that knows nothing but the schema: it works in a running server through the client that is made from it."""

import datetime as dt
import io
import itertools
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from tests.server import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.full]

# A week of each test's own, beyond all that the demo, and README, have booked.
FAR = dt.date(timezone.now().year + 2, 5, 1)
weeks = itertools.count()
PATIENCE_SECONDS = 30


@pytest.fixture
def booking_request(server, package):
    """Three nights in the Garden Flat, in a week of each test's own."""
    from roomtone_client.models import BookingRequest

    arrival = FAR + dt.timedelta(weeks=next(weeks))
    departure = arrival + dt.timedelta(days=3)
    return BookingRequest(
        property_=server.facts.flat, arrival=arrival, departure=departure, guest_name="Amara Okafor", party_size=2
    )


def test_nights_are_free_until_they_are_booked(roomtone, booking_request):
    from roomtone_client.api.availability import read_property_availability
    from roomtone_client.api.reservations import book

    def ask():
        return read_property_availability.sync(
            booking_request.property_, client=roomtone, date=booking_request.arrival, nights=3
        )

    before = ask()
    book.sync(client=roomtone, body=booking_request)
    after = ask()

    assert (before.available, before.next_available_date) == (True, booking_request.arrival)
    assert (after.available, after.next_available_date) == (False, booking_request.departure)
    assert after.in_the_way[0].guest == "Amara Okafor"
    assert after.next_free[0].arrival == booking_request.departure


def test_a_stay_is_booked_and_read(roomtone, booking_request):
    from roomtone_client.api.reservations import book, read_reservation

    answer = book.sync_detailed(client=roomtone, body=booking_request)
    booked = answer.parsed

    assert answer.status_code == 201
    assert (booked.guest.name, booked.arrival, booked.nights) == ("Amara Okafor", booking_request.arrival, 3)
    assert booked.segments[0].unit.name == "Garden Flat"
    assert booked.status == "confirmed"
    assert answer.headers["ETag"] == f'"{booked.version}"'
    booked.event = None  # which reading has not made
    assert read_reservation.sync(client=roomtone, reference=booked.reference) == booked


def test_taken_nights_come_with_alternatives(roomtone, booking_request):
    from roomtone_client.api.reservations import book
    from roomtone_client.models import Conflict

    existing = book.sync(client=roomtone, body=booking_request)
    conflict = book.sync(client=roomtone, body=booking_request)

    assert isinstance(conflict, Conflict)
    assert conflict.code == "dates_taken"
    assert [each.reservation for each in conflict.in_the_way] == [existing.reference]
    assert conflict.next_free[0].arrival == booking_request.departure
    assert conflict.other_properties[0].name


def test_an_alternative_can_be_booked_as_it_is(roomtone, booking_request):
    from roomtone_client.api.reservations import book

    book.sync(client=roomtone, body=booking_request)
    alternative = book.sync(client=roomtone, body=booking_request).next_free[0]
    booking_request.arrival, booking_request.departure = alternative.arrival, alternative.departure

    assert book.sync(client=roomtone, body=booking_request).arrival == alternative.arrival


def test_a_request_that_is_sent_again_is_answered_alike(roomtone, booking_request):
    from roomtone_client.api.reservations import book

    key = str(uuid.uuid4())
    first = book.sync_detailed(client=roomtone, body=booking_request, idempotency_key=key)
    again = book.sync_detailed(client=roomtone, body=booking_request, idempotency_key=key)

    assert again.parsed == first.parsed
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_stay_is_changed_by_who_has_seen_its_version(roomtone, booking_request):
    from roomtone_client.api.reservations import book, change_reservation
    from roomtone_client.models import ReservationChangeRequest

    booked = book.sync(client=roomtone, body=booking_request)
    seen = {"client": roomtone, "if_match": f'"{booked.version}"'}
    changed = change_reservation.sync(booked.reference, body=ReservationChangeRequest(party_size=1), **seen)
    late = change_reservation.sync_detailed(booked.reference, body=ReservationChangeRequest(party_size=3), **seen)

    assert (changed.party_size, changed.version) == (1, booked.version + 1)
    assert (late.status_code, late.parsed.code) == (412, "changed_meanwhile")


def test_steps_are_taken_in_order_and_one_is_undone(roomtone, booking_request):
    from roomtone_client.api.reservations import book, cancel_reservation, undo_act
    from roomtone_client.models import CancelRequest, UndoRequest

    booked = book.sync(client=roomtone, body=booking_request)
    cancelled = cancel_reservation.sync(booked.reference, client=roomtone, body=CancelRequest(why="illness"))
    again = undo_act.sync(booked.reference, client=roomtone, body=UndoRequest())

    assert "cancel" in booked.steps
    assert (cancelled.status, cancelled.segments) == ("cancelled", [])
    assert (again.status, len(again.segments)) == ("confirmed", 1)


def test_what_is_spoken_is_sent_read_and_heard(roomtone, booking_request):
    from roomtone_client.api.reservations import book
    from roomtone_client.api.voice_notes import (
        add_voice_note_to_reservation,
        list_notes_of_reservation,
        listen_to_voice_note,
        read_voice_note,
    )
    from roomtone_client.models import RecordingRequest
    from roomtone_client.types import File

    reference = book.sync(client=roomtone, body=booking_request).reference
    clip = ROOT / "config" / "demo" / "clips" / "late-checkout.wav"
    with clip.open("rb") as sound:
        form = RecordingRequest(audio_file=File(sound, clip.name))
        queued = add_voice_note_to_reservation.sync_detailed(reference, client=roomtone, body=form)
    assert queued.status_code == 202
    note = queued.parsed
    for _ in range(6):  # the workers have the demo's notes to do, too
        if note.status != "transcribed":
            note = read_voice_note.sync(note.id, client=roomtone, wait=20)

    assert "late checkout" in note.text
    assert note.segments[0].words[0].text == "The"
    assert [each.id for each in list_notes_of_reservation.sync(reference, client=roomtone).results] == [note.id]
    assert listen_to_voice_note.sync(note.id, client=roomtone).payload.read() == clip.read_bytes()
    segment = listen_to_voice_note.sync_detailed(note.id, client=roomtone, range_="bytes=0-3")
    assert (segment.status_code, segment.parsed.payload.read()) == (206, b"RIFF")


def test_a_file_that_is_no_sound_is_told_what_to_send(roomtone, server):
    from roomtone_client.api.voice_notes import add_voice_note_to_property
    from roomtone_client.models import RecordingRequest
    from roomtone_client.types import File

    form = RecordingRequest(audio_file=File(io.BytesIO(b"Dear guest, ..."), "note.mp3"))
    refused = add_voice_note_to_property.sync_detailed(server.facts.flat, client=roomtone, body=form)

    assert (refused.status_code, refused.parsed.code) == (415, "not_audio")


def test_whoever_follows_the_feed_sees_what_happened_once_and_in_order(roomtone, booking_request):
    from roomtone_client.api.events import list_events
    from roomtone_client.api.reservations import book, lock_reservation

    place, deadline = _last_place(list_events, roomtone), time.monotonic() + PATIENCE_SECONDS
    reference = book.sync(client=roomtone, body=booking_request).reference
    lock_reservation.sync(reference, client=roomtone)
    events = []
    while len(events) < 2:  # the demo's notes are still being written down, and hold events back for a moment
        page = list_events.sync(client=roomtone, cursor=place)
        events += page.results
        place = _cursor(page.next_)
        assert time.monotonic() < deadline
    then = list_events.sync(client=roomtone, cursor=place)

    assert [(each.action, each.reservation) for each in events] == [("booked", reference), ("locked", reference)]
    assert then.results == []


def test_all_pages_of_a_list_have_each_row_once(roomtone):
    from roomtone_client.api.properties import list_properties

    names, cursor = [], None
    while True:
        page = list_properties.sync(client=roomtone, limit=2, **({"cursor": cursor} if cursor else {}))
        names += [each.name for each in page.results]
        if page.next_ is None:
            break
        cursor = _cursor(page.next_)

    assert names == sorted(names)
    assert len(set(names)) == len(names) == 6


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"guest_name": " "}, "guest_name", "seen"),
        ({"arrival": FAR, "departure": FAR}, "departure", "night"),
        ({"property_": 999_999}, "property", "none with this id"),
    ],
)
def test_what_is_wrong_is_said_field_by_field(roomtone, booking_request, change, field, words):
    from roomtone_client.api.reservations import book

    for name, value in change.items():
        setattr(booking_request, name, value)
    answer = book.sync_detailed(client=roomtone, body=booking_request)

    assert (answer.status_code, answer.parsed.errors[0].field) == (422, field)
    assert words in answer.parsed.errors[0].detail


def test_a_wrong_token_is_told_what_to_do(connect):
    from roomtone_client.api.properties import list_properties

    refused = list_properties.sync_detailed(client=connect("rt_guessed"))

    assert (refused.status_code, refused.parsed.code) == (401, "unknown_token")
    assert "API tokens page" in refused.parsed.detail


def test_a_token_that_may_not_is_told_which_scope_it_needs(connect, server, booking_request):
    from roomtone_client.api.reservations import book

    refused = book.sync_detailed(client=connect(server.facts.reader), body=booking_request)

    assert (refused.status_code, refused.parsed.code) == (403, "missing_scope")
    assert "reservations:write" in refused.parsed.detail


def _cursor(address):
    return parse_qs(urlsplit(address).query)["cursor"][0]


def _last_place(list_events, client):
    """From where on there is nothing yet."""
    page = list_events.sync(client=client, limit=100)
    while page.results:
        page = list_events.sync(client=client, limit=100, cursor=_cursor(page.next_))
    return _cursor(page.next_)
