"""Fills an empty database with demo data: staff, properties, stays and a few voice notes."""

import datetime as dt
import secrets
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from config.demo.data import APARTMENTS, HOTELS, SEASONS, STAFF
from config.demo.stays import Book, add_oddities
from notes.ingest import intake
from notes.models import Transcript, VoiceNote
from notes.typed_notes import type_note
from properties import inventory, rates, room_names, room_types
from properties.models import Property
from reservations.models import Reservation, Status

CLIPS = Path(__file__).parent / "clips"
# (clip, hours ago, author, property). The note is about the property's earliest stay that is in house or confirmed.
SPOKEN = [
    ("late-checkout", 2, "lena", "Garden Flat"),
    ("allergy", 5, "ines", "Garden Flat"),
    ("airport-transfer", 26, "tom", "Garden Flat"),
    ("boiler-handover", 11, "tom", "Harbour Hotel"),
    ("noise-complaint", 9, "ines", "Harbour Hotel"),
    ("lost-key", 30, "lena", "Old Mill Loft"),
]
# (text, hours ago, author, whether about a stay or the property, property).
STAY, PROPERTY = "reservation", "property"
TYPED = [
    ("Paid for the broken lamp in cash, the receipt is in the drawer.", 4, "tom", STAY, "Harbour Hotel"),
    (
        "Asked for a cot and a quiet room. The cot is in the storage room on the first floor.",
        28,
        "ines",
        STAY,
        "Quay 7",
    ),
    ("The lift stays out of order until noon. Offer help with the bags.", 3, "ines", PROPERTY, "Harbour Hotel"),
    ("The night door sticks: lift it a little while turning the key.", 20, "tom", PROPERTY, "Harbour Hotel"),
    ("Linen comes an hour later on Thursday. The driver calls from the gate.", 7, "lena", PROPERTY, "Station House"),
    (
        "New code for the key box, it is in the safe. The old one works until Sunday.",
        50,
        "tom",
        PROPERTY,
        "Old Mill Loft",
    ),
]


@transaction.atomic
def seed():
    """Create staff, properties, stays and notes. Returns (user name of the manager, new password of all)."""
    password = secrets.token_urlsafe(9)
    staff = _staff(password)
    book = Book(staff)
    for property in list(_properties()):
        book.fill(property)
    add_oddities(staff[0])
    _notes({user.username: user for user in staff})
    return staff[0].username, password


def _staff(password):
    lena, *others = STAFF
    staff = [User.objects.create_superuser(lena[0], password=password, first_name=lena[1], last_name=lena[2])]
    for name, given, family, role in others:
        staff.append(User.objects.create_user(name, password=password, first_name=given, last_name=family))
        staff[-1].memberships.create(role=role)
    return staff


def _properties():
    for kind, data in ((Property.Kind.HOTEL, HOTELS), (Property.Kind.APARTMENT, APARTMENTS)):
        for described in data:
            fields = {name: value for name, value in described.items() if name not in ("room_types", "rates")}
            property = inventory.create_property(kind=kind, actor=None, **fields)
            types = {each["name"]: _room_type(property, **each) for each in described.get("room_types", ())}
            for line in described.get("rates", ()):
                _rate(property, types, **line)
            yield property


def _room_type(hotel, *, rooms, **facts):
    made = room_types.add_room_type(hotel=hotel, actor=None, **facts)
    for floor, names in rooms.items():
        inventory.add_rooms(hotel=hotel, names=room_names.parse(names), room_type=made, floor=floor, actor=None)
    return made


def _rate(property, types, *, room_type=None, season=None, **facts):
    first, last = _season(property, *SEASONS[season]) if season else (None, None)
    rates.add_rate(
        actor=None, property=property, room_type=types.get(room_type), first_night=first, last_night=last, **facts
    )


def _season(property, first, last):
    """(first night, last night) of the next season that ends; `first` and `last` are (month, day)."""
    today = property.today()
    ends = dt.date(today.year, *last)
    ends = ends if ends >= today else dt.date(today.year + 1, *last)
    begins = dt.date(ends.year, *first)
    return begins if begins <= ends else dt.date(ends.year - 1, *first), ends


def _notes(staff):
    """Create the notes. Spoken ones are received like uploads, and the worker transcribes them after its start."""
    for clip, hours, author, name in SPOKEN:
        with (CLIPS / f"{clip}.wav").open("rb") as audio:
            note = intake.receive(reservation=_stay_in(name), author=staff[author], upload=File(audio))
        _date_back(note, hours)
    for text, hours, author, about, name in TYPED:
        place = {STAY: _stay_in(name)} if about == STAY else {PROPERTY: Property.objects.get(name=name)}
        _date_back(type_note(text=text, author=staff[author], **place), hours)


def _stay_in(name):
    stays = Reservation.objects.filter(property__name=name, status__in=(Status.IN_HOUSE, Status.CONFIRMED))
    return stays.earliest("arrival", "pk")


def _date_back(note, hours):
    said_at = timezone.now() - dt.timedelta(hours=hours)
    VoiceNote.objects.filter(pk=note.pk).update(recorded_at=said_at)
    Transcript.objects.filter(note=note, edited_at=F("created_at")).update(created_at=said_at, edited_at=said_at)


def keep_account(name, password):
    """Store name and password of the demo account in a file, so that `serve` can print them at every start."""
    path = settings.VAR_DIR / "demo-account"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{name} {password}\n")
