"""Reservations with the notes that somebody listens to."""

import re
from collections import defaultdict

import pytest

from tests.e2e.pages.note import NoteDesk

# A hotel that counts no rooms takes them all: a reservation for each test, with the notes that it is about.
NOTES = """
import datetime as dt
from django.utils import timezone
from tests.factories import make_hotel, make_reservation, tom_byrne
from tests.notes.each_state import make_one_of_each, make_spoken
from tests.notes.notes import make_doubted, make_note
hotel = make_hotel(rooms=(), name="Hotel of those who listen")
tom = tom_byrne()
young = timezone.now() + dt.timedelta(hours=1)  # still, when its test comes: others are looked at seldom

def a_silent_one(stay):
    make_note(reservation=stay, author=tom, status="no_speech")

def two_spoken(stay):
    make_spoken(stay)
    make_spoken(stay)

def unread(stay):
    make_spoken(stay, author=tom)
    a_silent_one(stay)

def two_silent(stay):
    a_silent_one(stay)
    a_silent_one(stay)

MAKERS = {
    "spoken": (13, make_spoken),
    "two spoken": (2, two_spoken),
    "unread": (1, unread),
    "two silent": (1, two_silent),
    "doubted": (1, lambda stay: make_doubted(reservation=stay, author=tom)),
    "failed": (1, lambda stay: make_note(reservation=stay, status="failed", failure="engine")),
    "waiting": (6, lambda stay: make_note(reservation=stay, status="uploading", queued_at=young)),
    "each": (3, make_one_of_each),
}
for kind, (count, make) in MAKERS.items():
    for _ in range(count):
        stay = make_reservation(hotel, guest="Vera Stimme")  # a name that no other test types
        make(stay)
        print("made", stay.reference, kind)
"""


@pytest.fixture(scope="session")
def made(server):
    """References of reservations, by what notes they have."""
    references = defaultdict(list)
    for reference, kind in re.findall(r"made (RT-\w+) (.+)", server.run(NOTES)):
        references[kind].append(reference)
    return references


@pytest.fixture
def open_desk(page, made):
    def open_desk(kind, page=page):
        desk = NoteDesk(page, made[kind].pop())
        desk.open()
        return desk

    return open_desk


@pytest.fixture
def desk(open_desk):
    return open_desk("spoken")
