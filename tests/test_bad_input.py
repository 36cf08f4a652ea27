"""Whatever is sent to any address of the calendar, it answers in words: never a 500, and nothing is written."""

import contextlib
import datetime as dt
import itertools
import uuid

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from reservations import booking
from reservations.models import Closure, Event
from reservations.stay import Stay
from tests.factories import make_group, make_hotel, make_rate, make_reservation, make_room_type

pytestmark = pytest.mark.django_db

NONSENSE = [
    "", "x", "-1", "0", "99999999999999999999", "٣", "2027-02-29", "9999-12-31", "0001-01-01", "a\x00b", "|||", "<b>",
    "2027-03-28T02:30", "keep", "1|2", "%", "'; --", "🛏" * 300,
]  # fmt: skip
# Every name that a form of the calendar reads.
FIELDS = (
    "property", "unit", "room_type", "arrival", "departure", "guest", "guest_id", "party_size", "is_hold", "hold_until",
    "origin", "overbook_reason", "request_key", "version", "pricing", "take", "pick", "month", "shown", "moves", "part",
    "reference", "first", "days", "night", "with", "kind", "note", "reason", "why", "until", "status", "is_locked",
    "stay", "name", "phone", "email", "language", "remarks", "keep", "booker", "way", "closure", "since", "q", "page",
    "nights", "flexible", "place", "floor", "look", "sleeps", "nightly_rate", "weekdays", "first_night", "last_night",
    "min_nights", "max_nights", "rooms", "hold_hours", "after", "swap_with",
)  # fmt: skip
OURS = ("reservations", "properties")


def routes():
    """Every address of the calendar and the properties, by name."""

    def walk(patterns, app):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, each.app_name or app)
            elif isinstance(each, URLPattern) and app in OURS:
                yield f"{app}:{each.name}"

    return sorted(set(walk(get_resolver().url_patterns, "")))


@pytest.fixture
def house():
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
    }  # fmt: skip


def address(name, house):
    """With what exists put where the address wants a key."""
    keys = {
        "undo": house["event"], "closure": house["closure"], "reopen": house["closure"], "group": house["group"],
        "guest": house["stay"].guest, "merge": house["stay"].guest, "rate": house["rate"], "room_type": house["type"],
        "room": house["room"],
    }  # fmt: skip
    view = name.partition(":")[2]
    thing = next((each for word, each in keys.items() if word in view), house["hotel"])
    for arguments in ([], [thing.pk], [house["stay"].reference]):
        with contextlib.suppress(NoReverseMatch):  # another number of keys
            return reverse(name, args=arguments)
    raise AssertionError(name)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", routes())
def test_nonsense_is_answered_in_words(desk, house, name, method):
    target = address(name, house)

    for shift, headers in itertools.product(range(0, len(NONSENSE), 7), ({}, {"HX-Request": "true"})):
        fields = {field: NONSENSE[(number + shift) % len(NONSENSE)] for number, field in enumerate(FIELDS)}
        response = getattr(desk, method)(target, fields, headers=headers)
        assert response.status_code < 500, (target, fields)

    for number, value in enumerate(NONSENSE):
        response = getattr(desk, method)(target, dict.fromkeys(FIELDS, value) | {"request_key": str(uuid.uuid4())})
        assert response.status_code < 500, (target, number)
