"""Whatever is sent to any address of the calendar or the notes, it answers in words, and never with a 500."""

import contextlib
import datetime as dt
import itertools
import uuid

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from notes.models import VoiceNote
from reservations import booking
from reservations.models import Closure, Event
from reservations.stay import Stay
from tests.factories import give_role, make_group, make_hotel, make_rate, make_reservation, make_room_type
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db

NONSENSE = [
    "", "x", "-1", "0", "99999999999999999999", "٣", "2027-02-29", "9999-12-31", "0001-01-01", "a\x00b", "|||", "<b>",
    "2027-03-28T02:30", "keep", "1|2", "%", "'; --", "🛏" * 300,
]  # fmt: skip
# Every name that a form of the calendar reads.
FIELDS = (
    "property", "unit", "room_type", "arrival", "departure", "guest", "guest_id", "party_size", "hold", "hold_until",
    "hold_as_usual", "holds_of",
    "origin", "overbook_reason", "request_key", "version", "pricing", "take", "pick", "month", "shown", "moves", "part",
    "reference", "first", "days", "night", "with", "kind", "note", "reason", "why", "until", "status", "is_locked",
    "stay", "name", "phone", "email", "language", "remarks", "keep", "booker", "closure", "since", "q", "page",
    "alternative", "nights", "flexible", "place", "floor", "look", "sleeps", "nightly_rate", "weekdays", "first_night",
    "last_night", "min_nights", "max_nights", "rooms", "hold_hours", "after", "swap_with", "author", "about", "unread",
    "before", "text", "seen", "key", "back", "chunks", "seconds", "segment", "transcribed",
    "focus", "insists", "rooms_of", "overrule_reason",
)  # fmt: skip
OURS = ("reservations", "properties", "notes")


def routes():
    """Every address of the calendar, the properties and the notes, by name."""

    def walk(patterns, app):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, each.app_name or app)
            elif isinstance(each, URLPattern) and app in OURS:
                yield f"{app}:{each.name}"

    return sorted(set(walk(get_resolver().url_patterns, "")))


@pytest.fixture
def rows():
    hotel = make_hotel(["101", "102"])
    room_type = make_room_type(hotel)
    stay = make_reservation(unit=hotel.units.first(), arrival=hotel.today())
    group = make_group()
    far = Stay.of_nights(hotel.today() + dt.timedelta(days=30), 2)
    closure = booking.close(unit=hotel.units.last(), stay=far, kind=Closure.Kind.CLEANING, actor=None)
    booking.set_lock(reservation=stay, is_locked=True, actor=None)
    return {
        "hotel": hotel, "type": room_type, "rate": make_rate(hotel), "stay": stay, "group": group, "closure": closure,
        "event": Event.objects.filter(reservation=stay).latest("pk"), "room": hotel.units.first(),
        "note": make_note(reservation=stay, transcript="Two towels."),
    }  # fmt: skip


def addresses(name, rows):
    """With what exists put where the address wants a key."""
    keys = {
        "undo": rows["event"], "closure": rows["closure"], "reopen": rows["closure"], "group": rows["group"],
        "guest": rows["stay"].guest, "merge": rows["stay"].guest, "rate": rows["rate"], "room_type": rows["type"],
        "room": rows["room"],
    }  # fmt: skip
    app, _, view = name.partition(":")
    thing = next((each for word, each in keys.items() if word in view), rows["hotel"])
    found = []
    for arguments in ([], [thing.pk], [rows["stay"].reference], [rows["note"].pk], [rows["note"].pk, 0]):
        with contextlib.suppress(NoReverseMatch):  # another number of keys
            found.append(reverse(name, args=arguments))
    assert found, name
    return found if app == "notes" else found[:1]  # a stay's notes and a property's have the same verbs


@pytest.mark.parametrize("address", ["/guests/{}/voice-notes/erase/", "/erasures/", "/voice-notes/{}/protect/"])
def test_nonsense_to_a_manager_who_erases_is_answered_in_words(desk, address):
    give_role(desk.user)
    note = make_note()
    target = address.format(note.reservation.guest_id if "guests" in address else note.pk)

    for value in (*NONSENSE, "1"):
        for method in (desk.get, desk.post):
            response = method(target, {"reason": value, "seen": value, "page": value})
            assert response.status_code < 500, value

    assert not VoiceNote.objects.exists() or "guests" not in address  # "1" is a reason, and the number of notes


@pytest.mark.full
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", routes())
def test_nonsense_is_answered_in_words(desk, rows, name, method):
    for target in addresses(name, rows):
        send_nonsense(getattr(desk, method), target)


def send_nonsense(send, target):
    for shift, headers in itertools.product(range(0, len(NONSENSE), 7), ({}, {"HX-Request": "true"})):
        fields = {field: NONSENSE[(number + shift) % len(NONSENSE)] for number, field in enumerate(FIELDS)}
        response = send(target, fields, headers=headers)
        assert response.status_code < 500, (target, fields)

    for number, value in enumerate(NONSENSE):
        response = send(target, dict.fromkeys(FIELDS, value) | {"request_key": str(uuid.uuid4())})
        assert response.status_code < 500, (target, number)
