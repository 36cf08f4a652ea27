"""Every page asks the database as often for many rows as for few."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notes.read_receipts import mark_read
from properties.models import Rate
from reservations import booking
from reservations.models import Closure, Reservation
from reservations.stay import Stay
from reservations.tape.changes import cursor
from tests.factories import make_apartment, make_hotel, make_reservation, make_room_type, make_user
from tests.notes.notes import make_typed

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 7


def fill(count):
    """Each thing of which a site may have many, `count` times; returns what addresses are made of."""
    hotel = make_hotel([f"{n:03}" for n in range(3 * count)])
    types = [make_room_type(hotel, name=f"Type {n}") for n in range(count)]
    for number, unit in enumerate(hotel.units.all()):
        unit.room_type = types[number % count]
        unit.save()
    for _ in range(count):
        make_apartment()
    Rate.objects.bulk_create(Rate(property=hotel, name=f"Line {n}", nightly_rate=90) for n in range(count))
    today, rooms = hotel.today(), list(hotel.units.all())
    stays = [
        make_reservation(unit=room, arrival=today + dt.timedelta(days=number % 3), nights=4, guest=f"Guest {number}")
        for number, room in enumerate(rooms[: 2 * count])
    ]
    mine = stays[0]
    for number in range(count):
        booking.set_lock(reservation=mine, is_locked=number % 2 == 0, actor=None)
        make_reservation(unit=rooms[-1], arrival=today + dt.timedelta(days=30 + 3 * number), nights=2, guest="Guest 0")
    Reservation.objects.filter(guest__name="Guest 0").update(guest=mine.guest)
    far = Stay.of_nights(today + dt.timedelta(days=10), 2)
    closures = [
        booking.close(unit=room, stay=far, kind=Closure.Kind.MAINTENANCE, actor=None) for room in rooms[2 * count :]
    ]
    group = booking.book_group(
        property=hotel, stay=Stay.of_nights(today + dt.timedelta(days=20), 2), booker_name="Moreau",
        rooms=[(None, count, 1)], actor=None,
    )  # fmt: skip
    for number in range(count):
        author = make_user(f"author{count}-{number}")
        make_typed(f"Guest {number}", reservation=stays[number], author=author)
        make_typed(f"Guest {number}", reservation=mine, author=author)
        mark_read(notes=[make_typed(property=hotel, author=author)], user=make_user(f"reader{count}-{number}"))
    return {"hotel": hotel, "stay": mine, "today": today, "closure": closures[0], "group": group}


PAGES = {
    "today": "/",
    "calendar": "/calendar/",
    "changes": "/calendar/changes/?since={cursor}",
    "card": "/calendar/card/{stay.reference}/",
    "search for a room": "/search/?q=0",
    "search for a guest": "/search/?q=guest",
    "find": "/find/?arrival={today}&nights=2&flexible=2&party_size=1",
    "reservations": "/reservations/",
    "reservation": "/reservations/{stay.reference}/",
    "change": "/reservations/{stay.reference}/edit/",
    "cancel": "/reservations/{stay.reference}/cancel/",
    "split": "/reservations/{stay.reference}/split/",
    "swap": "/reservations/{stay.reference}/swap/",
    "history": "/reservations/{stay.reference}/history.csv",
    "new": "/reservations/new/?property={hotel.pk}&arrival={today}&departure={later}",
    "new group": "/reservations/new-group/?property={hotel.pk}&arrival={today}&departure={later}",
    "group": "/groups/{group.pk}/",
    "guests": "/guests/",
    "guest": "/guests/{stay.guest_id}/",
    "downtime": "/downtime/",
    "closure": "/closures/{closure.pk}/",
    "properties": "/properties/",
    "hotel": "/properties/{hotel.pk}/",
    "rates": "/properties/{hotel.pk}/rates/",
    "notes": "/notes/",
    "notes found": "/notes/?q=guest",
    "hand-over": "/notes/hand-over/?all",
    "notes of a hotel": "/properties/{hotel.pk}/voice-notes/",
    "notes of a stay": "/reservations/{stay.reference}/voice-notes/",
}


def test_the_queries_of_a_page_do_not_grow_with_what_there_is(desk):
    few = ask_each(desk, fill(FEW))
    many = ask_each(desk, fill(MANY))

    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}


def ask_each(desk, made):
    """The number of queries of each page about what was made."""
    later = made["today"] + dt.timedelta(days=2)
    addresses = {page: address.format(cursor=cursor(), later=later, **made) for page, address in PAGES.items()}
    return {page: queries_of(desk, address) for page, address in addresses.items()}


def queries_of(desk, address):
    assert desk.get(address).status_code in (200, 204)  # what is asked once and kept is not counted
    with CaptureQueriesContext(connection) as queries:
        desk.get(address)
    return len(queries)
