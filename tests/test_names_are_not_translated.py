"""A browser that translates the page leaves names, references and what people said alone."""

import re

import pytest
from bs4 import BeautifulSoup

from notes import read_receipts
from reservations import booking
from reservations.models import Closure
from reservations.stay import Stay
from tests.factories import (
    give_role,
    make_apartment,
    make_group,
    make_guest,
    make_hotel,
    make_rate,
    make_reservation,
    make_room_type,
    make_user,
)
from tests.notes.notes import make_note, make_typed
from tests.test_bad_input import addresses, routes

pytestmark = pytest.mark.django_db

# Every name in these rows begins like no word of ours; references do so anyway.
NAME = re.compile(r"Qx\w+|RT-[2-9A-Z]{5}")
# Python's sentences for a moment: what a browser translates there was read already.
SENTENCES = ["[role=alert]", "[role=status]", ".toast", ".messages"]
NO_TEXT = ["title", "script", "style", "template", "textarea"]


@pytest.fixture
def rows(desk):
    desk.user.first_name = "Qxalice"
    desk.user.save()
    give_role(desk.user)
    hotel = make_hotel(["Qx101", "Qx102", "Qx103"], name="Qxhotel", location="Qxtown", description="Qxdescription")
    make_apartment("Qxflat")
    kind = make_room_type(hotel, name="Qxdouble")
    hotel.units.update(room_type=kind)
    guest = make_guest("Qxanna", phone="+49 170 1234567", email="qxanna@example.com", remarks="Qxremarks")
    make_guest("Qxanna")
    stay = make_reservation(unit=hotel.units.first(), arrival=hotel.today(), guest=guest)
    group = make_group(booker=guest)
    far = Stay.of_nights(stay.departure, 2)
    closure = booking.close(
        unit=hotel.units.last(), stay=far, kind=Closure.Kind.CLEANING, note="Qxnote", actor=desk.user
    )
    booking.set_lock(reservation=stay, is_locked=True, actor=desk.user)
    note = make_note(reservation=stay, transcript="Qxwords were spoken.", author=make_user("ben", first_name="Qxben"))
    make_typed("Qxhandover", property=hotel, author=note.author)
    read_receipts.mark_read(notes=[note], user=desk.user)
    return {
        "hotel": hotel, "type": kind, "rate": make_rate(hotel, "Qxrate"), "stay": stay, "group": group,
        "closure": closure, "event": stay.events.latest("pk"), "room": hotel.units.first(), "note": note,
    }  # fmt: skip


def translated(page):
    """Names in texts that a browser would translate."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select(", ".join([*NO_TEXT, *SENTENCES, "[translate=no]"])):
        element.decompose()
    return [f"{text.parent}: {text.parent.parent}"[:200] for text in soup.find_all(string=NAME)]


@pytest.mark.parametrize("name", routes())
@pytest.mark.sampled(20)
def test_no_name_is_translated(desk, rows, name):
    for address in addresses(name, rows):
        response = desk.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            names = translated(response.content.decode())
            assert not names, "\n".join([address, *names])
